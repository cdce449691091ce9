"""What a machine can check about the code itself: layers, documentation, tests that mirror sources, no foreign address."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import param
import pytest

import dashboard
from dashboard.settings import Settings
from tests.conftest import FOLDERS

ROOT = Path(__file__).parents[1]
SOURCES = sorted(file for file in (ROOT / "dashboard").rglob("*.py") if "migrations" not in file.parts)
BELOW_UI = [file for file in SOURCES if file.name != "__init__.py" and file.parts[-2] != "ui"]
WEB = [file for kind in ("js", "css", "html") for file in sorted((ROOT / "dashboard").rglob(f"*.{kind}"))]

# Sources without a test file of their own, each with the reason.
TESTED_ELSEWHERE = {
    "app.py": "started for real in tests/doors and test_main.py, and in every browser test",
    "demonstration.py": "the commands demo and seed, in test_main.py",
    "core/errors.py": "names only: each is raised in the tests of who raises it",
    "core/filters.py": "two tables, tested through the view in core/test_views.py and store/test_threads.py",
    "core/tables.py": "compared with the migrations in store/test_schema.py",
    "core/values.py": "frozen values without behaviour",
    "store/listener.py": "on a real PostgreSQL, in tests/postgres/test_waking.py and test_outage.py",
    "store/postgres.py": "on a real PostgreSQL, in tests/postgres",
    "store/archive.py": "written in store/test_backup.py, read, whole and damaged, in store/test_restore.py",
    "store/programs.py": "on a real PostgreSQL, in store/test_backup.py and test_restore.py with --engine postgresql",
    "store/storing.py": "what is noted there, and who is told, in live/test_storing.py",
    "actions/storing.py": "a write of what stands there already, made in live/test_storing.py",
    "store/outbox.py": "what actions/test_outbox.py and live/test_outbox.py ask",
    "actions/states.py": "how a text moves, in actions/test_outbox.py, test_messages.py and test_failures.py",
    "store/numbers.py": "one query, asked by live/shared.py in live/test_shared.py",
    "store/picture_process.py": "asked by store/pictures.py, its only caller, in store/test_pictures.py",
    "store/people.py": "read in actions/test_people.py",
    "store/rights.py": "the check that the whole matrix in test_rights.py asks",
    "store/logins.py": "read in actions/test_logins.py",
    "live/settings_page.py": "the ground of the screens of settings, in live/test_documents.py",
    "store/drafts.py": "one query, asked in actions/test_drafts.py",
    "store/presence.py": "two queries, asked in actions/test_presence.py",
    "store/preferences.py": "one query, asked in actions/test_preferences.py",
    "store/search.py": "the searches of threads and of people, in store/test_threads.py and store/test_accounts.py",
    "store/sqlite_build.py": "in store/test_database.py",
    "store/watch.py": "another process's writes in live/test_feed.py and live/test_outbox.py",
    "providers/provider.py": "an interface without code",
    "store/arrivals.py": "two queries, asked in live/test_catching_up.py",
    "actions/contacts.py": "in actions/test_accounts.py",
    "actions/records.py": "in actions/test_accounts.py and test_resources.py, its only callers",
    "actions/correspondents.py": "in actions/test_people.py and test_messages.py, its only callers",
    "actions/numbers.py": "in actions/test_messages.py",
    "live/counts.py": "plain numbers, told in doors/test_metrics.py",
    "live/viewer.py": "an interface without code",
    "live/acting.py": "the ground of the screens, in live/test_screen.py and live/test_documents.py",
    "live/writing.py": "a part of the screen, in live/test_screen.py",
    "live/live.py": "runs in live/test_feed.py and live/test_outbox.py",
    "live/ticker.py": "drives live/test_feed.py and live/test_outbox.py",
    "doors/door.py": "the base of every door in tests/doors",
}


def test_every_test_in_a_folder_of_its_own_has_a_marker():
    """Plain ``pytest`` does not read these folders (tests/conftest.py)."""
    files = [file for folder in FOLDERS for file in (ROOT / "tests" / folder).rglob("test_*.py")]
    assert {file.relative_to(ROOT / "tests").parts[0] for file in files} == set(FOLDERS)
    marks = [
        re.findall(r"^pytestmark = pytest\.mark\.(\w+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        for file in files
    ]
    assert [file.name for file, mark in zip(files, marks, strict=True) if not set(mark) & set(FOLDERS)] == []


def name(file):
    return file.relative_to(ROOT / "dashboard").as_posix()


def test_imports_go_down_only():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("file", BELOW_UI, ids=name)
def test_tests_mirror_sources(file):
    path = file.relative_to(ROOT / "dashboard")
    test = ROOT / "tests" / path.with_name(f"test_{path.stem.strip('_')}.py")
    assert test.exists() != (path.as_posix() in TESTED_ELSEWHERE), f"{test} is missing, or need not be listed"


def test_what_needs_more_than_plain_pytest_is_where_ci_looks_for_it():
    """It reads one folder for each marker, not all tests: a marked test elsewhere would never run. Only for the long
    counts it reads them all: each may stand beside its short one."""
    marker = re.compile(r"mark\.(browser|postgres|notebook|gateway|proof|bench)\b")
    tests = ROOT / "tests"
    found = {(mark, file) for file in tests.rglob("*.py") for mark in marker.findall(file.read_text(encoding="utf-8"))}
    elsewhere = {
        file.relative_to(tests).as_posix() for mark, file in found if file.parent != tests / mark and mark != "proof"
    }
    assert {mark for mark, _ in found} == {"browser", "postgres", "notebook", "gateway", "proof", "bench"}
    assert elsewhere == {"browser/test_trouble.py"}


def test_nothing_is_excused_that_there_is_not():
    assert set(TESTED_ELSEWHERE) <= {name(file) for file in BELOW_UI}


def public(tree):
    """The public functions and classes of a module, and the public methods of those classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("file", SOURCES, ids=name)
def test_modules_and_what_is_public_in_them_are_documented(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module opens with a sentence"
    assert [node.name for node in public(tree) if not ast.get_docstring(node)] == []


def parameterized():
    for module in pkgutil.walk_packages(dashboard.__path__, "dashboard."):
        if "migrations" in module.name or module.name.endswith("__main__"):
            continue
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, param.Parameterized) and kind.__module__ == module.name:
                yield kind


def test_every_param_of_ours_is_documented():
    kinds = list(parameterized())
    assert {"Screen", "MessageCenter"} <= {kind.__name__ for kind in kinds}
    own = [(kind, key) for kind in kinds for key in vars(kind) if isinstance(vars(kind)[key], param.Parameter)]
    assert own
    assert [f"{kind.__name__}.{key}" for kind, key in own if not (vars(kind)[key].doc or "").strip()] == []


def test_every_setting_is_documented():
    assert [key for key, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("file", WEB, ids=name)
def test_a_page_loads_nothing_from_elsewhere(file):
    """No address of another host; an XML name space is a name and loads nothing."""
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://\S*|url\(\s*['\"]?//\S*|@import", text) == []


@pytest.mark.parametrize("file", [file for file in WEB if file.suffix == ".js"], ids=name)
def test_text_never_becomes_markup(file):
    dangerous = r"\.(innerHTML|outerHTML)\b|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert re.findall(dangerous, file.read_text(encoding="utf-8")) == []
