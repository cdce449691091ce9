"""The outbox survives being killed at any point; every point with every answer is in tests/proof."""

from pathlib import Path

from tests.crashes import Cell, crash_in_turn, wrong
from tests.factories import a_url

CELLS = [Cell("claim", "ok"), Cell("lease", "ok"), Cell("call", "ok"), Cell("answer", "429"), Cell("record", "reset")]


def test_b1_a_text_goes_once_or_says_so_however_the_outbox_is_killed(tmp_path: Path) -> None:
    taken, shown = crash_in_turn(a_url(tmp_path), CELLS, None, tmp_path / "log")
    assert wrong(CELLS, taken, shown) == []
    ended = [(row.status, taken[cell.body]) for cell, row in zip(CELLS, shown, strict=True)]
    # Nothing had begun, so it goes; unless the next crash met it on its way.
    assert ended[0] == ("sent", 1) or ended[0][0] == "unknown"
    assert ended[1:] == [
        ("unknown", 0),  # nobody knows, and the company's list does not have it
        ("sent", 1),  # its answer was not read, and the company's list has it
        ("unknown", 0),  # that it was not taken was known to nobody but the process that died
        ("sent", 1),  # it went, the company did not say so, and its list has it
    ]
