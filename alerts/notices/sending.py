"""The sender: claims one delivery, commits the claim, sends it, notes what became of it; then the next.

Whoever is killed leaves at most one delivery claimed. When its lease is over an e-mail goes again with the same
Message-ID and is marked; what went to a gateway is in doubt until a person decides. Any number of senders share
the work: a claimed row is skipped.
"""

import datetime as dt
import time
from collections import Counter
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from alerts.notices.gateways import send_by_gateway
from alerts.notices.mailing import Mailing
from alerts.notices.models import Delivery, DeliveryState, Way
from alerts.notices.outcomes import InDoubt, NotSent, NotWanted
from alerts.notices.placeholders import placeholders_of
from alerts.notices.quiet import let_out
from alerts.notices.wording import Wording
from households.models import User
from households.policy.calendar import WorkCalendar
from households.privacy.seal import unseal

# Longer than any try takes: ten answers of a slow mail server at twenty seconds each.
LEASE = dt.timedelta(minutes=5)
# The pause after each try that failed; more than a day in all, so that mail down over night loses nothing.
PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, *[60] * 24)]


def sweep() -> int:
    """Takes up what a killed sender left. Returns how many deliveries that were."""
    over = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=timezone.now() - LEASE)
    mails = over.filter(way=Way.EMAIL).update(state=DeliveryState.WAITING, claimed_at=None, error="sent_again")
    return mails + over.update(state=DeliveryState.IN_DOUBT, error="sender_stopped")


def send_due(*, seconds: float | None = None) -> dict[str, int]:
    """Sends what is due, urgent or not, until nothing is or the time is over. Counts by state.

    Must be called outside of any transaction (Django raises ``RuntimeError`` otherwise): a claim that is not
    committed would be forgotten by a sender that is killed. A way that is down is left alone for this call, so
    that a dead server does not use up the tries of all that wait for it.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    sender = _Sender()
    counts: Counter[str] = Counter()
    try:
        while ends is None or time.monotonic() < ends:
            delivery = sender.claim()
            if delivery is None:
                break
            counts[sender.send(delivery)] += 1
    finally:
        sender.mailing.close()
    return dict(counts)


class _Sender:
    def __init__(self) -> None:
        self.calendar = WorkCalendar()
        self.wording = Wording([], chinese=True)
        self.mailing = Mailing()
        # Ways that are down: "email", or the id of a gateway.
        self.down: set[str | int] = set() if settings.EMAIL_URL else {Way.EMAIL.value}

    def _due(self, now: dt.datetime) -> QuerySet[Delivery]:
        due = Delivery.objects.filter(
            let_out(now, self.calendar), state=DeliveryState.WAITING, not_before__lte=now
        )
        if Way.EMAIL in self.down:
            due = due.exclude(way=Way.EMAIL)
        gateways = [way for way in self.down if isinstance(way, int)]
        return due.filter(Q(gateway=None) | Q(gateway__active=True) & ~Q(gateway__in=gateways))

    def claim(self) -> Delivery | None:
        """The next that is due, marked as being sent and committed. Rows that another sender holds are skipped."""
        now = timezone.now()
        with transaction.atomic(durable=True):
            rows = self._due(now).select_for_update(skip_locked=True, of=("self",))
            delivery = rows.select_related("notice__recipient", "gateway").order_by("not_before", "id").first()
            if delivery is not None:
                delivery.state, delivery.claimed_at = DeliveryState.SENDING, now
                delivery.tries += 1
                delivery.save(update_fields=["state", "claimed_at", "tries"])
        return delivery

    def send(self, delivery: Delivery) -> str:
        """Sends a claimed delivery and notes how it ended. Returns its new state."""
        try:
            self._hand_over(delivery)
        except NotSent as failure:
            if failure.way_is_down:
                self.down.add(delivery.gateway_id or Way.EMAIL.value)
            return _try_later(delivery, failure.code)
        except ValueError:
            # An address or a body that cannot be written down at all must not stop those behind it.
            return _try_later(delivery, "malformed")
        except InDoubt as doubt:
            return _note(delivery, DeliveryState.IN_DOUBT, error=doubt.code)
        except NotWanted as unwanted:
            return _note(delivery, DeliveryState.DROPPED, error=unwanted.code)
        # A repeated e-mail stays marked as one.
        error = delivery.error if delivery.error == "sent_again" else ""
        return _note(delivery, DeliveryState.SENT, error=error, sent_at=timezone.now())

    def _hand_over(self, delivery: Delivery) -> None:
        notice = delivery.notice
        if not (notice.recipient.is_active and notice.recipient.current_postings):
            raise NotWanted("has_left")
        words = self.wording.words(notice)
        if delivery.gateway is None:
            self.mailing.send(notice, words)
            return
        phone = _phone(notice.recipient) if "phone" in placeholders_of(delivery.gateway.body) else ""
        send_by_gateway(delivery.gateway, notice, words, phone)


def _phone(user: User) -> str:
    if user.phone_sealed is None:
        raise NotWanted("not_reachable")
    try:
        return unseal(user.phone_sealed)
    except (KeyError, InvalidTag) as error:
        # The key that sealed it is missing: it may come back.
        raise NotSent("not_reachable") from error


def _try_later(delivery: Delivery, code: str) -> str:
    if delivery.tries > len(PAUSES):
        return _note(delivery, DeliveryState.FAILED, error=code)
    later = timezone.now() + PAUSES[delivery.tries - 1]
    return _note(delivery, DeliveryState.WAITING, error=code, not_before=later, claimed_at=None)


def _note(delivery: Delivery, state: DeliveryState, **fields: Any) -> str:
    """Only as long as the claim is ours: after its lease somebody else may have taken it up."""
    ours = Delivery.objects.filter(pk=delivery.pk, claimed_at=delivery.claimed_at)
    ours.filter(state__in=[DeliveryState.SENDING, DeliveryState.IN_DOUBT]).update(state=state, **fields)
    return state.value
