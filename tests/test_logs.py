"""The log: numbers, queries, passwords and rows are taken out of every line, and what is needed stays."""

import logging
import subprocess
import sys

import pytest

from dashboard import logs
from dashboard.logs import Discreet, discreet, hide


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("from +16035550142 to +16035550100", "from …42 to …00"),
        ("(603) 555-0142, 603.555.0142, 603 555 0142", "…42, …42, …42"),
        ("Key (address)=(+16035550142) already exists", "Key (address)=(…42) already exists"),
        ("from 127.0.0.1 6035550142", "from 127.0.0.1 …42"),
        ("GET /?q=anna&thread=4 (127.0.0.1)", "GET /?… (127.0.0.1)"),
        ("'/media/1?name=a%20b'", "'/media/1?…'"),
        ("postgresql://inbox:letmein@10.0.0.7/x", "postgresql://inbox:***@10.0.0.7/x"),
        ("duplicate key\nDETAIL:  Key (body)=(Hello) exists.\nHINT:  Look.", "duplicate key\nHINT:  Look."),
        ("null\nDETAIL:  Failing row contains (5, my gate code is\nBlue Hat 42, null).", "null\n"),
        ('null\nDETAIL:  (a\n\nb).\nCONTEXT:  COPY, body: "a\n\nb"\n[SQL: INSERT]\n', "null\n[SQL: INSERT]\n"),
        ("null\nDETAIL:  (a\nb).\n\nThe above exception was the", "null\nThe above exception was the"),
        ("null\n  DETAIL:  (a\nb).\n\nDuring handling of the", "null\nDuring handling of the"),
    ],
)
def test_what_may_not_stand_there_is_taken_out(line, kept):
    assert discreet(line) == kept


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-25 06:24:17,123 dashboard.live.feed: the database answers again",
        "127.0.0.1:5006 192.168.100.200:50061",
        "is the server running? Then look at its log.",
        "what came of message 1234567 cannot be stored",
        "port 5006 cannot be listened on",
        'File "/usr/lib/python3.11/site-packages/x.py", line 1234, in f',
    ],
)
def test_what_is_needed_stays(line):
    assert discreet(line) == line


def record(name, line, *arguments, error=None):
    trace = (type(error), error, None) if error else None
    made = Discreet(name, logging.WARNING, __file__, 1, line, arguments, trace)
    return logging.Formatter().format(made)


def test_an_errors_trace_is_discreet_too():
    said = record("dashboard.x", "an act failed", error=ValueError("+16035550142 is none"))
    assert said == "an act failed\nValueError: …42 is none"


@pytest.mark.parametrize("name", ["bokeh.server.views.ws", "tornado.general"])
def test_who_repeats_what_a_browser_sent_says_only_how_much_it_was(name):
    said = record(name, "cannot parse %r: %r (%d)", ValueError("canary"), "canary canary", 7)
    assert said == "cannot parse '<ValueError>': '<str of 13>' (7)"


def test_a_secret_stands_in_no_line_and_a_short_one_takes_no_words_apart(monkeypatch):
    monkeypatch.setattr(logs, "_hidden", set())
    hide(("canary-of-the-token", "is", ""))
    assert discreet("this is canary-of-the-token, twice: canary-of-the-token") == "this is ***, twice: ***"


def test_a_line_without_arguments_is_left_alone():
    assert record("bokeh.x", "100 % sure") == "100 % sure"


LINES = """
import logging, panel, bokeh.server.server
from dashboard import logs
logs.begin()
for name in ("", "dashboard", "panel", "bokeh", "tornado.access", "param", "somebody"):
    logging.getLogger(name).error("%s said 603 555 0142", name or "root")
"""


def test_every_loggers_handler_is_discreet():
    """Panel's and Bokeh's loggers have handlers of their own."""
    ended = subprocess.run([sys.executable, "-c", LINES], capture_output=True, text=True, check=True)
    said = ended.stderr + ended.stdout
    assert said.count("said …42") >= 7
    assert "0142" not in said
