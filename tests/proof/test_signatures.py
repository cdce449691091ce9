"""100,000 posts that were signed and then altered, in the address, the fields or the signature: none is taken."""

import random
from collections import Counter
from urllib.parse import urlencode

import pytest

from dashboard.core.errors import Forbidden
from dashboard.core.values import Posted
from dashboard.providers.twilio_posts import signed
from tests.fake_twilio import ACCOUNT, TOKEN, a_text
from tests.fake_twilio import signed as mark
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
COUNT = 100_000
URL = "https://texts.example.com/hooks/twilio/in?a=b%20c+d"
ODD = ["", " ", "\x00", "☔", "\udcff", "\ud800", "%", "&", "=", "+", "a", "0", "/", "\r\n", "x" * 999]


def other(chance, text):
    """The text with a character taken out, put in, turned round or put in another's place."""
    at = chance.randrange(len(text) + 1)
    ways = [text[:at] + chance.choice(ODD) + text[at:], text[:at] + text[at + 1 :], text[:at] + chance.choice(ODD)]
    return chance.choice([*ways, text.swapcase(), text[::-1], ""])


def of_fields(chance, fields):
    """One field changed, renamed, gone, or come, or two with each other's values."""
    altered = dict(fields)
    one, two = chance.sample(sorted(altered), 2)
    way = chance.randrange(5)
    if way == 0:
        altered[one] = other(chance, altered[one])
    elif way == 1:
        altered[other(chance, one)] = altered.pop(one)
    elif way == 2:
        del altered[one]
    elif way == 3:
        altered[f"X{chance.random()}"] = "more"
    else:
        altered[one], altered[two] = altered[two], altered[one]
    return altered


def a_mutation(chance):
    """A request that differs from a signed one, and what of it does."""
    url, fields = URL, a_text(Body=f"Text {chance.random()}", MessageSid=f"SM{chance.getrandbits(128):032x}")
    written = mark(url, fields)
    as_signed = (url, fields, written)
    what = chance.choice(("address", "fields", "signature"))
    if what == "address":
        url = other(chance, url)
    elif what == "fields":
        fields = of_fields(chance, fields)
    else:
        written = other(chance, written)
    body = urlencode(fields, errors="surrogatepass").encode()
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": written}
    is_altered = as_signed != (url, fields, written)
    return what, is_altered, Posted("in", "POST", url, headers, body)


def test_no_post_that_was_altered_is_taken_and_none_raises_anything_but_forbidden():
    chance, refused = random.Random(20), Counter()
    while sum(refused.values()) < scaled(COUNT):
        what, is_altered, request = a_mutation(chance)
        if is_altered:  # an empty field turned round is what it was
            with pytest.raises(Forbidden):
                signed(request, TOKEN, ACCOUNT)
            refused[what] += 1
    print(f"{sum(refused.values()):,} altered posts, none taken: {dict(refused)}")
    assert len(refused) == 3
