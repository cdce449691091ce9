"""The page: our own template around one Message Center, opened for the person who asks."""

from typing import Any

import panel as pn
from jinja2 import Template
from panel.io.resources import _env

from dashboard.core.values import Person
from dashboard.live.live import Live
from dashboard.store import people
from dashboard.ui.component import source
from dashboard.ui.message_center import MessageCenter
from dashboard.ui.session import FAILURES, PERSON


def inbox(live: Live) -> Any:
    """The application factory of the inbox page."""

    def factory() -> None:
        document: Any = pn.state.curdoc
        try:
            _build(live, document)
        except Exception as error:  # Panel would show its trace to whoever asked
            FAILURES[document] = error

    return factory


def _build(live: Live, document: Any) -> None:
    person = _person(live, document.session_context.token_payload.get(PERSON))
    center = MessageCenter(live, user=person, addressed=True, sizing_mode="stretch_both", name="inbox")
    center.look({key: values[-1].decode("utf-8", "replace") for key, values in pn.state.session_args.items()})
    document.template = _template()
    document.template_variables.update(
        # Without it a document that is not made by the page's own request asks a CDN for its styles.
        dist_url="static/extensions/panel/",
        page_styles=STYLES,
        nonce=getattr(document.session_context.request, "nonce", ""),
        person=person.name if person else "",
    )
    center.server_doc(document, title="Message Center", location=False)


def _person(live: Live, resource: Any) -> Person | None:
    if not isinstance(resource, int):
        return None
    with live.store.reading() as connection:
        return people.person(connection, resource)


STYLES = source("tokens.css") + source("page.css")
_made: list[Template] = []


def _template() -> Template:
    if not _made:
        _made.append(_env.from_string(source("page.html")))
    return _made[0]
