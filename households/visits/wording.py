"""Values of the visit form as a person reads them."""

from typing import Any

from django.utils.translation import gettext as _

from households.visits.declaration import Field


def in_words(one: Field, value: Any) -> str | None:
    """A value in the form's own writing as a person reads it; None where nothing is known."""
    if value is None or value == "":
        return None
    if one.kind == "yes_no":
        return _("Yes") if value else _("No")
    if one.kind == "choice":
        return str(dict(one.choices).get(str(value), value))
    if one.kind == "amount":
        return _amount(str(value))
    # The ledger may hold several items of a month and kind.
    return _(", ").join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else str(value)


def _amount(text: str) -> str:
    """``12,345.60``."""
    whole, _point, rest = text.partition(".")
    return f"{int(whole):,}.{rest or '00'}" if whole.isdecimal() else text
