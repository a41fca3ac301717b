"""The OpenAPI document: valid, complete, and true."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rest_framework import serializers

from alerts.travel.filtersets import PERSONAL, AlertFilterSet
from households.ledger.services import record_event
from monitoring.feeds import shapes
from tests import factories

PATHS = {"/api/v1/alerts/", "/api/v1/alerts/{id}/", "/api/v1/events/"}


@pytest.fixture
def schema(db):
    response = Client().get(reverse("api:schema"), headers={"Accept": "application/json"})
    assert response.status_code == 200
    return json.loads(response.content)


def test_it_is_valid_and_without_warnings(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", file=tmp_path / "schema.yml", stdout=StringIO())

    assert (tmp_path / "schema.yml").stat().st_size > 1000


def test_it_documents_each_feed_with_its_errors_and_its_key(schema):
    assert set(schema["paths"]) == PATHS
    assert schema["components"]["securitySchemes"]["ApiKey"]["in"] == "header"
    for path in PATHS:
        operation = schema["paths"][path]["get"]
        assert operation["security"] == [{"ApiKey": []}]
        assert {"200", "400", "401", "403"} <= set(operation["responses"])
        assert "application/problem+json" in operation["responses"]["401"]["content"]
    assert "404" in schema["paths"]["/api/v1/alerts/{id}/"]["get"]["responses"]


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


def test_the_document_needs_no_key():
    assert Client().get(reverse("api:schema")).status_code == 200
