"""The screen of Settings > Documents: what a person does there, and what stands on every such screen then."""

import random

import pytest

from dashboard.live.documents import SHOWN, DocumentsScreen
from dashboard.live.live import Live
from dashboard.ui.documents import documents_patch
from tests.factories import a_document, a_text, dana, eventually, marcus


class Face:
    """Keeps what it was shown and told, and what a page would know after its patches."""

    def __init__(self):
        self.before, self.told, self.page = None, [], {"rows": {}}

    def show(self, snapshot):
        patch = documents_patch(None, self.before, snapshot)
        rows = self.page["rows"] | {row["id"]: row for row in patch.pop("rows", [])}
        self.page = self.page | patch
        self.page["rows"] = {id_: rows[id_] for id_ in self.page["order"]}
        self.before = snapshot

    def tell(self, news):
        self.told.append(news)

    def close(self, words):
        self.before, self.closed = None, words

    @property
    def saved(self):
        return self.told[-1]["saved"]


def a_documents_screen(store, user=dana):
    screen = DocumentsScreen(store, user and user(store))
    screen.face = Face()
    screen.catch_up()
    return screen


@pytest.fixture
def screen(store):
    return a_documents_screen(store)


def titles(screen):
    screen.catch_up()
    return [row.title for row in screen.snapshot.rows]


def test_a48_what_one_adds_edits_and_deletes_everybody_sees(store, screen):
    his = a_documents_screen(store, marcus)
    screen.save("k", None, "Snow", "It snows", 0)
    made = screen.face.saved["document"]
    assert (titles(his), titles(screen)) == (["Snow"], ["Snow"])
    his.save("k", made, "Rain", "It rains", his.snapshot.rows[0].revision)
    assert (titles(screen), screen.snapshot.document.changed_by) == (["Rain"], "Marcus Bell")
    screen.delete("k", made, screen.snapshot.document.revision)
    assert (titles(his), his.snapshot.total, screen.face.saved["error"]) == ([], 0, None)


def test_what_is_saved_can_be_saved_again_at_once(store, screen):
    screen.save("k", None, "Snow", "It snows", 0)
    saved = screen.face.saved
    screen.save("k", saved["document"], "Snow!", "It snows", saved["seen"])
    assert (screen.face.saved["error"], titles(screen)) == (None, ["Snow!"])


def test_what_cannot_be_kept_is_said_and_leaves_what_is_there(store, screen):
    screen.save("k", None, " ", "x", 0)
    assert "title" in screen.face.saved["error"]
    assert titles(screen) == []


def test_what_somebody_else_has_changed_is_said_with_what_is_to_be_seen(store, screen):
    made, his = a_document(store), a_documents_screen(store, marcus)
    seen = his.snapshot.rows[0].revision
    his.save("k", made, "His", "Text", seen)
    screen.save("k", made, "Hers", "Text", seen)
    assert screen.face.saved["seen"] == his.face.saved["seen"]
    assert screen.face.saved["error"].startswith("Marcus Bell has changed")
    assert titles(screen) == ["His"]


def test_a_search_and_more_of_a_long_list(store, screen):
    for number in range(SHOWN + 5):
        a_document(store, f"{number:03}", "odd" if number % 2 else "even")
    assert len(titles(screen)) == SHOWN
    screen.more()
    assert (len(titles(screen)), screen.snapshot.total) == (SHOWN + 5, SHOWN + 5)
    screen.search("odd")
    assert (len(titles(screen)), screen.snapshot.total) == (27, 27)


def test_who_is_not_known_is_shown_nothing_and_changes_nothing(store):
    a_document(store)
    screen = a_documents_screen(store, None)
    assert screen.snapshot is None
    assert "Edit Documents" in screen.face.closed
    for act in (lambda: screen.save("k", None, "x", "y", 0), lambda: screen.delete("k", 1, 99)):
        act()
        assert "user=" in screen.face.saved["error"]


def test_texts_that_come_and_go_do_not_read_the_documents_again(store, screen):
    a_document(store)
    screen.catch_up()
    before = screen.snapshot
    a_text(store)
    screen.catch_up()
    assert screen.snapshot is before


def test_an_act_that_breaks_is_told_in_words_and_logged(store, screen, monkeypatch, caplog):
    monkeypatch.setattr("dashboard.live.documents.documents.add_document", lambda *_, **__: 1 / 0)
    screen.save("k", None, "x", "y", 0)
    assert "nothing was changed" in screen.face.saved["error"]
    assert "ZeroDivisionError" in caplog.text


def test_a_feed_keeps_the_screen_up_to_date(store):
    live = Live(store)
    live.start()
    try:
        screen = live.settings_screen(DocumentsScreen, dana(store))
        live.attach(screen)
        a_document(store, "From elsewhere")
        assert eventually(lambda: screen.snapshot is not None and screen.snapshot.total == 1)
    finally:
        live.stop()


@pytest.mark.parametrize("steps", [60, pytest.param(600, marks=pytest.mark.proof)])
def test_the_law_holds_for_documents_too(store, steps):
    """A screen that lived through random acts equals one opened now, and so does what its page was told."""
    dice = random.Random(8)
    lived = [a_documents_screen(store, user) for user in (dana, marcus)]
    for step in range(steps):
        screen = dice.choice(lived)
        known = [row.id for row in screen.snapshot.rows]
        act = dice.choice(("add", "edit", "edit", "delete", "search", "open", "text"))
        if act == "add" or (act in ("edit", "delete", "open") and not known):
            screen.save("k", None, f"Title {step}", dice.choice(("Hi {name}", "snow", "x")), 0)
        elif act == "edit":
            screen.save("k", dice.choice(known), f"Changed {step}", "{balance}", store.revision())
        elif act == "delete":
            screen.delete("k", dice.choice(known), store.revision() - dice.randint(0, 3))
        elif act == "open":
            screen.open(dice.choice(known))
        elif act == "search":
            screen.search(dice.choice(("", "snow", "title", "1")))
        else:
            a_text(store)
        for one in lived:
            one.catch_up()
            now = DocumentsScreen(store, one.user)
            now.place, now.face = one.place, Face()
            now.catch_up()
            assert now.snapshot == one.snapshot
            assert now.face.page == one.face.page
