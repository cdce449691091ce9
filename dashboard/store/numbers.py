"""Our numbers and what each sends through."""

from sqlalchemy import Connection, select

from dashboard.core.tables import OUR_NUMBER, OurNumber


def our_numbers(connection: Connection) -> tuple[OurNumber, ...]:
    """All that were ever ours, in their order; the first is used where none is named."""
    asked = select(OUR_NUMBER.c.address, OUR_NUMBER.c.provider).order_by(OUR_NUMBER.c.position)
    return tuple(OurNumber(address=address, provider=provider) for address, provider in connection.execute(asked))


def addresses_of(connection: Connection, provider: str) -> tuple[str, ...]:
    """Those that send through a provider, whether somebody set them or a text came to them."""
    return tuple(number.address for number in our_numbers(connection) if number.provider == provider)
