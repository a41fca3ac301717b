"""A file that cannot be used: one clear sentence, nothing stored."""

import io
import zipfile

import openpyxl
import pytest

from households.imports.problems import ImportRefused
from households.imports.services import receive_file
from households.models import AuditEntry, Import, ImportContent
from tests.imports.conftest import INCOME, as_csv, as_xlsx

pytestmark = pytest.mark.django_db
ROW = ["420527103204000001", "202206", "工资性收入", "务工", "1"]


def two_sheets() -> bytes:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet()):
        sheet.append(INCOME)
        sheet.append(ROW)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def bomb(size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b"\xef\xbb\xbf\r\n \n", "empty_file"),
        ("a.csv", b"\0\0\0\0", "empty_file"),
        ("a.xlsx", as_xlsx(), "empty_file"),
        ("a.xlsx", as_csv(INCOME), "not_a_spreadsheet"),
        ("a.xlsx", b"PK\x03\x04 no archive", "not_a_spreadsheet"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "not_a_spreadsheet"),
        ("a.csv", bytes(range(128, 256)) * 50, "not_a_spreadsheet"),
        ("a.csv", "序号,商品,单价\n1,脐橙,3.50\n".encode(), "unknown_form"),
        ("a.csv", as_csv(INCOME[:4], ROW[:4]), "missing_columns"),
        ("a.csv", as_csv(INCOME), "no_rows"),
        ("a.xlsx", two_sheets(), "several_sheets"),
        ("a.xlsx", bomb(1000), "not_a_spreadsheet"),
    ],
)
def test_it_refuses_the_file_with_one_sentence_and_stores_nothing(name, content, code):
    with pytest.raises(ImportRefused) as caught:
        receive_file(name=name, content=content, by=None)

    assert caught.value.code == code
    assert caught.value.sentence.endswith("。")
    assert not Import.objects.exists()
    assert not ImportContent.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("setting", "limit", "content", "code"),
    [
        ("IMPORT_MAX_BYTES", 100, as_csv(INCOME, *[ROW] * 9), "too_large"),
        ("IMPORT_MAX_UNPACKED", 10_000, bomb(10_001), "unpacked_too_large"),
        ("IMPORT_MAX_ROWS", 3, as_csv(INCOME, *[ROW] * 4), "too_many_rows"),
        ("IMPORT_MAX_ROWS", 3, as_xlsx(INCOME, *[ROW] * 4), "too_many_rows"),
    ],
)
def test_it_refuses_a_file_beyond_a_limit(settings, setting, limit, content, code):
    setattr(settings, setting, limit)
    with pytest.raises(ImportRefused) as caught:
        receive_file(name="a.csv", content=content, by=None)
    assert caught.value.code == code
    assert not Import.objects.exists()


def test_it_takes_a_file_at_the_limit(settings):
    settings.IMPORT_MAX_ROWS = 3
    assert receive_file(name="a.csv", content=as_csv(INCOME, *[ROW] * 3), by=None).pk


def test_it_says_which_columns_are_missing():
    with pytest.raises(ImportRefused) as caught:
        receive_file(name="a.csv", content=as_csv(INCOME[:4], ROW[:4]), by=None)
    assert "金额" in caught.value.sentence


def test_it_refuses_a_form_that_is_not_the_one_asked_for():
    with pytest.raises(ImportRefused):
        receive_file(name="a.csv", content=as_csv(INCOME, ROW), by=None, form="household")


def test_an_officer_may_not_upload_the_form_of_another_department(cast):
    with pytest.raises(ImportRefused) as caught:
        receive_file(name="a.csv", content=as_csv(INCOME, ROW), by=cast.officer)
    assert caught.value.code == "other_department"
    assert not Import.objects.exists()
