"""Twilio's API as its library asks it, over connections of ours: each request once, bounded, and nothing kept open."""

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from dashboard.providers import web

if TYPE_CHECKING:
    from twilio.rest import Client

    from dashboard.providers.twilio import Account

API = "https://api.twilio.com"
WRONG = 400  # statuses from here on say no


class Refusal(Exception):  # noqa: N818 - it reads as what it is
    """Twilio's no: the HTTP status, its own code where it gave one, and for how many seconds it wants to be left."""

    def __init__(self, status: int, code: int | None, wait: float) -> None:
        super().__init__(f"{status}, {code}")
        self.status, self.code, self.wait = status, code, wait


class Line:
    """One conversation with Twilio's API; what its library wants of an HTTP client."""

    def __init__(self, options: "Account", limits: web.Limits) -> None:
        self._options = options
        self._limits = limits

    @property
    def credentials(self) -> tuple[str, str]:
        """The API key and its secret, or the account and its token."""
        options = self._options
        if options.api_key and options.api_secret:
            return options.api_key, options.api_secret.get_secret_value()
        return options.account_sid, options.auth_token.get_secret_value()

    def client(self) -> "Client":
        """The library's client, imported on first use: half a second, which only who sends has to wait for."""
        from twilio.rest import Client

        user, password = self.credentials
        return Client(user, password, self._options.account_sid, http_client=self, environment=NOTHING)

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Any:
        """Ask once, and follow nothing. Raises Refusal for a no, the errors of ``web.ask`` for no answer."""
        from twilio.http.response import Response

        url = self._options.api_url + uri.removeprefix(API)
        if params:
            url += ("&" if "?" in url else "?") + urlencode(params, doseq=True)
        body = urlencode(data, doseq=True).encode() if data else None
        sent = {"Authorization": basic(auth or self.credentials), **(headers or {})}
        answer = web.ask(web.Call(method, url, sent, body), self._limits)
        if answer.status >= WRONG:
            raise _refusal(answer)
        return Response(answer.status, answer.body.decode("utf-8"), answer.headers)


NOTHING = {"": ""}  # an environment in which the library finds nothing that would lead it elsewhere


def basic(credentials: tuple[str, str]) -> str:
    """The header's value, RFC 7617."""
    return "Basic " + base64.b64encode(":".join(credentials).encode()).decode()


def _refusal(answer: web.Answer) -> Refusal:
    try:
        code = json.loads(answer.body).get("code")
    except (ValueError, AttributeError, RecursionError):
        code = None
    return Refusal(answer.status, code if isinstance(code, int) else None, _wait(answer))


def _wait(answer: web.Answer) -> float:
    said = answer.headers.get("retry-after", "")
    return min(float(said), 600.0) if said.isascii() and said.isdigit() else 0.0
