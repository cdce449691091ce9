"""Importing people: what can be read goes in, what cannot is told with its line, and twice changes nothing."""

import pytest

from dashboard.core.errors import SampleError
from dashboard.core.people import BadLine
from dashboard.importing import BATCH, import_file, import_into
from dashboard.settings import load
from dashboard.store.database import Store
from tests.factories import a_text, above, asked, how_many, when

GOOD = "name,phone,kind\nAna Díaz,(603) 555-0142,client\nBen Ito,603-555-0143,lead\nCody Marsh,603.555.0144,vendor\n"


@pytest.fixture
def file(tmp_path):
    """A function that writes the file and gives its path."""

    def write(content, encoding="utf-8"):
        path = tmp_path / "people.csv"
        path.write_bytes(content.encode(encoding))
        return path

    return write


def counts(store):
    return how_many(store, "account"), how_many(store, "resource"), how_many(store, "contact")


def test_everybody_goes_in(store, file):
    outcome = import_into(store, file(GOOD), "clients")
    assert (outcome.added, outcome.known, outcome.bad) == (3, 0, ())
    assert asked(store, "SELECT name, kind FROM account") == [("Ana Díaz", "client"), ("Ben Ito", "lead")]
    assert asked(store, "SELECT name, kind FROM resource ORDER BY id DESC LIMIT 1") == [("Cody Marsh", "vendor")]


def test_twice_changes_nothing(store, file):
    import_into(store, file(GOOD), "clients")
    before = counts(store), store.revision()
    outcome = import_into(store, file(GOOD), "clients")
    assert (outcome.added, outcome.known) == (0, 3)
    assert (counts(store), store.revision()) == before


def test_a_line_that_cannot_be_read_is_told_and_the_rest_goes_in(store, file):
    outcome = import_into(store, file(GOOD + ",6035550145,\nDora,12,\nEli,6035550146,boss\nFay,6035550147,\n"), "leads")
    assert outcome.added == 4
    assert [bad.number for bad in outcome.bad] == [5, 6, 7]
    assert all(isinstance(bad, BadLine) and bad.reason for bad in outcome.bad)
    assert asked(store, "SELECT kind FROM account WHERE name = 'Fay'") == [("lead",)]


def test_a_line_that_stands_twice_is_one_person(store, file):
    outcome = import_into(store, file(GOOD + "Ana Díaz,6035550142,client\n"), "clients")
    assert (outcome.added, outcome.known) == (3, 1)
    assert how_many(store, "account") == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_files_of_every_program_are_read(store, file, encoding, ends):
    assert import_into(store, file(GOOD.replace("\n", ends), encoding), "clients").added == 3
    assert asked(store, "SELECT name FROM account LIMIT 1") == [("Ana Díaz",)]


@pytest.mark.parametrize("separator", ["\u2028", "\x0b", "\x85", "\x1c"])
def test_only_line_ends_end_a_line(store, file, separator):
    outcome = import_into(store, file(f"name,phone,notes\nAna,6035550142,one{separator}two\nBen,12,\n"), "clients")
    assert asked(store, "SELECT notes FROM account") == [(f"one{separator}two",)]
    assert [bad.number for bad in outcome.bad] == [3]


def test_more_than_a_batch_goes_in(store, file):
    lines = "".join(f"Person {number},+1201200{number:04},\n" for number in range(BATCH + 5))
    assert import_into(store, file("name,phone,kind\n" + lines), "clients").added == BATCH + 5


def test_threads_of_the_imported_get_their_names(store, file):
    thread = a_text(store).thread
    import_into(store, file(GOOD), "clients")
    assert above(store, thread).name == "Ana Díaz"


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        ("", "utf-8", "header lacks"),
        ("Ana;6035550142\n", "utf-8", "header lacks"),
        (GOOD, "utf-16", "UTF-8"),
        ("name,phone\nZoë,1\n", "latin-1", "UTF-8"),
    ],
)
def test_a_file_that_is_no_list_of_people_is_refused_in_words(store, file, content, encoding, words):
    before = counts(store)
    with pytest.raises(SampleError, match=words):
        import_into(store, file(content, encoding), "clients")
    assert counts(store) == before


def test_a_file_that_there_is_not_is_told_in_words(store, tmp_path):
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(SampleError, match="cannot be read"):
            import_into(store, path, "clients")


def test_a_time_without_an_offset_is_by_the_clock_of_the_zone_that_is_set(url, file):
    lines = "2026-12-03 08:00 Plow", "2026-12-03T08:00Z Plow", "2026-12-03 Plow"
    people = "".join(f"Ana {number},603555014{number},{line}\n" for number, line in enumerate(lines))
    chosen = load({}, database=url, zone="Australia/Sydney")
    import_file(chosen, file(f"name,phone,next_job\n{people}"), "clients")
    store = Store(url)
    jobs = asked(store, "SELECT next_job_at FROM account ORDER BY name")
    store.close()
    assert [when(at).strftime("%d %H") for (at,) in jobs] == ["02 21", "03 08", "02 13"]
