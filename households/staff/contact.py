"""Where somebody wants to be reached: entered by themselves, the number sealed."""

from django.db import transaction

from households.ledger.services import write_audit
from households.privacy.mask import mask_phone
from households.privacy.seal import seal, unseal
from households.staff.models import User


def phone_shown(user: User) -> str:
    """``138****5678``, or empty."""
    return mask_phone(unseal(user.phone_sealed)) if user.phone_sealed else ""


@transaction.atomic
def change_contact(*, by: User, email: str, phone: str = "", remove_phone: bool = False) -> None:
    """Another address, another number of 11 digits (empty: the one there is stays), or none any more."""
    by.email = email
    if phone:
        by.phone_sealed = seal(phone)
    elif remove_phone:
        by.phone_sealed = None
    by.save(update_fields=["email", "phone_sealed"])
    write_audit(
        action="contact_changed",
        actor=by,
        subject="user",
        subject_id=by.pk,
        email=bool(email),
        phone=phone_shown(by),
    )
