"""The rates: how often requests from an address were refused, and for how long it is not listened to then."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_address

WINDOW = 60  # seconds over which refusals are counted
KEPT = 10_000  # addresses that are remembered, about 2 MB; beyond, the one that began longest ago is let go
NETWORK = 64  # bits of an IPv6 address that one customer has, RFC 6177


class Rates:
    """Counts refusals by address.

    Parameters
    ----------
    limit
        Refusals within a minute after which an address has to wait for the rest of it; 0: any number.
    clock
        Seconds that only go forward.
    kept
        How many addresses are remembered at most.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic, kept: int = KEPT) -> None:
        self.limit, self.clock, self.kept = limit, clock, kept
        self._counted: OrderedDict[str, list[float]] = OrderedDict()  # when its minute began, how many since; by age

    def __len__(self) -> int:
        return len(self._counted)

    def refused(self, address: str) -> None:
        """A request from the address was refused."""
        if self.limit == 0:
            return
        self._forget()
        self._counted.setdefault(neighbourhood(address), [self.clock(), 0])[1] += 1
        if len(self._counted) > self.kept:
            self._counted.popitem(last=False)

    def wait(self, address: str) -> int:
        """Seconds, rounded up, for which the address is not listened to; 0: it is."""
        self._forget()
        since, times = self._counted.get(neighbourhood(address), (0.0, 0))
        return math.ceil(since + WINDOW - self.clock()) if self.limit and times >= self.limit else 0

    def _forget(self) -> None:
        """What is older than a minute: those that began first stand first."""
        over = self.clock() - WINDOW
        while self._counted and next(iter(self._counted.values()))[0] <= over:
            self._counted.popitem(last=False)


def neighbourhood(address: str) -> str:
    """What counts as one address: an IPv4 one, and the network of an IPv6 one, in which a machine takes many."""
    try:
        known = ip_address(address)
    except ValueError:  # of a socket that has none
        return address
    if known.version == 4:  # noqa: PLR2004 - of the internet's protocol
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return f"{ip_address(int(known) >> NETWORK << NETWORK)}/{NETWORK}"
