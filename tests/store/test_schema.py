"""The schema: the migrations make what the models say, and a database that is not ours, or too new, is left alone."""

import shutil
import sqlite3
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

from dashboard.actions import messages
from dashboard.core.errors import NotFound, StoreError
from dashboard.core.values import Delivery
from dashboard.store import schema
from dashboard.store.accounts import look_up
from dashboard.store.database import Store
from tests.factories import a_person, a_text, a_url, asked, by_hand, how_many, sound, too_new, when

SEARCH = tuple(
    f"{table}_{what}" for table in ("thread", "account", "resource") for what in ("search", "words")
)  # made by hand on either engine: no model stands for it


def ours(thing, name, kind, reflected, compared):
    """Whether alembic is to compare it."""
    return not (name or "").startswith(SEARCH)


@pytest.fixture
def empty(tmp_path):
    store = Store(a_url(tmp_path))
    yield store
    store.close()


def test_the_migrations_make_what_the_models_say(empty):
    assert schema.present(empty) is None
    schema.migrate(empty)
    with empty.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


@pytest.mark.sqlite
def test_no_migration_and_no_check_says_what_an_older_sqlite_does_not_know(empty):
    with too_new() as found:
        schema.migrate(empty)
        assert sound(empty)
    assert found == []


@pytest.mark.sqlite
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


def test_somebody_elses_database_is_left_alone(empty):
    by_hand(empty, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError, match=r"other tables \(recipes\)"):
        schema.ready(empty)
    with empty.reading() as connection:
        assert inspect(connection).get_table_names() == ["recipes"]


def test_a_database_that_is_half_restored_is_neither_migrated_nor_served(empty):
    empty.write(at_first)
    by_hand(empty, f"CREATE TABLE {schema.HALF} (since TEXT)")
    before = schema.version(empty)
    for work in (schema.migrate, schema.ready):
        with pytest.raises(
            StoreError, match=r"half restored: .* drop it, make an empty one with createdb, and restore"
        ):
            work(empty)
    assert schema.version(empty) == before


@pytest.mark.sqlite
def test_a_copy_is_made_before_a_database_is_brought_up_to_date_and_it_is_whole(store, tmp_path, monkeypatch):
    received = [a_text(store, body=f"Text {number}").message for number in range(5)]
    monkeypatch.setattr(schema, "head", lambda: "a newer one")
    schema.migrate(store)
    (copy,) = tmp_path.glob("*.backup")
    kept = sqlite3.connect(shutil.copy(copy, tmp_path / "elsewhere.db"))
    ids = [row[0] for row in kept.execute("SELECT id FROM message ORDER BY id")]
    kept.close()
    assert ids == received


def test_a_database_of_a_newer_program_is_refused_in_words(store, url):
    a_text(store)
    by_hand(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="9999"):
        schema.ready(store)
    assert how_many(store, "message") == 1
    assert sound(store)


BEFORE_REMOVALS_WERE_DATED = """
    INSERT INTO resource (id, kind, name, email, notes, active) VALUES (1, 'office', 'Dana Whitcomb', '', '', TRUE);
    INSERT INTO account (id, kind, name, email, address, tags, balance, notes) VALUES (1, 'client', 'Ana', '', '', '[]', 0, '');
    INSERT INTO contact (id, address, account_id) VALUES (1, '+16035550142', 1);
    UPDATE clock SET revision = 3;
    INSERT INTO change (revision, action, by_id, at, details) VALUES
        (1, 'receive', NULL, '2026-01-01 10:00:00.000000', '{}'), (2, 'remove', 1, '2026-01-02 10:42:00.000000', '{}'),
        (3, 'open_thread', NULL, '2026-01-03 10:00:00.000000', '{}');
    INSERT INTO thread (id, our_number, address, account_id, kind, name, name_folded, digits, inbound_at, inbound_message,
        inbound_placed_at, inbound_text, outbound_text, latest_at, unread, unopened, removed, arrival, settled, revision)
        VALUES (1, '+16035550100', '+16035550142', 1, 'client', 'Ana', 'ana', '16035550142', '2026-01-01 10:00:00.000000',
            1, '2026-01-01 10:00:00.000000', 'Hello', '', '2026-01-01 10:00:00.000000', 0, FALSE, TRUE, 1, 3, 3);
    INSERT INTO message (id, thread_id, direction, body, status, placed_at, at, automatic, arrived, read, revision)
        VALUES (1, 1, 'inbound', 'Hello', 'received', '2026-01-01 10:00:00.000000', '2026-01-01 10:00:00.000000', FALSE, 1, 3, 3);
    INSERT INTO attachment (id, message_id, account_id, sha256, type, name, size)
        VALUES (5, 1, NULL, 'abc', 'image/jpeg', 'gutter.jpg', 9);
    INSERT INTO change_subject (revision, thread_id, kind, received, sent, removed, unread, unopened) VALUES
        (1, 1, NULL, FALSE, FALSE, FALSE, 0, FALSE), (2, 1, 'client', TRUE, FALSE, FALSE, 1, FALSE),
        (3, 1, 'client', TRUE, FALSE, TRUE, 1, FALSE);
"""


COLUMNS = "thread_id, message_id, sha256, type, name, size, state, shown_size, width, height, made_at, attempts"


def at_first(connection):
    """The schema as the first release left it."""
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")


