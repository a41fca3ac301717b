"""What a visit said, answer by answer, as a page shows it: in words, by section and line."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from households.models import IncomeKind
from households.visits.declaration import BY_NAME, Field
from households.visits.models import AnswerState, VisitAnswer
from households.visits.wording import in_words

Words = str | Promise


@dataclass(frozen=True)
class ToldAnswer:
    """One answer in words: ``said``, ``stood`` (in the register then), ``seen`` (at the door); None is unknown."""

    answer: VisitAnswer
    label: Words
    said: str | None
    stood: str | None
    seen: str | None

    @property
    def has_register(self) -> bool:
        """Whether the register has a word in it; what is only noted has not."""
        return self.answer.state != AnswerState.NOTED

    @property
    def waits(self) -> bool:
        return self.answer.state == AnswerState.ASKED


@dataclass(frozen=True)
class ToldLine:
    """What belongs together: of one person, or of one line of the ledger. ``title``: "" for the household."""

    title: str
    answers: list[ToldAnswer] = field(default_factory=list)


@dataclass(frozen=True)
class ToldSection:
    label: Words
    lines: list[ToldLine]


def tell(answers: Iterable[VisitAnswer]) -> list[ToldSection]:
    """The sections of one visit in the order of the form; ``answers`` with their persons."""
    lines: dict[tuple[str, int], ToldLine] = {}
    for answer in answers:
        line = lines.setdefault((answer.section, answer.line), ToldLine(title_of(answer)))
        line.answers.append(tell_answer(answer))
    names = [*BY_NAME, *dict.fromkeys(section for section, _line in lines if section not in BY_NAME)]
    found = {name: [line for (section, _line), line in lines.items() if section == name] for name in names}
    return [ToldSection(section_label(name), told) for name, told in found.items() if told]


def tell_answer(answer: VisitAnswer) -> ToldAnswer:
    one = field_of(answer)
    return ToldAnswer(
        answer,
        one.label,
        in_words(one, answer.said),
        in_words(one, answer.stood),
        in_words(one, answer.seen),
    )


def section_label(name: str) -> Words:
    return BY_NAME[name].label if name in BY_NAME else name


def field_of(answer: VisitAnswer) -> Field:
    """The field of today's form; one that it does not ask any more is called by its name."""
    section = BY_NAME.get(answer.section)
    fields = {one.name: one for one in section.fields} if section else {}
    return fields.get(answer.field) or Field(answer.field, answer.field, "text")


def title_of(answer: VisitAnswer) -> str:
    """Whose answer it is, or of which line of the ledger."""
    if answer.person is not None:
        return answer.person.name
    if answer.month is None:
        return ""
    kind = str(IncomeKind(answer.kind).label) if answer.kind in IncomeKind.values else answer.kind
    return " · ".join(part for part in (f"{answer.month:%Y-%m}", kind, answer.item) if part)
