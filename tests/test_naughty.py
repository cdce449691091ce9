"""Every field that people can write is given every naughty text: it comes back as it was written, or is refused in words."""

import csv
import io
import itertools
import json
import logging
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from dashboard.actions import accounts, documents, drafts, messages, resources
from dashboard.actions.conversations import begin_conversation
from dashboard.actions.history import add_history
from dashboard.actions.people import add_people
from dashboard.core import people
from dashboard.core.accounts import ACCOUNT_LINES, NAME_LIMIT, RESOURCE_LINES, read_form
from dashboard.core.addresses import normalise
from dashboard.core.documents import FIELDS, Facts, filled
from dashboard.core.errors import MessageCenterError, Unfit
from dashboard.core.filters import FILTERS, TABS
from dashboard.core.people import BadLine, PersonRow
from dashboard.core.pictures import Served
from dashboard.core.rights import EVERY
from dashboard.core.text import folded, is_seen, storable
from dashboard.core.values import HistoricMessage, HistoricThread
from dashboard.doors import media, simulated
from dashboard.importing import import_into
from dashboard.live.acting import at_once
from dashboard.live.documents import DocumentsScreen
from dashboard.live.live import Live
from dashboard.store import accounts as cards
from dashboard.store import documents as kept_documents
from dashboard.store import drafts as drafted
from dashboard.store import threads as lists
from dashboard.store.accounts import look_up
from dashboard.ui.documents import documents_patch
from dashboard.ui.message_center import MessageCenter
from dashboard.ui.patches import frame_patch, list_patch
from tests.factories import OURS, a_document, a_file, a_reply, a_screen, a_text, asked, dana, sound, spoken
from tests.naughty import FAMILIES, STRINGS, kept, short

GOOD = ("911", "O", "Null", "+1 603 555 0142", "６０３５５５０１４２")  # are senders
PEOPLE = ("name", "phone", "kind", "email", "address", "tags", "balance", "notes", "role", "next_job", "last_job")
NAMES = tuple(
    dict.fromkeys(name for text in STRINGS if (name := " ".join(kept(text).split())) and len(name) <= NAME_LIMIT)
)
WORDS = ("key", "body", "query", "to", "form", "kind", "tab", "filter", "act", "name", "data", "size", "title")
NUMBERS = (
    "thread",
    "id",
    "document",
    "limit",
    "index",
    "n",
    "seen",
    "revision",
    "message",
    "upto",
    "only",
    "attachment",
    "account",
    "at",
    "last",
    "on",
)
# Where each costs a transaction: of each family some, more of what no database holds and of what is long, ...
FEW = tuple(
    dict.fromkeys(
        (*(t for family in FAMILIES.values() for t in family[::9]), *FAMILIES["none"][::3], *FAMILIES["long"][::2])
    )
)
numbers = itertools.count(1)


def share(number, of=5):
    """... and with them a part of all the others, so that each of those is given to some of these fields, too."""
    return tuple(dict.fromkeys((*FEW, *STRINGS[number::of])))


def some(texts, step):
    """Fewer of what each costs much."""
    return texts[::step]


@pytest.fixture(autouse=True)
def _no_error_is_logged(caplog):
    yield
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def given(act, texts=STRINGS):
    """Give each text to an act; what came of those that were not refused, by the text.

    What was refused was refused by an error of ours, with words; nothing else was raised, and not all were refused.
    """
    came, wrong = {}, []
    for text in texts:
        try:
            came[text] = act(text)
        except MessageCenterError as error:
            wrong += [] if len(str(error)) > 10 else [f"{short(text)} was refused without words"]
        except Exception as error:  # told with the text that made it, and all of them at once
            wrong.append(f"{short(text)}: {type(error).__name__}: {short(str(error), 200)}")
    assert wrong == []
    assert came, "all were refused, so this shows nothing"
    return came


def same(got, wanted):
    """Both are lists of what came back and what was to come; the first few that differ."""
    assert [f"{short(str(g))} is not {short(str(w))}" for g, w in zip(got, wanted, strict=True) if g != w][:5] == []


class Told:
    """A face that keeps what it was told last, under each name."""

    def __init__(self, screen):
        self.news, screen.face = {}, self

    def show(self, snapshot):
        pass

    def tell(self, news):
        self.news |= news


