"""The eight department lists of a pack, read by plain loops (``oracle``), in the words of the forms.

A row becomes ``(list, day, word, …, days, money)``.
"""

import re
from pathlib import Path

from tests.packs.oracle import Pack, amount, day, identity, place, records, squeeze, whole

# List → its day column and the columns with words, each with the words that somebody would understand.
FORMS = {
    "教育": ("日期", {"情况": None}),
    "残联": ("办证日期", {"残疾类别": "视力 听力 言语 肢体 智力 精神 多重", "残疾等级": "一级 二级 三级 四级"}),
    "住建": ("鉴定日期", {"鉴定等级": "A B C D"}),
    "水利": ("日期", {"问题": "供水中断 停水 水质不达标 水量不足 取水不便"}),
    "交警": ("事故日期", {"后果": "死亡 重伤 轻伤 伤残"}),
    "应急": ("受灾日期", {"灾种": None, "损失情况": "一般损失 农作物绝收 房屋倒塌"}),
    "民政": ("日期", {"类别": "新增低保 新增特困 临时救助"}),
    "人社": ("日期", {"情况": "返乡失业 失业 裁员 务工不稳定"}),
}


def read_lists(pack: Pack, folder: Path) -> None:
    """All lists of the folder, in any order: none depends on another."""
    for path in sorted(folder.glob("*.xlsx")):
        name = path.name.partition("_")[0]
        dated, words = FORMS[name]
        number_column = "残疾证号" if name == "残联" else "身份证号"
        for number, row in records(path, number_column, dated):
            found, line = _read(name, row, number_column, dated, words)
            if found is None or line is None:
                pack.outcome[path.name][number] = "refused"
            else:
                place(pack, pack.entries, path.name, number, found, line)


def _read(name: str, row: dict, number_column: str, dated: str, words: dict) -> tuple[str | None, tuple | None]:
    found = _of_card(row[number_column]) if name == "残联" else identity(row[number_column])
    when = day(row[dated])
    said = [_word(row[column], known) for column, known in words.items()]
    if name == "教育":
        said = [_situation(row["情况"])]
    days, money = row.get("停水天数", ""), row.get("金额", row.get("损失金额", ""))
    is_odd = (squeeze(days) and whole(days) is None) or (squeeze(money) and amount(money) is None)
    if when is None or None in said or is_odd:
        return found, None
    return found, (name, when, *said, whole(days), amount(money))


def _word(cell, known: str | None) -> str | None:
    word = squeeze(cell)
    if known is None:
        return word or None
    word = word.upper().removesuffix("级") if known == "A B C D" else word
    return word if word in known.split() else None


def _situation(cell) -> str | None:
    word = squeeze(cell)
    if re.search("病|身体|健康", word):
        return "为健康"
    return "辍学" if re.search("辍学|失学", word) else None


def _of_card(cell) -> str | None:
    """The identity number that a disability card of twenty characters begins with."""
    card = squeeze(cell).upper() if isinstance(cell, str) else ""
    shaped = re.fullmatch(r"(\d{17}[\dX])[1-7][1-4](B\d?)?", card)
    return identity(shaped[1]) if shaped else None
