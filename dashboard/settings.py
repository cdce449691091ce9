"""Every setting, documented: MESSAGE_CENTER_<NAME> in the environment, and NAME_FILE for what is secret."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import phonenumbers
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator

from dashboard.core.addresses import normalise
from dashboard.core.errors import AddressError, SettingError
from dashboard.providers import PROVIDERS

PREFIX = "MESSAGE_CENTER_"
OPTIONS = ("database", "host", "port")  # of the command line
SECRET = ("hook_secret", "secret_key", "database")  # what can be read from the file that <NAME>_FILE names
KEY_LENGTH = 32  # characters of a signing key at least
LOOPBACK = ("127.0.0.1", "localhost")


def _listed(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Settings(BaseModel):
    """What can be set. Raises pydantic's ValidationError; ``load`` turns that into words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str = Field("sqlite:///message-center.db", description="SQLAlchemy URL of the database.")
    host: str = Field("127.0.0.1", description="Address to listen on; loopback only until logins have passwords.")
    port: int = Field(5006, ge=0, le=65535, description="TCP port to listen on; 0 takes a free one.")
    region: str = Field("US", description='Country of numbers without "+", ISO 3166.')
    numbers: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (), description="Our numbers, separated by commas; the first is used where none is named."
    )
    provider: str | None = Field(None, description=f"Phone company: {', '.join(PROVIDERS)}; unset: nothing is sent.")
    alert_fallback: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (), description="Names of those who are alerted to a text from a client or lead to whom nobody ever wrote."
    )
    hook_secret: SecretStr | None = Field(
        None, description="What the simulated provider's posts carry as X-Secret; its doors are shut without."
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs cookies and sessions; made and kept beside an SQLite file where unset."
    )

    @field_validator("region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        if value not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError(f"“{value[:20]}” is no country with telephone numbers: write US, CA or GB, as in ISO 3166")
        return value

    @field_validator("provider")
    @classmethod
    def _known_provider(cls, value: str | None) -> str | None:
        if value and value not in PROVIDERS:
            raise ValueError(f"“{value}” is no provider there is; choose one of: {', '.join(PROVIDERS)}")
        return value or None

    @field_validator("host")
    @classmethod
    def _loopback(cls, value: str) -> str:
        if value not in LOOPBACK:
            raise ValueError(f"“{value}” would let others in, and logins have no passwords yet: use 127.0.0.1")
        return value

    def our_numbers(self) -> tuple[str, ...]:
        """Our numbers, normalised. Raises SettingError for what is none."""
        try:
            return tuple(normalise(number, self.region) for number in self.numbers)
        except AddressError as error:
            raise SettingError(f"{PREFIX}NUMBERS: {error}") from None


def load(environment: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """The settings from the environment, overridden by what the command line gives.

    Raises SettingError: one line that names each bad setting.
    """
    _known_only(environment)
    values: dict[str, Any] = _from(environment) | _from_files(environment)
    values |= {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingError("; ".join(_line(fault) for fault in error.errors())) from None


def signing_key(settings: Settings, beside: Path | None) -> str:
    """The key that signs cookies: the setting, or one made once and kept in a 0600 file beside the SQLite file."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    if beside is None:
        raise SettingError(f"{PREFIX}SECRET_KEY: set it to a long random text; on PostgreSQL there is no file for it.")
    file = beside.with_name(f"{beside.name}.key")
    if not file.exists():
        _make_key(file)
    key = file.read_text(encoding="ascii").strip()
    if len(key) < KEY_LENGTH:
        raise SettingError(f"{file} holds no key of {KEY_LENGTH} characters: delete it, and a new one is made.")
    return key


def _make_key(file: Path) -> None:
    """Whole or not at all, and the first of several processes wins."""
    handle, name = tempfile.mkstemp(dir=file.parent)  # 0600
    temporary = Path(name)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        file.hardlink_to(temporary)
    temporary.unlink()


def _known_only(environment: Mapping[str, str]) -> None:
    """A misspelt name would be a setting that silently does nothing."""
    known = [name.upper() for name in Settings.model_fields] + [f"{name.upper()}_FILE" for name in SECRET]
    given = sorted(name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX))
    unknown = [
        f"{PREFIX}{name}: there is no such setting{_nearest(name, known)}" for name in given if name not in known
    ]
    if unknown:
        raise SettingError(" ".join(unknown))


def _nearest(name: str, known: list[str]) -> str:
    alike = [there for there in known if there.endswith("_FILE") == name.endswith("_FILE")]
    near = get_close_matches(name, alike, n=1)
    return f"; did you mean {PREFIX}{near[0]}?" if near else f"; after {PREFIX} comes one of {', '.join(known)}."


def _from(environment: Mapping[str, str]) -> dict[str, str]:
    names = ((name, PREFIX + name.upper()) for name in Settings.model_fields)
    return {name: environment[variable] for name, variable in names if variable in environment}


def _from_files(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _read(PREFIX + name.upper() + "_FILE", environment[PREFIX + name.upper() + "_FILE"])
        for name in SECRET
        if PREFIX + name.upper() + "_FILE" in environment
    }


def _read(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}: cannot read {path} ({error}).") from None


def _line(fault: Any) -> str:
    name = str(fault["loc"][0]) if fault["loc"] else "settings"
    option = f" (--{name})" if name in OPTIONS else ""
    return f"{PREFIX}{name.upper()}{option}: {fault['msg'].removeprefix('Value error, ')}."
