"""What a villager writes stands on the answer to that very form, sealed in the database, and nowhere else."""

import logging

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.views.debug import SafeExceptionReporterFilter

from alerts.models import Alert, Notice, Report
from households.models import Event
from tests.reports.conftest import IDENTITY, PHONE, PUBLIC_HOST, VILLAGE, fields

WRITTEN = ("王秀英", PHONE, IDENTITY, "老伴住院")


def _nothing_of(text: str) -> None:
    assert [word for word in WRITTEN if word in text] == []


def test_nothing_that_was_written_is_logged(send, caplog):
    caplog.set_level(logging.DEBUG)
    # Statements with their parameters are logged by DEBUG alone, which no county runs with.
    caplog.set_level(logging.INFO, logger="django.db.backends")
    send(identity=IDENTITY)
    send(identity=IDENTITY, homepage="x")
    send(identity=IDENTITY, phone="")
    _nothing_of(caplog.text)


def test_a_crash_says_nothing_of_what_was_written(client, caplog, monkeypatch, db):
    def broken(**_arguments):
        raise RuntimeError

    monkeypatch.setattr("alerts.reports.public_views.receive_report", broken)
    client.raise_request_exception = False
    response = client.post(f"/v/{VILLAGE}/", fields(identity=IDENTITY), headers={"host": PUBLIC_HOST})
    assert response.status_code == 500
    _nothing_of(caplog.text + response.content.decode())
    request: WSGIRequest = response.wsgi_request
    _nothing_of(str(SafeExceptionReporterFilter().get_post_parameters(request)))


def test_a_report_that_the_database_refuses_is_not_quoted(client, caplog, monkeypatch, db):
    """PostgreSQL quotes the row that it refuses; whoever reads the log must not."""
    monkeypatch.setattr("alerts.reports.receiving.receipt_hash", lambda receipt: b"the same for all")
    client.raise_request_exception = False
    for number in range(2):
        words = fields(identity=IDENTITY, words=f"老伴住院{number}")
        response = client.post(f"/v/{VILLAGE}/", words, headers={"host": PUBLIC_HOST})
    assert response.status_code == 500
    assert "A report could not be stored." in caplog.text
    _nothing_of(caplog.text)


@pytest.mark.parametrize("doubtful", ["", "x"])
def test_numbers_and_words_are_sealed_and_copied_nowhere(send, cast, doubtful):
    send(identity=IDENTITY, homepage=doubtful)
    tables = [Report, Alert, Event, Notice]
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {model._meta.db_table} AS t")
            text = cursor.fetchone()[0]
            allowed = ("王秀英",) if model is Report else ()
            assert [word for word in WRITTEN if word in text] == list(allowed)


def test_the_next_visitor_of_the_same_phone_finds_an_empty_form(phone, send):
    send(identity=IDENTITY)
    page = phone.get(f"/v/{VILLAGE}/")
    _nothing_of(page.content.decode())
    assert page.headers["Cache-Control"] == "no-store"
