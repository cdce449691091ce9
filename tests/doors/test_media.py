"""The media doors: what is handed out to whom and as what, and uploads up to the byte."""

import base64
import itertools
import socket
from urllib.parse import quote

import pytest

from dashboard.core.values import OutboundFile
from dashboard.doors.shares import Shares
from dashboard.store import media
from tests.canary import CANARY, HARD, SVG, hard, jpeg, png
from tests.doors.conftest import KEY
from tests.doors.test_simulated import INBOUND
from tests.factories import asked, eventually

LIMIT = 5_242_880
_numbers = itertools.count(1)


def received(server, data, type_="image/jpeg", name="gutter.jpg"):
    """A file comes in; its attachment's id, once it was looked into."""
    file = {"data": base64.b64encode(data).decode(), "type": type_, "name": name}
    said = {"id": f"media-{next(_numbers)}", "from": "+16035550177", "to": None, "body": "", "media": [file]}
    answer = server.post(INBOUND, said)
    assert answer.status == 200, answer.text
    (attachment,) = asked(server.store, "SELECT id FROM attachment WHERE message_id = ?", answer.fields["message"])[0]
    waiting = "SELECT 1 FROM attachment WHERE id = ? AND state = 'waiting'"
    assert eventually(lambda: not asked(server.store, waiting, attachment))
    return attachment


def thread(server):
    return asked(server.store, "SELECT thread_id FROM attachment ORDER BY id LIMIT 1")[0][0]


def got(server, path, method="GET"):
    return server.ask(method, path, Cookie=server.cookie(1))


def uploaded(server, data, name="roof.jpg", **changed):
    """What the door says to an upload of whoever is signed in, from a page of ours."""
    cookie = server.cookie(1)
    page = server.ask("GET", "/upload", Cookie=cookie)
    token = page.headers["set-cookie"].split(";")[0]
    headers = {"Cookie": f"{cookie}; {token}", "X_XSRFToken": page.fields["token"]} | changed
    return server.ask("POST", f"/upload?thread={thread(server)}&name={quote(name)}", data, **headers)


def test_a_picture_is_shown_inline_kept_by_the_browser_and_has_no_metadata(server):
    attachment = received(server, jpeg())
    for size in ("thumb", "shown"):
        answer = got(server, f"/media/{attachment}?size={size}")
        assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("inline;")
        assert CANARY.decode() not in answer.text
        assert int(answer.headers["content-length"]) == len(answer.text.encode("utf-8", "surrogateescape"))
    assert got(server, f"/media/{attachment}").status == 404, "a picture is not handed out as it came"


@pytest.mark.parametrize("name", [name for name in HARD if "40 " not in name and "text bomb" not in name])
def test_no_hard_case_is_shown_unless_it_was_made_here(server, name):
    type_, data, state = hard(name)
    attachment = received(server, data, type_)
    shown, whole = got(server, f"/media/{attachment}?size=shown"), got(server, f"/media/{attachment}")
    assert (shown.status, whole.status) == ((200, 404) if state == "ready" else (404, 200))
    assert CANARY.decode() not in shown.text
    assert state == "ready" or whole.headers["content-type"] == "application/octet-stream"
    assert state == "ready" or whole.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("contract.pdf", "filename=\"contract.pdf\"; filename*=UTF-8''contract.pdf"),
        ("días.pdf", "filename=\"d_as.pdf\"; filename*=UTF-8''d%C3%ADas.pdf"),
        ("photo\u202egpj.exe", "filename=\"photo gpj.exe\"; filename*=UTF-8''photo%20gpj.exe"),
        ('../a"b\r\nX: y.pdf', "filename=\"a b X y.pdf\"; filename*=UTF-8''a%20b%20X%20y.pdf"),
    ],
)
def test_a_download_has_its_name_and_no_name_becomes_a_header(server, name, said):
    attachment = received(server, b"%PDF-1.4", "application/pdf", name)
    answer = got(server, f"/media/{attachment}")
    assert answer.headers["content-disposition"] == f"attachment; {said}"
    assert answer.text == "%PDF-1.4"