def posted(text, **fields):
    """A text as the simulated provider's door reads it."""
    return simulated.inbound(
        json.dumps({"id": f"in-{next(numbers)}", "from": "+16035550142", "body": text} | fields).encode()
    )


def test_a_text_that_comes_in_with_a_file(store):
    def comes_in(text):
        inbound = posted(text, media=[{"data": "", "type": text, "name": text}])
        files = tuple(replace(a_file(), type=file.type, name=file.name) for file in inbound.media)
        return messages.receive(store, inbound, files)

    came = given(comes_in)
    rows = spoken(store, next(iter(came.values())).thread)
    assert len(came) == len(STRINGS), "no text is refused for its content"
    same([row.body for row in rows], map(kept, STRINGS))
    same(
        [(row.attachments[0].type, row.attachments[0].name) for row in rows],
        [(kept(t)[:100], kept(t)[:200]) for t in STRINGS],
    )
    altered = [received.message for text, received in came.items() if kept(text) != text]
    assert asked(store, "SELECT message_id FROM payload ORDER BY message_id") == [(message,) for message in altered]
    a_screen(store, thread=rows[0].id)
    assert sound(store)


def test_a_sender(store):
    given(normalise)
    came = given(lambda text: messages.receive(store, posted("Hi", **{"from": text})), (*share(0), *GOOD))
    assert sound(store)
    for (address,) in asked(store, "SELECT address FROM thread"):
        assert address.isascii()
        assert address.isprintable()
    assert came.keys() >= set(GOOD)


def test_a_text_that_goes_out_and_why_it_failed(store):
    thread = a_text(store).thread

    def goes_out(text):
        return messages.send(store, thread, text, by=1, key=f"key-{next(numbers)}")

    sent = given(goes_out, share(1))

    def fails(text):
        fields = {"message": sent.get(text) or a_reply(store, thread), "status": "failed", "error": text}
        return messages.record_delivery(store, simulated.delivery(json.dumps(fields).encode()))

    failed = given(fails, tuple(filter(None, FEW)))
    rows = {row.id: row for row in spoken(store, thread)}
    same([rows[message].body for message in sent.values()], map(kept, sent))
    same([rows[message].reason for message in failed.values()], map(kept, failed))
    assert sound(store)


def test_the_key_of_a_send(store):
    thread = a_text(store).thread
    keys = given(lambda text: messages.send(store, thread, "Hello", by=1, key=text), FEW)
    assert len(set(keys.values())) == len(keys), "each key is one text"
    assert sound(store)


@pytest.mark.parametrize(("name", "good"), [("to", OURS), ("at", "2026-11-20T11:00:00Z"), ("id", "an id of its own")])
def test_another_field_of_a_text_that_comes_in(store, name, good):
    given(lambda text: messages.receive(store, posted("Hi", **{name: text})), (*share(2), good))
    given(lambda text: posted("Hi", media=[{"data": text, "type": "image/png"}]))
    assert sound(store)


@pytest.mark.parametrize("name", ["status", "message"])
def test_another_field_of_a_report(store, name):
    fields = {"message": a_reply(store, a_text(store).thread), "status": "sent"}

    def reports(text):
        said = json.dumps(fields | {name: text}).encode()
        return messages.record_delivery(store, simulated.delivery(said))

    given(reports, (*share(3), fields[name]))
    assert sound(store)


@pytest.mark.parametrize(
    ("lines", "act", "read"),
    [(ACCOUNT_LINES, accounts, cards.account), (RESOURCE_LINES, resources, cards.resource)],
    ids=["account", "resource"],
)
def test_a_form(store, lines, act, read):
    """All lines of a form at once, but for those that are refused: with the others the form is saved."""
    add, edit = (getattr(act, f"{verb}_{act.__name__.split('.')[-1].removesuffix('s')}") for verb in ("add", "edit"))
    made, taken = add(store, {"name": "Ana Díaz"}, by=1), set()

    def save(text):
        fields = dict.fromkeys(lines, text)
        with pytest.raises(Unfit) as refused:  # the kind is never one of these
            edit(store, made, fields, store.revision(), by=1)
        assert all(len(words) > 10 for words in refused.value.fields.values())
        fit = {key: text for key in lines if key not in refused.value.fields}
        taken.update(fit)
        edit(store, made, fit, store.revision(), by=1)
        with store.reading() as connection:
            card = read(connection, made, "US")
        wanted = read_form(lines, fit, "US")
        same(
            [(key, set(v) if isinstance(v := getattr(card, key), tuple) else v) for key in fit],
            [(key, set(v) if isinstance(v := wanted[key], tuple) else v) for key in fit],
        )
        words = [value for value in wanted.values() if isinstance(value, str)]
        same(
            words,
            [kept(text).strip() if kept(text).strip() == word else " ".join(kept(text).split()) for word in words],
        )

    for number, key in enumerate(lines):
        given(lambda text, key=key: read_form(lines, {key: text}, "US"), (*share(number % 3, 3), "crew", "lead"))
    given(save, share(4))
    assert taken == set(lines) - {"kind"}, "each line takes some of them"
    assert sound(store)


