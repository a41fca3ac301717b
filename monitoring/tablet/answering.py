"""What a tablet is told of each visit, in the language of whoever holds it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.visits.models import VisitAnswer
from monitoring.tablet.models import HeldFor, Upload
from monitoring.tablet.sorting import Row

STORED, HELD, REFUSED, CONFLICT = "stored", "held", "refused", "conflict"
# Problems that only show here, where the register is.
PROBLEMS: Mapping[str, str | Promise] = {
    "unknown_household": gettext_lazy("This household is not in the register."),
    "unreadable": gettext_lazy("There are characters in it that cannot be read."),
}
WHY_HELD: Mapping[str, str | Promise] = {
    HeldFor.POSTING: gettext_lazy("Kept for review: you are not posted there any more."),
    HeldFor.MOVED: gettext_lazy("Kept for review: the household is not in your area."),
    HeldFor.GONE: gettext_lazy("Kept for review: the household is gone from the register."),
    HeldFor.FUTURE: gettext_lazy("Kept for review: the day of the visit has not come yet."),
    HeldFor.CONFLICT: gettext_lazy("Kept for review: this visit came before with other content."),
}


def answer_rows(rows: list[Row], repeated: Mapping[int, Row]) -> list[dict[str, Any]]:
    """One answer a row. ``repeated``: place → the row of the same request that it repeats."""
    said = _answers_of([row.known for row in rows if row.known is not None])
    answers = []
    for place, row in enumerate(rows):
        same = repeated.get(place, row)
        answers.append(_answer(same, said, again=same is not row or row.known is not None) | {"uid": row.uid})
    return answers


def _answer(row: Row, said: Mapping[int, list[VisitAnswer]], *, again: bool) -> dict[str, Any]:
    if row.known is not None:
        answers = said.get(row.known.visit_id or 0, [])
        return _of_upload(row.known, answers, again=again)
    if row.upload is not None:
        return _of_upload(row.upload, row.answers, again=again)
    if row.nothing_told:
        return _whole(CONFLICT, str(WHY_HELD[HeldFor.CONFLICT]), again=again)
    problems = [
        {"field": one.field, "code": one.code, "sentence": one.sentence or str(PROBLEMS[one.code])}
        for one in row.problems
    ]
    return _whole(REFUSED, _("Not taken in: please mend it and send it again."), again=again, problems=problems)


def _of_upload(upload: Upload, answers: Iterable[VisitAnswer], *, again: bool) -> dict[str, Any]:
    """The outcome as it was when it came in, whatever a person has decided since."""
    told = {"receipt": upload.pk, "again": again}
    if upload.held_for:
        outcome = CONFLICT if upload.held_for == HeldFor.CONFLICT else HELD
        return _whole(outcome, str(WHY_HELD[upload.held_for]), **told)
    rows = [_said(answer) for answer in answers]
    return _whole(STORED, _("Received."), **told, answers=rows, verdicts=upload.answer.get("verdicts", []))


def _whole(outcome: str, sentence: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"receipt": None, "again": False, "problems": [], "answers": [], "verdicts": []}
    return {"outcome": outcome, "sentence": sentence} | empty | more


def _said(answer: VisitAnswer) -> dict[str, Any]:
    return {
        "section": answer.section,
        "line": answer.line,
        "field": answer.field,
        "person": answer.person_id,
        "state": answer.state,
        "said": answer.said,
        "stood": answer.stood,
        "seen": answer.seen,
    }


def _answers_of(uploads: list[Upload]) -> dict[int, list[VisitAnswer]]:
    """Visit → what it said, as it stands now."""
    visits = [upload.visit_id for upload in uploads if upload.visit_id]
    answers: dict[int, list[VisitAnswer]] = defaultdict(list)
    if visits:
        for answer in VisitAnswer.objects.filter(visit_id__in=visits).order_by("visit_id", "pk"):
            answers[answer.visit_id].append(answer)
    return answers
