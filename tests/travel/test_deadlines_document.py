"""docs/deadlines.md says what the tables say."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from alerts import sla, transitions
from alerts.notices.kinds import KINDS
from alerts.travel import deadlines_doc
from alerts.travel.deadlines_doc import deadlines_document, deadlines_document_path
from alerts.travel.move_forms import WORDS

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


def test_a_move_has_one_name_on_the_page_in_the_keys_and_in_the_documents():
    with translation.override("zh-hans"):
        names = {code: str(words.label) for code, words in WORDS.items()}
        keys = render_to_string("components/keys_dialog.html", {"perms": {"alerts": {"move": True}}})
    api = (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")

    for code in ("refuse", "send_back", "return"):
        assert deadlines_doc.MOVES[code] == names[code]
        assert f"| `{code}` | {names[code]} |" in api
    assert names["refuse"] in keys and names["send_back"] in keys
    assert names["refuse"] in KINDS["refused"].title_zh and names["refuse"] in KINDS["refused"].text_zh
    assert names["send_back"] in KINDS["sent_back"].title_zh
