"""Message Center: one live inbox for a service business's text messages, and a notebook object.

``MessageCenter`` is loaded on first use, so that the command line, the doors and the tests of the
lower layers do not pay for importing Panel.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboard.ui.message_center import MessageCenter as MessageCenter

__all__ = ["MessageCenter", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "MessageCenter":
        from dashboard.ui.message_center import MessageCenter

        return MessageCenter
    raise AttributeError(f"module 'dashboard' has no attribute {name!r}")
