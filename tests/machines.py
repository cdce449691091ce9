"""State machines of Hypothesis, held over many examples that share one store, and whose faults are told soon."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import engine as hypothesis_engine
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from dashboard.store.database import Store
from tests.conftest import a_folder
from tests.engine import PostgreSQL, SQLite, made_new
from tests.factories import Clock

SHRINKING = 60  # seconds at most to find a shorter example of a fault, while somebody waits for it; by itself 300


class OnOneStore(RuleBasedStateMachine):
    """A machine whose examples begin with ``fresh``: the store that all of them share, as if it were new. It is migrated
    once, and keeps its compiled statements: a fifth of what an example costs."""

    fresh: Callable[[Clock], Store]


def hold(machine: type[OnOneStore], databases: SQLite | PostgreSQL, examples: int, steps: int) -> None:
    """Hold it over so many examples of so many random steps each. The steps to a fault are in what it raises."""
    with a_folder() as folder:
        store = Store(databases.ready(folder))
        try:
            _hold(_on(machine, databases, store), examples, steps)
        finally:
            store.close()


def _on(machine: type[OnOneStore], databases: SQLite | PostgreSQL, store: Store) -> type[OnOneStore]:
    """The machine, on this store."""
    return type(machine.__name__, (machine,), {"fresh": staticmethod(lambda clock: made_new(databases, store, clock))})


def _hold(machine: type[OnOneStore], examples: int, steps: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hypothesis_engine, "MAX_SHRINKING_SECONDS", SHRINKING)
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                phases=set(Phase) - {Phase.explain},  # which lines only a fault reaches: minutes for little
                report_multiple_bugs=False,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
