"""The one exception of services: what was asked is not allowed, and a sentence says why."""


class Refused(Exception):
    """``str()`` is a translated sentence for the person who asked. Nothing was written."""
