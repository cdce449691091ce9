"""GET /metrics: true figures, for whoever may have them, and nobody's texts, names or numbers."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from dashboard.core.errors import StoreError
from dashboard.live.counts import COUNTS
from tests.doors.test_simulated import INBOUND, text
from tests.factories import a_failure

SECRET = "a secret of the machines"
OURS = {
    "pages", "pages_looking", "viewers", "wakes", "patches", "catch_up_seconds", "received", "duplicates",
    "webhook_answers", "writes_waiting", "storing", "database_up", "database_seconds", "texts",
    "oldest_unsent_seconds", "pictures_waiting", "loop_lag_seconds",
}  # fmt: skip


def families(server, **headers):
    answer = server.ask("GET", "/metrics", **headers)
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        family.name.removeprefix("message_center_"): family for family in text_string_to_metric_families(answer.text)
    }


def figures(server):
    """Each sample's value, by its name and labels."""
    return {
        (sample.name.removeprefix("message_center_"), *sample.labels.values()): sample.value
        for family in families(server).values()
        for sample in family.samples
    }


def test_everything_is_there_with_words(server):
    found = families(server)
    assert set(found) == OURS
    assert all(family.documentation for family in found.values())


def test_a_text_that_comes_in_twice_is_counted_once_and_its_answers_by_status(server):
    before, hook = figures(server), text()
    for body in (hook, hook, {}):
        server.post(INBOUND, body)
    after = figures(server)
    grown = lambda *name: after[name] - before.get(name, 0)  # noqa: E731
    assert (grown("received_total"), grown("duplicates_total")) == (1, 1)
    assert grown("webhook_answers_total", INBOUND, "200") == 2
    assert grown("webhook_answers_total", INBOUND, "400") == 1
    assert grown("loop_lag_seconds_count") >= 0


def test_the_oldest_unsent_and_the_failed_are_told(server):
    thread = server.post(INBOUND, text()).fields["thread"]
    before = figures(server)
    a_failure(server.store, thread)
    assert figures(server)["texts", "failed"] == before["texts", "failed"] + 1
    assert before["database_up",] == 1


def test_nothing_of_anybody_stands_there(server):
    """Whatever a hook was asked for: only paths of ours are told apart, and no sample has a text or a number."""
    server.post(INBOUND, text(body="canary-4711"))
    server.post("/hooks/canary-4711", {})
    told = server.ask("GET", "/metrics").text
    assert "canary" not in told
    assert "603555" not in told
    labels = set(re.findall(r'[{,](\w+)="', told))
    assert labels == {"door", "status", "what", "state", "le"}


def test_a_database_that_is_away_is_told_and_the_rest_too(server, monkeypatch):
    def away():
        raise StoreError("The database does not answer.")

    monkeypatch.setattr(server.store, "reading", away)
    found = figures(server)
    assert found["database_up",] == 0
    assert "pages" in {name for name, *_ in found}


@pytest.mark.parametrize("name", ["X_Forwarded_For", "Forwarded", "Via", "X_Real_IP"])
def test_without_a_secret_only_this_machine_is_told(server, name):
    answer = server.ask("GET", "/metrics", **{name: "203.0.113.7"})
    assert answer.status == 403
    assert "MESSAGE_CENTER_METRICS_SECRET" in answer.text


def test_without_a_secret_a_public_server_tells_nobody(servers):
    assert servers.public.ask("GET", "/metrics", Host="texts.example.com").status == 403


@pytest.fixture
def secretive(server, monkeypatch):
    """The same server with a secret."""
    rule = next(
        rule for rule in server.made._tornado.wildcard_router.rules if rule.matcher.regex.pattern == "/metrics$"
    )
    monkeypatch.setitem(rule.target_kwargs, "secret", SECRET)
    return server


@pytest.mark.parametrize(
    "said", ["", SECRET, "Bearer", "Bearer ", f"Bearer {SECRET}x", f"bearer {SECRET}", "Basic eA==", "Bearer ü"]
)
def test_with_a_secret_nobody_is_told_without_it(secretive, said):
    assert secretive.ask("GET", "/metrics", Authorization=said.encode().decode("latin-1")).status == 403


def test_with_a_secret_whoever_knows_it_is_told_from_anywhere(secretive):
    assert "received" in families(secretive, Authorization=f"Bearer {SECRET}", X_Forwarded_For="203.0.113.7")


def test_a_page_that_is_open_is_counted(server):
    import asyncio

    from tests.doors.test_rights import left
    from tests.viewers import Viewer

    async def look():
        before = figures(server)
        viewer = await Viewer(server.port, server.cookie(1)).live()
        after = await asyncio.to_thread(figures, server)
        await left(viewer)
        return before, after

    before, after = asyncio.run(look())
    assert after["pages",] == before["pages",] + 1
    assert after["viewers",] >= 1
    assert after["patches_total",] > before["patches_total",]
    assert COUNTS.readings > 0
