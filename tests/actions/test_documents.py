"""Text documents: added, edited and deleted, each with its row in the log; what cannot be kept is refused in words."""

import pytest

from dashboard.actions.documents import add_document, delete_document, edit_document
from dashboard.core.errors import Moved, NotFound, Refused
from dashboard.store.documents import document
from tests.factories import a_document, asked, how_many, logged, read


def kept(store, id_):
    with store.reading() as connection:
        return document(connection, id_)


def test_a48_a_document_is_added_edited_and_deleted_and_the_log_knows_it(store):
    made = add_document(store, "On our way", "Hi {first_name}", by=1).id
    edit_document(store, made, "On our way!", "Hi {name}", seen=kept(store, made).revision, by=2)
    assert (kept(store, made).title, kept(store, made).body) == ("On our way!", "Hi {name}")
    assert kept(store, made).changed_by == "Marcus Bell"
    delete_document(store, made, seen=kept(store, made).revision, by=1)
    assert kept(store, made) is None
    assert logged(store)[-3:] == [("add_document", 1), ("edit_document", 2), ("delete_document", 1)]


def test_b20_the_log_keeps_what_a_deleted_document_said(store):
    made = a_document(store, "Title", "Text")
    delete_document(store, made, seen=store.revision(), by=1)
    (details,) = asked(store, "SELECT details FROM change WHERE action = 'delete_document'")
    assert read(details[0])["before"] == {"title": "Title", "body": "Text"}


@pytest.mark.parametrize(
    ("title", "body", "words"),
    [
        ("", "x", "title"),
        (" \n ", "x", "title"),
        ("x" * 81, "x", "81 characters, and a title takes 80"),
        ("x", "", "no text yet"),
        ("x", " \n", "no text yet"),
        ("x", "y" * 1601, "1,601 characters, and one text takes 1,600"),
        ("x", "Hi {frist_name}", "no field {frist_name}.*first_name"),
    ],
)
def test_a48_what_cannot_be_kept_is_refused_in_words(store, title, body, words):
    made = a_document(store)
    before = asked(store, "SELECT * FROM text_document")
    for act in (
        lambda: add_document(store, title, body, by=1),
        lambda: edit_document(store, made, title, body, seen=store.revision(), by=1),
    ):
        with pytest.raises(Refused, match=words):
            act()
    assert asked(store, "SELECT * FROM text_document") == before


def test_literal_braces_and_line_ends_survive(store):
    made = a_document(store, "Braces", "{ } {} {Name} {{\nnext line")
    assert kept(store, made).body == "{ } {} {Name} {{\nnext line"


def test_what_somebody_else_has_changed_since_is_not_written_over(store):
    made = a_document(store)
    seen = kept(store, made).revision
    edit_document(store, made, "Marcus's", "Text", seen=seen, by=2)
    for act in (
        lambda: edit_document(store, made, "Dana's", "Text", seen=seen, by=1),
        lambda: delete_document(store, made, seen=seen, by=1),
    ):
        with pytest.raises(Moved, match="Marcus Bell has changed") as moved:
            act()
    assert kept(store, made).title == "Marcus's"
    edit_document(store, made, "Dana's", "Text", seen=moved.value.seen, by=1)
    assert kept(store, made).title == "Dana's"


def test_a_document_that_is_gone_is_told(store):
    made = a_document(store)
    delete_document(store, made, seen=store.revision(), by=1)
    with pytest.raises(NotFound, match="save it as a new one"):
        edit_document(store, made, "x", "y", seen=store.revision(), by=1)
    assert how_many(store, "text_document") == 0


def test_saving_what_is_there_already_leaves_no_trace(store):
    made = a_document(store)
    before = store.revision()
    edit_document(store, made, "On our way", "Hi {first_name}, we are on our way.", seen=before, by=1)
    assert store.revision() == before