def test_whoever_is_not_signed_in_is_handed_nothing_out(server):
    attachment = received(server, jpeg())
    for path in (f"/media/{attachment}?size=shown", "/media/99999999"):
        answer = server.ask("GET", path)
        assert (answer.status, "Log in first" in answer.text) == (403, True)


@pytest.mark.parametrize("path", ["/media/99999999?size=thumb", "/media/0", "/media/-1", "/media/1x", "/media/1/2"])
def test_what_there_is_not_is_404(server, path):
    assert got(server, path).status == 404


def test_a_size_that_there_is_not_is_refused_in_words(server):
    answer = got(server, "/media/1?size=huge")
    assert (answer.status, "choose one of thumb, shown" in answer.text) == (400, True)


def test_a_file_that_has_gone_from_the_disk_is_404(server):
    attachment = received(server, png(width=31, height=17))
    ((sha256,),) = asked(server.store, "SELECT shown FROM attachment WHERE id = ?", attachment)
    media.path(server.store.media_folder, sha256).unlink()
    assert got(server, f"/media/{attachment}?size=shown").status == 404


def test_a44_five_megabytes_are_taken_and_one_byte_more_is_refused_in_words(server):
    received(server, jpeg())
    padded = jpeg(300, 200) + bytes(LIMIT)
    exactly = uploaded(server, padded[:LIMIT])
    assert (exactly.status, exactly.fields["size"], exactly.fields["width"]) == (200, LIMIT, 300)
    before = server.stored()
    answer = uploaded(server, padded[: LIMIT + 1])
    assert (answer.status, "“roof.jpg” is larger than 5 MB (5,242,880 bytes)" in answer.text) == (413, True)
    assert uploaded(server, bytes(20_000_000)).status == 413
    assert uploaded(server, bytes(33_000_000)).status == 413
    assert server.stored() == before


@pytest.mark.parametrize("data", [SVG, b"", b"hello", jpeg()[:-4000]])
def test_an_upload_that_is_no_picture_is_refused_in_words_and_leaves_nothing(server, data):
    received(server, jpeg())
    before = server.stored()
    answer = uploaded(server, data)
    assert (answer.status, answer.text.startswith("“roof.jpg” is ")) == (400, True)
    assert server.stored() == before


def test_an_upload_without_the_pages_token_or_without_a_person_is_refused_after_it_was_read(server):
    received(server, jpeg())
    before = server.stored()
    assert uploaded(server, bytes(3_000_000), X_XSRFToken="x").status == 403
    page = server.ask("GET", "/upload")
    nobody = uploaded(server, jpeg(), Cookie=page.headers["set-cookie"].split(";")[0], X_XSRFToken=page.fields["token"])
    assert (nobody.status, "Log in first" in nobody.text) == (403, True)
    assert uploaded(server, jpeg(), Origin="http://evil.example").status == 403
    assert server.stored() == before


def test_an_upload_that_breaks_off_leaves_nothing(server):
    received(server, jpeg())
    cookie = server.cookie(1)
    page = server.ask("GET", "/upload", Cookie=cookie)
    token = page.headers["set-cookie"].split(";")[0]
    before = server.stored()
    with socket.create_connection(("127.0.0.1", server.port)) as cut:
        head = f"POST /upload?thread=1 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 90000\r\n"
        cut.sendall(f"{head}Cookie: {cookie}; {token}\r\nX-XSRFToken: {page.fields['token']}\r\n\r\nabc".encode())
        assert eventually(lambda: list(server.store.media_folder.glob("incoming-*")))
    assert eventually(lambda: server.stored() == before)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_share_needs_nobody_signed_in_and_only_its_token(server, method):
    attachment = received(server, jpeg())
    ((sha256, type_, size),) = asked(
        server.store, "SELECT shown, shown_type, shown_size FROM attachment WHERE id = ?", attachment
    )
    token = Shares(KEY).token(OutboundFile(sha256, type_, size))
    answer = server.ask(method, f"/share/{token}")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    assert int(answer.headers["content-length"]) == size
    assert bool(answer.text) == (method == "GET")
    assert server.ask(method, f"/share/x{token}").status == 404
