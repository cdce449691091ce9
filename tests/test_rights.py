"""The matrix of rights: every action and everything a page can say, times every right, in a page and in a notebook.

It is made of the lists there are: what is added there without a rule here fails.
"""

import importlib
import inspect
import json
import pkgutil
from functools import partial
from threading import Event

import pytest

import dashboard.actions
from dashboard import MessageCenter
from dashboard.actions.change import ANYBODY, MACHINE, RULES
from dashboard.core import rights
from dashboard.core.errors import Forbidden
from dashboard.core.rights import EVERY, RIGHTS, VIEW, effective, lacking
from dashboard.live.activity import ActivityScreen
from dashboard.live.add_ons import AddOnsScreen
from dashboard.live.documents import DocumentsScreen
from dashboard.live.live import Live
from dashboard.live.roles import RolesScreen
from dashboard.ui.activity import Activity
from dashboard.ui.add_ons import AddOns
from dashboard.ui.documents import Documents
from dashboard.ui.roles import Roles
from tests.factories import a_document, a_failure, a_person, a_reply, a_text, a_text_with, by_hand, eventually, marcus

CANARY = "CANARY"
ON = frozenset({rights.TEXTING})


def actions():
    """Every action there is, by its name."""
    for module in pkgutil.iter_modules(dashboard.actions.__path__, "dashboard.actions."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if name in RULES and hasattr(function, "__wrapped__") and function.__module__ == module.name:
                yield name, function


ACTIONS = dict(actions())
OURS = {name: RULES[name] for name in ACTIONS}  # tests make actions of their own
HUMAN = sorted(name for name, rule in OURS.items() if rule not in (MACHINE, ANYBODY))


def may(store, keys):
    """From now on Marcus's role gives these rights."""
    by_hand(store, "UPDATE role SET rights = ? WHERE name = 'Dispatcher'", json.dumps(sorted(keys)))


def test_every_action_has_a_rule_and_every_right_is_some_actions_or_pages():
    assert len(ACTIONS) > 40
    assert set(OURS.values()) <= EVERY | {MACHINE, ANYBODY}
    seen = {VIEW, rights.BALANCE, rights.NOTES, rights.CONTACTS, rights.HISTORY}
    assert set(OURS.values()) | {page.right for page in rights.PAGES.values()} | seen >= EVERY


@pytest.mark.parametrize("name", HUMAN)
def test_an_action_is_refused_without_its_right_and_allowed_with_it_alone(store, name):
    """It is refused before anything is done; allowed, it comes as far as to miss what it is to be done with."""
    needed = {RULES[name], RIGHTS[RULES[name]].within} - {None}
    for right in RIGHTS:
        may(store, EVERY - {right})
        with pytest.raises(Forbidden if right in needed else TypeError):
            ACTIONS[name](store, by=2)
    may(store, needed)
    with pytest.raises(TypeError):
        ACTIONS[name](store, by=2)


@pytest.mark.parametrize("name", HUMAN)
def test_whoever_is_disabled_without_a_role_or_there_no_more_may_do_nothing(store, name):
    by_hand(store, "UPDATE resource SET active = ? WHERE id = 2", False)
    with pytest.raises(Forbidden, match="disabled"):
        ACTIONS[name](store, by=2)
    by_hand(store, "UPDATE resource SET active = ?, role_id = NULL WHERE id = 2", True)
    for nobody in (2, 4711):
        with pytest.raises(Forbidden):
            ACTIONS[name](store, by=nobody)


@pytest.mark.parametrize("name", sorted(name for name, rule in OURS.items() if rule == MACHINE))
def test_what_the_machine_does_nobody_does_by_hand(store, name):
    with pytest.raises(AssertionError):
        ACTIONS[name](store, by=1)


def test_with_the_add_on_off_nothing_of_the_inbox_is_allowed(store):
    by_hand(store, "DELETE FROM add_on")
    for name in HUMAN:
        is_inbox = RIGHTS[RULES[name]].tab == rights.CRM
        with pytest.raises(Forbidden if is_inbox else TypeError):
            ACTIONS[name](store, by=1)


def test_what_is_undone_needs_the_right_to_what_was_done(store):
    from dashboard.actions import threads, undo
    from tests.factories import chosen

    done = threads.remove(store, chosen(store, a_text(store).thread), by=1)
    may(store, EVERY - {rights.REMOVE})
    with pytest.raises(Forbidden, match="Remove Text Message Feed"):
        undo.undo(store, done.revision, by=2)


# What the inbox's page can say: the right it needs beside that to the page, and an example of it.
INBOX = {
    "ready": (None, {}),
    "tab": (None, {"tab": "sent"}),
    "filter": (None, {"filter": "clients"}),
    "search": (None, {"query": CANARY}),
    "unread": (None, {}),
    "window": (None, {"index": 0}),
    "tick": (None, {"thread": 1, "on": True, "turn": 0}),
    "tick_all": (None, {"on": True, "turn": 0}),
    "act": (rights.REMOVE, {"act": "remove", "threads": [1]}),
    "undo": (None, {"revision": 1}),
    "acts": (None, {}),
    "open": (None, {"thread": 1}),
    "close": (None, {}),
    "older": (None, {}),
    "seen": (None, {"thread": 1, "messages": [1]}),
    "send": (rights.SEND, {"key": "k", "thread": 1, "body": "Hello"}),
    "retry": (rights.SEND, {"key": "k2", "message": 2}),
    "let_be": (rights.SEND, {"message": 2}),
    "opt_out": (rights.SEND, {"thread": 2}),
    "opt_in": (rights.SEND, {"thread": 2}),
    "keep_texting": (rights.SEND, {"thread": 2, "message": 3}),
    "why": (None, {"message": 1}),
    "history": (None, {"thread": 1, "before": None}),
    "dismiss": (None, {"upto": 99, "only": None}),
    "piece": (rights.SEND, {"key": "p", "thread": 1, "name": "x.png", "data": "eA==", "at": 0, "last": True}),
    "picture": (None, {"id": 1, "size": "thumb"}),
    "gallery": (None, {"thread": 1}),
    "look_again": (None, {"attachment": 1}),
    "draft": (rights.SEND, {"n": 1, "thread": 1, "body": "Draft", "seen": None}),
    "mine": (None, {}),
    "typing": (None, {"on": True}),
    "documents": (None, {"n": 1, "query": "", "after": None}),
    "fill": (None, {"document": 1, "thread": 1}),
    "away": (None, {}),
    "prefer": (None, {"key": "sound", "on": True}),
    "ping": (None, {"n": 1}),
    "address": (None, {"search": {"thread": "1"}}),
    "people": (None, {"query": CANARY, "limit": 5}),
    "accounts": (None, {"query": CANARY, "limit": 5}),
    "converse": (rights.SEND, {"to": "603 555 0199"}),
    "save": (rights.ACCOUNTS, {"form": "f", "kind": "account", "id": None, "fields": {"name": "N"}, "seen": 0, "thread": None}),
    "link": (rights.ACCOUNTS, {"thread": 2, "account": 1}),
    "unlink": (rights.ACCOUNTS, {"thread": 1}),
    "choose": (rights.ACCOUNTS, {"thread": 1, "account": 1}),
}  # fmt: skip
DOCUMENTS = {
    "ready": (None, {}),
    "ping": (None, {"n": 1}),
    "search": (None, {"query": CANARY}),
    "more": (None, {}),
    "open": (None, {"document": 1}),
    "save": (rights.DOCUMENTS, {"key": "k", "document": None, "title": "T", "body": "B", "seen": 0}),
    "delete": (rights.DOCUMENTS, {"key": "k", "document": 1, "seen": 0}),
}


ACTIVITY = {
    "ready": (None, {}),
    "ping": (None, {"n": 1}),
    "seek": (None, {"person": None, "group": "", "query": CANARY, "since": None, "until": None}),
    "more": (None, {}),
    "hold": (None, {"upto": 1}),
    "follow": (None, {}),
}
ROLES = {
    "ready": (None, {}),
    "ping": (None, {"n": 1}),
    "open": (None, {"role": 1}),
    "more": (None, {}),
    "find": (None, {"query": CANARY, "limit": 5}),
    "add": (rights.ROLES, {"key": "k", "name": "Estimator"}),
    "copy": (rights.ROLES, {"key": "k", "role": 1, "name": "Another"}),
    "rename": (rights.ROLES, {"key": "k", "role": 1, "name": "X", "seen": 0}),
    "save": (rights.ROLES, {"key": "k", "role": 1, "rights": ["view"], "seen": 0}),
    "delete": (rights.ROLES, {"key": "k", "role": 1, "seen": 0}),
    "give": (rights.ROLES, {"key": "k", "role": 2, "resource": 2}),
    "take": (rights.ROLES, {"key": "k", "role": 1, "resource": 2}),
}
ADD_ONS = {
    "ready": (None, {}),
    "ping": (None, {"n": 1}),
    "switch": (rights.ADD_ONS, {"key": "k", "add_on": rights.TEXTING, "on": True}),
}


class Ear:
    """Hears what a component's face is given, in its place."""

    def __init__(self, component):
        self.component, self.told, self.shown = component, [], []
        self.frame = component.face.frame
        for name in ("tell", "show", "close"):
            setattr(component.face, name, getattr(self, name))

    def tell(self, news):
        self.told.append(news)

    def show(self, snapshot):
        self.shown.append(snapshot)

    def close(self, words):
        self.told.append({"closed": words})

    def say(self, op, more):
        """Report something as the page's script does; what came of it, as text."""
        self.told, self.shown = [], []
        said = {"op": op, **more}
        if isinstance(self.component, MessageCenter):
            self.component._hear(self.frame, said)
        else:
            self.component.hear(said)
        self.settle()
        return json.dumps(self.told, default=str, ensure_ascii=False)

    def settle(self):
        live = self.component.live
        for _ in range(2):
            live._acts.submit(lambda: None).result(10)
            done = Event()
            live.feed.call(done.set)
            assert done.wait(10)


@pytest.fixture
def live(store, monkeypatch):
    monkeypatch.setattr("dashboard.live.feed.BREATH", 0)
    a_document(store, f"Title {CANARY}", f"Text {CANARY}")
    a_person(store, f"Ana {CANARY}", "+16035550142")
    thread = a_text(store, body=f"Hello {CANARY}").thread
    a_failure(store, thread, by=2)
    a_text(store, "+16035550177", CANARY)
    a_text_with(store, *())
    live = Live(store)
    live.start()
    yield live
    live.stop()


def an_inbox(live, addressed):
    return MessageCenter(live, user=marcus(live.store), addressed=addressed)


def a_settings_page(component, screen):
    return lambda live, _: component(live, live.settings_screen(screen, marcus(live.store)))


WAYS = {
    "page": (an_inbox, True, INBOX, VIEW),
    "notebook": (an_inbox, False, INBOX, VIEW),
    "documents": (a_settings_page(Documents, DocumentsScreen), True, DOCUMENTS, rights.DOCUMENTS),
    "activity": (a_settings_page(Activity, ActivityScreen), True, ACTIVITY, rights.ACTIVITY),
    "roles": (a_settings_page(Roles, RolesScreen), True, ROLES, rights.ROLES),
    "add-ons": (a_settings_page(AddOns, AddOnsScreen), True, ADD_ONS, rights.ADD_ONS),
}


def test_there_is_a_rule_for_everything_that_a_page_can_say(live):
    assert {page for *_, page in WAYS.values()} == {page.right for page in rights.PAGES.values()}
    for make, addressed, ops, _ in WAYS.values():
        assert set(make(live, addressed)._steps()) | {"ready"} == set(ops)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.proof)], ids=["", "whole"])
