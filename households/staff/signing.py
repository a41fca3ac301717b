"""Signing in and out, and changing one's password: each noted in the audit trail, never with a password."""

from django.contrib.auth import login, logout, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from households.ledger.services import write_audit
from households.staff.models import User


@transaction.atomic
def sign_in(*, request: HttpRequest, user: User) -> None:
    """Opens the session of somebody who has shown the right password."""
    login(request, user)
    write_audit(action="sign_in", actor=user, subject="user", subject_id=user.pk)


@transaction.atomic
def sign_out(*, request: HttpRequest) -> None:
    write_audit(action="sign_out", actor=request.user, subject="user", subject_id=request.user.pk)
    logout(request)


def note_failed_sign_in(*, request: HttpRequest, username: str) -> None:
    """A wrong password, a try during the lock-out, or somebody who is posted nowhere. Unknown names are not kept.

    django-axes counts; the fifth wrong password of an account also writes the lock-out.
    """
    user = User.objects.filter(username=username).first()
    subject_id = user.pk if user else ""
    was_counted = request.axes_failures_since_start is not None
    action = "sign_in_failed" if was_counted else "sign_in_refused"
    write_audit(action=action, subject="user", subject_id=subject_id)
    if was_counted and request.axes_locked_out:
        write_audit(
            action="locked_out", subject="user", subject_id=subject_id, tries=request.axes_failures_since_start
        )


@transaction.atomic
def change_password(*, request: HttpRequest, password: str) -> None:
    """Another password for oneself, already checked by the form. Other sessions of the account end."""
    user = request.user
    user.set_password(password)
    was_first, user.must_change_password = user.must_change_password, False
    user.save(update_fields=["password", "must_change_password"])
    update_session_auth_hash(request, user)
    write_audit(action="password_changed", actor=user, subject="user", subject_id=user.pk, was_first=was_first)
