"""The list of add-ons, and the rights that hang on them."""

from dashboard.core.add_ons import ADD_ONS
from dashboard.core.rights import RIGHTS, effective


def test_a1_every_add_on_says_what_it_is_and_voids_a_right_while_it_is_off():
    for key, entry in ADD_ONS.items():
        assert (entry.key, bool(entry.name), bool(entry.sentence), bool(entry.off)) == (key, True, True, True)
        assert effective(RIGHTS, ADD_ONS) - effective(RIGHTS, set(ADD_ONS) - {key})


def test_a1_every_right_that_needs_an_add_on_needs_one_that_there_is():
    assert {right.add_on for right in RIGHTS.values()} <= {None, *ADD_ONS}
