"""What is written in a form, and what it stands for: every line reads what it writes, and refuses in words."""

from datetime import UTC, datetime

import pytest

from dashboard.core.accounts import ACCOUNT_LINES, RESOURCE_LINES, Job, cents, job, read_form, tags, written
from dashboard.core.errors import Refused, Unfit

VALUES = {
    "name": "Zoë O’Hara", "kind": "lead", "phones": ("+16035550142", "72345", "+34612345678", "SNOWALERT"),
    "email": "zoe.ohara+bills@mail.example.com", "address": "12 Elm St\nMaple Hollow", "balance": -2505,
    "next_job": Job(datetime(2026, 12, 1, 8, 30, tzinfo=UTC), "Plow: two passes\nand walks"),
    "last_job": Job(datetime(2026, 11, 1, tzinfo=UTC)), "tags": ("snow", "two properties"), "notes": "Dog.\n\nGate.",
}  # fmt: skip


def test_every_line_reads_what_it_writes():
    assert set(VALUES) == set(ACCOUNT_LINES)
    fields = {key: written(key, value, "US") for key, value in VALUES.items()}
    assert read_form(ACCOUNT_LINES, fields, "US") == VALUES
    empty = {"phones": (), "balance": 0, "next_job": None, "tags": (), "notes": ""}
    assert read_form(ACCOUNT_LINES, {key: written(key, value, "US") for key, value in empty.items()}, "US") == empty


def test_what_is_wrong_is_told_at_each_line_and_nothing_is_read():
    wrong = {"name": " ", "kind": "friend", "phones": "603 555 0142\n12", "email": "a@b", "balance": "1e99",
             "next_job": "soon", "tags": "x" * 41, "notes": "x" * 10_001, "address": "fine"}  # fmt: skip
    with pytest.raises(Unfit) as refused:
        read_form(ACCOUNT_LINES, wrong, "US")
    assert set(refused.value.fields) == set(wrong) - {"address"}
    assert "“12” is no phone number" in refused.value.fields["phones"]
    assert "name@example.com" in refused.value.fields["email"]


def test_a_resource_has_its_own_lines():
    assert read_form(RESOURCE_LINES, {"kind": "vendor", "phones": "603-555-0142"}, "US")["phones"] == ("+16035550142",)
    with pytest.raises(Refused, match="no line “balance”"):
        read_form(RESOURCE_LINES, {"balance": "1"}, "US")


@pytest.mark.parametrize(
    ("text", "amount"), [("", 0), ("148.5", 14850), ("$1,148.50", 114850), ("-25", -2500), ("−25.00", -2500)]
)
def test_money_is_read_as_people_write_it(text, amount):
    assert cents(text) == amount


@pytest.mark.parametrize("text", ["much", "NaN", "1e99", "1E+999999999999999999", "20,000,001", "--1"])
def test_what_is_no_money_is_refused(text):
    with pytest.raises(Refused, match=r"write it as 148\.50"):
        cents(text)


@pytest.mark.parametrize("text", ["2026-12-01", "2026-12-01 08:00", "2026-12-01T08:00:00Z", "2026-12-01T08:00+05:30"])
def test_a_job_has_a_date_and_words(text):
    assert job(f"{text} Plow and walks").words == "Plow and walks"
    assert job(text).at.utcoffset() is not None


@pytest.mark.parametrize("text", ["Plow", "2026-13-01 Plow", "12/01/2026", "2026-12-01x", "0001-01-01T00:00+14:00 x"])
def test_a_job_without_a_date_is_refused(text):
    with pytest.raises(Refused, match="does not begin with a date"):
        job(text)


def test_tags_are_kept_once_each():
    assert tags("snow; mowing,snow\n two properties ;") == ("snow", "mowing", "two properties")
