"""Phone companies behind one interface: each translates, none decides. PROVIDERS drives settings, doors and tests."""

from dashboard.providers.provider import Here, Hook, Options, Provider
from dashboard.providers.simulated import Simulated
from dashboard.providers.twilio import Twilio

PROVIDERS: dict[str, type[Provider]] = {Simulated.key: Simulated, Twilio.key: Twilio}

__all__ = ["PROVIDERS", "Here", "Hook", "Options", "Provider", "Simulated", "Twilio"]