@pytest.mark.parametrize("way", WAYS)
def test_what_a_page_says_does_and_tells_what_its_persons_rights_go_to(live, way, whole):
    """Without each right what needs it, and without the last of them everything; under "proof" everything without each."""
    make, addressed, ops, page = WAYS[way]
    ear = Ear(make(live, addressed))
    for right in RIGHTS:
        check_what_is_said_without(ear, right, ops, page, whole or right == tuple(RIGHTS)[-1])


def check_what_is_said_without(ear, right, ops, page, whole):
    live = ear.component.live
    may(live.store, EVERY)
    ear.say("ready", {})
    may(live.store, EVERY - {right})
    held = effective(EVERY - {right}, ON)
    for op, (rule, more) in ops.items():
        if not whole and page in held and (rule is None or rule in held):
            continue
        before = live.store.revision()
        told = ear.say(op, more)
        if page not in held:
            assert (ear.shown, live.store.revision()) == ([], before), op
            assert CANARY not in told, op
            assert rule is None or lacking(page) in told, (op, told)
        elif rule is not None and rule not in held:
            assert (lacking(rule) in told, live.store.revision()) == (True, before), (op, told)
        else:
            assert "Your role" not in told, (op, told)


def test_a3_with_the_right_gone_an_open_screen_is_empty_and_says_why(live):
    ear = Ear(an_inbox(live, True))
    ear.say("ready", {})
    screen = ear.component.screen
    assert screen.snapshot is not None
    may(live.store, EVERY - {VIEW})
    a_text(live.store, body=CANARY)
    assert eventually(lambda: screen.snapshot is None)
    assert eventually(lambda: ear.told[-1] == {"closed": lacking(VIEW)})
    may(live.store, EVERY)
    a_text(live.store)
    assert eventually(lambda: screen.snapshot is not None and ear.shown[-1] is screen.snapshot)


