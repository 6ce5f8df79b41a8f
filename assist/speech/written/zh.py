"""Chinese numbers as figures: amounts, dates, times, percentages, speeds, meter readings.

cn2an reads a numeral's value; what stands here is which words are a numeral. It follows GB/T
15835-2011 (numerals in publications): approximate numbers (两三天, 十五六号, 两百来块, 几十) and
fixed phrases (一下, 一点, 十分, 三天两头, 第二次) stay in characters. When in doubt
it leaves the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import cn2an

from assist.speech.written.digits import numbers

_D = "一二三四五六七八九"
_C = "零〇" + _D + "两幺十百千万亿"
_VALUE = {c: str(i) for i, c in enumerate("零" + _D)} | {"〇": "0", "两": "2", "幺": "1", "洞": "0"}

_HELD = re.compile(
    r"[\ue000-\uf8ff]"
    r"|三三两两|七七八八|一五一十|三七二十一|九九八十一|十有八九|十之八九|八九不离十|十全十美"
    r"|三天两头|隔三差五|三天打鱼|三十六计|一百八十度|数一二三|一二三(?=[楼层期])|百八十|万儿?八千|独一无二|说一不二"
    r"|二百五(?![十块元度兆千瓦多个])|三十而立|四十不惑|一百个(?=放心|不)"
    rf"|(?:周|星期|礼拜)[{_D[:6]}]+|第[{_C}0-9]+|初(?:十?[{_D}]|[二三]?十)|双十[一二]"
    r"|十一(?=假期|期间|放假|黄金周|长假|国庆)|正月十?[一二三四五六七八九十]+"
    rf"|(?<![{_C}])[{_C}]{{1,12}}分之(?:[{_C}]{{1,12}}|几)"
    r"|(?<![点一二三四五六七八九])十分(?!钟|钱|之)|[统唯同之任逐]一|(?<![一二三四五六七八九十])万一"
    rf"|(?:几|(?<!读)数(?=[百千万]|十(?![{_D}]))|上(?=[百千万亿]))[十百千万亿]+"
    rf"|(?<![{_C}])[{_C}]{{0,12}}[十百千万亿](?:(?:[多余几]|来(?![过电的了找问办交修]))[十百千万亿]*|零几)"
)
_PERCENT_WORD = re.compile(r"(?:百|千)分之")

_NUM = rf"(?<![{_C}几])(?:[{_D}两]|十)[{_C}]*(?![几])"
_APPROX = re.compile(rf"[{_D}两]{{2}}")
_INT = rf"(?:[0-9]+|[零{_D}两]|{_NUM})"

_PART = (
    r"(?:上午|下午|中午|早上|早晨|晚上|凌晨|傍晚|夜里|半夜"
    r"|今晚|今早|明早|明晚|昨晚|昨天夜里)[，,]?(?:的)?"
)
_HOUR = rf"(?:零|二十[一二三四]?|十[{_D}]?|[{_D}两])"
_MIN = rf"(?:[一二三四五]十[{_D}]?|十[{_D}]?|零[{_D}])"
_CLOCK = re.compile(
    rf"(?<![{_C}0-9有慢快])({_HOUR})点(?:({_MIN})(?![{_C}多几个块度])(分(?!钱))?|([{_D}])(分)(?!钱|钟)"
    r"|(半(?!天|年)|[一三]刻|钟|整))"
)
_HOUR_ONLY = re.compile(
    rf"({_PART})([一两])点(?=[，。,.？?！!、]|$|来|去|过来|到|至|左右|开始|[之以]?[前后]|停|送|上门)"
    r"|(?<=[到至])([一两])点(?=[，。,.？?！!、]|$|左右|[之以]?前|的)"
    rf"|(?<![{_C}0-9有])([一两])点(?=[到至](?:{_PART})?{_HOUR}点)"
    rf"|(?<![{_C}0-9])({_HOUR})(?<![一两])点(?![{_C}几心]|儿)"
)
_UNIT_D = (
    r"(?:个?(?:百分点|亿|工作日|小时|月|G|T)|块|元|万|亿|兆|[GMKT]|度|伏|安|千"
    r"|公里|米|折|倍|dB|%|秒|版)"
)
_DECIMAL = re.compile(
    rf"(?<![{_C}0-9快慢早晚多少大小高低好差有])({_INT})点([零〇{_D}]+)(?:(?=千[瓦伏米])|(?![{_C}刻分]))(?=(万|亿)?\s*(?:{_UNIT_D}|[，。,.？?！!；;、]|$|的))"
    rf"|(?<![{_C}0-9])(?!(?:二?十[{_D}]?)点)(零|[{_D}]?[十百千][{_C}]*|[0-9]{{2,}})点([零〇{_D}]+)(?![{_C}刻分个])"
)
_IP = re.compile(rf"([{_C}0-9]{{1,7}})点([{_C}0-9]{{1,7}})点([{_C}0-9]{{1,7}})点([{_C}0-9]{{1,7}})")
_PERCENT = re.compile(
    rf"([百千])分之({_INT}|百)(?:点([零〇{_D}]+))?(?![{_C}多几来])"
    rf"(?:([到至])({_INT})(?:点([零〇{_D}]+))?(?=[，。,.？?！!；;、的]|$))?"
)
_NOT_TENTH = (
    rf"(?![{_C.replace('一', '')}]|一(?![个次年天月度单笔条]))"
    r"(?![个张条台次份天年位斤户小单分G度兆])"
)
_AMOUNT = re.compile(
    rf"(?<![{_C}0-9.])({_INT})[块元](?:零([{_D}])(?:([毛角])|分)?|([{_D}])(?:[毛角](?:([{_D}])分?)?)?)"
    rf"(?:(?<=[毛角分])钱)?{_NOT_TENTH}"
)
_FEN = re.compile(rf"(?<![{_C}0-9.])([{_D}])([毛角])([{_D}])(?:分钱?)?{_NOT_TENTH}")
_UNIT_ONE = (
    r"元(?!桥)|块钱|[毛角分]钱|个?兆|个?[GMKT]B?(?![a-zA-Z])|度电|千瓦时?|千伏"
    r"|公里|号(?![通位])|月份|单元|栋|楼"
)
_UNIT_FEW = (
    rf"(?:{_UNIT_ONE}|块(?!电?表|电池|板|屏|玻璃|地|砖|牌)|[毛角]|月|层|折|期|伏|安(?![全装排静心])|瓦"
    r"|米(?!饭)|毫安|级|倍|岁|幢|[kK][wWvV]|[vVwWA](?![a-z])|dB|Mbps)"
)
_SPAN = r"(?:个?小时|个钟头|分钟|秒|天|个?工作日|个月(?!饼)|年(?!级))"
_RANGE = re.compile(
    rf"(?<![{_C}0-9第])([{_D}两十])([到至])({_INT})(?=个?(?:工作日|小时|月|分钟|天|点(?![{_C}])|{_UNIT_ONE}))"
)
_SINGLE = re.compile(
    rf"(?<![{_C}0-9.块毛])(?:一(?={_UNIT_ONE}|月[{_D}十])|[{_D[1:]}两](?={_UNIT_FEW})"
    rf"|(?<![这那前过头近每首末哪])(?<!(?<!然)后)[{_D[1:]}两](?={_SPAN})"
    rf"|[{_D}](?=日(?:[，。上下晚早到起前之]|$)))"
)
_TEN = re.compile(rf"(?<![{_C}第初])十(?=个|{_UNIT_FEW}|{_SPAN})")
_BARE = re.compile(_NUM)
_PAIR = re.compile(
    rf"(?<![{_C}])(?:([零幺洞][{_D}零幺]|[{_D}][零幺])(?![{_C}点])|(?<=尾号)([{_D}]{{2}})(?![{_C}])"
    rf"|([{_D}]{{2}})(?=折|年[{_D}十]{{1,2}}月)|(?!七八|八九)([七八九][{_D}])(?=年))"
)
_PIECES_OF_DATA = re.compile(r"(?<=[0-9])个(?=[GMT]B?(?![a-zA-Z])|兆)")


def written_zh(text: str) -> str:
    """One pass: digit strings, then every kind of number; never raises, never loses other words."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        if _PERCENT_WORD.search(match.group()):
            return match.group()
        held.extend(match.group())
        return "\ue000" * len(match.group())

    text = _HELD.sub(hold, text)
    text = _IP.sub(_ip, text)
    text = _strings(text)
    for pattern, write in _RULES:
        text = pattern.sub(write, text)
    rest = iter(held)
    return re.sub("\ue000", lambda _: next(rest), text)


