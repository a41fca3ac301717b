"""What a client writes: one flat JSON object, small, with known names only. Nothing is ignored or guessed."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from households.filtering import BadParameters, ParameterProblem, problem
from monitoring.feeds.problems import ApiProblem

# A note of 500 characters fits three times over, whatever they are and however they are escaped.
LONGEST_BODY = 16 * 1024
# Nothing that no keyboard writes; no database stores the first of them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def canonical(data: object) -> bytes:
    """The same bytes for the same JSON, however it was spaced and ordered. Raises ``ValueError`` for half a
    surrogate pair, which no database stores."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


class StrictJSONParser(BaseParser):
    """JSON without duplicate names, NaN, endless nesting or more than ``LONGEST_BODY`` bytes."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> dict[str, Any]:
        raw = stream.read(LONGEST_BODY + 1)
        if len(raw) > LONGEST_BODY:
            raise ApiProblem("body_too_large", 413, longest=LONGEST_BODY)
        try:
            data = json.loads(raw.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
            canonical(data)
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if not isinstance(data, dict):
            raise ParseError
        return data


@dataclass(frozen=True)
class Field:
    """One name of a body: text of up to ``longest`` characters, or one of the words ``allowed``.

    ``many``: a list of such words. An empty text, an empty list and null count as not given.
    """

    name: str
    required: bool = False
    longest: int = 500
    allowed: tuple[str, ...] = ()
    many: bool = False

    def read(self, value: object) -> Any:
        """The text without spaces around it, or the tuple of words. Raises ``ValueError``."""
        if self.many:
            if not isinstance(value, list):
                raise ValueError("not a list")
            return tuple(dict.fromkeys(self._text(word) for word in value))
        return self._text(value)

    def _text(self, value: object) -> str:
        if not isinstance(value, str) or CONTROL.search(value) or len(value) > self.longest:
            raise ValueError("not a text that fits")
        if self.allowed and value not in self.allowed:
            raise ValueError("not one of the words")
        return value.strip()

    @property
    def problem(self) -> ParameterProblem:
        return problem("invalid_value", self.name, self.allowed or (f"1 – {self.longest}",))


def _is_empty(value: object) -> bool:
    return value in (None, []) or isinstance(value, str) and not value.strip()


def read_body(data: Any, fields: Iterable[Field]) -> dict[str, Any]:
    """The values that were given, by name. Raises ``BadParameters`` naming everything that is wrong at once."""
    known = {field.name: field for field in fields}
    given = {name: value for name, value in dict(data).items() if not _is_empty(value)}
    problems = [problem("unknown_parameter", name, tuple(known)) for name in data if name not in known]
    values = {}
    for name, field in known.items():
        if name not in given:
            if field.required:
                problems.append(problem("missing_parameter", name, field.allowed))
            continue
        try:
            values[name] = field.read(given[name])
        except ValueError:
            problems.append(field.problem)
    if problems:
        raise BadParameters(problems)
    return values
