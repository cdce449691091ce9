"""Every field is given each of the 638 naughty texts; plain ``pytest`` gives some of them where each costs a transaction."""

import pytest

from tests import test_naughty as few
from tests.naughty import STRINGS
from tests.proof.scale import scaled
from tests.test_naughty import *  # noqa: F403 - the same tests
from tests.test_naughty import _no_error_is_logged  # noqa: F401

pytestmark = pytest.mark.proof
MANY = tuple(dict.fromkeys((*few.FEW, *STRINGS[:: len(STRINGS) // scaled(len(STRINGS))])))


@pytest.fixture(autouse=True)
def all_of_them(monkeypatch):
    monkeypatch.setattr(few, "FEW", MANY)
    monkeypatch.setattr(few, "share", lambda *_: MANY)
    monkeypatch.setattr(few, "some", lambda texts, _: texts)
