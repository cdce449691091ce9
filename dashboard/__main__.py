"""The command line: ``message-center ...``, the same as ``python -m dashboard ...``."""

import os
import sys
import webbrowser
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard import logs, users
from dashboard.core.errors import MessageCenterError

if TYPE_CHECKING:
    from dashboard.backup import Report

cli = typer.Typer(
    help="Message Center: one live inbox for a service business's text messages.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.add_typer(users.cli, name="users")
Database = Annotated[str | None, typer.Option(help="SQLAlchemy URL; the same as MESSAGE_CENTER_DATABASE.")]
Port = Annotated[int | None, typer.Option(help="TCP port.")]
Host = Annotated[
    str | None, typer.Option(help="Address to listen on; another than loopback only where the setting url is set.")
]


class As(StrEnum):
    """What a file's people are where a line does not say."""

    clients = "clients"
    leads = "leads"
    resources = "resources"


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="TCP port.")] = 5006,
    threads: Annotated[int, typer.Option(min=1, max=100_000, help="How many threads, at least the town's own.")] = 200,
    quiet: Annotated[bool, typer.Option("--quiet", help="Nobody texts by itself.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
) -> None:
    """Open a living inbox on sample data: a town full of people who text and answer."""
    from dashboard.demonstration import demonstrate

    demonstrate(port, threads, quiet, (lambda _: None) if no_browser else webbrowser.open)


@cli.command()
def serve(database: Database = None, host: Host = None, port: Port = None) -> None:
    """Serve the inbox of a database."""
    from dashboard import app, settings
    from dashboard.store import sqlite_build

    chosen = settings.load(database=database, host=host, port=port)
    application = app.assemble(chosen)
    try:
        made = app.server(application)
    except MessageCenterError:
        application.stop()
        raise
    build = f" ({sqlite_build.described()})" if application.store.is_sqlite else ""
    print(f"Message Center on {application.store.url.render_as_string()}{build}")
    address = chosen.url or f"http://{chosen.host}:{made.port}"
    app.run(application, made, lambda: print(f"Open {address}/", flush=True))


@cli.command()
def seed(
    threads: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many threads to add.")],
    messages: Annotated[int, typer.Option(min=1, max=100_000_000, help="How many messages in them all.")],
    database: Database = None,
) -> None:
    """Fill a database with sample data of any size, fast."""
    from dashboard import demonstration, settings

    demonstration.seed(settings.load(database=database), threads, messages, _agreed)


@cli.command("import")
def import_people(
    file: Annotated[Path, typer.Argument(help="A CSV with a header: name, phone, kind, email, address, tags, ...")],
    as_: Annotated[As, typer.Option("--as", help="What people are where the line does not say.")] = As.clients,
    database: Database = None,
) -> None:
    """Bring in accounts and resources. A line that cannot be read is reported; running it twice changes nothing."""
    from dashboard import settings
    from dashboard.importing import import_file

    outcome = import_file(settings.load(database=database), file, as_.value)
    for bad in outcome.bad:
        print(f"{file}, line {bad.number}: {bad.reason}", file=sys.stderr)
    print(
        f"{outcome.added} new, {outcome.known} known already, {len(outcome.bad)} could not be read; "
        f"into {outcome.database}"
    )
    raise typer.Exit(1 if outcome.bad else 0)


@cli.command()
def migrate(database: Database = None) -> None:
    """Bring a database up to date; an SQLite file is copied first."""
    from dashboard import settings
    from dashboard.store import schema
    from dashboard.store.database import Store

    store = Store(settings.load(database=database).database)
    try:
        print(schema.migrate(store))
    finally:
        store.close()


@cli.command()
def backup(
    to: Annotated[
        Path | None, typer.Option(help="The new file, or a folder for it; else the folder you are in.")
    ] = None,
    database: Database = None,
) -> None:
    """Copy database and media folder into one file, while a server runs; the copy is looked over before it has its name.

    Exit code 0: it is whole. 1: it was made, and something in it is to be looked at. 2: it was not made.
    """
    from dashboard import backup, settings

    _tell(backup.make(settings.load(database=database), to))


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What backup has made.")],
    replace: Annotated[bool, typer.Option("--replace", help="Keep the database that is there beside.")] = False,
    database: Database = None,
) -> None:
    """Put a backup back, with its media folder. It is looked over first, and no server may have the database open.

    Exit code 0: it is back. 1: it is back, and something was missing in the backup. 2: nothing was changed.
    """
    from dashboard import backup, settings

    _tell(backup.put_back(settings.load(database=database), file, replace))


@cli.command()
def check(
    database: Database = None,
    host: Host = None,
    port: Port = None,
    online: Annotated[bool, typer.Option("--online", help="Ask the phone company too whether it knows us.")] = False,
) -> None:
    """Look over settings, database, SQLite build, folders, provider and address; exit code 1 where something is wrong."""
    from dashboard import checking

    states = []
    for finding in checking.check(online=online, database=database, host=host, port=port):
        print(
            f"{finding.state:8} {finding.item:13} {' '.join(finding.words.split())}",
            *finding.lines,
            sep="\n",
            flush=True,
        )
        states.append(finding.state)
    wrong = states.count(checking.WRONG)
    print(f"{wrong} wrong, {states.count(checking.WARNING)} to think about." if wrong else "Nothing is wrong.")
    raise typer.Exit(1 if wrong else 0)


def _agreed(question: str) -> bool:
    """Whether somebody agrees; a script that calls us has agreed already."""
    return not sys.stdin.isatty() or typer.confirm(question)


def _tell(report: "Report") -> None:
    """Print what was done; exit code 1 where something is to be looked at."""
    print(*report.done, sep="\n")
    for words in report.concerns:
        print(f"message-center: {words}.", file=sys.stderr)
    raise typer.Exit(report.code)


def main() -> None:
    """Run a command; what goes wrong is one line that says what to do, and exit code 2."""
    logs.begin()
    os.umask(0o077)  # what customers write is for who runs the server alone: database, pictures, backups
    try:
        cli()
    except MessageCenterError as error:
        print(f"message-center: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
