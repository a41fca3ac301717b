"""API clients: who pulls, with which key, and until when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from households.refusal import Refused
from households.staff.access import requires, visible_or_404
from monitoring.feeds.forms import ClientForm
from monitoring.feeds.models import ApiClient
from monitoring.feeds.services import create_client, revoke_client


@requires("clients.manage")
def client_list(request: HttpRequest) -> HttpResponse:
    clients = ApiClient.objects.visible_to(request.user).select_related("area", "created_by")
    return render(request, "clients/list.html", {"clients": clients})


@requires("clients.manage")
@require_http_methods(["GET", "POST"])
def client_create(request: HttpRequest) -> HttpResponse:
    """The key stands in the answer to this POST and nowhere else: not in a session, not in an address."""
    form = ClientForm(request.POST or None, who=request.user)
    if form.is_valid():
        try:
            issued = create_client(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "clients/key.html", {"client": issued.client, "key": issued.key})
    return render(request, "clients/create.html", {"form": form}, status=422 if form.errors else 200)


@requires("clients.manage")
@require_http_methods(["GET", "POST"])
def client_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    client = visible_or_404(ApiClient.objects.select_related("area"), request.user, pk=pk)
    if request.method == "POST":
        revoke_client(client=client, by=request.user)
        return redirect("clients:list")
    return render(request, "clients/revoke.html", {"client": client})
