"""Run pages: the list, one run with live progress, and the buttons that judge, replay and seal a month."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import F, Prefetch, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from households.imports.readers import READERS
from households.models import AuditEntry
from households.staff.access import requires
from monitoring.judgment.labels import refusals, threshold_row
from monitoring.judgment.models import JudgmentRun, RunShard, RunState
from monitoring.judgment.revisions import compare, other_to_compare, revisions_of
from monitoring.judgment.running import MonthNotOver, last_month, open_run
from monitoring.judgment.sealing import NotSealable, is_overdue, seal_run
from monitoring.judgment.tasks import call_replay, call_workers
from monitoring.judgment.window import parse_month

SHARD_TOTALS = (
    "households",
    "unknown_income",
    "incomplete",
    "findings",
    "raised",
    "found_again",
    "not_found_any_more",
)
RUNS_SHOWN = 60
NOT_SEALABLE = {
    "immediate": gettext_lazy("Only a monthly judgment is sealed."),
    "not_finished": gettext_lazy("This judgment has not finished yet."),
    "sealed": gettext_lazy("This judgment is sealed already."),
    "month_sealed": gettext_lazy("Another revision of this month is sealed already, for good."),
}


class MonthForm(forms.Form):
    """A month to judge, as ``2022-06``."""

    month = forms.CharField(label=gettext_lazy("Month"), widget=forms.TextInput(attrs={"type": "month"}))

    def clean_month(self):
        try:
            return parse_month(self.cleaned_data["month"])
        except ValueError as error:
            raise forms.ValidationError(_("Write the month as 2022-06.")) from error


class SealForm(forms.Form):
    """Sealing cannot be taken back, so whoever does it says that it was looked at."""

    looked = forms.BooleanField(label=gettext_lazy("I have looked at this judgment"))


def _runs():
    return JudgmentRun.objects.monthly().filter(county=settings.COUNTY_CODE).select_related("started_by")


@requires("runs.view")
def run_list(request: HttpRequest) -> HttpResponse:
    totals = {f"total_{name}": Sum(f"shards__{name}") for name in SHARD_TOTALS}
    runs = _runs().annotate(took=F("finished_at") - F("started_at"), **totals).order_by("-id")[:RUNS_SHOWN]
    form = MonthForm(initial={"month": f"{last_month():%Y-%m}"})
    return render(request, "runs/list.html", {"runs": runs, "form": form, "unsealed": _unsealed(runs)})


def _unsealed(runs) -> set[int]:
    """The newest run of each month that should be sealed by now."""
    sealed = {run.month for run in runs if run.sealed_at}
    newest = {run.month: run for run in sorted(runs, key=lambda run: run.revision)}
    return {run.pk for month, run in newest.items() if month not in sealed and is_overdue(month)}


@requires("runs.view")
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run. While it runs the progress part asks for itself again every second; the finished one does not."""
    shards = RunShard.objects.select_related("area")
    run = get_object_or_404(_runs().prefetch_related(Prefetch("shards", queryset=shards)), pk=pk)
    done = [shard for shard in run.shards.all() if shard.done_at]
    context = {
        "run": run,
        "is_open": run.state == RunState.OPEN,
        "shards": run.shards.all(),
        "done": len(done),
        "totals": {name: sum(getattr(shard, name) for shard in done) for name in SHARD_TOTALS},
        "took": run.finished_at - run.started_at if run.finished_at else None,
    }
    if request.htmx and not request.htmx.boosted:
        response = render(request, "runs/_progress.html", context)
    else:
        context |= _what_it_read(run) | _beside(request, run)
        response = render(request, "runs/detail.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _what_it_read(run: JudgmentRun) -> dict[str, object]:
    """What was fixed when the run opened."""
    return {
        "thresholds": [threshold_row(threshold) for threshold in run.thresholds.values()],
        "refusals": refusals(run.refused_rules),
        "missing_lists": [READERS[source].title for source in run.missing_lists if source in READERS],
    }


def _beside(request: HttpRequest, run: JudgmentRun) -> dict[str, object]:
    """The other revisions of the month, what differs, and whether the run was replayed."""
    revisions = revisions_of(run)
    other = other_to_compare(run, revisions, request.GET.get("with", ""))
    replays = AuditEntry.objects.filter(subject="run", subject_id=str(run.pk), action="run_replayed")
    return {
        "revisions": revisions,
        "sealed": next((row for row in revisions if row.sealed_at), None),
        "seal_form": SealForm(),
        "comparison": compare(run, other, request.user) if other else None,
        "replayed": replays.select_related("actor").order_by("-id").first(),
    }


@requires("runs.seal")
@require_POST
def run_seal(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(_runs(), pk=pk)
    if not SealForm(request.POST).is_valid():
        messages.error(request, _("Look at the judgment first, and say that you have."))
        return redirect("runs:detail", pk=run.pk)
    try:
        seal_run(run=run, by=request.user)
    except NotSealable as error:
        messages.error(request, NOT_SEALABLE[error.reason])
    else:
        messages.success(request, _("The month is sealed."))
    return redirect("runs:detail", pk=run.pk)


@requires("runs.replay")
@require_POST
def run_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """A worker judges the run again into nothing; its page then says whether that gave the same."""
    run = get_object_or_404(_runs(), pk=pk)
    if run.state != RunState.DONE:
        messages.error(request, NOT_SEALABLE["not_finished"])
    elif call_replay(run.pk, request.user.pk):
        messages.success(request, _("The run is being replayed. What comes of it will stand on this page."))
    else:
        messages.error(request, _("No worker can be called now: the broker does not answer."))
    return redirect("runs:detail", pk=run.pk)


@requires("runs.start")
@require_POST
def run_start(request: HttpRequest) -> HttpResponse:
    """The button: opens the run, or joins the one that is open, and calls the workers."""
    form = MonthForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["month"][0])
        return redirect("runs:list")
    try:
        run = open_run(month=form.cleaned_data["month"], by=request.user)
    except MonthNotOver:
        messages.error(request, _("This month is not over yet; it can be judged from the 1st of the next month."))
        return redirect("runs:list")
    call_workers(run.pk)
    return redirect("runs:detail", pk=run.pk)
