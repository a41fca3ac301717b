"""What a tablet is given is one list, and the document is made of it."""

from monitoring.tablet.fields import FIELDS, PATHS
from monitoring.tablet.fields_doc import tablet_document, tablet_document_path


def test_the_document_is_not_stale():
    """When this fails: ``manage.py write_tablet_doc``."""
    assert tablet_document_path().read_text(encoding="utf-8") == tablet_document()


def test_each_field_stands_once_with_a_reason_in_both_languages():
    assert len(PATHS) == len(FIELDS)
    assert [field.path for field in FIELDS if not all((*field.label, *field.why))] == []