def test_what_a_form_calls_its_lines_and_itself(store):
    given(lambda text: accounts.add_account(store, {"name": "Ana", text: "x"}, by=1), (*FEW, "notes"))


def lines_of(*rows):
    """A CSV file's lines, with its header."""
    written = io.StringIO()
    csv.writer(written).writerows((PEOPLE, *([row.get(column, "") for column in PEOPLE] for row in rows)))
    return written.getvalue().splitlines(keepends=True)


def test_people_of_a_file(store, tmp_path):
    """Every column that is words; what has a form of its own is read, or refused, in the next test."""
    texts = [text for text in STRINGS if text.isprintable() or text.encode("utf-8", "ignore").decode() == text]
    rows = [{"name": text, "phone": f"+1603555{number:04}"} for number, text in enumerate(texts)]
    words = [dict.fromkeys(("email", "address", "notes", "role"), text) for text in texts]
    file = tmp_path / "people.csv"
    file.write_text("".join(lines_of(*map(dict.__or__, rows, words))), encoding="utf-8", newline="")
    outcome = import_into(store, file, "clients")
    assert all(len(line.reason) > 5 for line in outcome.bad)
    came = asked(store, "SELECT name, email, address, notes FROM account ORDER BY id")
    same(
        came,
        [(kept(text).strip(),) * 4 for text in texts if is_seen(kept(text)) and len(kept(text).strip()) <= NAME_LIMIT],
    )
    assert sound(store)


@pytest.mark.parametrize("column", [column for column in PEOPLE if column not in ("name", "phone")])
def test_a_column_of_a_file(column):
    rows = [{"name": "Ana", "phone": "+16035550142", column: text} for text in STRINGS]
    read = list(people.read(lines_of({"name": "Ana", "phone": "+16035550142"}, *rows)))
    assert isinstance(read[0], PersonRow)
    assert all(len(line.reason) > 5 for line in read if isinstance(line, BadLine))


def test_a_name_is_found_by_itself(store):
    add_people(store, tuple(PersonRow(text, f"+1603555{n:04}", "client") for n, text in enumerate(NAMES)))
    add_history(
        store,
        tuple(
            HistoricThread(OURS, f"+1603555{n:04}", (HistoricMessage("inbound", "Hi", store.clock()),))
            for n in range(len(NAMES))
        ),
    )
    screen = a_screen(store)

    def finds(name):
        screen.show(query=name)
        with store.reading() as connection:
            threads = [row.name for row in lists.rows(connection, screen.place.view, None, 1000)]
            people = [hit.name for hit in look_up(connection, name, 1000)[0]]
        return not folded(name) or (name in threads and name in people)

    assert [short(name) for name, is_found in given(finds, some(NAMES, 10)).items() if not is_found] == []


def test_what_is_searched_for(store):
    """In the inbox, among people, accounts and documents, and on the documents' page: each text is asked of one of them,
    some of all."""
    screen, page = a_screen(store), DocumentsScreen(store, dana(store))
    a_document(store)
    a_text(store)
    said = Told(screen)

    def lists_threads(text):
        screen.show(query=text)
        screen.catch_up()
        return list_patch(None, screen.snapshot)

    def lists_documents(text):
        page.search(text)
        page.catch_up()
        return documents_patch(None, None, page.snapshot)

    ways = (
        lists_threads, lists_documents, lambda text: screen.look_up_people(text, 20),
        lambda text: screen.look_up_accounts(text, 20), lambda text: screen.list_documents(1, text),
    )  # fmt: skip

    def searches(text):
        for way in ways if text in some(FEW, 3) else ways[STRINGS.index(text) % len(ways) :][:1]:
            json.dumps([way(text), said.news])

    texts = share(0)
    assert len(given(searches, texts)) == len(texts), "any query may be asked"


