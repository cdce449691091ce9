"""The page: our own template around one Message Center, opened for the person who asks."""

from typing import Any

import panel as pn
from bokeh.application.handlers.handler import Handler
from bokeh.document import Document
from jinja2 import Template
from panel.io.resources import _env

from dashboard.core.values import Person
from dashboard.live.live import Live
from dashboard.store import people
from dashboard.ui.component import source
from dashboard.ui.message_center import MessageCenter

PERSON = "person"  # the key of the person's id in a session's signed token


class WhoAsks(Handler):
    """Puts the id of the person who asks into the session's signed token, for the page to open for that person."""

    def __init__(self, person_of: Any) -> None:
        super().__init__()
        self.person_of = person_of

    def modify_document(self, doc: Document) -> None:
        """The page is made by Panel's handler."""

    def process_request(self, request: Any) -> dict[str, Any]:
        person = self.person_of(request)
        return {PERSON: person.id if person else None}


def inbox(live: Live) -> Any:
    """The application factory of the inbox page."""

    def factory() -> MessageCenter:
        document: Any = pn.state.curdoc
        person = _person(live, document.session_context.token_payload.get(PERSON))
        center = MessageCenter(live, user=person, addressed=True, sizing_mode="stretch_both", name="inbox")
        center.look({key: values[-1].decode("utf-8", "replace") for key, values in pn.state.session_args.items()})
        document.template = _template()
        document.title = "Message Center"
        document.template_variables.update(
            # Without it a document that is not made by the page's own request asks a CDN for its styles.
            dist_url="static/extensions/panel/",
            page_styles=STYLES,
            person=person.name if person else "",
        )
        return center

    return factory


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