def _strings(text: str) -> str:
    out, done = [], 0
    for number in numbers(text):
        raw = text[number.start : number.end]
        written = not number.spoken and (len(number.groups) == 1 or "-" in raw)
        if written or len(number.digits) < 3 or not re.search(rf"[0-9{_C}]", raw):
            continue
        out += [text[done : number.start], number.digits]
        done = number.end
    return "".join([*out, text[done:]])


def number_of(words: str) -> str | None:
    """Figures of one numeral: 三百零五 -> 305, 三万 -> 3万, 五零 -> 50.

    None for an approximation (二三十) and for what is no number.
    """
    if re.fullmatch("[0-9]+", words):
        return words
    if all(c in _VALUE for c in words):
        return "".join(_VALUE[c] for c in words)
    if _APPROX.search(words) or len(words) > 20:
        return None
    try:
        value = cn2an.cn2an(words.replace("〇", "零").replace("幺", "一"), "smart")
    except (ValueError, KeyError):  # "十一百"; cn2an raises the latter on "一亿二"
        return None
    if not isinstance(value, int):
        return None
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if value >= scale and value % scale == 0:
            return f"{value // scale}{name}"
    return str(value)


def _digits(words: str) -> str:
    return "".join(_VALUE.get(c, c) for c in words)


def _ip(match: re.Match[str]) -> str:
    parts = [number_of(part) for part in match.groups()]
    if all(part is not None and part.isdigit() and int(part) < 256 for part in parts):
        return ".".join(part or "" for part in parts)
    return match.group()


