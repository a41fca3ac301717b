"""System checks of the project: settings that contradict each other, rights that nobody has.

Errors stop every command; in development (DEBUG) weak keys only warn.
"""

import base64
import binascii
import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import get_resolver

from households.staff.access import ASKED_RIGHTS
from households.staff.models import LEVEL_OF_ROLE, Role
from monitoring.navigation import ENTRIES
from monitoring.roles import RIGHTS

KEY_BYTES = 32
HOST_NAME = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::\d{1,5})?")


@register(Tags.security)
def rights_are_in_the_table(**_kwargs: object) -> list[CheckMessage]:
    """E001: a right that a view or the navigation asks for stands in no line of ``monitoring.roles.RIGHTS``."""
    # Importing the URL configuration imports every view, and with it every @requires.
    list(get_resolver().url_patterns)
    asked = ASKED_RIGHTS | {right for _name, _label, _icon, right in ENTRIES}
    return [
        Error(
            f"The right {right!r} is asked for and is not in monitoring.roles.RIGHTS.",
            hint="Add a line that says which roles have it; until then the page answers with an error.",
            id="monitoring.E001",
        )
        for right in sorted(asked - set(RIGHTS))
    ]


@register(Tags.security)
def roles_are_whole(**_kwargs: object) -> list[CheckMessage]:
    """E002: a role without a level could be posted nowhere, one without any right could not even see its home."""
    granted = frozenset().union(*RIGHTS.values())
    return [
        Error(f"The role {role.value!r} has no level or no right.", id="monitoring.E002")
        for role in Role
        if role not in LEVEL_OF_ROLE or role not in granted
    ]


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None


def _seal_keys() -> dict[str, bytes | None]:
    """Key id → key, None where it cannot be read. Of two keys with one id only the last would open anything."""
    keys: dict[str, bytes | None] = {}
    for part in filter(None, (part.strip() for part in settings.SEAL_KEYS.split(","))):
        key_id, _sep, encoded = part.partition(":")
        key = _decoded(encoded)
        is_usable = key is not None and len(key) == KEY_BYTES and key_id and key_id not in keys
        keys[key_id] = key if is_usable else None
    return keys


@register(Tags.security)
def keys_are_usable(**_kwargs: object) -> list[CheckMessage]:
    """E003, E004: what seals identity numbers and what finds them again. The messages never show a key."""
    messages: list[CheckMessage] = []
    seal_keys = _seal_keys()
    if not seal_keys or None in seal_keys.values():
        messages.append(
            Error(
                "SEAL_KEYS must be 'id:base64' keys of 32 bytes with different ids, separated by commas.",
                hint="Make one with: openssl rand -base64 32 (see .env.example).",
                id="monitoring.E003",
            )
        )
    lookup_key = _decoded(settings.LOOKUP_KEY)
    if lookup_key is None or len(lookup_key) < KEY_BYTES:
        messages.append(
            Error("LOOKUP_KEY must be base64 of at least 32 bytes (see .env.example).", id="monitoring.E004")
        )
    return messages


@register(Tags.security)
def keys_are_different_and_random(**_kwargs: object) -> list[CheckMessage]:
    """E005, E006: one secret must not open two doors, and a key of equal bytes is none."""
    level = Warning if settings.DEBUG else Error
    messages: list[CheckMessage] = []
    lookup_key = _decoded(settings.LOOKUP_KEY)
    keys = [key for key in (*_seal_keys().values(), lookup_key) if key]
    if len(set(keys)) < len(keys):
        messages.append(
            level(
                "LOOKUP_KEY and every key of SEAL_KEYS must be different keys.",
                hint="Whoever learns the key of the hashes must not be able to open what is sealed.",
                id="monitoring.E005",
            )
        )
    if any(len(set(key)) < KEY_BYTES // 4 for key in keys):
        messages.append(
            level("A key of SEAL_KEYS or LOOKUP_KEY is not random.", id="monitoring.E006"),
        )
    return messages


@register
def county_is_known(**_kwargs: object) -> list[CheckMessage]:
    """E007: the first migrate loads the county's areas from a file that ships with the system."""
    data = Path(apps.get_app_config("households").path) / "areas" / "data"
    if (data / f"{settings.COUNTY_CODE}.csv").exists():
        return []
    known = ", ".join(sorted(path.stem for path in data.glob("*.csv")))
    return [
        Error(
            f"There are no areas for COUNTY_CODE={settings.COUNTY_CODE}; known: {known}.",
            hint="Add households/areas/data/<code>.csv with code, name, level, parent_code.",
            id="monitoring.E007",
        )
    ]


@register(Tags.security)
def public_host_is_another_host(**_kwargs: object) -> list[CheckMessage]:
    """E008: on the villagers' host no inner page answers, so it cannot be one that staff use."""
    host = HOST_NAME.fullmatch(settings.PUBLIC_HOST)
    # The settings add its name to ALLOWED_HOSTS; there twice, it was named as an inner host as well.
    if not settings.PUBLIC_HOST or (host and settings.ALLOWED_HOSTS.count(host[1]) < 2):
        return []
    return [
        Error(
            "PUBLIC_HOST must be a host name without a scheme, and must not stand in ALLOWED_HOSTS.",
            hint="Give the report page a name of its own, such as report.example.org (see .env.example).",
            id="monitoring.E008",
        )
    ]
