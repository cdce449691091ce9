"""Accounts: added, edited, made of an unknown number; nothing that anybody wrote is lost; threads follow."""

import pytest

from dashboard.actions import accounts, messages
from dashboard.actions.people import add_people
from dashboard.core.errors import NotFound, Outdated, Refused, Unfit
from dashboard.core.people import PersonRow
from dashboard.core.values import Inbound
from dashboard.store.accounts import account, overview
from dashboard.store.media import StoredMedia
from tests.factories import (
    a_person,
    a_reply,
    a_text,
    above,
    asked,
    counted,
    found,
    logged,
    read,
    sound,
)

FULL = {
    "name": "Ana Díaz", "kind": "client", "phones": "(603) 555-0142\n802 555 0143", "email": "ana@example.com",
    "address": "12 Elm St", "balance": "$1,148.50", "tags": "snow; mowing", "notes": "Dog",
    "next_job": "2026-12-01T08:00:00+00:00 Plow", "last_job": "2026-11-02 Leaves",
}  # fmt: skip


def card(store, id):
    with store.reading() as connection:
        return account(connection, id, "US")


def shown(store, thread):
    with store.reading() as connection:
        return overview(connection, thread)


def revision(store, id):
    return card(store, id).revision


def edited(store, id, seen=None, by=1, **fields):
    return accounts.edit_account(store, id, fields, revision(store, id) if seen is None else seen, by=by)


@pytest.fixture
def ana(store):
    return accounts.add_account(store, FULL, by=1)


def test_an_account_is_added_with_all_that_its_form_has(store, ana):
    here = card(store, ana)
    assert (here.name, here.kind, here.phones) == ("Ana Díaz", "client", ("+16035550142", "+18025550143"))
    assert (here.email, here.address, here.balance, here.tags) == (
        "ana@example.com", "12 Elm St", 114850, ("snow", "mowing"),
    )  # fmt: skip
    assert (here.next_job.words, here.next_job.at.isoformat()) == ("Plow", "2026-12-01T08:00:00+00:00")
    assert here.last_job.words == "Leaves"
    assert logged(store)[-1] == ("add_account", 1)
    assert sound(store)


def test_a_name_is_enough_and_without_one_nothing_is_recorded(store):
    assert card(store, accounts.add_account(store, {"name": "Ana"}, by=1)).kind == "client"
    with pytest.raises(Unfit) as refused:
        accounts.add_account(store, {"balance": "much", "phones": "12", "email": "ana"}, by=1)
    assert set(refused.value.fields) == {"name", "balance", "phones", "email"}
    assert asked(store, "SELECT count(*) FROM account") == [(1,)]


def test_the_same_account_is_not_added_twice(store, ana):
    with pytest.raises(Unfit, match="recorded already"):
        accounts.add_account(store, FULL, by=1)
    accounts.add_account(store, {"name": "Bo"}, by=1)
    with pytest.raises(Unfit, match="recorded already"):
        accounts.add_account(store, {"name": "Bo"}, by=1)
    accounts.add_account(store, {**FULL, "name": "Luis Díaz"}, by=1)


def test_a_new_name_and_kind_show_on_its_threads_and_in_what_is_counted(store, ana):
    thread = a_text(store).thread
    edited(store, ana, name="Zoë Łukasz", kind="lead")
    assert (above(store, thread).name, above(store, thread).kind) == ("Zoë Łukasz", "lead")
    assert found(store, "lukasz") == ["Zoë Łukasz"]
    assert counted(store, filter="accounts") == 1
    assert sound(store)


def test_a_number_that_is_added_brings_its_threads_and_one_that_is_taken_off_loses_them(store, ana):
    thread = a_text(store, "+16035550199").thread
    edited(store, ana, phones="603 555 0142\n603 555 0199")
    assert above(store, thread).name == "Ana Díaz"
    assert card(store, ana).phones == ("+16035550142", "+16035550199")
    edited(store, ana, phones="")
    assert above(store, thread).kind == "unknown"
    assert sound(store)


def test_saving_what_is_so_already_changes_nothing(store, ana):
    before = store.revision()
    assert edited(store, ana, **FULL | {"phones": "802 555 0143\n603 555 0142"}) == before
    assert store.revision() == before


def test_what_others_changed_meanwhile_stays_where_this_person_changed_other_lines(store, ana):
    seen = revision(store, ana)
    edited(store, ana, by=2, balance="7", notes="Two dogs")
    edited(store, ana, seen, name="Ana María Díaz", notes=card(store, ana).notes)
    here = card(store, ana)
    assert (here.name, here.balance, here.notes) == ("Ana María Díaz", 700, "Two dogs")


def test_a_line_that_both_changed_is_refused_with_what_the_other_wrote_and_then_both_are_kept(store, ana):
    seen = revision(store, ana)
    edited(store, ana, by=2, balance="7", notes="Two dogs")
    with pytest.raises(Outdated, match=r"Marcus Bell changed the notes .*save again") as refused:
        edited(store, ana, seen, name="Ana María Díaz", notes="A cat")
    assert refused.value.fields == {"balance": "7.00", "notes": "Two dogs"}
    assert card(store, ana).name == "Ana Díaz"
    edited(store, ana, refused.value.revision, name="Ana María Díaz", notes="A cat")
    here = card(store, ana)
    assert (here.name, here.balance, here.notes) == ("Ana María Díaz", 700, "A cat")