def _percent(match: re.Match[str]) -> str:
    base, whole, part, to, whole2, part2 = match.groups()
    sign = "%" if base == "百" else "‰"
    first = "100" if whole == "百" else number_of(whole)
    second = number_of(whole2) if to else ""
    if first is None or second is None:
        return match.group()
    low = first + (f".{_digits(part)}" if part else "") + sign
    return low + (to + second + (f".{_digits(part2)}" if part2 else "") + sign if to else "")


def _decimal(match: re.Match[str]) -> str:
    whole, part = match[1] or match[4], match[2] or match[5]
    number = number_of(whole)
    return match.group() if number is None else f"{number}.{_digits(part)}"


def _amount(match: re.Match[str]) -> str:
    whole, cents, tenths, mao, fen = match.groups()
    number = number_of(whole)
    if number is None or not number.isdigit():
        return match.group()
    if cents:
        return f"{number}.{'' if tenths else '0'}{_digits(cents)}元"
    return f"{number}.{_digits(mao)}{_digits(fen or '')}元"


def _fen(match: re.Match[str]) -> str:
    return f"0.{_digits(match[1])}{_digits(match[3])}元"


def _clock(match: re.Match[str]) -> str:
    hour, minutes, fen, one, one_fen, word = match.groups()
    out = f"{number_of(hour)}点"
    if one:
        return out + _digits(one) + one_fen
    if minutes:
        return out + (number_of(minutes) or minutes) + (fen or "")
    return out + (word or "")


def _hour_only(match: re.Match[str]) -> str:
    words = match.group()
    hour = next(g for g in (match[2], match[3], match[4], match[5]) if g)
    return words[: len(words) - len(hour) - 1] + (number_of(hour) or hour) + "点"


def _range(match: re.Match[str]) -> str:
    low, high = number_of(match[1]), number_of(match[3])
    return match.group() if low is None or high is None else low + match[2] + high


def _one(match: re.Match[str]) -> str:
    return number_of(match.group()) or match.group()


def _bare(match: re.Match[str]) -> str:
    words = match.group()
    after = match.string[match.end() : match.end() + 1]
    if not re.search("[十百千万亿]", words) or words == "十" or after in tuple("多来余把几"):
        return words
    if words == "十一" and not re.match(
        r"个|天|点|月|号|[块元度兆GM年日分秒楼层栋单室期户位人]", after or " "
    ):
        return words
    return number_of(words) or words


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_PERCENT, _percent),
    (_CLOCK, _clock),
    (_DECIMAL, _decimal),
    (_AMOUNT, _amount),
    (_FEN, _fen),
    (_HOUR_ONLY, _hour_only),
    (_RANGE, _range),
    (_PAIR, _one),
    (_SINGLE, _one),
    (_TEN, _one),
    (_BARE, _bare),
    (re.compile(r"(?<!正)负(?=[0-9])"), lambda _: "-"),
    (_PIECES_OF_DATA, lambda _: ""),
)
