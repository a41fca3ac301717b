"""Verbs of complaints and suggestions: written once, answered once. No log and no notice repeats the words."""

from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.notices.services import notify
from households.ledger.services import write_audit
from households.models import User
from households.refusal import Refused
from monitoring.suggestions.models import Suggestion


@transaction.atomic
def write_suggestion(*, kind: str, words: str, token: UUID, by: User) -> Suggestion:
    """``kind``: a word of ``SuggestionKind``. ``token`` is that of the form: sent twice, it is one entry."""
    suggestion, is_new = Suggestion.objects.get_or_create(
        token=token, defaults={"kind": kind, "words": words, "written_by": by}
    )
    if is_new:
        write_audit(action="suggestion_written", actor=by, subject="suggestion", subject_id=suggestion.pk)
    return suggestion


@transaction.atomic
def answer_suggestion(*, suggestion: Suggestion, answer: str, by: User) -> Suggestion:
    """Answers it and tells who wrote it. Raises ``Refused`` when somebody has answered meanwhile."""
    row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if row.answered_at is not None:
        raise Refused(_("Somebody has answered this already."))
    row.answer, row.answered_by, row.answered_at = answer, by, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    write_audit(action="suggestion_answered", actor=by, subject="suggestion", subject_id=row.pk)
    if row.written_by_id != by.pk:
        notify(
            kind="suggestion_answered",
            key=f"suggestion_answered:{row.pk}",
            recipients=[row.written_by_id],
            values={},
            path=reverse("suggestions:detail", args=[row.pk]),
        )
    return row
