"""Names of roles, and who can still edit them."""

import pytest

from dashboard.core.errors import Refused
from dashboard.core.roles import NAME_LIMIT, Editors, named


def test_a2_a_name_is_kept_without_what_nobody_sees():
    assert named("  Crew \n lead\t2 ") == "Crew lead 2"
    assert named("x\x00y") == "x\ufffdy"
    assert named("é" * NAME_LIMIT) == "é" * NAME_LIMIT


@pytest.mark.parametrize(("name", "words"), [("", "a name"), (" \n", "a name"), ("x" * 61, "61 characters.*takes 60")])
def test_a2_what_is_no_name_is_refused_in_words(name, words):
    with pytest.raises(Refused, match=words):
        named(name)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (Editors(True, False), Editors(False, False), "Nobody could edit"),
        (Editors(True, True), Editors(True, False), "Nobody who can log in"),
    ],
)
def test_a_last_editor_is_not_lost(before, after, words):
    with pytest.raises(Refused, match=words):
        after.check_not_lost(before)


@pytest.mark.parametrize("now", [Editors(False, False), Editors(True, False), Editors(True, True)])
def test_where_nobody_could_nobody_is_lost(now):
    now.check_not_lost(Editors(False, False))
