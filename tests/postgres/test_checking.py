"""``check`` and the log on a real PostgreSQL: an old schema is wrong, and a refused row is not repeated."""

import logging
from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError

from dashboard import checking
from dashboard.logs import Discreet
from dashboard.store import schema
from dashboard.store.database import Store
from tests.factories import by_hand

pytestmark = pytest.mark.postgres

KEY = "a long random text that nobody guesses"
NUMBER = "+16035550177"


def states(url: str) -> dict[str, str]:
    found = checking.check({}, database=url, secret_key=KEY, port=0)
    return {finding.item: f"{finding.state}: {finding.words}" for finding in found}


def test_a_database_is_looked_over(a_postgres_url: Callable[..., str]) -> None:
    store = Store(a_postgres_url())
    url = store.url.render_as_string(hide_password=False)
    assert states(url)["schema"].startswith("warning: is empty")
    schema.migrate(store)
    assert states(url)["integrity"] == "ok: nothing is damaged, and every count agrees"
    by_hand(store, "UPDATE alembic_version SET version_num = '0001'")
    assert states(url)["schema"].startswith("wrong: is at 0001")
    store.close()


def test_a_row_that_is_refused_is_not_in_the_log(a_postgres_url: Callable[..., str]) -> None:
    store = Store(a_postgres_url())
    schema.migrate(store)
    add = "INSERT INTO our_number (address, position, provider) VALUES (?, 1, ?)"
    by_hand(store, add, NUMBER, "canary")
    with pytest.raises(IntegrityError) as refused:
        by_hand(store, add, NUMBER, "canary")
    assert NUMBER in refused.value.orig.diag.message_detail, "PostgreSQL says so itself"
    assert NUMBER not in str(refused.value)
    assert "canary" not in str(refused.value)
    about = (IntegrityError, refused.value, None)
    line = logging.Formatter().format(Discreet("dashboard", logging.ERROR, "", 1, "an act failed", (), about))
    assert "duplicate key" in line
    assert NUMBER[-4:] not in line
    store.close()
