"""The words of the sample town: every file parses, and every kind of person has something to say."""

import re
from collections import Counter
from datetime import date

import pytest

from dashboard.core.addresses import normalise
from dashboard.core.documents import unknown
from dashboard.core.errors import SampleError
from dashboard.core.filters import KINDS
from dashboard.demo import words

FILES = sorted((words.folder() / "conversations").glob("*.txt"))
EVERYBODY = [line for _, said in words.conversations() for line in said]


def test_the_people_parse_and_have_what_the_demo_needs():
    assert words.staff()[0].role == "Administrator"
    assert all(person.role for person in words.staff())
    assert {person.kind for person in words.townspeople()} == {"client", "lead", "resource"}
    assert words.unknown_numbers()


def test_all_numbers_are_fictional():
    """555-0100 to 555-0199 are given to nobody: the demo cannot reach a person."""
    for number in filter(lambda number: normalise(number).startswith("+"), words.addresses().values()):
        assert re.search(r"555\D?01\d\d$", number), number


def test_nobody_shares_a_name_and_a_mother_and_her_daughter_alone_a_number():
    people = [*words.staff(), *words.townspeople()]
    assert len({person.name for person in people}) == len(people)
    shared = Counter(person.phone for person in people).most_common(2)
    assert [number for _, number in shared] == [2, 1]


def test_jobs_are_counted_from_today():
    peg = words.townspeople(date(2026, 11, 24))[0]
    assert (peg.next_job.at.date(), peg.next_job.words) == (date(2026, 11, 27), "Plow and walks")
    assert peg.last_job.at.date() == date(2026, 11, 10)
    with_jobs = [person for person in words.townspeople() if person.next_job or person.last_job]
    assert {person.kind for person in with_jobs} == {"client", "lead"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_of_conversations_parses_and_names_people_of_the_town(file):
    told = list(words._conversations(file))
    assert told
    for whom, said in told:
        assert whom in words.addresses(), whom
        assert said, whom
        times = [(-line.days, line.hour, line.minute) for line in said]
        assert times == sorted(times), f"{whom}: the times do not go up"


def test_everybody_on_our_side_of_a_conversation_works_here():
    staff = {person.name.split()[0] for person in words.staff()}
    assert {line.by for line in EVERYBODY if line.by} <= staff


def test_what_is_said_is_never_empty_and_always_one_text():
    assert all(0 < len(line.body) <= 1600 for line in EVERYBODY)
    assert all(line.hour < 24 and line.minute < 60 for line in EVERYBODY)


@pytest.mark.parametrize("kind", [*KINDS, "client es"])
def test_every_kind_of_person_has_something_to_say(kind):
    assert len(words.openers()[kind]) >= 5
    assert all(words.openers()[kind])


def test_every_text_of_ours_has_an_answer_and_the_last_case_takes_all():
    assert words.cases()[-1].words == ("*",)
    for case in words.cases():
        assert case.words[0], "a case without words fits nothing"
        assert all(case.answers)
        assert case.answers
    for line in EVERYBODY:
        if not line.inbound:
            assert any(case.fits(line.body) for case in words.cases())


@pytest.mark.parametrize(
    ("said", "text", "fits"),
    [
        ("hola", "¡Hola, Ana!", True),
        ("hola", "Pacholas", False),
        ("?", "When?", True),
        ("?", "Now.", False),
        ("*", "", True),
    ],
)
def test_a_case_fits_whole_words(said, text, fits):
    assert words.Case((said,), ("x",)).fits(text) is fits


@pytest.mark.parametrize("line", ["yesterday < Hi", "-62d 8:14 < Hi", "-62d 08:14 Hi", "-62d 08:14 > Hi"])
def test_a_line_that_cannot_be_read_says_where_it_is_and_how_to_write_it(tmp_path, line):
    file = tmp_path / "x.txt"
    file.write_text(f"@ Peg\n-1d 08:00 < Hi\n{line}\n", encoding="utf-8")
    with pytest.raises(SampleError, match="line 3: write it as"):
        list(words._conversations(file))


def test_a_text_may_have_several_lines(tmp_path):
    file = tmp_path / "x.txt"
    file.write_text("# why\n@ Peg\n-1d 08:00 > Dana: one\n  two\n\n@ Seamus\n0d 06:00 ~ auto\n", encoding="utf-8")
    (peg, (first,)), (seamus, (second,)) = words._conversations(file)
    assert (peg, first.by, first.body, seamus, second.by, second.inbound) == (
        "Peg",
        "Dana",
        "one\ntwo",
        "Seamus",
        None,
        False,
    )


def test_every_text_document_has_only_fields_that_there_are():
    found = dict(words.text_documents())
    assert len(found) > 10
    assert found["On our way"].startswith("Hi {first_name}, it's {user_first_name} at Maple Hollow.")
    assert [title for title, body in found.items() if unknown(body) or "\n= " in body] == []


def test_files_that_are_missing_are_told_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "folder", lambda: tmp_path)
    with pytest.raises(SampleError, match="sample data cannot be read"):
        words.staff()
