"""The pages: our own template around one Message Center, or a page of settings, opened for the person who asks."""

from collections.abc import Callable
from typing import Any

import panel as pn
from jinja2 import Template
from panel.io.resources import _env

from dashboard.core.errors import Forbidden
from dashboard.core.rights import ACTIVITY_PAGE, ADD_ONS_PAGE, DISABLED, DOCUMENTS_PAGE, INBOX, PAGES, ROLES_PAGE, Page
from dashboard.core.values import Visit
from dashboard.live.activity import ActivityScreen
from dashboard.live.add_ons import AddOnsScreen
from dashboard.live.documents import DocumentsScreen
from dashboard.live.live import Live
from dashboard.live.roles import RolesScreen
from dashboard.live.settings_page import SettingsScreen
from dashboard.store import people
from dashboard.ui.activity import Activity
from dashboard.ui.add_ons import AddOns
from dashboard.ui.component import Component, source
from dashboard.ui.documents import Documents
from dashboard.ui.message_center import MessageCenter
from dashboard.ui.navigation import grouped
from dashboard.ui.roles import Roles
from dashboard.ui.session import FAILURES, PERSON, SESSION
from dashboard.ui.settings_page import SettingsPage


def page(live: Live, address: str) -> Any:
    """The application factory of a page of PAGES."""

    def factory() -> None:
        document: Any = pn.state.curdoc
        try:
            _build(live, document, PAGES[address])
        except Exception as error:  # Panel would show its trace to whoever asked
            FAILURES[document] = error

    return factory


def _build(live: Live, document: Any, page: Page) -> None:
    visit = _visit(live, document.session_context.token_payload)
    component = MADE[page.address](live, visit)
    document.template = _template()
    document.template_variables.update(
        # Without it a document that is not made by the page's own request asks a CDN for its styles.
        dist_url="static/extensions/panel/",
        page_styles=STYLES,
        nonce=getattr(document.session_context.request, "nonce", ""),
        person=visit.person.name,
        person_id=visit.person.id,
        here=page.name,
        groups=grouped(visit.person.rights),
    )
    component.server_doc(document, title=page.name, location=False)


def _inbox(live: Live, visit: Visit) -> Component:
    center = MessageCenter(
        live, user=visit.person, session=visit.session, addressed=True, sizing_mode="stretch_both", name="inbox"
    )
    live.attach(center.screen)
    center.look({key: values[-1].decode("utf-8", "replace") for key, values in pn.state.session_args.items()})
    return center


def _settings(component: type[SettingsPage], screen: type[SettingsScreen]) -> Callable[[Live, Visit], Component]:
    def make(live: Live, visit: Visit) -> Component:
        drawn = live.settings_screen(screen, visit.person, visit.session)
        return component(live, drawn, sizing_mode="stretch_both", name=component.__name__.lower())

    return make


MADE: dict[str, Callable[[Live, Visit], Component]] = {
    INBOX: _inbox,
    ROLES_PAGE: _settings(Roles, RolesScreen),
    DOCUMENTS_PAGE: _settings(Documents, DocumentsScreen),
    ADD_ONS_PAGE: _settings(AddOns, AddOnsScreen),
    ACTIVITY_PAGE: _settings(Activity, ActivityScreen),
}


def _visit(live: Live, said: dict[str, Any]) -> Visit:
    """Who the page is for, as its signed token says. Raises Forbidden for whoever may not be here by now."""
    with live.store.reading() as connection:
        person = people.person(connection, int(said[PERSON]))
    if person is None:
        raise Forbidden(DISABLED)
    return Visit(person, int(said[SESSION]))


STYLES = source("tokens.css") + source("page.css")
_made: list[Template] = []


def _template() -> Template:
    if not _made:
        _made.append(_env.from_string(source("page.html")))
    return _made[0]
