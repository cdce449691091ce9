"""A component in a cell: words where it would stay blank, and its styles with it where no server brings them."""

import panel as pn
import pytest
from bokeh.document import Document
from bokeh.models import ImportedStyleSheet, UIElement

from dashboard.ui import component
from dashboard.ui.component import BLANK, FIRST
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
