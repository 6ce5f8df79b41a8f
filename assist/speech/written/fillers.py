"""Hesitations and stutters, taken out of a final text for reading.

Only sounds and false starts go. An answer never does: a bare 嗯, a doubled 嗯嗯, a 嗯 before a
short reply and "uh-huh" stay, as do 这个 and 就是, which mostly mean something. A stutter goes only
where what follows says it again in full; figures are never taken for one.
"""

from __future__ import annotations

import re

_PARTS = re.compile(r"([^，,。！？!?；;…]*)([，,。！？!?；;…]*)")
_NUMERAL = re.compile(r"[0-9０-９零〇一二三四五六七八九十百千万亿两幺]")
_SHORT_REPLY = 4
"""A leading 嗯 before a reply of up to so many characters may be the answer: "嗯，谢谢"."""

_SOUND = re.compile(r"嗯|呃+|额|唔|e+m+|u+h*m+|那个|就是说", re.IGNORECASE)
_LEADING = re.compile(r"(?:呃+|嗯(?!嗯)|唔)(?=[\u4e00-\u9fff])")
_INSIDE = re.compile(r"(?<!打)呃+(?!逆)")
_DOUBLED = re.compile(
    r"([我你您他她就那这但把])\1+(?=[\u4e00-\u9fff])"
    r"|(我们|你们|您这|他们|那个|这个|然后|就是|因为|所以|但是|可是|如果)[，,]?(?:\2)+(?=[\u4e00-\u9fff])"
    r"|([那这])(?=\3个)"
)
_LONE_THAT = re.compile(r"那个[，,]?那个[，,]?(?=我|你|您|他|她|咱|请问)")
_STUTTER_1 = frozenset("我你您他她它这那就都也还但因所把被给跟和从为又再在")
_NOT_STUTTER = frozenset(
    [
        "没有",
        "不是",
        "不用",
        "不行",
        "不要",
        "不对",
        "是的",
        "好的",
        "对的",
        "可以",
        "知道",
        "明白",
        "谢谢",
        "你好",
        "您好",
        "喂喂",
        "再见",
        "需要",
        "不能",
        "不会",
        "没错",
        "没事",
    ]
)
_AT_WORK = frozenset({"在的", "在呢", "在家", "在吗"})


def without_hesitations(text: str, lang: str) -> str:
    """`text` less hesitations and stutters; unchanged for languages other than zh and en.

    A text of nothing else comes back as it is: then it is an answer. Done until nothing more
    changes, so twice is the same as once.
    """
    once = {"zh": _zh, "en": _en}.get(lang)
    if once is None:
        return text
    while (less := once(text)) != text and any(c.isalnum() for c in less):
        text = less
    return text


def _zh(text: str) -> str:
    text = _LONE_THAT.sub("", text)
    text = _DOUBLED.sub(lambda m: m[1] or m[2] or "", text)
    parts = [(m[1], m[2]) for m in _PARTS.finditer(text) if m.group()]
    kept: list[tuple[str, str]] = []
    for at, (clause, mark) in reversed(list(enumerate(parts))):
        if at + 1 < len(parts) and _is_stutter(clause.strip(), mark, kept[-1][0] if kept else ""):
            continue
        after = "".join(c for c, _ in parts[at + 1 : at + 6])
        if _is_sound(clause.strip(), mark, first=at == 0, after=after):
            if at + 1 == len(parts) and at > 0:  # "好的，嗯。" ends as the sentence ended
                before, pause = parts[at - 1]
                parts[at - 1] = (before, mark if pause in ("，", ",") and mark else pause)
            continue
        kept.append((_inside(clause, after), mark))
    return "".join(clause + mark for clause, mark in reversed(kept))


def _inside(clause: str, after: str) -> str:
    lead = _LEADING.match(clause)
    if lead and (len(clause) - 1 > _SHORT_REPLY or after):
        clause = clause[lead.end() :]
    return _INSIDE.sub("", clause) or clause


def _is_sound(clause: str, mark: str, *, first: bool, after: str) -> bool:
    if not _SOUND.fullmatch(clause):
        return False
    if clause == "那个":  # "哪个？" "那个，五十九的": then it points at something
        return mark in ("，", ",", "…", "……") and bool(after) and not _NUMERAL.match(after)
    if clause == "就是说":
        return mark in ("，", ",") and bool(after)
    if clause == "嗯":
        if mark[:1] in tuple("。！？!?"):  # a sentence of its own: yes
            return False
        return not first or len(re.sub(r"\W", "", after)) > _SHORT_REPLY
    return True


def _is_stutter(clause: str, mark: str, following: str) -> bool:
    following = following.strip()
    if mark not in ("，", ",", "…", "……") or not clause or not following.startswith(clause):
        return False
    if len(following) <= len(clause) or _NUMERAL.search(clause):
        return False
    if len(clause) == 1:
        return clause in _STUTTER_1 and following not in _AT_WORK
    return len(clause) <= 3 and clause not in _NOT_STUTTER and re.search(r"\w", clause) is not None


_HES = r"(?:u+h+|u+m+|uhm+|e+r+m*|hm+)"
_EN_SOUND = re.compile(
    rf"(?P<before>(?<![\w'’])[\w'’]+)?(?P<lead>[,\s]{{0,3}})"
    rf"(?<![\w'’-])(?P<sound>{_HES})(?![\w'’]|[- ]?huh|-)"
    rf"(?P<tail>(?:\s*(?:,|\.{{3}}|…))?\s{{0,3}})(?P<next>\w?)",
    re.IGNORECASE,
)
_YOU_KNOW = re.compile(r"(?:(?<=^)|(?<=[.!?]\s)|(?<=,\s))you know,\s+", re.IGNORECASE)
_LEANS_ON = frozenset(
    [
        "a",
        "an",
        "the",
        "it's",
        "that's",
        "is",
        "was",
        "are",
        "of",
        "for",
        "to",
        "from",
        "in",
        "on",
        "at",
        "with",
        "and",
        "or",
        "but",
        "only",
        "my",
        "your",
        "our",
        "i",
        "i'm",
        "we",
        "we're",
        "just",
        "about",
        "like",
        "number",
    ]
)
_EN_STUTTER = re.compile(
    r"(?<![\w'’])(i|the|a|my|we|he|she|they|it's|i'm|and|but|for|to|with|you)"
    r"(?:,?\s+\1)+(?![\w'’])",
    re.IGNORECASE,
)
_EN_STUTTER_ON = re.compile(
    r"(?<=\s)(?<!it )(?<!them )(?<!this )(?<!that )(?<!turn )(?<!switch )(?<!log )(?<!plug )"
    r"(?<!ed )(on|in),\s+\1(?=\s)"
)


def _en(text: str) -> str:
    text = _EN_SOUND.sub(_less_sound, text)
    text = _YOU_KNOW.sub("", text)
    text = _EN_STUTTER.sub(lambda m: m[1], text)
    text = _EN_STUTTER_ON.sub(lambda m: m[1], text).strip()
    return text


def _less_sound(match: re.Match[str]) -> str:
    before, lead, tail = match["before"] or "", match["lead"], match["tail"]
    follows = match["next"].upper() if match["sound"][0].isupper() else match["next"]
    if not before:
        return lead.replace(",", "") + follows
    if not follows:  # "No, um." ends as it ended
        return before
    if before.casefold() in _LEANS_ON or not ("," in lead or "," in tail):
        return before + " " + follows
    return before + ", " + follows