@pytest.mark.parametrize("part", [rights.BALANCE, rights.NOTES, rights.CONTACTS, rights.HISTORY])
def test_a41_each_part_of_the_overview_is_seen_with_its_own_right_only(store, part):
    from dashboard.core.accounts import ACCOUNT_LINES
    from dashboard.ui.overview import forms, overview
    from tests.factories import a_screen

    a_person(store)
    by_hand(store, "UPDATE account SET balance = 991337, notes = '991337', email = '991337@x.org', next_job = '991337'")
    may(store, EVERY - {part})
    screen = a_screen(store, user=marcus(store))
    screen.open(a_text(store).thread)
    screen.catch_up()
    hidden = {key for key, line in ACCOUNT_LINES.items() if line.right == part}
    lines = overview(screen.snapshot)["lines"]
    assert hidden
    assert {line["key"] for line in lines} == set(ACCOUNT_LINES) - hidden
    assert {line["key"] for line in forms(screen.snapshot.rights)["account"]} == set(ACCOUNT_LINES) - hidden
    shown = {
        part: line for line in lines for part, key in (("balance", "balance"), ("notes", "notes")) if line["key"] == key
    }
    assert part not in shown
    assert all("991337" not in str(getattr(screen.snapshot.overview, key)) for key in hidden)


