"""One request to a phone company: bounded in time and size, and it is known whether it can have gone."""

import socket
import threading
from contextlib import contextmanager
from time import monotonic

import pytest

from dashboard.providers import web
from dashboard.providers.web import Call, Garbled, Limits, NotSent, TooMuch, ask

QUICK = Limits(connect=0.5, read=0.3, whole=1.0, size=1000)


@contextmanager
def saying(*pieces, every=0.0, hold=False):
    """A server that says this to the first who comes, piece by piece; its address, and what it was sent."""
    heard, ended = [], threading.Event()

    def serve():
        connection, _ = listening.accept()
        with connection:
            heard.append(connection.recv(65536))
            if heard[0].startswith(b"POST") and not heard[0].endswith(b"body"):
                heard[0] += connection.recv(65536)
            for piece in pieces:
                ended.wait(every)
                try:
                    connection.sendall(piece)
                except OSError:  # whoever asked has gone
                    return
            if hold:
                ended.wait(20)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
        ended.set()
        thread.join(5)


def a_closed_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def test_a_request_goes_as_it_is_and_the_answer_comes_whole():
    with saying(b"HTTP/1.1 201 Created\r\nX-Name: Value\r\nContent-Length: 5\r\n\r\nhello") as (url, heard):
        answer = ask(Call("POST", f"{url}/a?b=c%20d+e", {"X-Mine": "1"}, b"body"), QUICK)
    assert (answer.status, answer.headers["x-name"], answer.body) == (201, "Value", b"hello")
    assert heard[0].startswith(b"POST /a?b=c%20d+e HTTP/1.1\r\n")
    assert b"\r\nX-Mine: 1\r\n" in heard[0]
    assert heard[0].endswith(b"\r\n\r\nbody")


def test_where_nobody_listens_nothing_was_sent():
    with pytest.raises(NotSent, match="Connection refused"):
        ask(Call("GET", f"http://127.0.0.1:{a_closed_port()}/"), QUICK)


def test_a_name_that_there_is_not_is_nothing_sent():
    with pytest.raises(NotSent, match=r"no connection to nobody\.invalid"):
        ask(Call("GET", "http://nobody.invalid/"), QUICK)


def test_whoever_speaks_no_tls_was_sent_nothing_of_the_request():
    with saying(b"hello\r\n" * 10) as (url, heard), pytest.raises(NotSent, match="no safe connection"):
        ask(Call("POST", url.replace("http", "https"), {}, b"secret"), QUICK)
    assert b"secret" not in b"".join(heard)


@pytest.mark.parametrize(
    ("pieces", "error"),
    [
        ([], Garbled),
        ([b"nonsense\r\n\r\n"], Garbled),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel"], Garbled),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"], Garbled),
        ([b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"], Garbled),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000], TooMuch),
        ([b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000], TooMuch),
    ],
)
def test_an_answer_that_is_none_is_told_from_a_request_that_did_not_go(pieces, error):
    with saying(*pieces) as (url, heard), pytest.raises(error):
        ask(Call("GET", url), QUICK)
    assert heard, "it went"
    assert not issubclass(error, NotSent)


def test_silence_ends_after_the_time_between_two_bytes():
    with saying(hold=True) as (url, _), pytest.raises(TimeoutError):
        ask(Call("GET", url), QUICK)


def test_an_answer_that_drips_ends_with_the_time_for_the_whole():
    drops = [b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", *[b"x"] * 900]
    began = monotonic()
    with saying(*drops, every=0.1) as (url, _), pytest.raises(Garbled):
        ask(Call("GET", url), QUICK)
    assert monotonic() - began < 60, "900 drops would have taken 90 seconds"


def test_no_connection_is_kept_after_an_answer():
    opened = []

    def connect(host, port, seconds):
        opened.append(web.dial(host, port, seconds))
        return opened[-1]

    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as (url, _):
        ask(Call("GET", url), QUICK, connect)
    assert [one.fileno() for one in opened] == [-1]
