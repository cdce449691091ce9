"""Segments are counted as Twilio's own calculator counts them, npm's sms-segments-calculator, where Node is installed."""

import json
import os
import subprocess

import pytest

from dashboard.core.segments import BASIC, EXTENSION, segments
from tests.texting import some_texts

pytestmark = pytest.mark.node
COUNT = """
const {SegmentedMessage} = require('sms-segments-calculator');
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const said = texts.map(text => new SegmentedMessage(text)).map(({encodingName, segments}) => [encodingName, segments.length]);
process.stdout.write(JSON.stringify(said));
"""


def calculated(texts):
    """What the calculator says; NODE_PATH is where npm has put it."""
    assert os.environ.get("NODE_PATH"), (
        "npm install --prefix DIR sms-segments-calculator, then NODE_PATH=DIR/node_modules"
    )
    said = subprocess.run(["node", "-e", COUNT], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return [tuple(one) for one in json.loads(said.stdout)]


def ours(texts):
    found = [segments(text) for text in texts]
    return [(one.encoding, one.count) for one in found]


def test_b14_five_thousand_random_texts_are_counted_alike():
    texts = list(some_texts(5_000, seed=1))
    said = calculated(texts)
    assert {count for _, count in said} >= {1, 2, 3, 4}
    assert len([text for text, one, two in zip(texts, ours(texts), said, strict=True) if one != two]) == 0


def test_b14_each_character_of_the_first_plane_is_told_apart_alike():
    surrogates = range(0xD800, 0xE000)
    texts = [chr(code) for code in range(1, 0x10000) if code not in surrogates]
    assert ours(texts) == calculated(texts)
    assert sum(encoding == "GSM-7" for encoding, _ in ours(texts)) == len(BASIC | EXTENSION)
