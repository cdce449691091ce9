"""The History of the open thread, as a screen tells its page."""

import pytest

from dashboard.actions import threads
from dashboard.core.errors import Forbidden, Refused
from dashboard.live.documents import DocumentsScreen
from dashboard.live.history import PIECE
from dashboard.ui.documents import documents_patch
from dashboard.ui.history import history_patch
from tests.factories import a_person, a_reply, a_screen, a_text, by_hand, chosen, dana, marcus


class Face:
    def __init__(self):
        self.told = []

    def show(self, snapshot):
        pass

    def tell(self, news):
        self.told.append(news)

    def close(self, words):
        self.told.append({"closed": words})


def told(screen, thread, before=None):
    """What a page is told of a thread's History."""
    screen.face = Face()
    screen.tell_history(thread, before)
    return history_patch(screen.face.told[-1]["history"])


def words(patch):
    return ["".join(text for _, text in row["parts"]) for row in patch["rows"]]


def test_b20_a_screen_tells_what_was_done_with_a_thread(store):
    thread = a_text(store, a_person(store)).thread
    threads.remove(store, chosen(store, thread), by=2)
    patch = told(a_screen(store), thread)
    assert words(patch) == ["Marcus Bell removed this", "A text came in"]
    assert patch["rows"][0]["parts"] == [["who", "Marcus Bell"], ["", " removed this"]]
    assert (patch["thread"], patch["before"], patch["more"]) == (thread, None, False)


def test_a_long_history_is_told_in_pieces(store):
    thread = a_text(store).thread
    for _ in range(PIECE):
        a_reply(store, thread)
    screen = a_screen(store)
    first = told(screen, thread)
    rest = told(screen, thread, first["rows"][-1]["id"])
    assert (len(first["rows"]), first["more"]) == (PIECE, True)
    assert (words(rest), rest["more"]) == (["A text came in"], False)


def test_a3_who_may_not_view_the_inbox_is_told_nothing(store):
    thread = a_text(store).thread
    screen = a_screen(store, user=marcus(store))
    by_hand(store, "UPDATE role SET rights = '[\"activity\"]' WHERE name = 'Dispatcher'")
    with pytest.raises(Forbidden):
        told(screen, thread)


@pytest.mark.parametrize("thread", [0, -1, 2**40])
def test_a_thread_that_cannot_be_is_refused(store, thread):
    with pytest.raises(Refused):
        told(a_screen(store, user=dana(store)), thread)


def test_a48_the_page_of_a_text_document_says_what_was_done_with_it(store):
    screen = DocumentsScreen(store, dana(store))
    screen.save("k", None, "Snow", "It snows", 0)
    screen.catch_up()
    screen.save("k", screen.place.document, "Rain", "It rains", store.revision())
    screen.catch_up()
    told = documents_patch(screen.user, None, screen.snapshot)["history"]
    assert words({"rows": told}) == [
        "Dana Whitcomb changed the text document “Rain”",
        "Dana Whitcomb wrote the text document “Snow”",
    ]
    assert told[0]["notes"] == ["Title before: Snow", "Text before: It snows"]
    screen.open(None)
    screen.catch_up()
    assert screen.snapshot.history == ()
