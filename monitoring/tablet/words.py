"""What the tablet says, by key; it has no catalogue of its own."""

from django.utils.functional import Promise

WORDS: dict[str, str | Promise] = {}
