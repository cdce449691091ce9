"""Each database has a life of its own, by a name that no other has."""

from dashboard.store import lives, schema
from dashboard.store.database import Store
from tests.factories import a_url


def test_each_database_is_given_a_name_that_nobody_can_guess_and_keeps_it(tmp_path):
    names = []
    for url in (a_url(tmp_path), a_url(tmp_path)):
        for _ in range(2):
            store = Store(url)
            schema.ready(store)
            with store.reading() as connection:
                names.append(lives.present(connection))
            store.close()
    one, again, other, still = names
    assert (one, other) == (again, still)
    assert one != other
    assert len(one) == 16


def test_a_name_is_good_for_every_message_as_long_as_the_life_goes_on(store):
    with store.reading() as connection:
        assert lives.means_the_same(connection, lives.present(connection), 10**9)
        assert not lives.means_the_same(connection, "", 1)
