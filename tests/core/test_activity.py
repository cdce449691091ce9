"""The audit trail in words: every action has its sentence or none on purpose, and what fills it is never read as a field."""

import importlib
import pkgutil

import pytest

import dashboard.actions
from dashboard.actions.change import RULES
from dashboard.core.activity import ACTS, FIELD, FIELDS, GROUPS, Facts, document_notes, notes, on_page, told
from dashboard.core.errors import Refused
from dashboard.core.rights import BALANCE, EVERY, NOTES, RESOURCES, VIEW


def sentence(template, **facts):
    return "".join(words for _, words in told(template, Facts(**facts)))


def test_b20_every_action_is_told_in_words_or_left_out_on_purpose():
    modules = [
        importlib.import_module(f"dashboard.actions.{module.name}")
        for module in pkgutil.iter_modules(dashboard.actions.__path__)
    ]
    ours = {
        name
        for module in modules
        for name, act in vars(module).items()
        if name in RULES and hasattr(act, "__wrapped__")
    }
    assert {"remove", "send", "log_in"} <= ours, "the actions are found, or this proves nothing"
    assert ours - set(ACTS) == set()


def test_every_entry_is_of_a_group_and_says_only_what_there_is():
    for act in ACTS.values():
        assert act.group in GROUPS
        for template in filter(None, (act.page, act.here)):
            assert set(FIELD.findall(template)) <= set(FIELDS)
            assert sentence(template)


def test_every_group_has_something_to_tell():
    assert all(on_page(group) for group in GROUPS)
    with pytest.raises(Refused, match="There is no kind “gossip”"):
        on_page("gossip")


def test_what_fills_a_sentence_is_never_read_as_a_field():
    said = told("{who} removed {whom}", Facts(who="{whom}", whom="{who}"))
    assert said == (("who", "{whom}"), ("", " removed "), ("whom", "{who}"))


def test_what_became_of_a_text_is_told_and_of_a_log_from_before_it_was_kept_too():
    told_ = [sentence("A text {state}", details=details) for details in ({"status": "delivered"}, {})]
    assert told_ == ["A text was delivered", "A text was heard of from the phone company"]


def test_a41_lines_are_named_and_what_they_were_is_for_whoever_may_see_them():
    facts = Facts(details={"was": {"balance": "148.50", "notes": "Dog\nbites", "email": ""}})
    assert (
        sentence("{who} changed {lines}", details=facts.details) == "The machine changed the balance, notes and E-mail"
    )
    assert notes("edit_account", facts, frozenset({VIEW, BALANCE})) == ("Before: Balance $148.50",)
    assert notes("edit_account", facts, frozenset({VIEW, NOTES})) == ("Before: Notes Dog\nbites",)
    assert notes("edit_account", facts, frozenset()) == ()
    named = Facts(details={"was": {"name": "Ana"}})
    assert notes("edit_account", named, EVERY - {VIEW}) == notes("edit_resource", named, EVERY - {RESOURCES}) == ()
    assert notes("edit_resource", named, frozenset({RESOURCES})) == ("Before: Name Ana",)
    assert notes("edit_account", facts, EVERY) == ("Before: E-mail none; Balance $148.50; Notes Dog\nbites",)


def test_what_a_line_was_is_read_as_people_read_it_and_no_longer_than_a_glance():
    facts = Facts(details={"was": {"next_job": "2026-12-01T08:00:00+00:00 Plow", "phones": "a\nb", "notes": "x" * 500}})
    (said,) = notes("edit_account", facts, EVERY)
    assert said.startswith("Before: Phones a, b; Next job 2026-12-01 Plow; Notes xxx")
    assert said.endswith("x…")
    assert len(said) < 200


def test_who_was_alerted_and_who_undid_it_stands_below():
    facts = Facts(alerted=("Dana", "Marcus"), undone=True, undone_by="Priya")
    assert notes("receive", facts, frozenset()) == ("Alerted Dana and Marcus", "Undone by Priya")


def test_a2_what_was_done_with_a_role_is_told_with_the_labels_of_its_rights():
    changed = {"role": 3, "name": "Crew", "added": ["view"], "taken": ["balance", "a right that is no more"]}
    said = notes("set_rights", Facts(details=changed), EVERY)
    assert said == ("Given: View Message Center", "Taken away: View Balance; a right that is no more")
    renamed = Facts(details={"role": 3, "name": "Crew", "before": {"name": "Gang"}})
    assert notes("rename_role", renamed, EVERY) == ("Before: “Gang”",)
    given = Facts({"role": 3, "name": "Crew", "before": {"role": "Gang"}}, "Dana", "Cody")
    assert notes("give_role", given, EVERY) == ("Before: the role “Gang”",)
    assert "".join(words for _, words in told(ACTS["give_role"].page, given)) == "Dana gave Cody the role “Crew”"
    copied = Facts(details={"name": "Crew", "copied": {"role": 2, "name": "Gang"}})
    assert notes("copy_role", copied, EVERY) == ("A copy of “Gang”",)


def test_a1_an_add_on_is_told_by_its_name():
    said = sentence(ACTS["switch_add_on"].page, who="Dana", details={"add_on": "two_way_texting", "on": False})
    assert said == "Dana switched Two Way Texting off"


def test_a_text_document_is_told_with_what_it_was():
    facts = Facts(details={"title": "Snow", "before": {"title": "Rain", "body": "It rains"}})
    assert document_notes(facts) == ("Title before: Rain", "Text before: It rains")
    assert notes("edit_document", facts, EVERY) == ("Before: “Rain”",)
