"""The commands ``backup`` and ``restore``, in words.

Exit codes, for whoever calls them by the clock: 0, all is well; 1, it was done, and something is to be looked at (it is
told on standard error); 2, it was not done, and nothing was changed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dashboard.actions import backups
from dashboard.core.errors import SettingError
from dashboard.settings import Settings
from dashboard.store.archive import Contents
from dashboard.store.backup import back_up
from dashboard.store.database import Store, parsed
from dashboard.store.restore import Restored, restore

Clock = Callable[[], datetime]
NAMED = 5  # files that are missing, by their names


@dataclass(frozen=True)
class Report:
    """What is printed: ``done`` on standard output, ``concerns`` on standard error."""

    done: tuple[str, ...]
    concerns: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        return 1 if self.concerns else 0


def make(settings: Settings, to: Path | None, clock: Clock = lambda: datetime.now(UTC)) -> Report:
    """Back up the database of the settings; ``to`` is the new file, or the folder that it goes to. Raises SettingError for
    a folder that there is not."""
    if to is not None and not to.exists() and not to.suffix:
        raise SettingError(f"There is no folder {to}: make it, or name a file that ends in .tar.")
    target = (
        to if to is not None and not to.is_dir() else (to or Path()) / f"message-center-{clock():%Y%m%dT%H%M%SZ}.tar"
    )
    database = parsed(settings.database).render_as_string()
    contents = back_up(settings.database, target)
    size = target.stat().st_size / 1024**2
    return Report(
        (f"{database} in {target.absolute()}, {size:,.1f} MB: {_had(contents)}.",), tuple(_concerns(contents))
    )


def put_back(settings: Settings, file: Path, replace: bool) -> Report:
    """Restore a backup as the database of the settings."""
    restored = restore(file, settings.database, replace, _prepared)
    return Report(tuple(_said(restored, settings)), tuple(_concerns(restored.had)))


def _prepared(store: Store, had: Contents) -> int:
    return backups.resume(store, had.made)


def _had(contents: Contents) -> str:
    return (
        f"revision {contents.revision:,}, {contents.threads:,} threads, {contents.messages:,} messages, "
        f"{contents.files:,} files of the media folder; looked over, and whole"
    )


def _concerns(contents: Contents) -> Iterator[str]:
    if contents.missing:
        names = ", ".join(contents.missing[:NAMED]) + (", …" if len(contents.missing) > NAMED else "")
        yield f"{len(contents.missing):,} files were missing in the media folder, or damaged, and are not in it: {names}"
    for words in contents.faults:
        yield f"Counts do not agree: {words}; please report this"


def _said(restored: Restored[int], settings: Settings) -> Iterator[str]:
    name = parsed(settings.database).render_as_string()
    yield f"{name}: {_had(restored.had)}."
    if restored.kept:
        yield f"The database that was there is kept as {restored.kept.absolute()}."
    if restored.had.schema != restored.now.schema:
        yield f"It was brought from {restored.had.schema} to {restored.now.schema}."
    if restored.prepared:
        yield f"{restored.prepared:,} texts that waited to be sent may have gone since: see the Failed view."
    yield (
        f"What came after {restored.had.made:%Y-%m-%d %H:%M} UTC is not in it, opt-outs neither. Everybody logs in again."
    )
