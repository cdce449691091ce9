"""Phone companies behind one interface: each translates, none decides. PROVIDERS drives settings, doors and tests."""

from dashboard.providers.kannel import Kannel
from dashboard.providers.provider import Here, Hook, Options, Provider
from dashboard.providers.simulated import Simulated
from dashboard.providers.twilio import Twilio

PROVIDERS: dict[str, type[Provider]] = {each.key: each for each in (Simulated, Twilio, Kannel)}

__all__ = ["PROVIDERS", "Here", "Hook", "Kannel", "Options", "Provider", "Simulated", "Twilio"]
