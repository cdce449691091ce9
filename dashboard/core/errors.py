"""The family of errors: each says what is wrong and what to do about it."""


class MessageCenterError(Exception):
    """The root of the family; its text is fit to be shown to a person."""


class Refused(MessageCenterError):  # noqa: N818 - it reads as what happened
    """An action that may not be done as asked; nothing was changed."""


class Forbidden(Refused):
    """Something that whoever asks has no right to; nothing was changed, and nothing is told."""


class AddressError(Refused):
    """Something that was given as an address and is none."""


class NotOurs(Refused):
    """A number to which a text came, and that is not recorded as one of ours."""


class Unfit(Refused):
    """A form that cannot be saved as it is: ``fields`` says at each field what is wrong with it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class Outdated(Refused):
    """A form that was begun before somebody else saved theirs: ``fields`` says what they wrote, ``revision`` when."""

    def __init__(self, words: str, fields: dict[str, str], revision: int) -> None:
        super().__init__(words)
        self.fields = fields
        self.revision = revision


class NotFound(Refused):
    """An id that stands for nothing here."""


class Moved(Refused):
    """Something that has changed since the person saw it: look, then ask again with ``seen``, what has been seen now.

    ``news`` are the ids of the messages that came in between, in the thread's order, where a thread has moved.
    """

    def __init__(self, words: str, seen: int, news: tuple[int, ...] = ()) -> None:
        super().__init__(words)
        self.seen = seen
        self.news = news


class TooLarge(Refused):
    """Something above a limit that its words name."""


class SettingError(MessageCenterError):
    """A setting with a value that cannot be used."""


class StoreError(MessageCenterError):
    """A database that cannot be opened, is damaged, or has the wrong schema; ``outside`` says so to whoever may not know
    where it is, and as whom we ask it."""

    def __init__(self, words: str, outside: str = "The database cannot be used just now: the log says why.") -> None:
        super().__init__(words)
        self.outside = outside


class SampleError(MessageCenterError):
    """A file of sample data or of people that cannot be read."""
