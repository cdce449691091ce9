"""People as a CSV lists them: a line that cannot be read is told with its number and reason, the rest goes in."""

import pytest

from dashboard.core.errors import SampleError
from dashboard.core.people import BadLine, PersonRow, read

HEADER = "name,phone,kind,email,address,tags,balance,notes\n"


def lines(*rows, header=HEADER):
    return "".join([header, *(f"{row}\n" for row in rows)]).splitlines(keepends=True)


def one(row, header=HEADER, **options):
    found = list(read(lines(row, header=header), **options))
    assert len(found) == 1
    return found[0]


def test_a_full_line_is_a_person():
    row = 'Ana Díaz,(603) 555-0142,lead,ana@example.com,"12 Elm St, Hollow",snow; mowing;,"$1,148.50","Calls ""early"""'
    assert one(row) == PersonRow(
        "Ana Díaz", "+16035550142", "lead", "ana@example.com", "12 Elm St, Hollow", ("snow", "mowing"), 114850,
        'Calls "early"',
    )  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Phone, NAME\n", "6035550142,Ana"),
        ("name,phone,shoe size\n", "Ana,6035550142,38"),
        ("name,phone,kind,notes\n", "Ana,6035550142"),
    ],
)
def test_columns_come_in_any_order_and_need_not_all_be_there(header, row):
    assert one(row, header) == PersonRow("Ana", "+16035550142", "client")


@pytest.mark.parametrize("kind", ["clients", "Leads", "resource", "crew", "VENDOR", "office"])
def test_a_kind_is_read_in_the_words_people_use(kind):
    person = one(f"Ana,6035550142,{kind}")
    assert person.kind == {"clients": "client", "Leads": "lead"}.get(kind, "resource")
    assert person.work == (kind.lower() if kind.lower() in ("vendor", "office") else "crew")


@pytest.mark.parametrize("kind", ["client", "lead", "resource"])
def test_a_line_without_a_kind_is_of_the_kind_that_was_asked_for(kind):
    assert one("Ana,6035550142", default_kind=kind).kind == kind


@pytest.mark.parametrize(
    ("written", "cents"), [("", 0), ("0.00", 0), ("148.50", 14850), ("-25", -2500), ("$20,000,000", 2_000_000_000)]
)
def test_a_balance_is_kept_in_cents(written, cents):
    assert one(f'Ana,6035550142,,,,,"{written}"').balance == cents


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",6035550142", "name is empty"),
        ("A" * 201 + ",6035550142", "at most 200 characters"),
        ("Ana", "address is missing"),
        ("Ana,12", "no phone number"),
        ("Ana,unknown", "phone: “unknown” is no phone number, and takes no texts"),
        ("Ana,6035550142,friend", "friend"),
        ("Ana,6035550142,,,,,much", "no amount of money"),
        ("Ana,6035550142,,,,,NaN", "no amount of money"),
        ("Ana,6035550142,,,,,1e99", "no amount of money"),
        ("Ana,6035550142,,,,,,a note, with a comma", "more fields than the header"),
        ('Ana,6035550142,,,,,,"quoted" badly', "check its quotes"),
    ],
)
def test_a_line_that_cannot_be_read_says_why_and_the_rest_goes_in(row, reason):
    before, bad, after = read(lines("Ben,6035550143", row, "Cleo,6035550144"))
    assert (before.name, after.name) == ("Ben", "Cleo")
    assert isinstance(bad, BadLine)
    assert bad.number == 3
    assert reason in bad.reason


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_only():
    found = list(read(lines("Ben,6035550143", '"Ana,6035550142', "Cleo,6035550144", "Dora,6035550145")))
    assert [person.name for person in found if isinstance(person, PersonRow)] == ["Ben", "Cleo", "Dora"]
    assert [bad.number for bad in found if isinstance(bad, BadLine)] == [3]


def test_a_quoted_field_may_have_lines_of_its_own_and_the_numbers_still_agree():
    person, bad = read(lines('Ana,6035550142,,,,,,"first\nsecond"', "Ben,12"))
    assert person.notes == "first\nsecond"
    assert bad.number == 4


def test_what_no_database_holds_is_replaced_in_names_too():
    assert one("A\x00na,6035550142").name == "A\ufffdna"


@pytest.mark.parametrize("header", ["", "\n", "name,mobile\n", "Ana,6035550142\n"])
def test_a_header_without_name_and_phone_is_refused_with_what_it_lacks(header):
    with pytest.raises(SampleError, match=r"header lacks (name|phone)"):
        list(read([header] if header else []))


def test_a_header_that_is_no_csv_is_refused_in_words():
    with pytest.raises(SampleError):
        list(read(['"name,phone\n', "Ana,6035550142\n"]))
