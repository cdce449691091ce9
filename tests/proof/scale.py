"""How much of the long counts to run: CI runs a twentieth, a person the whole."""

import os

SHARE = float(os.environ.get("PROOF_SHARE", "1"))


def scaled(count: int) -> int:
    """``count``, or the share of it that was asked for; at least one."""
    return max(1, round(count * SHARE))
