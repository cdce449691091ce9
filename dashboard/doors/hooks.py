"""The hooks: one door for whatever a phone company's machines post, or ask for, at the addresses that it was given."""

import logging
from functools import partial
from typing import Any

from dashboard.actions import messages
from dashboard.core.errors import Forbidden, NotFound, Refused
from dashboard.core.values import Inbound, Posted
from dashboard.doors.door import BodyDoor, Desk
from dashboard.providers import Here, Hook, Provider

log = logging.getLogger(__name__)
OK = 200
LIMIT = 2**20  # bytes of a request: a text of ten segments with all its fields has four thousand


class HookDoor(BodyDoor):
    """Any provider's door: its request is checked and read by the provider, stored, and only then answered.

    403 for one that is not the company's own, 400 for one that cannot be read, 503 while the database is in trouble:
    the company comes again. A report on a text that was not sent from here is answered 200, or it would come for ever.
    """

    limit = LIMIT

    def initialize(self, desk: Desk, **options: Any) -> None:
        super().initialize(desk, **options)
        self.provider: Provider = options["provider"]
        self.here: Here = options["here"]
        self.hook: Hook = options["hook"]

    async def take(self) -> None:
        """Answer one request."""
        if self.too_large:
            self.refuse_size()
        else:
            await self.do(partial(self._store, self._posted()))

    def answer(self, status: int, words: str | dict[str, Any]) -> None:
        """The company's own form of a yes; of a no, words for whoever looks at its log."""
        if status != OK:
            super().answer(status, words)
        else:
            self.set_header("Content-Type", self.hook.type)
            self.finish(self.hook.answer)

    def _posted(self) -> Posted:
        """The request under the address that the company was given, whatever a proxy in between has made of it."""
        headers = {name.lower(): value for name, value in self.request.headers.get_all()}
        url = self.here.url + str(self.request.uri)
        return Posted(self.hook.name, str(self.request.method), url, headers, bytes(self.body))

    def _store(self, posted: Posted) -> str:
        try:
            said = self.provider.read(self.hook, posted)
            if isinstance(said, Inbound):
                self.live.take(said)
            elif said is not None:
                messages.record_delivery(self.live.store, said)
        except NotFound as error:
            log.warning("%s reports on a text that was not sent from here: %s", self.provider.key, error)
        except Forbidden:
            log.warning("a request at /hooks/%s/%s is not the company's own", self.provider.key, self.hook.name)
            raise
        except Refused as error:
            log.warning("%s: what came to /hooks/%s/%s is not taken", error, self.provider.key, self.hook.name)
            raise
        return self.hook.answer


class PostHook(HookDoor):
    """POST /hooks/<key>/<name>"""

    async def post(self) -> None:
        await self.take()


class GetHook(HookDoor):
    """GET /hooks/<key>/<name>"""

    async def get(self) -> None:
        await self.take()


def path(key: str, hook: Hook) -> str:
    """Where a provider's hook is."""
    return f"/hooks/{key}/{hook.name}"


def doors(desk: Desk, provider: Provider, here: Here) -> list[Any]:
    """The doors of a provider's hooks, as Tornado takes them."""
    kinds = {"POST": PostHook, "GET": GetHook}
    return [
        (path(provider.key, hook), kinds[hook.method], {"desk": desk, "provider": provider, "here": here, "hook": hook})
        for hook in provider.hooks
    ]
