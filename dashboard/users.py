"""The command ``users``: who can log in. Passwords are asked for, or read from standard input, and kept as hashes."""

import getpass
import sys
from collections.abc import Callable
from shlex import quote
from typing import Annotated, TypeVar

import typer

from dashboard import settings
from dashboard.actions import logins
from dashboard.core.errors import Refused
from dashboard.core.passwords import hashed
from dashboard.core.rights import ROLES
from dashboard.store import schema
from dashboard.store.database import Store
from dashboard.store.logins import Login as Entry
from dashboard.store.logins import logins as everybody
from dashboard.store.roles import editors, roles

T = TypeVar("T")
cli = typer.Typer(help="Who can log in.", no_args_is_help=True)
Database = Annotated[str | None, typer.Option(help="SQLAlchemy URL; the same as MESSAGE_CENTER_DATABASE.")]
Login = Annotated[str, typer.Argument(help="The name that they log in with.")]


@cli.command()
def add(
    name: Annotated[str, typer.Argument(help="The person's name, of a resource that is recorded or of a new one.")],
    login: Annotated[str | None, typer.Option(help="What they log in with; their name where it is left out.")] = None,
    role: Annotated[str | None, typer.Option(help="Their role; the first login is an administrator's.")] = None,
    database: Database = None,
) -> None:
    """Let somebody log in. The password is asked for; where nobody can be asked, it is the first line of standard input."""
    known = login or name
    given = with_store(database, lambda store: logins.add_login(store, name, known, hashed(_password()), role))
    print(f"{name} can log in as “{known}”, with the role {given}.")


@cli.command()
def passwd(login: Login, database: Database = None) -> None:
    """Give somebody another password; wherever they are logged in, they no longer are."""
    with_store(database, lambda store: logins.set_password(store, login, hashed(_password())))
    print(f"“{login}” has another password, and is logged out everywhere.")


@cli.command()
def disable(login: Login, database: Database = None) -> None:
    """Let somebody log in no longer, and end their sessions within seconds."""
    help_ = with_store(database, lambda store: _disable(store, login))
    print(f"“{login}” is disabled, and logged out everywhere.")
    if help_ is not None:  # not refused: a password that others know is disabled first, and thought about then
        print(f"Nobody who can log in can edit roles now: message-center users {help_}")


@cli.command()
def enable(login: Login, database: Database = None) -> None:
    """Let somebody who was disabled log in again."""
    with_store(database, lambda store: logins.set_active(store, login, active=True))
    print(f"“{login}” can log in again.")


@cli.command("list")
def list_(database: Database = None) -> None:
    """Show who can log in: login, name, role, and whether it is disabled."""
    entries = with_store(database, _logins)
    if not entries:
        print("Nobody can log in yet: message-center users add NAME")
    for entry in entries:
        print(f"{entry.login:30} {entry.name:30} {entry.role or '-':20} {'' if entry.active else 'disabled'}".rstrip())


def with_store(database: str | None, work: Callable[[Store], T]) -> T:
    """Do something with the database of the settings; it is made ready first. Raises what both raise."""
    chosen = settings.load(database=database)
    store = Store(chosen.database, region=chosen.region)
    try:
        schema.ready(store)
        return work(store)
    finally:
        store.close()


def _disable(store: Store, login: str) -> str | None:
    """What the command is given that lets somebody edit roles again; None where somebody can."""
    logins.set_active(store, login, active=False)
    with store.reading() as connection:
        if editors(connection).with_login:
            return None
        able = next((role.name for role in roles(connection) if ROLES in role.rights), None)
    return f"enable {quote(login)}" if able is None else f"add NAME --role {quote(able)}"


def _logins(store: Store) -> tuple[Entry, ...]:
    with store.reading() as connection:
        return everybody(connection)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("The same again: "):
        raise Refused("These are not the same: nothing was changed, try again.")
    return first