def test_a_database_from_before_removals_were_dated_says_who_removed_what(empty):
    empty.write(at_first)
    for statement in BEFORE_REMOVALS_WERE_DATED.split(";")[:-1]:
        by_hand(empty, statement)
    assert ("a copy from before is" in schema.migrate(empty)) == empty.is_sqlite
    assert asked(empty, "SELECT last FROM life WHERE name = ''") == [(1,)]
    ((by, at),) = asked(empty, "SELECT removed_by_id, removed_at FROM thread")
    assert (by, when(at)) == (1, datetime(2026, 1, 2, 10, 42, tzinfo=UTC))
    # What was attached then is looked into now, and the next attachment comes after it.
    known = asked(empty, "SELECT id, thread_id, message_id, sha256, name, size, state FROM attachment")
    assert known == [(5, 1, 1, "abc", "gutter.jpg", 9, "waiting")]
    assert asked(empty, "SELECT removed_received, removed_sent FROM tally WHERE kind = 'client'") == [(1, 0)]
    assert sound(empty)
    by_hand(empty, f"INSERT INTO attachment ({COLUMNS}) SELECT {COLUMNS} FROM attachment")
    assert asked(empty, "SELECT max(id) FROM attachment") == [(6,)]


def test_who_opted_out_before_there_was_a_ledger_has_opted_out(empty):
    empty.write(at_first)
    for statement in BEFORE_REMOVALS_WERE_DATED.replace("'Hello'", "' Stop. '").split(";")[:-1]:
        by_hand(empty, statement)
    schema.migrate(empty)
    assert asked(empty, "SELECT thread_id, word, source, message_id FROM consent") == [(1, "stop", "text", 1)]
    ((at,),) = asked(empty, "SELECT stopped_at FROM thread")
    assert when(at) == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert sound(empty)


BEFORE_ACCOUNTS_WERE_SEARCHED = """
    INSERT INTO account (id, kind, name, email, address, tags, balance, notes)
        VALUES (1, 'lead', 'Zoë Łukasz', '', '', '[]', 0, ''), (2, 'client', 'Second', '', '', '[]', 0, '');
    INSERT INTO resource (id, kind, name, email, notes, active) VALUES (1, 'crew', 'Cody', '', '', TRUE);
    INSERT INTO contact (id, address, account_id, resource_id) VALUES (1, '+16035550142', NULL, 1),
        (2, '+16035550142', 1, NULL), (3, '+16035550142', 2, NULL), (4, '72345', 1, NULL);
    INSERT INTO thread (id, our_number, address, resource_id, kind, name, name_folded, digits, inbound_at, inbound_message,
        inbound_placed_at, inbound_text, outbound_text, latest_at, unread, unopened, removed, arrival, settled, revision)
        VALUES (1, '+16035550100', '+16035550142', 1, 'resource', 'Cody', 'cody', '16035550142', '2026-01-01 10:00:00.000000',
            1, '2026-01-01 10:00:00.000000', 'Hello', '', '2026-01-01 10:00:00.000000', 1, FALSE, FALSE, 1, 0, 1);
    INSERT INTO message (id, thread_id, direction, body, status, placed_at, at, automatic, arrived, read, revision)
        VALUES (1, 1, 'inbound', 'Hello', 'received', '2026-01-01 10:00:00.000000', '2026-01-01 10:00:00.000000', FALSE, 1, NULL, 1);
    INSERT INTO attachment (id, message_id, sha256, type, name, size) VALUES (1, 1, 'abc', 'image/png', '', 3);
    INSERT INTO change (revision, action, at, details) VALUES (1, 'receive', '2026-01-01 10:00:00.000000', '{}');
    INSERT INTO change_subject (revision, thread_id, kind, received, sent, removed, unread, unopened)
        VALUES (1, 1, NULL, FALSE, FALSE, FALSE, 0, FALSE);
    UPDATE tally SET received = 1, unread = 1 WHERE kind = 'resource';
    UPDATE clock SET revision = 1;
"""


def test_a_database_from_before_accounts_were_searched_finds_them_and_gives_them_their_threads(empty):
    empty.write(at_first)
    for statement in BEFORE_ACCOUNTS_WERE_SEARCHED.split(";")[:-1]:
        by_hand(empty, statement)
    schema.migrate(empty)
    with empty.reading() as connection:
        assert [hit.name for hit in look_up(connection, "lukasz", 5)[0]] == ["Zoë Łukasz"]
        assert [hit.name for hit in look_up(connection, "45", 5)[0]] == ["Zoë Łukasz"]
    assert asked(empty, "SELECT account_id, kind, name FROM thread") == [(1, "lead", "Zoë Łukasz")]
    assert asked(empty, "SELECT account_id FROM attachment") == [(1,)]
    assert sound(empty)


@pytest.mark.sqlite
@pytest.mark.parametrize("owner", ["account", "resource"])
def test_the_index_of_people_follows_them(store, owner):
    a_person(store, "Ana Díaz", kind="client" if owner == "account" else "resource")
    by_hand(store, f"UPDATE {owner} SET name_folded = 'renamed'")
    assert asked(store, f"SELECT count(*) FROM {owner}_search WHERE {owner}_search MATCH 'ename'")[0][0] >= 1
    by_hand(store, f"INSERT INTO {owner}_search({owner}_search) VALUES ('integrity-check')")


def test_reports_on_what_was_handed_over_before_there_were_lives_are_still_taken(empty):
    empty.write(at_first)
    sent = BEFORE_REMOVALS_WERE_DATED.replace("'inbound', 'Hello', 'received'", "'outbound', 'Hello', 'sent'")
    for statement in sent.split(";")[:-1]:
        by_hand(empty, statement)
    schema.migrate(empty)
    assert messages.record_delivery(empty, Delivery("kannel", "delivered", message=1, life="")) == 1
    columns = "thread_id, direction, body, status, placed_at, at, automatic, arrived, revision"
    by_hand(empty, f"INSERT INTO message (id, {columns}) SELECT 2, {columns} FROM message")
    with pytest.raises(NotFound, match="another one"):
        messages.record_delivery(empty, Delivery("kannel", "delivered", message=2, life=""))
