"""Lays down a new rule: a declaration, its line in the list, and situations that fail until it is filled in."""

import keyword
import re
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from monitoring.rules import BY_CODE

CODE = re.compile(r"[A-Z]{2,6}[0-9]{2}")

DECLARATION = '''"""{code}: 一句话说明这条规则看什么。 In one sentence, what this rule looks at."""

from django.db.models import F, Q

from monitoring.rules.declaration import BLUE, HIGHER, STATE, Rule

{code} = Rule(
    code="{code}",
    version=1,
    name_zh="规则 {code}",
    name_en="Rule {code}",
    when_zh="条件的文字说明",
    when_en="The condition in words",
    # RED: verify within 3 days; YELLOW: 7; BLUE: 15. Or an expression, with level_words.
    level=BLUE,
    # STATE can stop being found, and a person is asked; EVENT happened once.
    nature=STATE,
    # Whether a higher or a lower first value is worse.
    worse=HIGHER,
    # Words of alerts.kinds.Risk and households.staff.models.Department.
    risk="other",
    department="rural",
    basis="本系统建议",
    # What the predicate reads: indicators (monitoring/judgment/indicators.py) and thresholds
    # (households/policy/data/thresholds.csv). Written positively, no ~Q, no Coalesce: unknown fires nothing.
    needs=("members",),
    thresholds=(),
    predicate=Q(members__lt=0),
    values={{"members": F("members")}},
    shown_threshold="",
    sentence_zh="成员 {{members:count}} 人",
    sentence_en="{{members:count}} members",
    # Evidence behind a finding, by the names that other rules use.
    rows=(),
)

RULES = ({code},)
'''

SITUATION = """# 写法见 README.md；先写情形，再写规则。 How to write them: README.md. These first, then the rule.
- name: at the threshold
  household: ordinary
  members: 2
  expect: blue
- name: just below
  household: ordinary
  members: 1
  expect: nothing
- name: what it turns on is unknown
  members: 0
  expect: unknown
"""


class Command(BaseCommand):
    help = "Lays down a rule: its declaration, its line in monitoring/rules/__init__.py, and failing situations."

    def add_arguments(self, parser):
        parser.add_argument("code", help="two to six capital letters and two digits, as MED04")

    def handle(self, *args, **options):
        code = options["code"]
        if not CODE.fullmatch(code) or keyword.iskeyword(code.lower()):
            raise CommandError(
                "代码应为2至6个大写字母加2位数字，如 MED04 / Two to six capitals and two digits, as MED04"
            )
        root = Path(settings.BASE_DIR)
        declaration = root / "monitoring" / "rules" / f"{code.lower()}.py"
        situations = root / "tests" / "judgment" / "situations" / f"{code}.yaml"
        if code in BY_CODE or declaration.exists() or situations.exists():
            raise CommandError(f"{code} 已存在 / exists already")
        listing = root / "monitoring" / "rules" / "__init__.py"
        registered = registered_in(listing.read_text(encoding="utf-8"), code.lower())
        declaration.write_text(DECLARATION.format(code=code), encoding="utf-8")
        situations.write_text(SITUATION, encoding="utf-8")
        listing.write_text(registered, encoding="utf-8")
        for path in (declaration, listing, situations):
            self.stdout.write(str(path.relative_to(root)))
        self.stdout.write(
            "写好情形和声明后 / Fill in situations and declaration, then:\n"
            "  python manage.py write_rules_doc\n"
            f"  python -m pytest tests/judgment -k '{code} or every_rule or document'"
        )


def registered_in(listing: str, module: str) -> str:
    """The list of rules with one more module. Raises ``CommandError`` where it does not look as it should."""
    imports = re.search(r"^from monitoring\.rules import \(\n(.*?)^\)\n", listing, re.DOTALL | re.MULTILINE)
    rules = re.search(r"^RULES: tuple\[Rule, \.\.\.\] = \(\n.*?(?=^\)\n)", listing, re.DOTALL | re.MULTILINE)
    if imports is None or rules is None:
        raise CommandError("monitoring/rules/__init__.py 不是预期的样子，请手工登记 / Please add the rule by hand")
    names = sorted([*imports[1].split(), f"{module},"])
    with_line = listing[: rules.end()] + f"    *{module}.RULES,\n" + listing[rules.end() :]
    return with_line.replace(imports[1], "".join(f"    {name}\n" for name in names))