def test_a_document_and_what_is_filled_into_it(store):
    made = given(lambda text: documents.add_document(store, text, text, by=1), (*share(1), "null"))
    given(lambda text: documents.edit_document(store, made["null"].id, "Title", text, seen=store.revision(), by=1), FEW)
    with store.reading() as connection:
        rows = [kept_documents.document(connection, saved.id) for text, saved in made.items() if text != "null"]
    same(
        [(row.title, row.body) for row in rows],
        [(" ".join(kept(t).split()), kept(t).strip()) for t in made if t != "null"],
    )
    assert sound(store)


def test_what_is_filled_in_is_not_filled_again(store):
    braces = "".join(f"{{{field}}}" for field in FIELDS)
    for text in STRINGS:
        facts = Facts(text, text, text, text, None, text, text)
        words = next(iter(text.split()), "")
        wanted = {"balance": "{balance}", "first_name": words, "user_first_name": words}
        assert filled(braces, facts, EVERY).text == "".join(wanted.get(key, text) or f"{{{key}}}" for key in FIELDS)


def test_a_draft(store):
    thread = a_text(store).thread

    def draws(text):
        drafts.save_draft(store, thread, text, by=1)
        with store.reading() as connection:
            found = drafted.draft(connection, 1, thread)
        return found.body if found else ""

    came = given(draws, share(2))
    same(came.values(), map(kept, came))
    assert sound(store)


def test_whom_a_new_conversation_is_with(store):
    screen = a_screen(store)
    said = Told(screen)
    given(screen.converse, FEW)
    assert "error" in said.news["begun"]
    given(lambda text: begin_conversation(store, text, by=1), (*share(3), "911"))
    assert sound(store)


@pytest.fixture
def center(store):
    live = Live(store)
    yield MessageCenter(live, user=dana(store))
    live.darkroom.uploads.shutdown()


def test_an_address(store, center):
    def looks(text):
        center.look(dict.fromkeys(("tab", "filter", "q", "thread", "unread"), text))
        if text in FEW:
            center.screen.catch_up()
            json.dumps(frame_patch(None, center.screen.snapshot))
        shown = center.screen.place.view
        return shown.tab in TABS and shown.filter in FILTERS

    assert list(given(looks).values()) == [True] * len(STRINGS)


class Said(dict):
    """A message of a page in which every field is the same text."""

    def __init__(self, op, text):
        super().__init__(op=op)
        self.text = text

    def __missing__(self, key):
        return self.text

    def get(self, key, default=None):
        return self[key]


def test_whatever_a_page_says(store, center):
    """Everything that a browser can report, with each field a text: send keys, names of forms and uploads, ids that are
    none, or that no column holds."""
    center.screen.perform = at_once
    a_text(store)
    given(
        lambda text: [center._do(center.face.frame, Said(op, text)) for op in center._steps()],
        (*FEW, str(10**17), str(10**30)),
    )
    assert sound(store)


def test_whatever_a_page_says_beside_its_numbers(store, center):
    """The same, where what is to be a number is one."""
    center.screen.perform = at_once
    thread = a_text(store).thread
    numbers = dict.fromkeys(NUMBERS, thread)

    def says(text):
        said = dict.fromkeys(WORDS, text) | numbers | {"fields": {"name": text, text: text}, "search": {"q": text}}
        for op in center._steps():
            center._do(center.face.frame, json.loads(json.dumps({"op": op} | said)))

    given(says, some(FEW, 7))
    assert sound(store)


def test_the_name_of_a_file_that_is_handed_out():
    for text in STRINGS:
        name = storable(text)[:200]
        header = media._disposition(Served(1, "5" * 64, None, name), 7)
        assert re.fullmatch(r'attachment; filename="[ -~]+"; filename\*=UTF-8\'\'[A-Za-z0-9._~%-]+', header), short(
            header
        )
        assert not set(header.partition('"')[2].partition('"')[0]) & set("\\\\/:*?<>|")
        assert unquote(header.rpartition("'")[2])
