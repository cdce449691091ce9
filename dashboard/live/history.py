"""The History of the open thread: who did what with it, told to the page a piece at a time."""

from dashboard.live.acting import Acting
from dashboard.store import activity
from dashboard.store.rights import held

PIECE = 20  # entries that a History shows, and that each "Earlier" adds


class History(Acting):
    """The part of a screen that tells what was done with a thread."""

    def tell_history(self, thread: int, before: int | None = None) -> None:
        """Tell the face what was done with a thread, the newest first; ``before``: what was done before a revision."""
        self._check_id(thread)
        with self._reading() as connection:
            end = activity.LAST if before is None else max(0, min(before, activity.LAST))
            found = activity.of_thread(connection, thread, held(connection, self._by()), end, PIECE)
        self._tell(history={"thread": thread, "before": before, "found": found})
