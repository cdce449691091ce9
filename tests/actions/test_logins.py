"""Logins: given, changed, used and ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dashboard.actions import logins
from dashboard.core.errors import Forbidden, NotFound, Refused
from dashboard.core.rights import ADMINISTRATOR, EVERY
from dashboard.core.text import folded
from dashboard.store import logins as known
from dashboard.store.rights import open_sessions
from tests.factories import HASH, a_user, asked, by_hand, read


@pytest.fixture
def fresh(store):
    """A database in which nobody can log in yet."""
    by_hand(store, "UPDATE resource SET login = NULL, password = NULL")
    return store


def everybody(store):
    with store.reading() as connection:
        return [(entry.login, entry.name, entry.role, entry.active) for entry in known.logins(connection)]


def visit(store, token):
    with store.reading() as connection:
        return known.visit(connection, token, store.clock() - logins.LIFE)


def test_the_first_login_is_an_administrators_and_can_do_everything_again(fresh):
    by_hand(fresh, "UPDATE role SET rights = '[]'")
    assert logins.add_login(fresh, "Grace Kim", "Grace", HASH) == ADMINISTRATOR
    assert everybody(fresh) == [("grace", "Grace Kim", ADMINISTRATOR, True)]
    assert set(read(asked(fresh, "SELECT rights FROM role WHERE name = ?", ADMINISTRATOR)[0][0])) == EVERY


def test_a_resource_keeps_its_role_and_another_gets_the_one_that_is_named(fresh):
    logins.add_login(fresh, "Dana Whitcomb", "dana", HASH)
    assert logins.add_login(fresh, "Marcus Bell", "marcus", HASH) == "Dispatcher"
    assert logins.add_login(fresh, "Grace Kim", "grace", HASH, "Dispatcher") == "Dispatcher"
    assert [name for _, name, *_ in everybody(fresh)] == ["Dana Whitcomb", "Grace Kim", "Marcus Bell"]


@pytest.mark.parametrize(
    ("name", "login", "role", "words"),
    [
        (
            "Grace Kim",
            "grace",
            None,
            "Say which role they are to have, with --role. There is: Administrator, Dispatcher",
        ),
        ("Grace Kim", "grace", "Boss", "There is no role “Boss”"),
        ("Grace Kim", "DANA  whitcomb", "Dispatcher", "There is a login “DANA  whitcomb” already"),
        ("Dana Whitcomb", "dana", None, "logs in as “dana whitcomb” already"),
        (" ", "grace", "Dispatcher", "The name is empty"),
        ("Grace Kim", "--", "Dispatcher", "has letters or digits in it"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_changes_nothing(store, name, login, role, words):
    before = store.revision(), everybody(store)
    with pytest.raises(Refused) as refused:
        logins.add_login(store, name, login, HASH, role)
    assert words in str(refused.value)
    assert (store.revision(), everybody(store)) == before


def test_a_name_that_several_have_is_refused(fresh):
    from dashboard.actions.people import add_people

    add_people(fresh, (a_user("Sam Lee", 900, "Dispatcher"), a_user("Sam Lee", 901, "Dispatcher")))
    with pytest.raises(Refused, match="Several people here"):
        logins.add_login(fresh, "Sam Lee", "sam", HASH)


def test_a_session_is_its_persons_until_it_is_ended(store):
    session = logins.log_in(store, "t1", by=2)
    found = visit(store, "t1")
    assert (found.person.name, found.session) == ("Marcus Bell", session)
    logins.log_out(store, session, by=1)
    assert visit(store, "t1") is not None, "nobody ends another's"
    logins.log_out(store, session, by=2)
    assert visit(store, "t1") is None
    assert visit(store, "t2") is None


def test_a_session_ends_after_a_month_and_is_cleaned_up_at_the_next_login(store, clock):
    logins.log_in(store, "t1", by=2)
    clock.pass_(timedelta(days=31).total_seconds())
    assert visit(store, "t1") is None
    logins.log_in(store, "t2", by=2)
    assert asked(store, "SELECT token FROM login_session") == [("t2",)]


@pytest.mark.parametrize(
    "act",
    [lambda store: logins.set_password(store, "Marcus Bell", HASH), lambda store: logins.set_active(store, "Marcus Bell", False)],
)  # fmt: skip
def test_another_password_and_being_disabled_end_all_sessions_of_a_person_and_no_others(store, act):
    for number, by in enumerate((2, 2, 1)):
        logins.log_in(store, f"t{number}", by=by)
    act(store)
    assert [visit(store, f"t{number}") is None for number in range(3)] == [True, True, False]


def test_whoever_is_enabled_again_logs_in_anew(store):
    logins.log_in(store, "t1", by=2)
    logins.set_active(store, "marcus bell", active=False)
    before = store.revision()
    logins.set_active(store, "marcus bell", active=False)
    assert store.revision() == before, "there was nothing to do"
    logins.set_active(store, "marcus bell", active=True)
    assert visit(store, "t1") is None
    assert everybody(store)[1] == ("marcus bell", "Marcus Bell", "Dispatcher", True)


def test_a_login_that_there_is_not_is_told_which_there_are(store):
    with pytest.raises(NotFound, match=r"There is no login “zoe”\. There is: dana whitcomb, marcus bell\."):
        logins.set_password(store, "zoe", HASH)


def test_tries_count_by_name_and_address_while_they_are_new(store, clock):
    for name, address in (("a", "1"), ("a", "1"), ("a", "2"), ("b", "1")):
        assert logins.begin_try(store, name, address)

    def counted():
        with store.reading() as connection:
            return known.tries(connection, "a", "1", store.clock() - logins.MEMORY)

    assert counted() == (2, 3, 3)
    logins.forget_tries(store, "a", "1")
    assert counted() == (0, 1, 1)
    clock.pass_(logins.MEMORY.total_seconds() + 1)
    assert counted() == (0, 0, 0)
    logins.begin_try(store, "c", "3")
    assert asked(store, "SELECT name FROM login_try") == [("c",)], "what is old is not kept"


def test_a_password_that_fitted_a_moment_ago_begins_no_session_after_it_was_changed(store):
    logins.set_password(store, "marcus bell", "another hash")
    with pytest.raises(Forbidden, match="changed a moment ago"):
        logins.log_in(store, "t1", HASH, by=2)
    logins.log_in(store, "t2", "another hash", by=2)
    logins.set_active(store, "marcus bell", active=False)
    with pytest.raises(Forbidden):
        logins.log_in(store, "t3", "another hash", by=2)


def test_many_tries_at_once_are_not_more_than_one_by_one(store):
    with ThreadPoolExecutor(16) as pool:
        begun = list(pool.map(lambda _: logins.begin_try(store, "a", "1"), range(40)))
    assert begun.count(True) == known.HERE


def test_no_password_and_no_token_stands_in_the_log(store):
    logins.set_password(store, "marcus bell", HASH)
    logins.log_in(store, "t1", by=2)
    logged = str(asked(store, "SELECT details FROM change"))
    assert HASH not in logged
    assert "t1" not in logged
    assert folded("Marcus Bell") == "marcus bell"


def test_a_name_in_another_case_is_the_same_person(fresh):
    logins.add_login(fresh, "DANA whitcomb", "dana", HASH)
    assert [name for _, name, *_ in everybody(fresh)] == ["Dana Whitcomb"]


def test_what_has_lasted_a_month_is_ended_once_and_nothing_else(store, clock):
    old = logins.log_in(store, "t1", by=2)
    clock.pass_(timedelta(days=20).total_seconds())
    young = logins.log_in(store, "t2", by=2)
    assert logins.end_sessions(store) == 0
    clock.pass_(timedelta(days=11).total_seconds())
    assert (logins.end_sessions(store), logins.end_sessions(store)) == (1, 0)
    with store.reading() as connection:
        assert open_sessions(connection) == {young}
    assert asked(store, "SELECT count(*) FROM login_session WHERE id = ? AND ended_at IS NULL", old) == [(0,)]
