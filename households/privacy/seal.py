"""Sealing of identity, phone and bank numbers, and the keyed hash by which a number is found again.

AES-256-GCM; a sealed value is ``key id length (1) | key id | nonce (12) | ciphertext``. The first key of
``SEAL_KEYS`` seals, all of them open, so keys rotate on line. The hash has another key (``LOOKUP_KEY``), and
neither stands in the database.
"""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@cache
def _ciphers(seal_keys: str) -> dict[str, AESGCM]:
    """Key id → cipher, in the order of the setting."""
    ciphers = {}
    for part in filter(None, (part.strip() for part in seal_keys.split(","))):
        key_id, _sep, encoded = part.partition(":")
        ciphers[key_id] = AESGCM(base64.b64decode(encoded))
    if not ciphers:
        raise ImproperlyConfigured("Set SEAL_KEYS to at least one 'id:base64' key (see .env.example).")
    return ciphers


@cache
def _lookup_key(encoded: str) -> bytes:
    key = base64.b64decode(encoded)
    if len(key) < 32:
        raise ImproperlyConfigured("LOOKUP_KEY must be at least 32 bytes in base64 (see .env.example).")
    return key


def seal(value: str | bytes) -> bytes:
    """Seals a number or a whole file under the newest key."""
    ciphers = _ciphers(settings.SEAL_KEYS)
    key_id = next(iter(ciphers))
    data = value.encode() if isinstance(value, str) else value
    head = key_id.encode()
    nonce = os.urandom(12)
    return bytes([len(head)]) + head + nonce + ciphers[key_id].encrypt(nonce, data, None)


def unseal_bytes(sealed: bytes | memoryview) -> bytes:
    """Opens what any of the keys sealed. Raises ``KeyError`` for a lost key, ``InvalidTag`` if tampered with."""
    raw = bytes(sealed)
    end = 1 + raw[0]
    cipher = _ciphers(settings.SEAL_KEYS)[raw[1:end].decode()]
    return cipher.decrypt(raw[end : end + 12], raw[end + 12 :], None)


def unseal(sealed: bytes | memoryview) -> str:
    return unseal_bytes(sealed).decode()


def lookup_hash(number: str) -> bytes:
    """Keyed hash (HMAC-SHA256) of a normalised number: equal numbers, equal hashes; nothing can be read back."""
    return hmac.new(_lookup_key(settings.LOOKUP_KEY), number.encode(), hashlib.sha256).digest()
