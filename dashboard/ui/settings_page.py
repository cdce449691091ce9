"""The ground of the pages under Settings: one component that draws one screen, and reports what is done to it."""

import logging
from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any

from dashboard.core.errors import MessageCenterError
from dashboard.live.acting import LAST_ID, for_page
from dashboard.live.live import Live
from dashboard.live.settings_page import SettingsScreen
from dashboard.ui.component import Component
from dashboard.ui.face import Face, Part
from dashboard.ui.navigation import offered
from dashboard.ui.patches import Patch

log = logging.getLogger(__name__)
Message = dict[str, Any]


class SettingsPage(Component):
    """A page's one component. A kind of it says what its script reports (``steps``) and what that is told (``patch``).

    Parameters
    ----------
    live
        The running half of a database.
    screen
        What is drawn.
    """

    def __init__(self, live: Live, screen: SettingsScreen, **params: Any) -> None:
        super().__init__(**params)
        self.live = live
        self.screen = screen
        self.face = self.screen.face = Face(Part(self, self._patch))
        self.screen.is_idle = self.face.is_idle
        self.face.missed = partial(self.live.feed.call, self._catch_up)
        self.live.attach(self.screen)

    @abstractmethod
    def steps(self) -> dict[str, Callable[[Message], None]]:
        """What the script can report beside what all scripts do, each with what it means."""

    @abstractmethod
    def patch(self, before: Any, after: Any) -> Patch:
        """What the script is told: the difference between what it shows and the snapshot; all of it at first."""

    def gone(self) -> None:
        """Nobody looks at this object any more."""
        self.live.detach(self.screen)

    def hear(self, data: Any) -> None:
        """A browser reports something; it is done on the live thread, in order."""
        self.live.do(self.screen, partial(self._do, data))

    def _do(self, said: Message) -> None:
        try:
            self._steps()[said["op"]](said)
        except MessageCenterError as error:
            self.face.tell({"saved": {"key": said.get("key"), "error": for_page(error), "seen": None}})
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:  # not our own script
            log.warning("a browser said something that makes no sense: %s", type(error).__name__)

    def _steps(self) -> dict[str, Callable[[Message], None]]:
        return {
            "ready": lambda _: self.face.ready(self.face.frame),
            "ping": lambda said: self.face.tell({"pong": {"n": said["n"], "revision": self._revision()}}),
            **self.steps(),
        }

    def _catch_up(self) -> None:
        """The browser takes again what it is shown."""
        if not self.face.is_idle():
            self.live.feed.refresh(self.screen)

    def _revision(self) -> int:
        """What the page is to have reached to be up to date: what its last patch said."""
        return self.screen.snapshot.changed if self.screen.snapshot else 0

    def _patch(self, before: Any, after: Any) -> Patch:
        patch = self.patch(before, after)
        if before is None or before.rights != after.rights:
            patch["navigation"] = offered(after.rights)
        return patch | {"revision": after.changed} if patch else {}


def id_of(said: Any) -> int | None:
    """An id as a page says it; None for none, and for what is none."""
    return None if said is None or not 0 < int(said) <= LAST_ID else int(said)
