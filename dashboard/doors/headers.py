"""The headers that every answer carries: what a browser may do with it, and nothing about what serves it."""

import secrets
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler, StaticFileHandler

from dashboard.doors.site import Site

# What a page of ours may load and where it may talk to. Scripts run from our files, from the blobs that Panel makes of
# our modules, and where they carry the answer's nonce; styles are written by Bokeh's components as they go.
POLICY = (
    "default-src 'none'",
    "script-src 'self' blob: 'nonce-{nonce}'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self' blob: {sockets}",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SECURE = "max-age=31536000"  # seconds, a year: RFC 6797 6.1; not for sub-domains, which may be others'


def put_on(handler: RequestHandler, site: Site) -> None:
    """Set our headers on a handler's answer, before the handler sets its own."""
    for name, value in ALWAYS.items():
        handler.set_header(name, value)
    handler.set_header("Content-Security-Policy", _policy(handler.request, site))
    if site.is_secure:
        handler.set_header("Strict-Transport-Security", SECURE)
    # A file of Bokeh's or Panel's is asked for again only to hear that it is the same; all else may hold data.
    handler.set_header("Cache-Control", "no-cache" if isinstance(handler, StaticFileHandler) else "no-store")
    handler.clear_header("Server")  # names Tornado and its version


def nonce(request: Any) -> str:
    """The word, new for each request, by which a page's own scripts are known."""
    if not hasattr(request, "nonce"):
        request.nonce = secrets.token_urlsafe(16)
    return str(request.nonce)


def _policy(request: HTTPServerRequest, site: Site) -> str:
    # Some browsers do not take a websocket to the same host for 'self'.
    sockets = site.sockets(request.host)
    return "; ".join(POLICY).format(nonce=nonce(request), sockets=sockets).replace(" ;", ";")