def test_what_several_others_changed_is_told_together(store, ana):
    seen = revision(store, ana)
    thread = a_text(store, "+16035550177").thread
    edited(store, ana, by=2, email="")
    accounts.link(store, thread, ana, by=1)
    with pytest.raises(Outdated, match="Dana Whitcomb and Marcus Bell changed the phones and e-mail"):
        edited(store, ana, seen, phones="", email="ana@example.com")
    assert edited(store, ana, seen, name="Ana") == store.revision()


def test_the_log_says_what_an_edit_changed_and_what_it_was(store, ana):
    edited(store, ana, balance="-25", by=2)
    ((by, details),) = asked(store, "SELECT by_id, details FROM change WHERE action = 'edit_account'")
    assert by == 2
    assert read(details)["was"] == {"balance": "1148.50"}


def test_there_is_nothing_to_edit_where_there_is_no_account(store):
    with pytest.raises(NotFound, match="no account 99"):
        accounts.edit_account(store, 99, {"name": "Ana"}, 0, by=1)
    with pytest.raises(Refused, match="no line “shoe size”"):
        accounts.add_account(store, {"name": "Ana", "shoe size": "38"}, by=1)


def test_a_lead_is_made_of_an_unknown_number(store):  # B7
    thread = a_text(store).thread
    made = accounts.make_lead(store, thread, {"name": "Ana Díaz", "phones": "802 555 0143"}, by=1)
    assert (above(store, thread).name, above(store, thread).kind) == ("Ana Díaz", "lead")
    assert card(store, made).phones == ("+16035550142", "+18025550143")
    assert counted(store, filter="unknown") == 0
    assert logged(store)[-1] == ("make_lead", 1)
    assert sound(store)


def test_an_unknown_number_is_linked_to_an_account_with_all_its_threads_and_files(store, ana):  # B7
    text = Inbound("simulated", "picture", "+16035550177", None, "Look")
    thread = messages.receive(store, text, (StoredMedia("abc", "image/png", "", 3),)).thread
    accounts.link(store, thread, ana, by=2)
    assert above(store, thread).name == "Ana Díaz"
    assert card(store, ana).phones[-1] == "+16035550177"
    assert asked(store, "SELECT account_id FROM attachment") == [(ana,)]
    accounts.unlink(store, thread, by=1)
    assert (above(store, thread).kind, card(store, ana).phones[-1]) == ("unknown", "+18025550143")
    assert asked(store, "SELECT account_id FROM attachment") == [(None,)]
    assert sound(store)


def test_what_somebody_else_has_dealt_with_is_not_done_again(store, ana):
    thread = a_text(store, "+16035550177").thread
    accounts.link(store, thread, ana, by=2)
    before = store.revision()
    with pytest.raises(Refused, match="Ana Díaz’s by now"):
        accounts.make_lead(store, thread, {"name": "Bo"}, by=1)
    with pytest.raises(Refused, match="Ana Díaz’s by now"):
        accounts.link(store, thread, ana, by=1)
    with pytest.raises(NotFound):
        accounts.unlink(store, 99, by=1)
    assert store.revision() == before
    accounts.unlink(store, thread, by=1)
    with pytest.raises(Refused, match="on no account"):
        accounts.unlink(store, thread, by=1)


def test_of_several_accounts_a_person_chooses_and_every_text_with_that_number_remembers(store):  # B7
    for name in ("Ana Díaz", "Luis Díaz"):
        a_person(store, name)
    thread = a_text(store).thread
    a_reply(store, thread)
    luis = shown(store, thread).candidates[1].id
    accounts.choose_account(store, thread, luis, by=2)
    assert (above(store, thread).name, shown(store, thread).chosen) == ("Luis Díaz", True)
    add_people(store, (PersonRow("Third Díaz", "+16035550142", "lead"),))
    a_text(store)
    assert above(store, thread).name == "Luis Díaz"
    before = store.revision()
    accounts.choose_account(store, thread, luis, by=1)
    assert store.revision() == before
    assert sound(store)


def test_only_an_account_with_that_number_can_be_chosen(store, ana):
    thread = a_text(store, "+16035550177").thread
    with pytest.raises(Refused, match="does not have this number"):
        accounts.choose_account(store, thread, ana, by=1)


def test_when_the_chosen_account_loses_the_number_the_other_has_it(store):
    for name in ("Ana Díaz", "Luis Díaz"):
        a_person(store, name)
    thread = a_text(store).thread
    accounts.choose_account(store, thread, 2, by=1)
    accounts.unlink(store, thread, by=1)
    assert (above(store, thread).name, shown(store, thread).candidates) == ("Ana Díaz", ())
    assert sound(store)
