"""The outbound crash matrix: five crash points times eight answers, the server killed at each, and started again."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.counting import ANSWERS, a_company
from tests.crashes import Cell, Company, crash_in_turn, wrong
from tests.crashing import POINTS
from tests.factories import OURS, a_url
from tests.fake_twilio import FakeTwilio, a_twilio
from tests.proof.scale import scaled
from tests.serving import a_free_port

pytestmark = pytest.mark.proof
# Every other text is taken although the answer does not say so, and of those every other is found by asking.
MATRIX = [
    Cell(point, answer, takes=number % 2 == 0, lists=number % 4 == 0)
    for number, (answer, point) in enumerate((answer, point) for answer in ANSWERS for point in POINTS)
]


@dataclass(frozen=True)
class Account:
    """An account with a Twilio of the tests' own: our provider speaks to it through Twilio's library."""

    twilio: FakeTwilio

    @property
    def settings(self) -> dict[str, str]:
        given = self.twilio.settings | {"numbers": OURS}
        return {f"MESSAGE_CENTER_{name.upper()}": value for name, value in given.items()}

    @property
    def taken(self) -> Counter[str]:
        return self.twilio.taken

    def expect(self, body: str, answer: str, takes: bool, lists: bool) -> None:
        self.twilio.expect(body, answer, takes, lists)


@contextmanager
def an_account() -> Iterator[Account]:
    with a_twilio() as twilio:
        yield Account(twilio)


def serve(url: str) -> tuple[str, ...]:
    """The whole server."""
    return ("serve", "--database", url, "--port", str(a_free_port()))


@pytest.mark.parametrize("stand_in", [a_company, an_account])
def test_no_text_goes_twice_or_is_lost_without_a_word_wherever_the_server_is_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stand_in: Callable[[], AbstractContextManager[Company]]
) -> None:
    cells = MATRIX[:: max(1, len(MATRIX) // scaled(len(MATRIX)))]
    taken, shown = crash_in_turn(a_url(tmp_path), cells, serve, tmp_path / "log", stand_in)
    found = Counter((row.status, taken[cell.body]) for cell, row in zip(cells, shown, strict=True))
    with capsys.disabled():
        print(f"\n{len(cells)} crashes: {dict(found)}; the company heard nothing twice: {max(taken.values()) <= 1}")
    assert wrong(cells, taken, shown) == []
