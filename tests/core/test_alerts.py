"""The rule of alerts (A10 to A13): who is alerted, or why nobody is, and nothing looser."""

import pytest

from dashboard.core.alerts import REASONS, Colleague, Ruling, may_view, ruling
from dashboard.core.filters import KINDS
from dashboard.core.rights import SEND, VIEW

DANA, MARCUS = Colleague(1, True, frozenset({VIEW})), Colleague(2, True, frozenset({VIEW, SEND}))
GONE, ROLELESS = Colleague(3, False, frozenset()), Colleague(4, True, frozenset({SEND}))


@pytest.mark.parametrize(
    ("kind", "writer", "fallback", "then"),
    [
        ("client", DANA, (), Ruling((1,), "wrote_last", (1,))),
        ("lead", MARCUS, (), Ruling((2,), "wrote_last", (2,))),
        ("client", DANA, (MARCUS,), Ruling((1,), "wrote_last", (1,))),
        ("client", None, (), Ruling((), "nobody_wrote")),
        ("lead", None, (DANA, MARCUS), Ruling((1, 2), "fallback", (1, 2))),
        ("lead", None, (GONE, MARCUS, ROLELESS), Ruling((2,), "fallback", (2,))),
        ("client", None, (GONE,), Ruling((), "nobody_wrote")),
        ("client", GONE, (MARCUS,), Ruling((), "disabled", (3,))),
        ("client", ROLELESS, (MARCUS,), Ruling((), "no_view", (4,))),
        ("resource", DANA, (MARCUS,), Ruling((), "no_customer")),
        ("unknown", None, (MARCUS,), Ruling((), "no_customer")),
    ],
)
def test_who_is_alerted(kind, writer, fallback, then):
    assert ruling(kind, writer, fallback) == then


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("writer", [None, DANA, GONE, ROLELESS])
@pytest.mark.parametrize("fallback", [(), (MARCUS,), (GONE,)])
def test_every_ruling_has_a_reason_that_can_be_said(kind, writer, fallback):
    ruled = ruling(kind, writer, fallback)
    sentence = REASONS[ruled.reason].sentence.format(who="Dana")
    assert sentence.endswith(".")
    assert ("Dana" in sentence) == bool(ruled.about)
    assert set(ruled.alerted) <= set(ruled.about)


def test_who_is_disabled_or_has_no_role_may_not_view():
    assert [may_view(who) for who in (DANA, GONE, ROLELESS)] == [True, False, False]
