"""The writer: many writes share one commit, and none of them harms its neighbours."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest

from tests.factories import an_outsider, asked, by_hand

pytestmark = pytest.mark.sqlite


@pytest.fixture
def notes(url, store):
    """A store of its own with a table of notes."""
    by_hand(store, "CREATE TABLE notes (words TEXT UNIQUE)")
    return store


def note(words):
    return lambda connection: connection.exec_driver_sql("INSERT INTO notes VALUES (?)", (words,)).rowcount


def kept(store):
    return {words for (words,) in asked(store, "SELECT words FROM notes")}


def together(store, *jobs):
    """Carry out the jobs in one group: the writer is held until all of them wait; their futures."""
    held, go = Event(), Event()

    def hold(connection):
        held.set()
        go.wait(5)

    with ThreadPoolExecutor(len(jobs) + 1) as pool:
        first = pool.submit(store.write, hold)
        held.wait(5)
        futures = []
        for number, job in enumerate(jobs, 1):
            futures.append(pool.submit(store.write, job))
            while store._writing._jobs.qsize() < number:
                pass
        go.set()
        wait([first, *futures])
    return futures


def test_writes_that_wait_share_one_commit(notes):
    commits = []
    engine = notes._writing._engine
    from sqlalchemy import event

    event.listen(engine, "commit", lambda connection: commits.append(1))
    together(notes, *(note(str(number)) for number in range(10)))
    assert len(kept(notes)) == 10
    assert len(commits) == 2  # the one that was held, and all ten


def test_a_write_that_fails_does_not_harm_its_neighbours(notes):
    def half(connection):
        note("half")(connection)
        raise ValueError("something went wrong in the middle")

    before, failed, twice, after = together(notes, note("before"), half, note("before"), note("after"))
    assert kept(notes) == {"before", "after"}
    assert before.result() == after.result() == 1
    assert str(failed.exception()) == "something went wrong in the middle"
    assert "UNIQUE" in str(twice.exception())


def test_a_neighbour_sees_nothing_of_a_write_that_was_rolled_back(notes):
    def half(connection):
        note("half")(connection)
        raise ValueError

    look = lambda connection: connection.exec_driver_sql("SELECT count(*) FROM notes").scalar()  # noqa: E731
    _, seen = together(notes, half, look)
    assert seen.result() == 0


def test_nobody_is_told_before_it_is_on_the_disk(notes, url):
    """What is acknowledged is committed: another program sees it at that moment."""
    other = an_outsider(url)
    for number in range(20):
        notes.write(note(str(number)))
        assert other.execute("SELECT count(*) FROM notes").fetchone() == (number + 1,)
    other.close()


def test_a_commit_that_fails_is_told_to_everybody_in_it(notes, monkeypatch):
    def refuses(connection):
        raise OSError("the disk went away")

    notes.write(lambda connection: None)
    monkeypatch.setattr(notes._writing._engine.dialect, "do_commit", refuses)
    one, two = together(notes, note("one"), note("two"))
    assert str(one.exception()) == str(two.exception()) == "the disk went away"
    monkeypatch.undo()
    assert kept(notes) == set()
    notes.write(note("later"))
    assert kept(notes) == {"later"}


def test_a_full_disk_stores_exactly_what_was_acknowledged(notes):
    pages = asked(notes, "PRAGMA page_count")[0][0]
    by_hand(notes, f"PRAGMA max_page_count = {pages + 4}")
    jobs = {words: note(words) for words in ("small", "x" * 100_000, "also small", "y" * 100_000, "last")}
    futures = together(notes, *jobs.values())
    told = {words for words, future in zip(jobs, futures, strict=True) if future.exception() is None}
    assert told == kept(notes)
    assert len(told) < len(jobs), "the disk was not full, and this proves nothing"


def test_closing_finishes_what_waits(notes, url):
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(notes.write, note(str(number))) for number in range(50)]
        while not notes._writing._jobs.empty():
            pass
        wait(futures)
    notes.close()
    other = an_outsider(url)
    assert other.execute("SELECT count(*) FROM notes").fetchone() == (50,)
    other.close()
