"""Words for what department lists say: the form's own in Chinese, ours in English or where a form has none."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from households.imports.cells import Choice
from households.imports.readers import READERS
from households.models import ListEntry
from monitoring.judgment.labels import in_english

Words = dict[tuple[str, str], Promise]

KINDS: Words = {
    ("education", "dropout"): _("Suspected dropout"),
    ("education", "illness"): _("Out of school for health"),
    ("disability", "visual"): _("Visual"),
    ("disability", "hearing"): _("Hearing"),
    ("disability", "speech"): _("Speech"),
    ("disability", "physical"): _("Physical"),
    ("disability", "intellectual"): _("Intellectual"),
    ("disability", "mental"): _("Mental"),
    ("disability", "multiple"): _("Multiple"),
    ("housing", "appraisal"): _("Appraisal"),
    ("water", "outage"): _("Outage"),
    ("water", "quality"): _("Water quality"),
    ("water", "quantity"): _("Too little water"),
    ("water", "access"): _("Water too far away"),
    ("traffic", "death"): _("Death"),
    ("traffic", "serious"): _("Seriously injured"),
    ("traffic", "minor"): _("Slightly injured"),
    ("traffic", "disabled"): _("Disabled by it"),
    ("civil", "dibao"): _("Subsistence allowance"),
    ("civil", "tekun"): _("Support for the destitute"),
    ("civil", "relief"): _("Temporary relief"),
    ("employment", "returned"): _("Returned without work"),
    ("employment", "laid_off"): _("Laid off"),
    ("employment", "unstable"): _("Unstable work"),
}
GRADES: Words = {
    ("disability", "1"): _("Level 1"),
    ("disability", "2"): _("Level 2"),
    ("disability", "3"): _("Level 3"),
    ("disability", "4"): _("Level 4"),
    ("housing", "A"): _("Grade A"),
    ("housing", "B"): _("Grade B"),
    ("housing", "C"): _("Grade C"),
    ("housing", "D"): _("Grade D"),
    ("emergency", "general"): _("General loss"),
    ("emergency", "crop_lost"): _("Crop lost"),
    ("emergency", "house_collapsed"): _("House collapsed"),
}


def kind_word(entry: ListEntry) -> str:
    return _word(entry.list, "kind", entry.kind, KINDS)


def grade_word(entry: ListEntry) -> str:
    return _word(entry.list, "grade", entry.grade, GRADES)


def _word(source: str, field: str, value: str, ours: Words) -> str:
    if not value:
        return ""
    of_form = _of_form(source, field, value)
    own = ours.get((source, value))
    return str(own or of_form or value) if in_english() else of_form or str(own or value)


def _of_form(source: str, field: str, value: str) -> str:
    """The first word that the form has for a value; empty where the file's own word was kept."""
    columns = READERS[source].columns if source in READERS else ()
    for column in columns:
        if column.field == field and isinstance(column.parse, Choice):
            return column.parse.words.get(value, "")
    return ""
