"""The pages: our own template around one Message Center, or the text documents, opened for the person who asks."""

from collections.abc import Callable
from typing import Any

import panel as pn
from jinja2 import Template
from panel.io.resources import _env

from dashboard.core.values import Person
from dashboard.live.live import Live
from dashboard.store import people
from dashboard.ui.component import Component, source
from dashboard.ui.documents import Documents
from dashboard.ui.message_center import MessageCenter
from dashboard.ui.session import FAILURES, PERSON


def inbox(live: Live) -> Any:
    """The application factory of the inbox page."""
    return _factory(live, "Message Center", _inbox)


def text_documents(live: Live) -> Any:
    """The application factory of Settings > Documents."""
    return _factory(live, "Documents", _documents)


def _factory(live: Live, title: str, make: Callable[[Live, Person | None], Component]) -> Any:
    def factory() -> None:
        document: Any = pn.state.curdoc
        try:
            _build(live, document, title, make)
        except Exception as error:  # Panel would show its trace to whoever asked
            FAILURES[document] = error

    return factory


def _build(live: Live, document: Any, title: str, make: Callable[[Live, Person | None], Component]) -> None:
    person = _person(live, document.session_context.token_payload.get(PERSON))
    component = make(live, person)
    document.template = _template()
    document.template_variables.update(
        # Without it a document that is not made by the page's own request asks a CDN for its styles.
        dist_url="static/extensions/panel/",
        page_styles=STYLES,
        nonce=getattr(document.session_context.request, "nonce", ""),
        person=person.name if person else "",
        here=title,
    )
    component.server_doc(document, title=title, location=False)


def _inbox(live: Live, person: Person | None) -> Component:
    center = MessageCenter(live, user=person, addressed=True, sizing_mode="stretch_both", name="inbox")
    center.look({key: values[-1].decode("utf-8", "replace") for key, values in pn.state.session_args.items()})
    return center


def _documents(live: Live, person: Person | None) -> Component:
    return Documents(live, user=person, sizing_mode="stretch_both", name="documents")


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
