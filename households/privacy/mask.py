"""What of a number may be shown without a purpose."""


def mask_identity(number: str) -> str:
    """``420527********0014``: the county of first registration and the last four."""
    return f"{number[:6]}********{number[-4:]}" if len(number) == 18 else "*" * len(number)


def mask_phone(number: str) -> str:
    """``138****5678``."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else "*" * len(number)


def mask_name(name: str) -> str:
    """``张*`` and ``欧**``: the family name stays, for feeds to other systems."""
    return name[:1] + "*" * (len(name) - 1)
