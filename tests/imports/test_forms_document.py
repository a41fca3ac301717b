"""docs/forms.md names every form, its department and the columns it needs, as the readers declare them."""

import re
from pathlib import Path

import pytest

from households.imports.readers import READERS

pytestmark = pytest.mark.once
DOCUMENT = Path(__file__).parents[2] / "docs" / "forms.md"
ROW = re.compile(r"^\| `(\w+)` \S+ \| (\w+) \| (\S+) \| (.+) \|$", re.MULTILINE)


def written():
    return {form: cells for form, *cells in ROW.findall(DOCUMENT.read_text(encoding="utf-8"))}


def test_the_document_names_every_form_in_the_order_of_the_readers():
    assert list(written()) == list(READERS)


@pytest.mark.parametrize("form", READERS)
def test_the_document_names_the_columns_that_a_form_reads(form):
    reader = READERS[form]
    department, needed, others = written()[form]
    assert department == str(reader.department)
    assert needed.split("、") == [column.title for column in reader.header_columns]
    if form != "member":
        rest = [column.title for column in reader.columns if column not in reader.header_columns]
        assert others.split("、") == rest
