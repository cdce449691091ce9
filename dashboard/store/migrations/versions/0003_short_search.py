"""Searches of one or two characters get the index too: SQLite's knows nothing shorter than three.

Where a name's word starts stand two marks, and two others where a number ends, so that the start of a word and the
last digits are three characters or more. PostgreSQL's pg_trgm pads words by itself.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

WORDS = """id, name_folded, digits,
    replace(' ' || name_folded, ' ', ' ' || char(1, 1)) || ' ' || digits || char(2, 2) AS edges"""
OLD = f"SELECT {WORDS} FROM (SELECT old.id AS id, old.name_folded AS name_folded, old.digits AS digits)"
NEW = OLD.replace("old.", "new.")
ADD = f"INSERT INTO thread_search(rowid, name_folded, digits, edges) {NEW};"
TAKE = f"""INSERT INTO thread_search(thread_search, rowid, name_folded, digits, edges)
    SELECT 'delete', id, name_folded, digits, edges FROM ({OLD});"""
ON_SQLITE = (
    "DROP TRIGGER thread_search_insert",
    "DROP TRIGGER thread_search_update",
    "DROP TRIGGER thread_search_delete",
    "DROP TABLE thread_search",
    f"CREATE VIEW thread_words AS SELECT {WORDS} FROM thread",
    """CREATE VIRTUAL TABLE thread_search USING fts5(name_folded, digits, edges,
        content='thread_words', content_rowid='id', tokenize='trigram case_sensitive 1')""",
    f"CREATE TRIGGER thread_search_insert AFTER INSERT ON thread BEGIN {ADD} END",
    f"CREATE TRIGGER thread_search_update AFTER UPDATE OF name_folded, digits ON thread BEGIN {TAKE} {ADD} END",
    f"CREATE TRIGGER thread_search_delete AFTER DELETE ON thread BEGIN {TAKE} END",
    "INSERT INTO thread_search(thread_search) VALUES ('rebuild')",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in ON_SQLITE:
            op.get_bind().exec_driver_sql(statement)
