"""Passwords: what one has to be, its hash, and whether a word is it. A hash takes some 20 MB and 50 ms, on purpose."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboard.core.errors import Refused

SHORTEST, LONGEST = 8, 1024  # characters; NIST SP 800-63B 5.1.1.2 asks for 8, and for no rules of what they are
# Argon2id with 19 MiB and two passes: the least that OWASP's cheat sheet on password storage has.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODYS = HASHER.hash("what is tried for a name that there is not, so that it takes as long")


def hashed(password: str) -> str:
    """The hash that is kept of a password. Raises Refused, in words, for one that cannot be used."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"A password has {SHORTEST} to {LONGEST:,} characters; this one has {len(password):,}.")
    return HASHER.hash(password.encode("utf-8", "surrogatepass"))


def fits(password: str, hash: str | None) -> bool:
    """Whether it is the password of a hash; for None, nobody's, it takes as long and is not."""
    try:
        right = HASHER.verify(hash or NOBODYS, password[:LONGEST].encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return right and bool(hash)
