"""docs/deadlines.md says what the tables say."""

import pytest

from alerts import sla, transitions
from alerts.travel import deadlines_doc
from alerts.travel.deadlines_doc import deadlines_document, deadlines_document_path

pytestmark = pytest.mark.once


def test_the_document_of_deadlines_and_moves_is_fresh():
    """When this fails: ``manage.py write_deadlines_doc``."""
    assert deadlines_document_path().read_text(encoding="utf-8") == deadlines_document()


def test_it_has_words_for_what_is_in_the_tables_and_for_nothing_else():
    assert set(deadlines_doc.STEPS) == set(sla.STEPS)
    assert set(deadlines_doc.MOVES) == set(transitions.MOVES)
    assert set(deadlines_doc.NEEDS) == {need for move in transitions.TABLE for need in move.needs}


def test_another_deadline_is_another_document(monkeypatch):
    before = deadlines_document()
    monkeypatch.setitem(sla.STEPS[transitions.ACKNOWLEDGED], sla.RED, sla.Span(4, sla.CALENDAR))
    assert deadlines_document() != before
