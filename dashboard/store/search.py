"""What an index of three-letter pieces answers: names and numbers that hold what was typed, in a table of any size."""

from sqlalchemy import Boolean, Column, ColumnElement, Connection, Table, bindparam, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

WORD, END = "\x01\x01", "\x02\x02"  # before each word of a name, and after a number, in the column "edges" of the index


class Search:
    """The search of a table with ``name_folded`` and a column of numbers; on SQLite an FTS5 table beside it, with
    the column "edges" for what is shorter than three characters.

    ``end`` is what stands behind each number where the column holds several.
    """

    def __init__(self, table: Table, numbers: "Column[str]", end: str = "") -> None:
        self.table = table
        self.numbers = numbers
        self.end = end

    def name(self, part: str) -> "Indexed":
        """Names with this part, of three characters or more."""
        return self._indexed(self.table.c.name_folded.contains(part, autoescape=True), "name_folded", part)

    def word(self, start: str) -> "Indexed":
        """Names of which a word begins so."""
        first = self.table.c.name_folded.startswith(start, autoescape=True)
        later = self.table.c.name_folded.contains(" " + start, autoescape=True)
        return self._indexed(first | later, "edges", WORD + start)

    def number(self, part: str) -> "Indexed":
        """Numbers with this part, of three digits or more."""
        return self._indexed(self.numbers.contains(part, autoescape=True), self.numbers.name, part)

    def ending(self, digits: str) -> "Indexed":
        """Numbers that end so."""
        last = self.numbers.contains if self.end else self.numbers.endswith
        return self._indexed(last(digits + self.end, autoescape=True), "edges", digits + END)

    def first(self, connection: Connection, condition: "Indexed", limit: int) -> list[int]:
        """The ids of the first so many rows for which one of the conditions above holds; looks no further than that."""
        if connection.dialect.name != "sqlite":
            found = connection.execute(select(self.table.c.id).where(condition).limit(limit))
        else:  # asked of the index alone: beside a limit SQLite would rather walk through the table
            index = f"{self.table.name}_search"
            asked = text(f"SELECT rowid FROM {index} WHERE {index} MATCH :phrase LIMIT :limit")
            found = connection.execute(asked, {"phrase": condition.phrase, "limit": limit})
        return list(found.scalars())

    def _indexed(self, condition: ColumnElement[bool], column: str, part: str) -> "Indexed":
        return Indexed(self.table.name, condition, column, part)


class Indexed(ColumnElement[bool]):
    """A condition on text, which PostgreSQL answers from a pg_trgm index as it stands, and SQLite from its FTS5 trigram
    table: ``column`` contains ``part``."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, table: str, condition: ColumnElement[bool], column: str, part: str) -> None:
        quoted = part.replace('"', '""')
        self.table = table
        self.condition = condition.self_group()
        self.phrase = f'{column} : "{quoted}"'
        self.bound: ColumnElement[str] = bindparam(None, self.phrase, unique=True)


@compiles(Indexed)
def _contains(element: Indexed, compiler: SQLCompiler, **options: object) -> str:
    return str(compiler.process(element.condition, **options))


@compiles(Indexed, "sqlite")
def _full_text(element: Indexed, compiler: SQLCompiler, **options: object) -> str:
    phrase, table = compiler.process(element.bound, **options), element.table
    return f"{table}.id IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH {phrase})"
