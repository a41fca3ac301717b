"""What can be wrong with a file or a row: one code and one sentence each. Only codes are stored."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# The file as a whole.
FILE_PROBLEMS = {
    "empty_file": _("The file is empty."),
    "too_large": _("The file is larger than %(limit)s MB. Split it and upload the parts."),
    "unpacked_too_large": _("Unpacked, the file is larger than %(limit)s MB. Split it and upload the parts."),
    "too_many_rows": _("The file has more than %(limit)s rows. Split it and upload the parts."),
    "not_a_spreadsheet": _("This is no spreadsheet that can be read. Save it as XLSX or CSV and upload it again."),
    "password_protected": _("The file is protected by a password. Save it without one and upload it again."),
    "unknown_form": _("No known form: no row of the file holds the column names of one."),
    "missing_columns": _("The file looks like “%(form)s”, but these columns are missing: %(columns)s."),
    "several_sheets": _("More than one sheet holds this form. Put each sheet into a file of its own."),
    "no_rows": _("The file has a header, but no rows below it."),
    "month_unknown": _("The file does not say which month it speaks of. Choose the month and upload it again."),
    "other_department": _("This form belongs to another department."),
    "reading_failed": _("The file could not be read to its end. Save it again as XLSX or CSV and upload it."),
}

# One row: why it was refused, why it waits, and what a person should look at although it went in.
ROW_PROBLEMS = {
    "missing": _("is empty"),
    "cells_shifted": _("the row has more cells than the header; put text that holds a comma in quotes"),
    "stored_as_number": _("is stored as a number, its last digits are lost; store the column as text"),
    "household_code_format": _("is not 18 digits"),
    "person_code_format": _("is not 20 digits"),
    "village_code_format": _("is not a village code of 12 digits"),
    "village_unknown": _("is no village of this county"),
    "card_format": _("is no number of a disability card (identity number, category 1-7, level 1-4)"),
    "card_of_another": _("belongs to another identity number than the row names"),
    "identity_missing": _("identity number is missing"),
    "identity_15_digits": _("is an old 15-digit number; give the 18-digit one"),
    "identity_length": _("does not have 18 characters"),
    "identity_characters": _("holds characters that no identity number has"),
    "check_digit": _("the check digit is wrong"),
    "identity_birth_date": _("the birth date in the number does not exist"),
    "number_twice": _("the same number is given for another person"),
    "text_too_long": _("is too long"),
    "text_unreadable": _("holds characters that cannot be read"),
    "date_unreadable": _("is no readable date"),
    "month_unreadable": _("is no readable month"),
    "birth_date_impossible": _("cannot be a birth date"),
    "amount_unreadable": _("is no readable amount"),
    "amount_negative": _("is a negative amount"),
    "amount_too_large": _("is too large an amount"),
    "number_unreadable": _("is no readable whole number"),
    "number_out_of_range": _("is out of range"),
    "word_unknown": _("is none of the allowed words"),
    # waiting
    "household_unknown": _("household is not in the register"),
    "person_unknown": _("person is not in the register"),
    "member_elsewhere": _("person is already a member of another household"),
    "member_left": _("person has left the household; somebody must say whether he is back"),
    "dismissed": _("dismissed"),
    # same
    "person_died": _("this person has died"),
    "household_gone": _("it was entered as gone at the desk; somebody must say whether it is back"),
    "corrected_at_desk": _("this line was corrected or taken out at the desk"),
    "waiting_already": _("the same row of an earlier file was put into the queue already"),
    # doubts
    "identity_unverified": _("identity unverified"),
    "value_unknown": _("cannot be read and counts as unknown"),
    "word_kept": _("is none of the known words; kept as it is"),
    "birth_date_differs": _("differs from the birth date in the identity number"),
    "sex_differs": _("differs from the sex in the identity number"),
    "name_differs": _("differs from the name in the register"),
    "in_future": _("lies in the future"),
    "values_differ": _("the same key stands in an earlier row with other values; the earlier row counts"),
    "person_twice": _("the same person stands in the household twice; counted once"),
    "two_heads": _("the household has more than one head; another member counts as head"),
    "same_item_two_amounts": _("the same item stands in the ledger with another amount; both count"),
    "same_bill_two_amounts": _("the same bill stands on a list with another self-payment; both count"),
    "told_differently": _("the same event stands on a list with another value; both count"),
    "card_differs": _("differs from the digits of the disability card; the column counts"),
    "missing_from_export": _("in the register, but not in the new full export"),
}


class ImportRefused(Exception):
    """The file as a whole cannot be used; nothing is stored. ``code`` is one of ``FILE_PROBLEMS``."""

    def __init__(self, code: str, **detail: object):
        super().__init__(code)
        self.code = code
        self.detail = detail

    @property
    def sentence(self) -> str:
        return file_sentence(self.code, self.detail)


class CellProblem(Exception):
    """A cell cannot be understood. ``code`` is one of ``ROW_PROBLEMS``; the value itself is never carried."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def file_sentence(code: str, detail: Mapping[str, object] | None = None) -> str:
    """The one sentence about a file, in the language of the reader."""
    return str(FILE_PROBLEMS[code]) % (detail or {}) if detail else str(FILE_PROBLEMS[code])


def entry(column: str, code: str, detail: str = "") -> dict[str, str]:
    """One reason or doubt as it is stored: column title and codes, never the value."""
    return {"column": column, "code": code} | ({"detail": detail} if detail else {})


def entry_sentence(item: Mapping[str, str]) -> str:
    """``证件号码：身份未核实（校验位错误）`` for one stored reason or doubt."""
    text = str(ROW_PROBLEMS.get(item["code"], item["code"]))
    detail = item.get("note") or ROW_PROBLEMS.get(item.get("detail", ""))
    if detail:
        text = gettext("%(problem)s (%(detail)s)") % {"problem": text, "detail": detail}
    if not item.get("column"):
        return text
    return gettext("%(column)s: %(problem)s") % {"column": item["column"], "problem": text}


def row_sentence(items: Iterable[Mapping[str, str]]) -> str:
    return gettext("; ").join(entry_sentence(item) for item in items)
