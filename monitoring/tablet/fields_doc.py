"""docs/tablet.md, made from the list of fields: a document that cannot drift from what a tablet is given."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from monitoring.tablet.fields import FIELDS

HEAD = """# 平板上有什么 / What is on a tablet

由 `manage.py write_tablet_doc` 从 `monitoring/tablet/fields.py` 生成，请勿手改；
测试检查是否过期，并逐项核对接口实际给出的内容。
Made from that list by `manage.py write_tablet_doc`; do not edit. Tests fail when it is stale, and compare what is
really sent with it key by key.
"""
NEVER = """从不下发：身份证号（包括打码的）、银行卡号、医疗费用明细、健康状况和病种、残疾类别。
Never sent: identity numbers (not even masked), bank numbers, bills, what somebody suffers from.

平板上的每一行都用 PIN 派生的密钥加密（`docs/decisions/0015…`）；每次下载留一条审计：谁、哪个村、多少户，不含姓名。
Every row on the tablet is sealed under a key behind a PIN; each pull is one line of audit: who, which village, how
many households, no names.

未知的值为 `null`，不是 0，也不是“否”。Unknown is `null`, never zero and never "no".
"""


def tablet_document_path() -> Path:
    return settings.BASE_DIR / "docs" / "tablet.md"


def tablet_document() -> str:
    return "\n".join([HEAD, NEVER, "## `GET /tablet/api/villages/<code>/`\n", *_table(), ""])


def _table() -> Iterator[str]:
    yield "| 字段 field | 内容 what | 入户为什么需要 why at the door |"
    yield "|---|---|---|"
    for field in FIELDS:
        yield f"| `{field.path}` | {' '.join(field.label)} | {' '.join(field.why)} |"
