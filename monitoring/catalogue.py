"""The message catalogue: which msgids the source uses, read without gettext's own tools.

English msgids, one catalogue in ``monitoring/locale``. ``manage.py collect_messages`` brings it up to date, and a
test fails when it is stale or a translation is missing.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGES = ("households", "alerts", "monitoring")
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2)}
LITERAL = r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
SINGULAR = re.compile(rf"(?<!n)gettext\({LITERAL}\)")
PLURAL = re.compile(rf"ngettext\({LITERAL}, {LITERAL},")


def _from_templates(folder: Path) -> Iterator[str | tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".html", ".txt"}:
            text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            for match in SINGULAR.finditer(text):
                yield ast.literal_eval(match[1])
            for match in PLURAL.finditer(text):
                yield ast.literal_eval(match[1]), ast.literal_eval(match[2])


def _from_python(folder: Path) -> Iterator[str | tuple[str, str]]:
    for path in sorted(folder.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        with path.open("rb") as file:
            for _line, function, found, _comments in extract_python(file, list(KEYWORDS), [], {}):
                words = found if isinstance(found, tuple) else (found,)
                if function in {"ngettext", "ngettext_lazy"}:
                    yield words[0], words[1]
                elif words[0]:
                    yield words[0]


def used_messages() -> dict[str, str | tuple[str, str]]:
    """Singular msgid → the msgid, with its plural where it has one."""
    found: dict[str, str | tuple[str, str]] = {}
    sources = [_from_python(settings.BASE_DIR / package) for package in PACKAGES]
    for source in (*sources, _from_templates(settings.BASE_DIR / "templates")):
        for message in source:
            key = message if isinstance(message, str) else message[0]
            if key and (key not in found or isinstance(message, tuple)):
                found[key] = message
    return found


def catalogue_path() -> Path:
    return settings.BASE_DIR / "monitoring" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def read_catalogue() -> Catalog:
    if not catalogue_path().exists():
        return Catalog(locale="zh_Hans")
    with catalogue_path().open("rb") as file:
        return read_po(file, locale="zh_Hans")


def update_catalogue(translations: dict[str, str]) -> list[str]:
    """Writes the catalogue anew: msgids in use, sorted, old translations kept, given ones added.

    Returns the msgids without a translation.
    """
    old = read_catalogue()
    fresh = Catalog(locale="zh_Hans", project="monitoring", charset="utf-8", fuzzy=False)
    missing = []
    for key, message in sorted(used_messages().items()):
        known = old.get(key)
        kept = known.string if known is not None else ""
        text = translations.get(key) or (kept if isinstance(kept, str) else "".join(kept[:1]))
        if not text:
            missing.append(key)
        flags = ["python-format"] if re.search(r"%(\(\w+\))?[sd]", key) else []
        fresh.add(message, (text,) if isinstance(message, tuple) else text, flags=flags)
    catalogue_path().parent.mkdir(parents=True, exist_ok=True)
    with catalogue_path().open("wb") as file:
        write_po(file, fresh, sort_output=True, width=110, omit_header=False)
    return missing
