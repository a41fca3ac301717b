"""One's own contact details. No right is asked for: whoever is signed in may say where they are reached."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from households.staff.contact import change_contact, phone_shown
from households.staff.forms import ContactForm


@sensitive_post_parameters("phone")
@require_http_methods(["GET", "POST"])
def contact(request):
    user = request.user
    form = ContactForm(request.POST or None, shown=phone_shown(user), initial={"email": user.email})
    if form.is_valid():
        change_contact(by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("staff:contact")
    return render(request, "staff/contact.html", {"form": form}, status=422 if form.errors else 200)
