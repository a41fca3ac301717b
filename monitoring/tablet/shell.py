"""The page that works without a network, its service worker, and the files both load.

The tablet is shared and keeps the page: it is rendered without a request, so nothing of a person can stand in it.
Its version is a hash over all it is made of, in each language: who has the files of a version has all of them.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override

from households.visits.checking import SENTENCES
from households.visits.declaration import as_json
from monitoring.tablet.words import WORDS

PAGE = "tablet/shell.html"
MODULES = settings.BASE_DIR / "static" / "js" / "tablet"
SERVICE_WORKER = "sw.js"
# The page and its parts. What it loads besides its modules stands behind ``{{ assets }}`` in them.
TEMPLATES = settings.BASE_DIR / "templates" / "tablet"
NAMED = re.compile(r"\{\{ assets \}\}([a-z0-9_-]+\.[a-z0-9]+)")
FOLDERS = {
    ".css": settings.BASE_DIR / "static" / "css",
    ".svg": settings.BASE_DIR / "static" / "img",
    ".png": settings.BASE_DIR / "static" / "img",
}
CONTENT_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
VERSION_LENGTH = 16


@dataclass(frozen=True)
class Asset:
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Shell:
    """All that a tablet keeps of us, in one language. ``assets`` and ``worker``: by file name, and the text."""

    version: str
    page: str
    worker: str
    assets: dict[str, Asset]


def shell() -> Shell:
    """The shell in the language of now. Read once; while somebody works on it (``DEBUG``), whenever it changed."""
    return _shells(_stamp() if settings.DEBUG else ())[get_language() or settings.LANGUAGE_CODE]


def asset(version: str, name: str) -> Asset | None:
    """A file of the version that is served now, in whichever language. Older ones live on in caches of tablets."""
    for one in _shells(_stamp() if settings.DEBUG else ()).values():
        if one.version == version:
            return one.assets.get(name)
    return None


def _stamp() -> tuple[int, ...]:
    watched = (*_files().values(), MODULES / SERVICE_WORKER, *TEMPLATES.glob("*.html"))
    return tuple(path.stat().st_mtime_ns for path in watched)


@cache
def _shells(_stamp: tuple[int, ...]) -> dict[str, Shell]:
    files = {name: Asset(path.read_bytes(), CONTENT_TYPES[path.suffix]) for name, path in sorted(_files().items())}
    return {language: _in_language(language, files) for language, _name in settings.LANGUAGES}


def _files() -> dict[str, Path]:
    """Name → path. A name that the page asks for and that is not there fails here, and not on a mountain."""
    modules = {path.name: path for path in MODULES.glob("*.js") if path.name != SERVICE_WORKER}
    asked = {name for path in TEMPLATES.glob("*.html") for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    named = {name: FOLDERS[Path(name).suffix] / name for name in asked if not name.endswith(".js")}
    return modules | {name: path for name, path in named.items() if path.exists() or not settings.DEBUG}


def _in_language(language: str, files: dict[str, Asset]) -> Shell:
    worker = (MODULES / SERVICE_WORKER).read_text(encoding="utf-8")
    with override(language):
        whole = hashlib.sha256(_page("", "").encode() + worker.encode())
        for name, file in files.items():
            whole.update(name.encode() + file.content)
        version = whole.hexdigest()[:VERSION_LENGTH]
        base = reverse("tablet:asset", args=[version, "x"]).removesuffix("x")
        urls = [reverse("tablet:page"), *(base + name for name in files)]
        head = f"const VERSION = {json.dumps(version)};\nconst SHELL = {json.dumps(urls)};\n"
        return Shell(version, _page(version, base), head + worker, files)


def _page(version: str, base: str) -> str:
    form = as_json() | {"problems": {code: str(sentence) for code, sentence in SENTENCES.items()}}
    words = {key: str(word) for key, word in WORDS.items()}
    context = {
        "site_name": settings.SITE_NAME,
        "version": version,
        "assets": base,
        "form": form,
        "words": words,
    }
    return render_to_string(PAGE, context)
