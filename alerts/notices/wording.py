"""A notice in words: the county's own where there are some, else those of ``alerts.notices.kinds``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from alerts.notices.kinds import KINDS
from alerts.notices.models import Notice, NoticeTemplate
from alerts.notices.placeholders import fill, words_of
from households.models import Area


@dataclass(frozen=True)
class Words:
    title: str
    text: str


class Wording:
    """Puts notices into words. Two queries, whatever their number; ``chinese``: what goes out, else the page's.

    ``values`` of notices that are to be worded together; a place that is not among them costs a query of its own.
    """

    def __init__(self, values: Iterable[Mapping[str, object]], *, chinese: bool = False):
        self.chinese = chinese or not (get_language() or "").startswith("en")
        self.own = {row.kind: Words(row.title, row.text) for row in NoticeTemplate.objects.all()}
        self.places: dict[str, str] = {}
        self._learn({str(each["place"]) for each in values if "place" in each})

    def _learn(self, codes: set[str]) -> None:
        self.places |= dict.fromkeys(codes, "—")
        self.places |= {area.code: area.short_name for area in Area.objects.filter(code__in=codes)}

    def patterns(self, kind: str) -> Words:
        """The words of a kind with their placeholders; the county writes Chinese."""
        default = KINDS[kind]
        if not self.chinese:
            return Words(default.title_en, default.text_en)
        return self.own.get(kind, Words(default.title_zh, default.text_zh))

    def words(self, notice: Notice) -> Words:
        patterns = self.patterns(notice.kind)
        if (place := notice.values.get("place")) and place not in self.places:
            self._learn({place})
        words = words_of(notice.values, places=self.places, chinese=self.chinese)
        return Words(fill(patterns.title, words), fill(patterns.text, words))
