"""What a viewer does about whoever wants no texts: notes it, takes that back, decides a doubt."""

from dashboard.actions import consent
from dashboard.live.acting import Acting


class Consenting(Acting):
    """The part of a screen that has to do with consent."""

    def opt_out(self, thread: int) -> None:
        """Note that the thread's correspondent asked not to be texted."""
        self._check_id(thread)
        self._act(lambda: consent.opt_out(self.store, thread, by=self._by()))

    def opt_in(self, thread: int) -> None:
        """Take back what somebody here noted."""
        self._check_id(thread)
        self._act(lambda: consent.opt_in(self.store, thread, by=self._by()))

    def keep_texting(self, thread: int, message: int) -> None:
        """Decide that a message was no wish to opt out."""
        self._check_id(thread)
        self._act(lambda: consent.keep_texting(self.store, thread, message, by=self._by()))
