"""What a viewer does with people: looks them up, adds and edits them, says whose a number is, begins a conversation."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from dashboard.actions import accounts, resources
from dashboard.actions.conversations import begin_conversation
from dashboard.core.addresses import can_be_answered, normalise, shown
from dashboard.core.errors import AddressError, Outdated, Refused, Unfit
from dashboard.core.rights import CONTACTS
from dashboard.core.values import Hit
from dashboard.live.acting import Acting
from dashboard.store.accounts import look_up, stopped_since, with_threads
from dashboard.store.rights import held

MOST = 200  # people that type-ahead lists at most; whoever wants more writes more
# For each kind of form what adds and what edits.
FORMS: dict[str, tuple[Callable[..., int], Callable[..., int]]] = {
    "account": (accounts.add_account, accounts.edit_account),
    "resource": (resources.add_resource, resources.edit_resource),
}


class Accounts(Acting):
    """The part of a screen that has to do with people; the rest of it says what is used here."""

    open: Callable[[int], None]

    def look_up_people(self, query: str, limit: int) -> None:
        """Tell the face whom a part of a name or number means, a line for each number, and whether it is a number."""
        with self._reading() as connection:
            hits, more = look_up(connection, query, max(1, min(limit, MOST)))
            hits = self._known(connection, hits)
            since = stopped_since(connection, [address for hit in hits for address in hit.addresses])
        rows = [line for hit in hits for line in self._numbers(hit, since)]
        self._tell(people={"query": query, "rows": rows, "more": more, "number": self._number(query)})

    def look_up_accounts(self, query: str, limit: int) -> None:
        """Tell the face which accounts a part of a name or number means."""
        with self._reading() as connection:
            hits, more = look_up(connection, query, max(1, min(limit, MOST)), accounts_only=True)
            hits = self._known(connection, hits)
        rows = [{"id": hit.id, "name": hit.name, "kind": hit.kind, "number": self._written(hit)} for hit in hits]
        self._tell(accounts={"query": query, "rows": rows, "more": more})

    def converse(self, to: str) -> None:
        """Open the thread with a number, as a person typed it or chose it; it is begun where there is none."""

        def begin() -> int:
            return begin_conversation(self.store, to, by=self._by())

        def opened(thread: int) -> None:
            self.open(thread)
            self._tell(begun={"thread": thread, "error": None})

        self._act(begin, opened, lambda error: self._tell(begun={"thread": None, "error": str(error)}))

    def save(self, form: str, kind: str, id: int | None, fields: dict[str, str], seen: int, thread: int | None) -> None:
        """Save a form, which the page calls ``form``: of a new account or resource, or of the one of this id, of
        which it showed the revision ``seen``; with ``thread``, of a lead that is made of its unknown number."""
        if kind not in FORMS:
            raise Refused(f"There is no form “{kind[:40]}”: choose one of {', '.join(FORMS)}.")
        add, edit = FORMS[kind]

        def work() -> dict[str, Any]:
            try:
                if id is not None:
                    edit(self.store, id, fields, seen, by=self._by())
                elif thread is not None:
                    accounts.make_lead(self.store, thread, fields, by=self._by())
                else:
                    add(self.store, fields, by=self._by())
            except Unfit as error:
                return {"error": "Look at the marked lines: nothing was saved yet.", "fields": error.fields}
            except Outdated as error:
                return {"error": str(error), "fields": error.fields, "seen": error.revision}
            return {}

        def told(result: dict[str, Any]) -> None:
            self._tell(saved={"form": form, "error": None, "fields": {}, "seen": None} | result)

        self._act(work, told, lambda error: told({"error": str(error)}))

    def link(self, thread: int, account: int) -> None:
        """Give a thread's unknown number to an account."""
        self._act(lambda: accounts.link(self.store, thread, account, by=self._by()))

    def unlink(self, thread: int) -> None:
        """Take a thread's number off its account."""
        self._act(lambda: accounts.unlink(self.store, thread, by=self._by()))

    def choose_account(self, thread: int, account: int) -> None:
        """Say whose a number is that several accounts have."""
        self._act(lambda: accounts.choose_account(self.store, thread, account, by=self._by()))

    def _known(self, connection: Connection, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Of the numbers, whoever may not view contacts is told those that stand in the inbox anyway."""
        if CONTACTS in held(connection, self._by()):
            return hits
        known = with_threads(connection, frozenset(number for hit in hits for number in hit.addresses))
        told = (replace(hit, addresses=tuple(filter(known.__contains__, hit.addresses))) for hit in hits)
        return tuple(hit for hit in told if hit.addresses)

    def _numbers(self, hit: Hit, since: Mapping[str, datetime]) -> list[dict[str, Any]]:
        """A line for each number that can be texted, and for each that has opted out, in milliseconds, since when."""
        facts = {"id": hit.id, "name": hit.name, "kind": hit.kind}
        stopped = {address: int(at.timestamp() * 1000) for address, at in since.items()}
        return [
            facts | {"to": address, "number": shown(address, self.store.region), "stopped": stopped.get(address)}
            for address in hit.addresses
            if can_be_answered(address)
        ]

    def _number(self, query: str) -> dict[str, str] | None:
        """What was typed, when it is a number that can be texted."""
        try:
            address = normalise(query, self.store.region)
        except AddressError:
            return None
        if not can_be_answered(address):
            return None
        return {"to": address, "number": shown(address, self.store.region)}

    def _written(self, hit: Hit) -> str:
        return ", ".join(shown(address, self.store.region) for address in hit.addresses)
