"""Rights as a list: what each is within, what a role's come to, and which pages they open."""

from dashboard.core import rights
from dashboard.core.rights import EVERY, PAGES, RIGHTS, effective, lacking, navigation

ON = {rights.TEXTING}


def test_a2_the_column_text_messages_has_its_boxes():
    boxes = [right.label for right in RIGHTS.values() if (right.tab, right.column) == ("CRM", "Text Messages")]
    assert boxes == ["View Message Center", "Remove Text Message Feed", "Send Text Messages"]


def test_every_right_has_a_place_a_label_of_its_own_and_a_sentence():
    assert len({right.label for right in RIGHTS.values()}) == len(RIGHTS)
    assert all(right.tab and right.column and right.sentence for right in RIGHTS.values())
    assert {right.within for right in RIGHTS.values()} <= {None, *RIGHTS}


def test_what_is_within_another_right_is_worth_nothing_without_it():
    assert effective({rights.SEND, rights.REMOVE, rights.DOCUMENTS}, ON) == {rights.DOCUMENTS}
    assert effective({rights.SEND, rights.VIEW}, ON) == {rights.SEND, rights.VIEW}


def test_a1_without_the_add_on_nothing_of_the_inbox_is_left():
    assert {RIGHTS[key].tab for key in effective(EVERY, ())} == {"Settings"}


def test_what_is_no_right_any_more_gives_nothing():
    assert effective({"fly", rights.VIEW}, ON) == {rights.VIEW}


def test_the_navigation_has_what_somebody_may_open_and_nothing_else():
    assert navigation(EVERY) == tuple(PAGES.values())
    assert navigation(frozenset()) == ()
    assert [page.name for page in navigation(frozenset({rights.VIEW}))] == ["Message Center"]


def test_the_roles_that_a_database_begins_with_have_rights_that_there_are():
    assert all(keys <= EVERY for keys in rights.BEGINNINGS.values())
    assert rights.BEGINNINGS[rights.ADMINISTRATOR] == EVERY


def test_a_lack_is_told_by_the_name_of_the_box():
    assert all(RIGHTS[key].label in lacking(key) for key in RIGHTS)
