"""PostgreSQL's errors repeat the row that did not fit: no words of ours do, whatever language the server speaks."""

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from dashboard.logs import Discreet
from tests.factories import a_store, by_hand

pytestmark = pytest.mark.postgres
BODY = "my gate code is\nBlue Hat 42"
# As a server that speaks French says it: the words of other languages are not on every machine.
FRENCH = """
CREATE FUNCTION refuser(body text) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
    RAISE not_null_violation USING MESSAGE = 'valeur NULL', DETAIL = body, HINT = 'Regardez.';
END $$
"""
ROW = "INSERT INTO text_document (title, body) VALUES (NULL, :body)"


@pytest.mark.parametrize(
    ("statement", "kept"), [(ROW, "null value in column"), ("SELECT refuser(:body)", "valeur NULL\nHINT:  Regardez.")]
)
def test_an_error_says_what_was_wrong_and_nothing_of_the_row(
    a_postgres_url: Callable[..., str], statement: str, kept: str
) -> None:
    with a_store(a_postgres_url()) as store:
        by_hand(store, FRENCH)
        with pytest.raises(DBAPIError) as failure:
            store.write(lambda connection: connection.execute(sql(statement), {"body": BODY}))
    error = failure.value
    logged = logging.Formatter().format(
        Discreet("x", logging.ERROR, __file__, 1, "%s", (error,), (type(error), error, error.__traceback__))
    )
    assert logged.count(kept) == 3, "the line, the driver's error, and what came of it"
    for said in (str(error), str(error.orig), logged):
        assert not any(line in said for line in BODY.splitlines())
