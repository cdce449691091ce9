"""A component in a cell: words where it would stay blank, and its styles with it where no server brings them."""

from types import SimpleNamespace

import panel as pn
import pytest
from bokeh.document import Document
from bokeh.models import ImportedStyleSheet, UIElement

from dashboard.ui import component
from dashboard.ui.component import BLANK, FIRST
from dashboard.ui.conversation import Conversation
from dashboard.ui.thread_list import ThreadList


@pytest.fixture
def shown(monkeypatch):
    """How the cell shows it, after ``pn.extension`` or without."""

    def shown(loaded, inline=False, version="1.9.4"):
        monkeypatch.setattr(pn.extension, "_loaded", loaded)
        monkeypatch.setattr(component, "__version__", version)
        monkeypatch.setattr(pn.config, "console_output", "disable")  # it would need IPython
        monkeypatch.setenv("PANEL_INLINE", str(inline).lower())
        bundle, _ = ThreadList(lambda _: None)._repr_mimebundle_()
        return bundle

    return shown


def test_without_the_extension_the_cell_says_what_to_run(shown):
    assert shown(loaded=False)["text/plain"] == FIRST
    assert "pn.extension(inline=True)" in FIRST


def test_with_scripts_from_a_cdn_it_warns_that_offline_the_cell_stays_blank(shown):
    with pytest.warns(UserWarning, match="without internet this cell stays blank") as warned:
        assert "text/html" in shown(loaded=True)
    assert [str(warning.message) for warning in warned] == [BLANK]


@pytest.mark.parametrize(("inline", "version"), [(True, "1.9.4"), (False, "1.10.0"), (False, "1.10.1rc1")])
def test_where_it_works_offline_nothing_is_said(shown, inline, version):
    assert "text/html" in shown(loaded=True, inline=inline, version=version)


def test_a_view_that_no_server_serves_asks_nobody_for_styles():
    root = ThreadList(lambda _: None).get_root(Document())
    styles = [style for model in root.select({"type": UIElement}) for style in model.stylesheets]
    assert styles
    assert [style.url for style in styles if isinstance(style, ImportedStyleSheet)] == []


def test_a_browser_runs_a_script_as_it_is_and_knows_it_by_its_words():
    """Without a name it compiles it first, as TypeScript; with one name for two scripts it would run one for both."""
    of_list, again, of_conversation = (
        shown.get_root(Document())
        for shown in (ThreadList(lambda _: None), ThreadList(lambda _: None), Conversation(print))
    )
    assert of_list.esm == again.esm != of_conversation.esm
    assert of_list.bundle == again.bundle != of_conversation.bundle
    assert of_list.bundle not in {None, "url"}


def test_a_connection_is_spoken_to_when_its_page_has_the_document(monkeypatch):
    """What a page says last on one connection may be heard when it has begun another, which knows nothing yet."""
    component.mend_connections()
    begun, whole = a_connection(), a_connection(has_document=True)
    shown = ThreadList(lambda _: None)
    monkeypatch.setattr(shown, "_sessions", lambda: [SimpleNamespace(_subscribed_connections={begun, whole})])
    shown._handle_msg({"op": "ready"})
    assert set(shown._admitted) == set(), "not before everything that it is to be shown is at hand"
    shown.admit()
    assert set(shown._admitted) == {whole}


def a_connection(**noted):
    class Connection:
        pass

    connection = Connection()
    vars(connection).update(noted)
    return connection
