"""Phone companies behind one interface: each translates, none decides. PROVIDERS drives settings, doors and tests."""

from dashboard.providers.provider import Hook, Provider
from dashboard.providers.simulated import Simulated

PROVIDERS: dict[str, type[Provider]] = {Simulated.key: Simulated}

__all__ = ["PROVIDERS", "Hook", "Provider", "Simulated"]
