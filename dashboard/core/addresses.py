"""Addresses: what a text comes from, normalised for storage and written as the country writes it."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from dashboard.core.errors import AddressError, SettingError

SENDER_LIMIT = 11  # characters of an alphanumeric sender, 3GPP TS 23.040
DIALLED = ("011", "00", "0")  # international and trunk prefixes: North America's, the ITU's, most countries'
SUBSCRIBER = 7  # digits without which what follows such a prefix is no number
INDEXED_FROM = 3  # digits or letters from which any part is found; below, only a start or an end
QUOTED = 40  # characters of what was written that an error repeats
SHORT_CODE = re.compile(r"\d{3,8}")
MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
SENDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 &+_-]*")
PUNCTUATION = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]+")


def normalise(written: str, region: str = "US") -> str:
    """The one form in which an address is stored.

    Parameters
    ----------
    written
        As a person or a provider wrote it: a phone number, a short code or an alphanumeric sender.
    region
        ISO 3166 code of the country that numbers without "+" belong to.

    Returns
    -------
    An E.164 number ("+16035550142"), a short code of 3 to 8 digits, or a sender of up to 11 characters.

    Raises
    ------
    AddressError
        when it is none of the three.
    """
    text = unicodedata.normalize("NFKC", written).strip()
    if not text:
        raise AddressError("An address is missing: give a phone number, such as +1 603 555 0142.")
    if any(character.isalpha() for character in text):
        return _sender(text)
    bare = "".join(str(unicodedata.digit(c, c)) for c in PUNCTUATION.sub("", text))
    if not SHORT_CODE.fullmatch(bare):
        return _number(bare, written, region)
    if len(bare) == SUBSCRIBER and PUNCTUATION.search(text) and phonenumbers.country_code_for_region(region) == 1:
        raise AddressError(
            f"{_quoted(written)} is no whole phone number: write its area code too, such as 603 555 0142."
        )
    return _national(bare, region) or bare


def known_region(region: str) -> str:
    """The country that numbers without "+" belong to, as it was set. Raises SettingError for none there is."""
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise SettingError(f"“{region[:20]}” is no country with telephone numbers: write US, CA or GB, as in ISO 3166")
    return region


def _sender(text: str) -> str:
    if len(text) <= SENDER_LIMIT and SENDER.fullmatch(text):
        return text
    raise AddressError(
        f"{_quoted(text)} is no phone number, and no sender name either: "
        f"those have up to {SENDER_LIMIT} letters and digits."
    )


def _number(bare: str, written: str, region: str) -> str:
    if re.fullmatch(r"\+?\d+", bare):
        try:
            number = phonenumbers.parse(bare, region)
        except phonenumbers.NumberParseException:
            number = None
        if number is not None and _is_whole(number):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    raise AddressError(
        f"{_quoted(written)} is no phone number: give one with its country code, such as +1 603 555 0142."
    )


def _national(bare: str, region: str) -> str | None:
    """What is as short as a short code as the number it is in a country whose numbers are that short; None for none.

    Of six digits or fewer only a mobile one: by its digits many a landline could be a short code there.
    """
    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    is_one = len(bare) >= SUBSCRIBER or phonenumbers.number_type(number) in MOBILES
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_one else None


def _is_whole(number: phonenumbers.PhoneNumber) -> bool:
    """A possible number with its area code: a local one reaches nobody from here."""
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


def _quoted(text: str) -> str:
    return "“" + text[:QUOTED] + ("…" if text[QUOTED:] else "") + "”"


@lru_cache(maxsize=20_000)
def shown(address: str, home: str = "US") -> str:
    """An address as the country writes it: national within ``home``, international otherwise."""
    if not address.startswith("+"):
        return address
    number = phonenumbers.parse(address)
    at_home = number.country_code == phonenumbers.country_code_for_region(home)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def digits(text: str) -> str:
    """The decimal digits of a text, in any script, as ASCII."""
    return "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal())


def searched_digits(query: str) -> tuple[str, ...]:
    """The runs of digits that a typed number may stand for in a stored address.

    Numbers are stored with their country code, so a prefix that is only dialled (011, 00, or the trunk 0 before
    a national number) is also tried without.
    """
    typed = digits(query)
    if not typed or any(character.isalpha() for character in query):
        return ()
    shorter = (typed.removeprefix(prefix) for prefix in DIALLED)
    return tuple(dict.fromkeys((typed, *(run for run in shorter if len(run) >= SUBSCRIBER))))


def can_be_answered(address: str) -> bool:
    """Whether a reply can reach the address: an alphanumeric sender takes none."""
    return not any(character.isalpha() for character in address)
