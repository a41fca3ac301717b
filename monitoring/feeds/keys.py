"""Keys of API clients: ``prefix.secret``. The prefix finds the client, the secret is stored hashed only."""

import hashlib
import hmac
import re
import secrets

PREFIX_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PREFIX_LENGTH = 8
SECRET_BYTES = 32
KEY = re.compile(r"([a-z0-9]{8})\.([A-Za-z0-9_-]{43})")


def make_key() -> tuple[str, str]:
    """(prefix, secret): eight letters without look-alikes, and 32 random bytes as 43 URL-safe characters."""
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _i in range(PREFIX_LENGTH))
    return prefix, secrets.token_urlsafe(SECRET_BYTES)


def split_key(key: str) -> tuple[str, str] | None:
    """(prefix, secret) of what looks like a key, else None."""
    match = KEY.fullmatch(key)
    return (match[1], match[2]) if match else None


def hash_secret(secret: str) -> bytes:
    """sha256. A slow hash guards guessable passwords; 256 random bits need none, and every request pays for it."""
    return hashlib.sha256(secret.encode()).digest()


def secret_matches(secret: str, stored: bytes) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(hash_secret(secret), stored)
