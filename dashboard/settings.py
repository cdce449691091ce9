"""Every setting, documented: MESSAGE_CENTER_<NAME> in the environment, and NAME_FILE for what is secret."""

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, get_args
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)  # fmt: skip
from pydantic.fields import FieldInfo

from dashboard import logs
from dashboard.core.addresses import known_region, normalise
from dashboard.core.errors import AddressError, SettingError
from dashboard.core.zones import known_zone
from dashboard.providers import PROVIDERS, Options
from dashboard.store.database import parsed

PREFIX = "MESSAGE_CENTER_"
OPTIONS = ("database", "host", "port")  # of the command line
NESTED = "options"  # is no setting of its own, but holds the chosen provider's
GUESSABLE = 16  # characters of a secret below which it can be guessed
KEY_LENGTH = 32  # characters of a signing key at least
LOOPBACK = ("127.0.0.1", "localhost")
SCHEMES = {"http": 80, "https": 443}  # and their usual ports, which browsers leave out
OURSELVES = ("127.0.0.1", "::1")  # where a proxy connects from that runs on this machine


class BadSettings(SettingError):  # noqa: N818 - it reads as what they are
    """Settings that cannot be used, each in a line of its own in ``lines``."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def _listed(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Settings(BaseModel):
    """What can be set. Raises pydantic's ValidationError; ``load`` turns that into words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str = Field("sqlite:///message-center.db", repr=False, description="SQLAlchemy URL of the database.")
    url: str | None = Field(
        None, description="Address that people use, such as https://texts.example.com; unset: this machine only."
    )
    host: str = Field("127.0.0.1", description="Address to listen on; another than loopback only where url is set.")
    port: int = Field(5006, ge=0, le=65535, description="TCP port to listen on; 0 takes a free one.")
    proxies: Annotated[tuple[str, ...] | None, BeforeValidator(_listed)] = Field(
        None,
        description="Addresses or networks of the proxies in front, separated by commas, whose X-Forwarded-For is "
        "believed; unset: this machine's own where url is set, else none.",
    )
    rate_limit: int = Field(
        600, ge=0, le=1_000_000, description="Refused requests without a session, per minute and address; 0: no limit."
    )
    region: str = Field("US", description='Country of numbers without "+", ISO 3166.')
    zone: str | None = Field(
        None,
        description="Time zone of the days that customers are told of, and of a CSV file's times, by its IANA name, such as "
        "America/New_York; unset: this machine's own.",
    )
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
    metrics_secret: SecretStr | None = Field(
        None,
        description="What /metrics asks for as a bearer token; unset: only this machine is told, and nobody where url "
        "is set.",
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs cookies and sessions; made and kept beside an SQLite file where unset."
    )

    options: Options | None = Field(
        None, repr=False, description="What the chosen provider needs to know, each a setting after the provider's key."
    )

    @field_validator("database")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            parsed(value)
        except SettingError as error:
            raise ValueError(str(error).removeprefix("database: ")) from None
        return value

    @field_validator("url")
    @classmethod
    def _origin(cls, value: str | None) -> str | None:
        """As browsers write an origin: lower case, without the scheme's own port."""
        try:
            return _origin_of(urlsplit(value.strip())) if value and value.strip() else None
        except ValueError:  # as of a port that is none, or a label of 64 letters
            raise ValueError(
                "this is no address that people could open; write a scheme, a name, and a port where it is not the "
                "usual one: https://texts.example.com"
            ) from None

    @field_validator("region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        try:
            return known_region(value)
        except SettingError as error:
            raise ValueError(str(error)) from None

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        try:
            return known_zone(value).key if value else None
        except SettingError as error:
            raise ValueError(str(error)) from None

    @field_validator("numbers")
    @classmethod
    def _numbers(cls, value: tuple[str, ...], known: ValidationInfo) -> tuple[str, ...]:
        for number in value if "region" in known.data else ():
            try:
                normalise(number, known.data["region"])
            except AddressError as error:
                raise ValueError(str(error)) from None
        return value

    @field_validator("provider")
    @classmethod
    def _known_provider(cls, value: str | None) -> str | None:
        if value and value not in PROVIDERS:
            raise ValueError(f"“{value}” is no provider there is; choose one of: {', '.join(PROVIDERS)}")
        return value or None

    @field_validator("host")
    @classmethod
    def _reachable(cls, value: str, known: ValidationInfo) -> str:
        if value in LOOPBACK or "url" not in known.data:  # a bad url is told by itself
            return value
        if known.data["url"] is None:
            raise ValueError(
                f"“{value}” would let others in, by plain HTTP: use 127.0.0.1, or put a proxy with a certificate in "
                f"front and set {PREFIX}URL to the address that people use"
            )
        try:
            return str(ip_address(value))
        except ValueError:
            raise ValueError(f"“{value[:50]}” is no address to listen on: write 127.0.0.1, 0.0.0.0 or ::") from None

    @field_validator("proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for proxy in value or ():
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                raise ValueError(f"“{proxy[:50]}” is no address or network: write 10.0.0.7 or 10.0.0.0/24") from None
        return value

    @field_validator("metrics_secret")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value) < GUESSABLE:
            raise ValueError(
                f"it has {len(value)} characters, and could be guessed: give {GUESSABLE} random ones or more"
            )
        return value or None

    @field_validator("secret_key")
    @classmethod
    def _long(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value) < KEY_LENGTH:
            raise ValueError(
                f"it has {len(value)} characters, and could be guessed: give {KEY_LENGTH} random ones or more"
            )
        return value or None

    @property
    def is_secure(self) -> bool:
        """Whether people come by https: cookies are then for https only."""
        return self.url is not None and self.url.startswith("https:")

    def trusted(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks whose word is taken for who a request comes from."""
        usual = OURSELVES if self.url else ()
        return tuple(ip_network(proxy, strict=False) for proxy in (usual if self.proxies is None else self.proxies))

    @property
    def wall(self) -> ZoneInfo | None:
        """The zone of the clock on the wall, None for this machine's own."""
        return ZoneInfo(self.zone) if self.zone else None

    @property
    def origin(self) -> str:
        """Where we are for a phone company: at the address that people use, or on this machine only."""
        return self.url or f"http://127.0.0.1:{self.port}"

    def hidden(self) -> tuple[str, ...]:
        """What may stand in no line of a log."""
        theirs = vars(self.options).values() if self.options else ()
        held = (self.hook_secret, self.metrics_secret, self.secret_key, *theirs)
        return tuple(value.get_secret_value() for value in held if isinstance(value, SecretStr))

    def our_numbers(self) -> tuple[str, ...]:
        """Our numbers, normalised."""
        return tuple(normalise(number, self.region) for number in self.numbers)


def everything() -> dict[str, FieldInfo]:
    """Every setting there is by its name: ours, and what each provider needs to know, after the provider's key."""
    ours = {name: field for name, field in Settings.model_fields.items() if name != NESTED}
    theirs = {
        f"{key}_{name}": field
        for key, provider in PROVIDERS.items()
        for name, field in provider.settings.model_fields.items()
    }
    return ours | theirs


def secret() -> tuple[str, ...]:
    """The names of the settings that can be read from the file that <NAME>_FILE names."""
    return tuple(name for name, field in everything().items() if name == "database" or _is_secret(field))


def load(environment: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """The settings from the environment, overridden by what the command line gives; no log has their secrets from now on.

    Raises BadSettings: a line for each, which names it and says what to do.
    """
    _known_only(environment)
    values: dict[str, Any] = _from(environment) | _from_files(environment)
    values |= {name: value for name, value in given.items() if value is not None}
    theirs = {name: values.pop(name) for name in list(values) if name not in Settings.model_fields}
    faults: list[str] = []
    options = _options(values.get("provider") or None, theirs, faults)
    try:
        settings = Settings(**values, options=options)
    except ValidationError as error:
        faults = [_line(fault) for fault in error.errors()] + faults
    if faults:
        raise BadSettings(faults)
    logs.hide(settings.hidden())
    return settings


def _options(chosen: str | None, values: dict[str, Any], faults: list[str]) -> Options | None:
    """What the chosen provider is to know. What is wrong with anybody's goes to ``faults``."""
    made = {}
    for key, provider in PROVIDERS.items():
        start = f"{key}_"
        own = {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}
        if key == chosen or own:
            try:
                made[key] = provider.settings(**own)
            except ValidationError as error:
                found = error.errors()
                # Of who is not chosen only what is there can be wrong.
                faults += [_line(fault, start) for fault in found if key == chosen or fault["type"] != "missing"]
    return made.get(chosen or "")


def _is_secret(field: FieldInfo) -> bool:
    return SecretStr in (field.annotation, *get_args(field.annotation))


def key_file(beside: Path) -> Path:
    """Where the signing key of an SQLite file's message center is kept."""
    return beside.with_name(f"{beside.name}.key")


def signing_key(settings: Settings, beside: Path | None) -> str:
    """The key that signs cookies: the setting, or one made once and kept in a 0600 file beside the SQLite file."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    if beside is None:
        raise SettingError(f"{PREFIX}SECRET_KEY: set it to a long random text; on PostgreSQL there is no file for it.")
    file = key_file(beside)
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
    known = [name.upper() for name in everything()] + [f"{name.upper()}_FILE" for name in secret()]
    given = sorted(name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX))
    unknown = [
        f"{PREFIX}{name}: there is no such setting{_nearest(name, known)}" for name in given if name not in known
    ]
    if unknown:
        raise BadSettings(unknown)


def _nearest(name: str, known: list[str]) -> str:
    alike = [there for there in known if there.endswith("_FILE") == name.endswith("_FILE")]
    near = get_close_matches(name, alike, n=1)
    return f"; did you mean {PREFIX}{near[0]}?" if near else f"; after {PREFIX} comes one of {', '.join(known)}."


def _from(environment: Mapping[str, str]) -> dict[str, str]:
    names = ((name, PREFIX + name.upper()) for name in everything())
    return {name: environment[variable] for name, variable in names if variable in environment}


def secret_files(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The paths of the files that secrets come from, by the names of the settings."""
    names = ((name, f"{PREFIX}{name.upper()}_FILE") for name in secret())
    return {name: environment[variable] for name, variable in names if variable in environment}


def _from_files(environment: Mapping[str, str]) -> dict[str, str]:
    files = secret_files(environment)
    twice = [PREFIX + name.upper() for name in files if PREFIX + name.upper() in environment]
    if twice:
        raise BadSettings([f"{name}: it is set, and so is {name}_FILE: take one of them away." for name in twice])
    return {name: _read(f"{PREFIX}{name.upper()}_FILE", path) for name, path in files.items()}


def _read(name: str, path: str) -> str:
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings([f"{name}: cannot read {path} ({_reason(error)})."]) from None
    if not content:
        raise BadSettings([f"{name}: {path} is empty: write the secret into it."])
    return content


def _reason(error: OSError | UnicodeDecodeError) -> str:
    """Without the bytes of a secret."""
    return str(error.strerror) if isinstance(error, OSError) else "it is no text in UTF-8"


def _origin_of(parts: SplitResult) -> str:
    """Raises ValueError for what is more, or less, than an origin."""
    name = (parts.hostname or "").encode("idna").decode("ascii")
    extra = parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in SCHEMES or not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name) or extra:
        raise ValueError(parts.scheme)
    port = parts.port
    return f"{parts.scheme}://{name}" + (f":{port}" if port and port != SCHEMES[parts.scheme] else "")


def _line(fault: Any, start: str = "") -> str:
    name = start + str(fault["loc"][0]) if fault["loc"] else "settings"
    option = f" (--{name})" if name in OPTIONS else ""
    words = fault["msg"].removeprefix("Value error, ").rstrip(".")
    if fault["type"] == "missing":
        what = everything()[name].description or ""
        words = f"it is missing, and {start.rstrip('_')} cannot be asked without it: {what[:1].lower()}{what[1:].rstrip('.')}"
    return f"{PREFIX}{name.upper()}{option}: {words}."
