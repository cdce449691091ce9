"""Kannel end to end, with each of its programs and ours killed in the middle: nothing is lost, and nothing doubled."""

import random
from collections import Counter
from pathlib import Path

import pytest

from dashboard.store.database import Store
from tests.factories import OURS, a_reply, asked, eventually, sound
from tests.gateway.center import Center, connected
from tests.gateway.kannel import Gateway, read
from tests.proof.scale import scaled

pytestmark = pytest.mark.gateway
TEXTS, REPLIES = scaled(2_000), scaled(240)
CRASHES = ("bearerbox", "smsbox", "center") * scaled(3)
PEOPLE = 40
PATIENCE = 240  # seconds for what is still on its way when all of them run again
LOSING = 25  # of so many answers one is lost
WORDS = (
    "Hello",
    "{on our way} €5 [ok] ~ \\ ^ |",
    "Grüße 😀",
    "gutter " * 30,
    "雨どい " * 30,
    "naïve ☔ txet",
    "'; DROP TABLE message;--",
)


def lines() -> list[bytes]:
    """What people text, as fakesmsc takes it: from many numbers, in both alphabets, short and long."""
    return [
        f"+1603555{1000 + number} {OURS.lstrip('+')} text {WORDS[number % len(WORDS)]} {number}".encode()
        for number in range(PEOPLE)
    ]


def test_every_text_that_the_gateway_took_is_stored_once_whoever_is_killed(tmp_path: Path) -> None:
    with connected(tmp_path, LOSING) as (gateway, center, store):
        each = TEXTS // (len(CRASHES) + 1)
        for victim in CRASHES:
            gateway.text(lines(), each)
            crash(victim, gateway, center)
        gateway.text(lines(), TEXTS - each * len(CRASHES))
        assert len(set(gateway.taken())) == TEXTS
        assert eventually(lambda: stored(store).keys() >= set(gateway.taken()), PATIENCE), missing(store, gateway)
        check(store, gateway, center)


def crash(victim: str, gateway: Gateway, center: Center) -> None:
    if victim == "center":
        center.crash()
    else:
        gateway.crash(victim)


def stored(store: Store) -> Counter[str]:
    return Counter(str(name) for (name,) in asked(store, "SELECT provider_id FROM message WHERE direction = 'inbound'"))


def missing(store: Store, gateway: Gateway) -> str:
    return f"{len(set(gateway.taken()) - stored(store).keys())} of {TEXTS} are not stored; {gateway.status()!r}"


def check(store: Store, gateway: Gateway, center: Center) -> None:
    """Each is there once, in its own words, though many were offered again."""
    assert set(stored(store).values()) == {1}
    assert stored(store).keys() == set(gateway.taken())
    assert eventually(lambda: center.wire.answered.keys() >= stored(store).keys(), PATIENCE)
    assert center.wire.duplicates() > 0
    said = {line.decode().split(" text ", 1)[1] for line in lines()}
    assert {body for (body,) in asked(store, "SELECT body FROM message WHERE direction = 'inbound'")} <= said
    assert sound(store)
    print(f"\n{TEXTS} taken and stored, {center.wire.duplicates()} offered again, {len(CRASHES)} crashes", end="")


def test_every_reply_reaches_its_phone_once_and_its_report_comes_back(tmp_path: Path) -> None:
    with connected(tmp_path) as (gateway, _, store):
        replies = send(gateway, store)
        assert eventually(lambda: states(store) == {"delivered": REPLIES}, PATIENCE), states(store)
        assert Counter(got(gateway)) == Counter(replies.values())


def test_a_reply_goes_at_most_once_though_smsbox_and_we_are_killed_and_what_nobody_knows_is_said(
    tmp_path: Path,
) -> None:
    with connected(tmp_path) as (gateway, center, store):
        replies = send(gateway, store)
        for share, victim in ((0.2, "smsbox"), (0.4, "center"), (0.6, "smsbox"), (0.8, "center")):
            assert eventually(lambda share=share: len(got(gateway)) >= share * REPLIES, PATIENCE)
            crash(victim, gateway, center)
        assert eventually(lambda: not states(store).keys() & {"queued", "sending"}, PATIENCE), states(store)
        assert eventually(lambda: went(store) <= len(got(gateway)), PATIENCE)
        check_replies(store, gateway, replies)


def went(store: Store) -> int:
    return states(store)["delivered"] + states(store)["sent"]


def check_replies(store: Store, gateway: Gateway, replies: dict[int, str]) -> None:
    """What is said to have gone came once; what nobody can say, once or not at all; nothing twice."""
    came = Counter(got(gateway))
    found = {int(str(name)): state for name, state in asked(store, STATES)}
    assert max(came.values()) == 1
    assert all(came[replies[message]] == 1 for message, state in found.items() if state in ("delivered", "sent"))
    assert all(state in ("delivered", "sent", "unknown") for state in found.values()), states(store)
    assert states(store)["delivered"] > 0
    print(f"\nof {REPLIES} replies {dict(states(store))}, {came.total()} came", end="")


STATES = "SELECT id, status FROM message WHERE direction = 'outbound'"


def states(store: Store) -> Counter[str]:
    return Counter(str(state) for _, state in asked(store, STATES))


def send(gateway: Gateway, store: Store) -> dict[int, str]:
    """Somebody answers, from another process, to a few people; the texts by their message's id."""
    gateway.text(lines(), PEOPLE)
    assert eventually(lambda: asked(store, "SELECT id FROM thread"), PATIENCE)
    threads = [int(str(thread)) for (thread,) in asked(store, "SELECT id FROM thread")]
    chance = random.Random(6)
    return {
        a_reply(store, chance.choice(threads), body): body
        for body in (f"{chance.choice(REPLY)} {number}" for number in range(REPLIES))
    }


REPLY = ("On our way", "{€5} ok? ~", "Grüße 😀", "雨どい ☔")  # of one segment each: a phone's line is a text


def got(gateway: Gateway) -> list[str]:
    return [read(rest) for _, _, rest in gateway.phones_got()]
