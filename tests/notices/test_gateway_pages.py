"""A county sets up its gateways, and tries them with a message to oneself."""

import pytest
from django.urls import reverse

from alerts.models import Delivery, Gateway, Notice
from households.ledger.models import AuditEntry
from tests.notices.conftest import tell

LIST, ADD = reverse("notices:gateways"), reverse("notices:gateway-add")
GOOD = {
    "name": "短信",
    "url": "https://sms.example.org/send",
    "body": '{"to": "{{ phone }}", "text": "{{ text }}"}',
    "secret_header": "Authorization",
    "secret_variable": "GATEWAY_SECRET_SMS",
    "active": "on",
}


def test_it_makes_changes_and_audits_a_gateway(sign_in, cast):
    browser = sign_in("admin")
    assert browser.post(ADD, GOOD).url == LIST
    row = Gateway.objects.get()
    browser.post(reverse("notices:gateway", args=[row.pk]), GOOD | {"name": "政务短信"})

    assert Gateway.objects.get().name == "政务短信"
    assert "政务短信" in browser.get(LIST).content.decode()
    actions = list(AuditEntry.objects.filter(subject="gateway").order_by("id").values_list("action", flat=True))
    assert actions == ["gateway_created", "gateway_changed"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://sms.example.org/"),
        ("url", "ftp://sms.example.org/"),
        ("url", "https://name:password@sms.example.org/"),
        ("url", "https://127.0.0.1/"),
        ("url", "https://[::1]/"),
        ("url", "https://169.254.169.254/latest"),
        ("body", '{"to": "{{ phone }}", "text": "{{ text }}"'),
        ("body", '"{{ text }}"'),
        ("body", '{"to": "{{ phone }}"}'),
        ("body", '{"text": "{{ text }}", "name": "{{ name }}"}'),
        ("secret_header", ""),
        ("secret_header", "Host"),
        ("secret_header", "X: 1"),
        ("secret_variable", ""),
        # Otherwise any secret of the server could be sent to any address.
        ("secret_variable", "SECRET_KEY"),
        ("secret_variable", "GATEWAY_SECRET_"),
        ("name", ""),
    ],
)
def test_it_refuses_what_cannot_work_or_must_not(sign_in, field, value):
    response = sign_in("admin").post(ADD, GOOD | {field: value})

    assert response.status_code == 422
    assert set(response.context["form"].errors) <= {field, "secret_variable", "secret_header"}
    assert not Gateway.objects.exists()


def test_two_of_one_name_are_refused(sign_in):
    browser = sign_in("admin")
    browser.post(ADD, GOOD)
    assert browser.post(ADD, GOOD).status_code == 422


def test_switched_off_it_drops_what_waits(sign_in, cast, reach):
    browser = sign_in("admin")
    browser.post(ADD, GOOD)
    tell(reach("township"))
    browser.post(reverse("notices:gateway", args=[Gateway.objects.get().pk]), GOOD | {"active": ""})

    assert not Gateway.objects.get().active
    assert Delivery.objects.values_list("state", "error").get() == ("dropped", "gateway_closed")


def test_the_page_says_which_secret_is_missing_and_never_shows_one(sign_in, settings):
    browser = sign_in("admin")
    browser.post(ADD, GOOD)
    assert browser.get(LIST).context["gateways"][0].lacks_secret
    settings.GATEWAY_SECRETS = {"GATEWAY_SECRET_SMS": "Bearer s3cret"}
    response = browser.get(LIST)
    assert not response.context["gateways"][0].lacks_secret
    assert "s3cret" not in response.content.decode()


def test_a_test_goes_to_oneself_alone(sign_in, cast, reach, mail):
    reach("admin")
    reach("township")
    browser = sign_in("admin")
    browser.post(ADD, GOOD)
    browser.post(reverse("notices:gateway-test", args=[Gateway.objects.get().pk]))
    browser.post(reverse("notices:email-test"))

    rows = Delivery.objects.order_by("id").values_list("notice__recipient__username", "way", "notice__kind")
    assert list(rows) == [("admin", "gateway", "test"), ("admin", "email", "test")]


@pytest.mark.parametrize("way", ["gateway", "email"])
def test_a_test_that_reaches_nobody_is_refused(sign_in, way):
    browser = sign_in("admin")
    browser.post(ADD, GOOD)
    args = [Gateway.objects.get().pk] if way == "gateway" else []
    response = browser.post(reverse(f"notices:{way}-test", args=args), follow=True)

    assert [message.tags for message in response.context["messages"]][-1] == "error"
    assert not Notice.objects.exists()
