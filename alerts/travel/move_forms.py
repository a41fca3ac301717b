"""The forms of the moves: one form a move, with the fields that its line of the table asks for."""

from collections.abc import Collection
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.kinds import Risk
from alerts.transitions import COUNTY, TOWNSHIP, UNCLEAR, VILLAGE, Move, possible_moves
from alerts.travel.given import LONGEST_NOTE, Given, surprising_outcomes
from alerts.travel.models import Alert, Holder, Outcome, Reason, Verdict
from alerts.travel.people import is_alone, people_below
from households.areas.models import Area, Level


@dataclass(frozen=True)
class Words:
    """What a move is called on its button, what the field for the note is called, and what it means."""

    label: Promise
    note: Promise
    help: Promise


REMARK = _("Remark")
WHY = _("Reason")
WORDS: dict[str, Words] = {
    "dispatch": Words(
        _("Dispatch"), REMARK, _("With nobody posted in the village it goes to the township's list.")
    ),
    "acknowledge": Words(_("Acknowledge"), REMARK, _("You have it and will look into it.")),
    "refuse": Words(_("Hand back"), WHY, _("To the level above. The deadline stays the same.")),
    "transfer": Words(_("Transfer"), WHY, _("To another village of the township. The deadline stays the same.")),
    "verify": Words(_("Report what you found"), _("What you saw"), _("It goes to the township for review.")),
    "review": Words(_("Pass the review"), REMARK, _("It goes to the county, which closes it.")),
    "send_back": Words(_("Send back"), WHY, _("It is verified again, with a new deadline.")),
    "return": Words(_("Return to the township"), WHY, _("The township reviews it again.")),
    "close": Words(
        _("Close the alert"),
        REMARK,
        _("Everybody concerned sees the outcome. One that does not follow from the verdict needs a remark."),
    ),
    "dismiss": Words(
        _("Close without a visit"), WHY, _("For what plainly needs none: a wrong record, a duplicate.")
    ),
    "reopen": Words(_("Open again"), WHY, _("It begins anew with the county.")),
}
# What whoever holds it will most often do comes first; the others stand below, closed. Whoever can send it further
# down does that before taking it, and whoever took it looks into it before sending it on.
FIRST = ("verify", "review", "close", "dispatch", "acknowledge", "reopen")


class MoveForm(forms.Form):
    """``seen`` is the alert as the page showed it, ``work`` the worklist to go on with."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    work = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)

    def __init__(self, *args, move: Move, alert: Alert, level: str, around: list[Area], **kwargs):
        super().__init__(*args, prefix=None, auto_id=f"{move.code}-%s", **kwargs)
        self.move = move
        needs = move.needs
        if "to" in needs:
            self.fields["to"] = _levels_below(level)
        if "village" in needs:
            offered = [
                area for area in around if area.level == Level.VILLAGE and area.code != alert.working_village
            ]
            self.fields["village"] = forms.ChoiceField(
                label=_("Village"),
                choices=[("", "—"), *((village.code, village.short_name) for village in offered)],
            )
        if "verdict" in needs:
            self.fields["verdict"] = _radio(_("What you found"), Verdict.choices, needing=[UNCLEAR])
            self.fields["risks"] = forms.MultipleChoiceField(
                label=_("Risks"), choices=Risk, widget=forms.CheckboxSelectMultiple, required=False
            )
            self.fields["reason"] = _select(_("Why there is no risk"), Reason.choices)
        if "outcome" in needs:
            surprising = surprising_outcomes(alert.verdict)
            self.fields["outcome"] = _radio(_("Outcome"), _outcomes(move), needing=surprising)
        if move.code == "dismiss":
            self.fields["reason"] = _select(_("Why there is no risk"), Reason.choices)
        self.fields["note"] = forms.CharField(
            label=WORDS[move.code].note,
            max_length=LONGEST_NOTE,
            required="note" in needs,
            widget=forms.Textarea({"rows": 2}),
        )

    @property
    def given(self) -> Given:
        values = self.cleaned_data
        return Given(
            to=values.get("to", ""),
            village=values.get("village", ""),
            note=values.get("note", ""),
            verdict=values.get("verdict", ""),
            risks=tuple(values.get("risks", ())),
            reason=values.get("reason", ""),
            outcome=values.get("outcome", ""),
        )


class NeedsNote:
    """Marks the choices that need a note, so that the page does not call it optional then."""

    def __init__(self, needing: Collection[str] = ()):
        super().__init__()
        self.needing = needing

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.needing:
            option["attrs"]["data-needs-note"] = True
        return option


class Radios(NeedsNote, forms.RadioSelect):
    pass


class Choices(NeedsNote, forms.Select):
    pass


def _radio(label: Promise, choices: list, needing: Collection[str] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=Radios(needing))


def _select(label: Promise, choices: list) -> forms.ChoiceField:
    widget = Choices([Reason.OTHER])
    return forms.ChoiceField(label=label, choices=[("", "—"), *choices], required=False, widget=widget)


def _levels_below(level: str) -> forms.ChoiceField:
    below = [VILLAGE, TOWNSHIP] if level == COUNTY else [VILLAGE]
    field = _radio(_("To"), [(word, Holder(word).label) for word in below])
    field.initial = VILLAGE
    return field


def _outcomes(move: Move) -> list:
    if move.code == "dismiss":
        return [(word.value, word.label) for word in (Outcome.NO_RISK, Outcome.DUPLICATE)]
    return Outcome.choices


@dataclass(frozen=True)
class Decision:
    """One move that the reader may make now, with its form."""

    move: Move
    words: Words
    form: MoveForm

    @property
    def rank(self) -> int:
        return FIRST.index(self.move.code) if self.move.code in FIRST else len(FIRST)


def decisions_of(
    alert: Alert, *, level: str, around: list[Area], work: str = "", bound: MoveForm | None = None
) -> list[Decision]:
    """The moves somebody of ``level`` may make, the likeliest first.

    ``around``: ``areas_around`` of the alert. ``bound``: the form that was not taken.
    """
    alone = is_alone(alert, people_below([alert]))
    moves = possible_moves(status=alert.status, holder=alert.holder, level=level, alone=alone)
    initial = {"seen": alert.stamp, "work": work}
    decisions = [
        Decision(
            move,
            WORDS[move.code],
            bound
            if bound is not None and bound.move is move
            else MoveForm(move=move, alert=alert, level=level, around=around, initial=initial),
        )
        for move in moves
    ]
    return sorted(decisions, key=lambda decision: decision.rank)


def areas_around(alert: Alert) -> list[Area]:
    """The alert's township and its villages, in order of code: where it lies and where it can go."""
    if alert.township is None:
        return []
    return list(Area.objects.filter(township=alert.township, valid_until__isnull=True).order_by("code"))