@pytest.mark.parametrize("part", [rights.BALANCE, rights.NOTES, rights.CONTACTS, rights.HISTORY])
def test_a41_a_line_that_is_not_seen_is_not_written_either(store, part):
    from dashboard.actions import accounts
    from dashboard.core.accounts import ACCOUNT_LINES

    a_person(store)
    may(store, EVERY - {part})
    for key in (key for key, line in ACCOUNT_LINES.items() if line.right == part):
        with pytest.raises(Forbidden):
            accounts.edit_account(store, 1, {key: ""}, store.revision(), by=2)
        with pytest.raises(Forbidden):
            accounts.add_account(store, {"name": "N", key: ""}, by=2)


def test_a10_a_writer_whose_role_may_not_view_gets_no_alert_and_the_log_says_why(store):
    from dashboard.core.alerts import NO_VIEW
    from tests.factories import alerted, asked, read

    a_person(store)
    a_reply(store, a_text(store).thread, by=2)
    may(store, EVERY - {VIEW})
    a_text(store)
    assert alerted(store) == []
    (details,) = asked(store, "SELECT details FROM change ORDER BY revision DESC LIMIT 1")[0]
    assert read(details)["alert"]["reason"] == NO_VIEW


def test_whoever_may_not_view_contacts_finds_only_numbers_that_stand_in_the_inbox(store):
    from tests.factories import a_screen

    a_person(store, "Ana Díaz", "+16035550142")
    a_person(store, "Anabel Li", "+16035550143")
    a_text(store, "+16035550143")
    may(store, EVERY - {rights.CONTACTS})
    screen = a_screen(store, user=marcus(store))
    told = []
    screen.face = type("Face", (), {"tell": told.append, "show": lambda _: None})
    screen.look_up_people("ana", 9)
    assert [row["name"] for row in told[-1]["people"]["rows"]] == ["Anabel Li"]
    assert partial(json.dumps, default=str)(told).count("0142") == 0
