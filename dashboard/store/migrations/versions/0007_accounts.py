"""Accounts and resources as people see, edit and look for them: jobs, a revision, and an index on names and numbers.

``numbers`` repeats a person's addresses, each with a line end behind it: one row answers a search for name or number.
A contact can be ``chosen``: of several accounts with one number, a person has said that it is this one's.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from dashboard.core.tables import UTCDateTime
from dashboard.core.text import folded

revision = "0007"
down_revision = "0006"

WORDS = """id, name_folded, numbers,
    replace(' ' || name_folded, ' ', ' ' || char(1, 1)) || ' ' || replace(numbers, char(10), char(2, 2) || char(10)) AS edges"""
OWNERS = ("account", "resource")
FIRST = """SELECT account_id FROM contact
    WHERE contact.address = thread.address AND account_id IS NOT NULL ORDER BY id LIMIT 1"""
# A resource's thread, of whose number an account was recorded later, was left as it was; now the account names it, as
# it names every new one. Tallies move with it, and files are their thread's account's.
FOLLOWED = (
    f"""UPDATE thread SET resource_id = NULL, account_id = ({FIRST})
        WHERE account_id IS NULL AND EXISTS ({FIRST})""",
    """UPDATE thread SET kind = (SELECT kind FROM account WHERE account.id = account_id),
        name = (SELECT name FROM account WHERE account.id = account_id),
        name_folded = (SELECT account.name_folded FROM account WHERE account.id = account_id)
        WHERE kind = 'resource' AND account_id IS NOT NULL""",
    """UPDATE tally SET
        received = (SELECT count(*) FROM thread
            WHERE thread.kind = tally.kind AND inbound_message IS NOT NULL AND NOT thread.removed),
        sent = (SELECT count(*) FROM thread
            WHERE thread.kind = tally.kind AND outbound_message IS NOT NULL AND NOT thread.removed),
        unread = (SELECT coalesce(sum(thread.unread), 0) FROM thread
            WHERE thread.kind = tally.kind AND NOT thread.removed),
        removed_received = (SELECT count(*) FROM thread
            WHERE thread.kind = tally.kind AND inbound_message IS NOT NULL AND thread.removed),
        removed_sent = (SELECT count(*) FROM thread
            WHERE thread.kind = tally.kind AND outbound_message IS NOT NULL AND thread.removed)""",
    """UPDATE attachment SET account_id = (SELECT thread.account_id FROM thread
        JOIN message ON message.thread_id = thread.id WHERE message.id = attachment.message_id)""",
)


def upgrade() -> None:
    for owner in OWNERS:
        add_columns(owner)
    for side in ("next_job", "last_job"):
        op.add_column("account", sa.Column(f"{side}_at", UTCDateTime(), nullable=True))
        op.add_column("account", sa.Column(side, sa.Text(), nullable=False, server_default=""))
    op.add_column("contact", sa.Column("chosen", sa.Boolean(), nullable=False, server_default=sa.false()))
    for owner in OWNERS:
        fill(op.get_bind(), owner)
        index(op.get_bind(), owner)
    for statement in FOLLOWED:
        op.execute(statement)


def add_columns(owner: str) -> None:
    bytewise = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column(owner, sa.Column("name_folded", bytewise, nullable=False, server_default=""))
    op.add_column(owner, sa.Column("numbers", sa.Text(), nullable=False, server_default=""))
    op.add_column(owner, sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(f"{owner}_name", owner, ["name_folded", "id"])


def fill(connection: sa.Connection, owner: str) -> None:
    """Names as they are searched, which SQL cannot fold, and the numbers."""
    numbers = defaultdict(str)
    kept = f"SELECT {owner}_id, address FROM contact WHERE {owner}_id IS NOT NULL ORDER BY id"
    for person, address in connection.execute(sa.text(kept)):
        numbers[person] += f"{address}\n"
    people = connection.execute(sa.text(f"SELECT id, name FROM {owner}")).all()
    rows = [{"id": id_, "folded": folded(name), "numbers": numbers[id_]} for id_, name in people]
    if rows:
        filled = f"UPDATE {owner} SET name_folded = :folded, numbers = :numbers WHERE id = :id"
        connection.execute(sa.text(filled), rows)


def index(connection: sa.Connection, owner: str) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    for statement in search_on_sqlite(owner) if on_sqlite else search_on_postgresql(owner):
        connection.exec_driver_sql(statement)


def search_on_sqlite(owner: str) -> tuple[str, ...]:
    old = f"SELECT {WORDS} FROM (SELECT old.id AS id, old.name_folded AS name_folded, old.numbers AS numbers)"
    add = f"INSERT INTO {owner}_search(rowid, name_folded, numbers, edges) {old.replace('old.', 'new.')};"
    take = f"""INSERT INTO {owner}_search({owner}_search, rowid, name_folded, numbers, edges)
        SELECT 'delete', id, name_folded, numbers, edges FROM ({old});"""
    return (
        f"CREATE VIEW {owner}_words AS SELECT {WORDS} FROM {owner}",
        f"""CREATE VIRTUAL TABLE {owner}_search USING fts5(name_folded, numbers, edges,
            content='{owner}_words', content_rowid='id', tokenize='trigram case_sensitive 1')""",
        f"CREATE TRIGGER {owner}_search_insert AFTER INSERT ON {owner} BEGIN {add} END",
        f"CREATE TRIGGER {owner}_search_update AFTER UPDATE OF name_folded, numbers ON {owner} BEGIN {take} {add} END",
        f"CREATE TRIGGER {owner}_search_delete AFTER DELETE ON {owner} BEGIN {take} END",
        f"INSERT INTO {owner}_search({owner}_search) VALUES ('rebuild')",
    )


def search_on_postgresql(owner: str) -> tuple[str, ...]:
    return (
        f"CREATE INDEX {owner}_search_name ON {owner} USING gin (name_folded gin_trgm_ops)",
        f"CREATE INDEX {owner}_search_numbers ON {owner} USING gin (numbers gin_trgm_ops)",
    )
