"""The schema: the migrations make what the models say, and a database that is not ours, or too new, is left alone."""

import shutil
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from dashboard.core.errors import StoreError
from dashboard.store import schema
from dashboard.store.database import Store
from tests.factories import a_text, an_outsider, asked, by_hand, how_many

SEARCH = ("thread_search",)  # made by hand on either engine: no model stands for it


def ours(thing, name, kind, reflected, compared):
    """Whether alembic is to compare it."""
    return not (name or "").startswith(SEARCH)


@pytest.fixture
def empty(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'new.db'}")
    yield store
    store.close()


def test_the_migrations_make_what_the_models_say(empty):
    assert schema.present(empty) is None
    schema.migrate(empty)
    with empty.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_search_index_follows_the_threads(store):
    thread = a_text(store, "+16035550142").thread
    by_hand(store, "UPDATE thread SET name_folded = 'renamed' WHERE id = ?", thread)
    match = "SELECT rowid FROM thread_search WHERE thread_search MATCH ?"
    assert asked(store, match, "ename") == asked(store, match, "55501") == [(thread,)]
    by_hand(store, "INSERT INTO thread_search(thread_search) VALUES ('integrity-check')")


def test_migrating_twice_is_migrating_once(empty):
    assert schema.head() in schema.migrate(empty)
    assert "up to date" in schema.migrate(empty)
    schema.ready(empty)
    assert schema.present(empty) == schema.head()


def test_somebody_elses_database_is_left_alone(tmp_path):
    file = tmp_path / "theirs.db"
    theirs = sqlite3.connect(file)
    theirs.execute("CREATE TABLE recipes (name)")
    theirs.close()
    store = Store(f"sqlite:///{file}")
    with pytest.raises(StoreError, match=r"other tables \(recipes\)"):
        schema.ready(store)
    assert asked(store, "SELECT name FROM sqlite_master") == [("recipes",)]
    store.close()


def test_a_copy_is_made_before_a_database_is_brought_up_to_date_and_it_is_whole(store, tmp_path, monkeypatch):
    received = [a_text(store, body=f"Text {number}").message for number in range(5)]
    monkeypatch.setattr(schema, "head", lambda: "a newer one")
    schema.migrate(store)
    (copy,) = tmp_path.glob("*.backup")
    kept = sqlite3.connect(shutil.copy(copy, tmp_path / "elsewhere.db"))
    ids = [row[0] for row in kept.execute("SELECT id FROM message ORDER BY id")]
    kept.close()
    assert ids == received


def test_a_database_of_a_newer_program_is_refused_in_words(store, url, tmp_path):
    a_text(store)
    by_hand(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="9999"):
        schema.ready(store)
    assert how_many(store, "message") == 1
    other = an_outsider(url)
    assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other.close()
