"""Gateways: made, changed, switched off, and tried with a message to oneself."""

import json
import re
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.notices.gateways import BODY_PLACEHOLDERS, address_is_allowed, scheme_is_allowed
from alerts.notices.models import Delivery, DeliveryState, Gateway, Notice, Way
from alerts.notices.placeholders import placeholders_of
from households.ledger.services import write_audit
from households.refusal import Refused
from households.staff.models import User

SECRET_PREFIX = "GATEWAY_SECRET_"  # noqa: S105
HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
# Headers that say what the message is, not who sends it.
OURS = {"host", "content-type", "content-length", "transfer-encoding", "connection", "idempotency-key"}


class GatewayRefused(Refused):
    """A gateway that cannot stand as asked for; ``field`` names what is wrong in the form."""

    def __init__(self, sentence: str, field: str):
        super().__init__(sentence)
        self.field = field


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if not scheme_is_allowed(parts.scheme):
        raise GatewayRefused(_("The address must begin with https://."), "url")
    if not parts.hostname or parts.username or parts.password:
        raise GatewayRefused(_("Give the address without user name and password."), "url")
    try:
        allowed = address_is_allowed(parts.hostname)
    except ValueError:
        # A name; where it leads to is looked at whenever something is sent.
        return
    if not allowed:
        raise GatewayRefused(_("This address is not allowed: it belongs to the machine or to its network."), "url")


def _check_body(body: str) -> None:
    try:
        parsed = json.loads(body)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        sentence = _("This is no JSON: look at line %(line)s, column %(column)s.") % where
        raise GatewayRefused(sentence, "body") from error
    if not isinstance(parsed, dict | list):
        raise GatewayRefused(_("The body must be a JSON object or list."), "body")
    known = _(", ").join(f"{{{{ {name} }}}}" for name in BODY_PLACEHOLDERS)
    unknown = sorted(placeholders_of(body) - set(BODY_PLACEHOLDERS))
    if unknown:
        sentence = _("There is no placeholder {{ %(name)s }} here. A body knows: %(known)s.")
        raise GatewayRefused(sentence % {"name": unknown[0], "known": known}, "body")
    if not placeholders_of(body) & {"title", "text"}:
        raise GatewayRefused(_("The body says nothing: put in {{ text }} or {{ title }}."), "body")


def _check_secret(header: str, variable: str) -> None:
    if bool(header) != bool(variable):
        sentence = _("Header and variable belong together: give both or neither.")
        raise GatewayRefused(sentence, "secret_variable" if header else "secret_header")
    if header and (not HEADER.fullmatch(header) or header.lower() in OURS):
        raise GatewayRefused(_("This is no header for a secret, such as Authorization."), "secret_header")
    # Otherwise whoever edits this page could have any variable of the server sent to any address.
    if variable and not re.fullmatch(f"{SECRET_PREFIX}[A-Z0-9_]+", variable):
        sentence = _("The name of the variable begins with %(prefix)s.") % {"prefix": SECRET_PREFIX}
        raise GatewayRefused(sentence, "secret_variable")


@transaction.atomic
def save_gateway(*, gateway: Gateway, by: User) -> int:
    """Makes or changes a gateway. Returns how many waiting deliveries were dropped because it was switched off.

    Raises ``GatewayRefused``; a secret is named by its environment variable and never stored.
    """
    _check_url(gateway.url)
    _check_body(gateway.body)
    _check_secret(gateway.secret_header, gateway.secret_variable)
    if Gateway.objects.filter(name=gateway.name).exclude(pk=gateway.pk).exists():
        raise GatewayRefused(_("There is already a gateway of this name."), "name")
    action = "gateway_created" if gateway.pk is None else "gateway_changed"
    gateway.save()
    dropped = 0
    if not gateway.active:
        waiting = Delivery.objects.filter(gateway=gateway, state=DeliveryState.WAITING)
        dropped = waiting.update(state=DeliveryState.DROPPED, error="gateway_closed")
    host = urlsplit(gateway.url).hostname
    write_audit(
        action=action,
        actor=by,
        subject="gateway",
        subject_id=gateway.pk,
        host=host,
        active=gateway.active,
        dropped=dropped,
    )
    return dropped


@transaction.atomic
def send_test(*, gateway: Gateway | None, by: User) -> Delivery:
    """A test to oneself by one way (None: e-mail), sent by the sender like everything else.

    Raises ``Refused`` when the way is not there or does not reach the person.
    """
    if gateway is None and not settings.EMAIL_URL:
        raise Refused(_("No mail server is set up."))
    if gateway is None and not by.email:
        raise Refused(_("Enter your e-mail address among your contact details first."))
    if gateway is not None and not gateway.active:
        raise Refused(_("The gateway is switched off."))
    if gateway is not None and "phone" in placeholders_of(gateway.body) and by.phone_sealed is None:
        raise Refused(_("Enter your mobile number among your contact details first."))
    notice = Notice.objects.create(
        recipient=by, kind="test", key=f"test:{uuid.uuid4()}", urgent=True, created_at=timezone.now()
    )
    way = Way.EMAIL if gateway is None else Way.GATEWAY
    delivery = Delivery.objects.create(notice=notice, way=way, gateway=gateway, not_before=timezone.now())
    write_audit(action="gateway_tested", actor=by, subject="gateway", subject_id=gateway.pk if gateway else "")
    return delivery
