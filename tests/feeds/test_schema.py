"""The OpenAPI document: valid, complete, and true."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rest_framework import serializers

from alerts.travel.filtersets import PERSONAL, AlertFilterSet
from households.filtering import PROBLEM_TEXTS
from households.ledger.services import record_event
from monitoring.feeds import reporting, shapes, write_shapes
from monitoring.feeds.models import FeedScope
from monitoring.feeds.moving import FIELDS, OFFERED
from monitoring.feeds.problems import TEXTS
from tests import factories
from tests.feeds.conftest import ALL

MOVES = "/api/v1/alerts/{id}/moves/"
READ = {"/api/v1/alerts/", "/api/v1/alerts/{id}/", "/api/v1/events/", MOVES}
REPORTS = "/api/v1/reports/"
WRITTEN = {MOVES, REPORTS}


@pytest.fixture
def schema(db):
    response = Client().get(reverse("api:schema"), headers={"Accept": "application/json"})
    assert response.status_code == 200
    return json.loads(response.content)


def test_it_is_valid_and_without_warnings(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", file=tmp_path / "schema.yml", stdout=StringIO())

    assert (tmp_path / "schema.yml").stat().st_size > 1000


def test_it_documents_each_feed_with_its_errors_and_its_key(schema):
    assert set(schema["paths"]) == READ | WRITTEN
    assert schema["components"]["securitySchemes"]["ApiKey"]["in"] == "header"
    for path in READ:
        operation = schema["paths"][path]["get"]
        assert operation["security"] == [{"ApiKey": []}]
        assert {"200", "400", "401", "403"} <= set(operation["responses"])
        assert "application/problem+json" in operation["responses"]["401"]["content"]
    assert "404" in schema["paths"]["/api/v1/alerts/{id}/"]["get"]["responses"]


def test_it_documents_each_write_with_its_errors_and_the_key_that_makes_it_happen_once(schema):
    for path in WRITTEN:
        operation = schema["paths"][path]["post"]
        assert operation["security"] == [{"ApiKey": []}]
        assert {"400", "401", "403", "409", "413", "415", "422"} <= set(operation["responses"])
        headers = [each for each in operation["parameters"] if each["in"] == "header"]
        assert [(header["name"], header["required"]) for header in headers] == [("Idempotency-Key", True)]
        answers = [answer for status, answer in operation["responses"].items() if status in ("200", "201")]
        assert answers and all("Idempotency-Replayed" in answer["headers"] for answer in answers)
        assert list(operation["requestBody"]["content"]) == ["application/json"]


def test_it_documents_every_name_that_a_move_takes(schema):
    body = schema["components"]["schemas"]["MoveShape"]

    assert set(body["properties"]) == {field.name for field in FIELDS}
    assert body["required"] == ["move"]


def test_it_documents_every_name_that_a_report_takes(schema):
    body = schema["components"]["schemas"]["ReportShape"]

    assert set(body["properties"]) == {field.name for field in reporting.FIELDS}
    assert set(body["required"]) == {field.name for field in reporting.FIELDS if field.required}


def test_it_documents_every_filter(schema):
    parameters = {parameter["name"] for parameter in schema["paths"]["/api/v1/alerts/"]["get"]["parameters"]}

    assert parameters == set(AlertFilterSet.base_filters) - set(PERSONAL) | {"before", "after", "limit"}


def _assert_fits(data: object, shape: serializers.BaseSerializer) -> None:
    """Every field is there, none is more, all the way down."""
    if isinstance(shape, serializers.ListSerializer):
        assert data
        for row in data:
            _assert_fits(row, shape.child)
        return
    fields = shape.fields
    optional = {name for name, field in fields.items() if not field.required}
    assert set(fields) - optional <= set(data) <= set(fields)
    for name, value in data.items():
        field = fields[name]
        if value is None:
            assert field.allow_null, name
        elif isinstance(field, serializers.BaseSerializer):
            _assert_fits(value, field)
        else:
            field.run_validation(value)


def test_the_answers_are_as_documented(pull):
    household = factories.household(members=1)
    factories.alert(household=household, level="red")
    factories.alert(household=factories.household(), closed=True)
    record_event(kind="alert_raised", subject="alert", subject_id=1, place=household, level_after="red")
    pulling = pull()

    _assert_fits(pulling.get("/api/v1/alerts/?limit=1", Host="localhost").json(), shapes.AlertPageShape())
    _assert_fits(pulling.get("/api/v1/alerts/").json(), shapes.AlertPageShape())
    _assert_fits(pulling.get("/api/v1/events/").json(), shapes.EventPageShape())
    _assert_fits(pulling.get("/api/v1/alerts/?x=1").json(), shapes.ProblemShape())
    _assert_fits(pulling.get("/api/v1/alerts/0/").json(), shapes.ProblemShape())


def test_the_answers_to_a_move_are_as_documented(pull):
    alert = factories.alert(household=factories.household(members=1), level="red")
    key = pull(scopes=ALL)

    _assert_fits(key.get(f"/api/v1/alerts/{alert.pk}/moves/").json(), write_shapes.PossibleMovesShape())
    _assert_fits(key.move(alert, "dispatch").json(), shapes.ProblemShape())
    _assert_fits(key.move(alert, "dispatch", to="village").json(), shapes.AlertShape())
    _assert_fits(key.get("/api/v1/events/").json(), shapes.EventPageShape())
    ticket = {"source": "12317", "ticket": "1", "village": alert.village, "name": "某人", "risk": "income"}
    _assert_fits(key.post(REPORTS, ticket).json(), write_shapes.EnteredShape())
    _assert_fits(key.post(f"/api/v1/alerts/{alert.pk}/moves/", b" " * 20_000).json(), shapes.ProblemShape())


def test_the_document_needs_no_key():
    assert Client().get(reverse("api:schema")).status_code == 200


def test_the_handbook_names_every_code_move_and_scope():
    handbook = (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")
    words = {*TEXTS, *OFFERED, *FeedScope.values, *PROBLEM_TEXTS} - {"permission_denied"}

    assert sorted(word for word in words if f"`{word}`" not in handbook) == []
