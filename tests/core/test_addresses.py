"""Addresses: whatever way a number is written, it is one and the same; what is none is refused in words."""

import pytest

from dashboard.core import addresses
from dashboard.core.errors import AddressError, SettingError

ONE_NUMBER = [
    "+16035550142",
    "+1 603 555 0142",
    "(603) 555-0142",
    "603.555.0142",
    "603-555-0142",
    "6035550142",
    "1 603 555 0142",
    "011 1 603 555 0142",
    " 603 555 0142\n",
    "603\u00a0555\u20110142",  # as copied from a web page: no-break space and hyphen
    "６０３５５５０１４２",  # full width
    "٦٠٣٥٥٥٠١٤٢",  # Arabic-Indic
]


@pytest.mark.parametrize("written", ONE_NUMBER)
def test_a_number_written_in_any_way_is_one_number(written):
    assert addresses.normalise(written) == "+16035550142"


@pytest.mark.parametrize(
    ("written", "region", "stored"),
    [
        ("07700 900123", "GB", "+447700900123"),
        ("+44 7700 900123", "US", "+447700900123"),
        ("011 44 7700 900123", "US", "+447700900123"),
        ("00 1 603 555 0142", "GB", "+16035550142"),
        ("030 123456", "DE", "+4930123456"),
        ("406 12 345", "NO", "+4740612345"),
        ("40612345", "NO", "+4740612345"),
        ("4740612345", "NO", "+4740612345"),
        ("20 12 34 56", "DK", "+4520123456"),
        ("6123 4567", "SG", "+6561234567"),
        ("5123 4567", "HK", "+85251234567"),
        ("611-2345", "IS", "+3546112345"),
        ("21 12 34", "FO", "+298211234"),
        ("0800 1111", "GB", "+448001111"),
        ("2012", "NO", "2012"),
        ("02800", "NO", "02800"),
        ("30123", "DE", "30123"),  # a landline in Berlin has its 0 in front
        ("72404", "US", "72404"),
        ("724-04", "US", "72404"),
        ("5550142", "US", "5550142"),  # no person wrote it so
        ("Pharmacy", "US", "Pharmacy"),
        ("DHL Express", "US", "DHL Express"),
    ],
)
def test_what_an_address_is_depends_on_where_it_was_written(written, region, stored):
    assert addresses.normalise(written, region) == stored


@pytest.mark.parametrize("written", [*ONE_NUMBER, "72404", "Pharmacy", "+447700900123", "+4930123456"])
def test_what_is_stored_and_what_is_shown_mean_the_same_number(written):
    stored = addresses.normalise(written)
    assert addresses.normalise(stored) == stored
    assert addresses.normalise(addresses.shown(stored)) == stored


@pytest.mark.parametrize(
    "written",
    [
        "", "   ", "12", "+", "++16035550142", "603 555 014#", "1" * 30, "+1603", "+999 12345678",
        "603 555 0142 ext. 5", "a@example.com", "A very long sender", "Ünïcode", "-Sender", "<script>", "603\x00555",
        "+1 555 0142",  # a local number is not whole with its country code in front
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(written):
    with pytest.raises(AddressError, match=r"no phone number|missing"):
        addresses.normalise(written)


@pytest.mark.parametrize("region", ["US", "CA"])
def test_a_number_without_its_area_code_is_no_short_code(region):
    with pytest.raises(AddressError, match=r"“555-0142” is no whole phone number: write its area code too"):
        addresses.normalise("555-0142", region)


@pytest.mark.parametrize("region", ["usa", "", "ZZ", "us"])
def test_a_country_is_one_with_telephone_numbers(region):
    assert addresses.known_region("NO") == "NO"
    with pytest.raises(SettingError, match="is no country with telephone numbers"):
        addresses.known_region(region)


def test_a_refusal_quotes_no_more_than_a_line():
    with pytest.raises(AddressError) as refusal:
        addresses.normalise("9" * 10_000)
    assert len(str(refusal.value)) < 150


@pytest.mark.parametrize(
    ("address", "home", "shown"),
    [
        ("+16035550142", "US", "(603) 555-0142"),
        ("+16035550142", "GB", "+1 603-555-0142"),
        ("+447700900123", "US", "+44 7700 900123"),
        ("+447700900123", "GB", "07700 900123"),
        ("72404", "US", "72404"),
        ("Pharmacy", "US", "Pharmacy"),
    ],
)
def test_an_address_is_shown_as_the_country_writes_it(address, home, shown):
    assert addresses.shown(address, home) == shown


@pytest.mark.parametrize(
    ("typed", "runs"),
    [
        ("555-01", ("55501",)),
        ("(603) 555-0142", ("6035550142",)),
        ("07700 900123", ("07700900123", "7700900123")),
        ("011 44 7700 900123", ("011447700900123", "447700900123", "11447700900123")),
        ("00 44 7700 9", ("004477009", "4477009", "04477009")),
        ("0142", ("0142",)),
        ("Ana", ()),
        ("Ana 2", ()),
        ("", ()),
        ("٥٥٥", ("555",)),
    ],
)
def test_a_typed_number_is_looked_for_as_typed_and_without_what_is_only_dialled(typed, runs):
    assert addresses.searched_digits(typed) == runs


@pytest.mark.parametrize(("address", "can"), [("+16035550142", True), ("72404", True), ("Pharmacy", False)])
def test_only_a_sender_with_letters_takes_no_reply(address, can):
    assert addresses.can_be_answered(address) is can
