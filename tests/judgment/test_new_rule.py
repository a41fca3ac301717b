"""``manage.py new_rule`` in a copy of what it writes to: it registers, refuses, and what it writes compiles."""

import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from monitoring.rules import RULES
from tests.judgment.situation import read_situations

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
COPIED = ("monitoring/rules", "tests/judgment/situations")


@pytest.fixture
def copy(tmp_path, settings) -> Path:
    """The folders that the command writes to, elsewhere."""
    for folder in COPIED:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    settings.BASE_DIR = tmp_path
    return tmp_path


def files_of(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def ask(folder: Path, question: str) -> str:
    """What a fresh Python says that finds the copied rules; the copy has no other part of the project."""
    (folder / "monitoring" / "__init__.py").touch()
    answer = subprocess.run(
        [sys.executable, "-c", question], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return answer.stdout.strip()


def test_a_new_rule_is_declared_listed_last_and_importable(copy):
    out = StringIO()

    call_command("new_rule", "TST01", stdout=out)

    said = ask(copy, "from monitoring.rules import RULES; print([rule.code for rule in RULES])")
    assert said == str([*(rule.code for rule in RULES), "TST01"])
    assert "monitoring/rules/tst01.py" in out.getvalue()
    assert "-k 'TST01 or" in out.getvalue()


def test_a_second_one_comes_after_the_first(copy):
    call_command("new_rule", "TST02", stdout=StringIO())
    call_command("new_rule", "ABC01", stdout=StringIO())

    said = ask(copy, "from monitoring.rules import RULES; print(*[rule.code for rule in RULES][-2:])")
    assert said == "TST02 ABC01"


def test_its_situations_can_be_read_and_expect_what_the_placeholder_does_not_do(copy):
    call_command("new_rule", "TST01", stdout=StringIO())

    expected = [case.expect for case in read_situations(copy / "tests/judgment/situations/TST01.yaml")]
    assert expected == ["blue", "nothing", "unknown"]
    assert ask(copy, "from monitoring.rules import BY_CODE; print(BY_CODE['TST01'].predicate)") == (
        "(AND: ('members__lt', 0))"
    )


def test_what_it_writes_needs_no_tidying(copy):
    call_command("new_rule", "TST01", stdout=StringIO())

    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml"), "monitoring"]
        done = subprocess.run(ruff, cwd=copy, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "code", ["INC01", "tst01", "T01", "TST1", "TST001", "TST-1", "TOOLONG01", "../TST01", "", "规则01", "TST01\n"]
)
def test_it_refuses_a_code_that_exists_or_is_malformed_and_writes_nothing(copy, code):
    before = files_of(copy)

    with pytest.raises(CommandError):
        call_command("new_rule", code, stdout=StringIO())

    assert files_of(copy) == before


def test_it_refuses_to_overwrite_what_lies_there_already(copy):
    call_command("new_rule", "TST01", stdout=StringIO())
    before = files_of(copy)

    with pytest.raises(CommandError):
        call_command("new_rule", "TST01", stdout=StringIO())

    assert files_of(copy) == before


def test_a_list_that_was_rearranged_by_hand_is_left_alone(copy):
    listing = copy / "monitoring/rules/__init__.py"
    listing.write_text("RULES = ()\n")
    before = files_of(copy)

    with pytest.raises(CommandError):
        call_command("new_rule", "TST01", stdout=StringIO())

    assert files_of(copy) == before
