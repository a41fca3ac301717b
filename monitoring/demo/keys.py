"""The keys of this checkout's own data, in ``var/secrets.env``: for the demo and for work at the desk.

A county sets its keys in the environment instead (.env.example).
"""

import secrets
from base64 import b64encode
from pathlib import Path

from monitoring import engines

VAR = Path(__file__).resolve().parents[2] / "var"


def local_keys(folder: Path = VAR) -> dict[str, str]:
    """The keys by name; made once, because what they sealed is lost without them."""
    path = folder / "secrets.env"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    known = {name: value for name, _sep, value in (line.partition("=") for line in lines)}
    made = {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "SEAL_KEYS": "k1:" + b64encode(secrets.token_bytes(32)).decode(),
        "LOOKUP_KEY": b64encode(secrets.token_bytes(32)).decode(),
    }
    if not made.keys() <= known.keys():
        known = made | known
        engines.write_private(path, "".join(f"{name}={value}\n" for name, value in known.items()))
    return known


if __name__ == "__main__":
    local_keys()
