"""Typed readers of the environment. A setting that is missing or unreadable stops the start, with its name."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

UNSET = object()


def env_str(name: str, default: object = UNSET) -> str:
    """The variable, or the content of the file that ``NAME_FILE`` points to (docker secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is UNSET:
        raise ImproperlyConfigured(f"Set {name} in the environment (see .env.example).")
    return str(value)


def env_bool(name: str, default: bool) -> bool:
    value = env_str(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int) -> int:
    value = env_str(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_prefixed(prefix: str) -> dict[str, str]:
    """Every variable whose name begins so, from its file where ``NAME_FILE`` is set."""
    names = {name.removesuffix("_FILE") for name in os.environ if name.startswith(prefix)}
    return {name: env_str(name) for name in sorted(names)}
