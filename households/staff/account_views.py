"""Accounts: who is posted where as what. Nothing here says when somebody last worked, on purpose."""

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.refusal import Refused
from households.staff import services
from households.staff.access import requires, visible_or_404
from households.staff.account_list import Line, read_account_list
from households.staff.account_plan import plan_accounts
from households.staff.forms import AccountFilterForm, AccountForm, AccountListForm, EndPostingForm, PostingForm
from households.staff.handover import first_passwords_sheet
from households.staff.models import Posting, Role, User

PAGE_SIZE = 100
# A list travels from the preview to the button inside the page, signed; it is kept nowhere on the server.
LIST_SALT = "households.staff.account-list"
LIST_MAX_AGE = 60 * 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _filtered(users, filters: dict[str, object]):
    holds_today = Posting.objects.current().filter(user=OuterRef("pk"))
    role, township, state = filters.get("role"), filters.get("township"), filters.get("state")
    if role:
        users = users.filter(Exists(holds_today.filter(role=role)))
    if township:
        users = users.filter(Exists(holds_today.filter(area__township=township.pk)))
    if state == "posted":
        users = users.filter(Exists(holds_today), is_active=True)
    elif state == "unposted":
        users = users.filter(~Exists(holds_today))
    elif state == "first":
        users = users.filter(must_change_password=True)
    elif state == "closed":
        users = users.filter(is_active=False)
    return users


@requires("accounts.view")
@require_GET
def account_list(request):
    form = AccountFilterForm(request.GET)
    form.is_valid()
    today = Posting.objects.current().select_related("area__parent")
    users = _filtered(User.objects.visible_to(request.user), form.cleaned_data).prefetch_related(
        Prefetch("postings", today, to_attr="postings_today")
    )
    page = Paginator(users.order_by("username"), PAGE_SIZE).get_page(request.GET.get("page"))
    template = "staff/_account_rows.html" if request.htmx else "staff/accounts.html"
    context = {"form": form, "page": page, "may_manage": request.user.has_perm("accounts.manage")}
    return render(request, template, context)


def _account(request, pk: int) -> User:
    return visible_or_404(User.objects.all(), request.user, pk=pk)


@requires("accounts.view")
@require_GET
def account_detail(request, pk):
    user = _account(request, pk)
    postings = user.postings.select_related("area__parent").order_by("-valid_from", "area_id")
    context = {
        "account": user,
        "postings": postings,
        "current_ids": {posting.pk for posting in user.current_postings},
        "today": timezone.localdate(),
        "is_self": user.pk == request.user.pk,
        "may_manage": request.user.has_perm("accounts.manage"),
    }
    return render(request, "staff/account.html", context)


@requires("accounts.manage")
@require_http_methods(["GET", "POST"])
def accounts_upload(request):
    """Reads a list and shows what it would do. Nothing is stored."""
    form = AccountListForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render(request, "staff/accounts_upload.html", {"form": form})
    try:
        lines = read_account_list(form.cleaned_data["file"].read())
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return render(request, "staff/accounts_upload.html", {"form": form})
    token = signing.dumps(
        {"by": request.user.pk, "lines": [line.as_values() for line in lines]}, salt=LIST_SALT, compress=True
    )
    return render(request, "staff/accounts_preview.html", {"plan": plan_accounts(lines), "token": token})


def _lines_from(request) -> list[Line]:
    try:
        content = signing.loads(request.POST.get("token", ""), salt=LIST_SALT, max_age=LIST_MAX_AGE)
    except signing.BadSignature as error:
        raise Refused(_("The preview is too old. Please choose the file again.")) from error
    if content["by"] != request.user.pk:
        raise Refused(_("The preview was made by somebody else. Please choose the file again."))
    return [Line(*values) for values in content["lines"]]


@requires("accounts.manage")
@never_cache
@require_POST
def accounts_create(request):
    """Makes the accounts. The answer is the one and only copy of the first passwords."""
    try:
        created = services.create_accounts(lines=_lines_from(request), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("staff:accounts-upload")
    if not created.passwords:
        further = len(created.plan.further_postings)
        if further:
            messages.success(request, _("%(count)s accounts have further postings.") % {"count": further})
        else:
            messages.info(request, _("The list says nothing new: no account was made."))
        return redirect("staff:accounts")
    response = HttpResponse(first_passwords_sheet(created.passwords), content_type=XLSX)
    name = _("First passwords") + ".xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@requires("accounts.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def account_add(request):
    """One new account; its first password is shown on this one page and nowhere else."""
    form = AccountForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = services.create_account(by=request.user, **{**data, "role": Role(data["role"])})
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "staff/first_password.html", {"account": made.user, "password": made.password})
    return render(request, "staff/account_add.html", {"form": form})


@requires("accounts.manage")
@require_http_methods(["GET", "POST"])
def posting_add(request, pk):
    user = _account(request, pk)
    form = PostingForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.start_posting(user=user, by=request.user, **{**data, "role": Role(data["role"])})
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The posting is noted."))
            return redirect("staff:account", pk=user.pk)
    return render(request, "staff/posting_add.html", {"account": user, "form": form})


@requires("accounts.manage")
@require_POST
def posting_end(request, pk, posting_pk):
    user = _account(request, pk)
    posting = visible_or_404(Posting.objects.all(), request.user, pk=posting_pk, user=user)
    form = EndPostingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please give the last day as a date."))
        return redirect("staff:account", pk=user.pk)
    _carry_out(
        request,
        _("The posting ends on %(day)s.") % {"day": form.cleaned_data["last_day"]},
        services.end_posting,
        posting=posting,
        last_day=form.cleaned_data["last_day"],
    )
    return redirect("staff:account", pk=user.pk)


def _carry_out(request, done: str, verb, **arguments):
    """Calls a service and says how it went. Returns what it returned, None if it refused."""
    try:
        result = verb(by=request.user, **arguments)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    if done:
        messages.success(request, done)
    return result


@requires("accounts.manage")
@never_cache
@require_POST
def first_password(request, pk):
    """A new first password, shown on this one page and nowhere else."""
    user = _account(request, pk)
    made = _carry_out(request, "", services.reset_first_password, user=user)
    if made is None:
        return redirect("staff:account", pk=user.pk)
    return render(request, "staff/first_password.html", {"account": user, "password": made.password})


@requires("accounts.manage")
@require_POST
def account_close(request, pk):
    user = _account(request, pk)
    _carry_out(request, _("The account is closed."), services.deactivate, user=user)
    return redirect("staff:account", pk=user.pk)


@requires("accounts.manage")
@require_POST
def account_open(request, pk):
    user = _account(request, pk)
    _carry_out(request, _("The account is open again."), services.activate, user=user)
    return redirect("staff:account", pk=user.pk)
