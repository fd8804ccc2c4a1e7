"""What opens a door by being known: too random to be guessed, and stored only as what it hashes to."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, in letters that stand in an address as they are."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Being long and random it needs no slow hash, as a password does."""
    return hashlib.sha256(token.encode()).hexdigest()
