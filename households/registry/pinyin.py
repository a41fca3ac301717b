"""The pinyin key of a name, stored beside it: no collation of the database has to know Chinese."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=65536)
def pinyin_key(name: str) -> str:
    """``"wangwei ww"``: the syllables in one word, then their initials. Sorts by pinyin, found by either."""
    syllables = lazy_pinyin(name, style=Style.NORMAL, errors="default")
    return f"{''.join(syllables)} {''.join(syllable[:1] for syllable in syllables)}".lower()[:120].strip()
