"""The exceptions of services: what was asked is not allowed, and a sentence says why."""


class Refused(Exception):
    """``str()`` is a translated sentence for the person who asked. Nothing was written."""


class NotPossible(Refused):
    """What was asked is not possible; ``field`` names the field of the form that says why."""

    def __init__(self, sentence: str, field: str | None = None):
        super().__init__(sentence)
        self.field = field
