"""Another process that texts into a database: says “ready”, reads one text a line, answers with its thread once it is committed."""

import sys

from dashboard.actions import messages
from dashboard.core.values import Inbound
from dashboard.store.database import Store

SENDER = "+16035550142"


def main(url: str) -> None:
    """Until the input ends."""
    store = Store(url)
    print("ready", flush=True)
    for number, line in enumerate(sys.stdin):
        inbound = Inbound("simulated", f"neighbour-{number}", SENDER, None, line.strip())
        print(messages.receive(store, inbound).thread, flush=True)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
