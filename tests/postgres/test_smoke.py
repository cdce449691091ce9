"""The same actions and queries on PostgreSQL: a smoke run; the proofs come with the next step."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from dashboard.core.errors import StoreError
from dashboard.core.views import View
from dashboard.demo import season
from dashboard.live.screen import Screen
from dashboard.store import schema
from dashboard.store.database import Store
from dashboard.store.verify import faults
from tests.engine import PostgreSQL
from tests.factories import OURS, a_person, a_store, a_text, chosen, dana
from tests.law import Law
from tests.machines import hold

pytestmark = pytest.mark.postgres


def test_a_text_is_received_found_read_and_removed(a_postgres_url: Callable[..., str]) -> None:
    with a_store(a_postgres_url()) as store:
        a_person(store, "Zoë O'Brien-Ødegård")
        text = a_text(store, body="Hello \x00 there, 100%")
        screen = Screen(store, user=dana(store))
        for query in ("obrien", "ODEG", "555-01", "42", "zo"):
            screen.query = query
            screen.catch_up()
            assert [row.text for row in screen.snapshot.rows] == ["Hello \ufffd there, 100%"], query
        screen.open(text.thread)
        screen.tick(text.thread, on=True)
        screen.show(query="")
        screen.tick(text.thread, on=True)
        screen.catch_up()
        screen.act("remove")
        screen.catch_up()
        assert (screen.snapshot.unread, screen.snapshot.rows) == (0, ())


def test_the_same_text_from_many_threads_is_one_message(a_postgres_url: Callable[..., str]) -> None:
    with a_store(a_postgres_url()) as store, ThreadPoolExecutor(8) as pool:
        received = list(pool.map(lambda number: a_text(store, id=f"text-{number // 10}"), range(200)))
        assert len({each.message for each in received}) == 20
        assert sum(not each.duplicate for each in received) == 20
        with store.reading() as connection:
            assert faults(connection) == {}


def test_the_law_holds_here_too(on_postgresql: PostgreSQL) -> None:
    hold(Law, on_postgresql, examples=5, steps=30)


def test_an_old_schema_is_refused_with_the_command_to_run(
    a_postgres_url: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_store(a_postgres_url()) as store:
        monkeypatch.setattr(schema, "head", lambda: "9999")
        with pytest.raises(StoreError, match="run message-center migrate"):
            schema.ready(store)


def test_a_server_that_is_not_there_is_named_in_words() -> None:
    store = Store("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StoreError, match="does not answer"):
        store.revision()
    store.close()


def test_all_that_match_leaves_out_what_changed_since(a_postgres_url: Callable[..., str]) -> None:
    from dashboard.actions import threads

    with a_store(a_postgres_url()) as store:
        first, second = a_text(store, "+16035550141"), a_text(store, "+16035550142")
        seen = chosen(store)
        a_text(store, "+16035550142")
        result = threads.mark_read(store, replace(seen, view=View()), by=1)
        assert (result.done, result.left_out, first.thread != second.thread) == (1, 1, True)


def test_texts_come_in_after_history_was_brought_in(a_postgres_url: Callable[..., str]) -> None:
    with a_store(a_postgres_url()) as store:
        before = season.settle_town(store, OURS)
        received = a_text(store, "+12125550142")
        with store.reading() as connection:
            assert (received.thread, faults(connection)) == (before + 1, {})
