"""What of an utterance can tell a scenario, and in which units it is compared.

Greetings, fillers, confirmations and identity digits say nothing about the need; `content` takes
them away clause by clause. Nothing here knows a guide, and nothing depends on earlier utterances.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Answer = Literal["yes", "no", ""]

_CJK = re.compile(r"[\u4e00-\u9fff]")
_CLAUSE = re.compile(r"[，。！？、；：,!?;:…~～]+|\.(?=\s|$)|\n+")
_ZH_TOKEN = re.compile(r"[\u4e00-\u9fff]|[a-z]+|\d+")

_ZH_OPENING = re.compile(
    r"^(?:嗯+|啊+|哦+|噢|诶|欸|哎呀?|唉|喂+|呃|额|哈喽|你好啊?|您好啊?|早上好|下午好|晚上好|"
    r"那个|这个(?=[我你他她它那]|就是)|就是说|就是(?=[我你他她它那这])|然后呢?|反正|所以说|是这样的?|"
    r"师傅|同志|小姐|先生|女士|美女|帅哥|请问一?下?|麻烦(?:你|您)?(?:一下)?|(?:我)?跟你(?:们)?(?:说|讲)一?下?|"
    r"我?(?:就)?(?:是)?(?:想|要)?(?:问一?下|问问|咨询一?下|咨询咨询|了解一?下|请教一?下))+(?:啊|哈|呢|呀)*"
)
_ZH_EMPTY = re.compile(
    r"^(?:你好|您好|喂|请讲|您?请说|你说|您说|你讲|您讲|听得到吗|听得见吗|能听见吗|在吗|"
    r"(?:[对是嗯好行哦噢成中啊](?:的|吧|呀|了|呢|嘞|嘛)*)+|对不对|是不是|是吧|对吧|是吗|"
    r"没有|没|不是|不用了?|不要了?|不了|没错|可以的?|可不是|当然|没问题|没关系|没事|不客气|"
    r"(?:我)?(?:知道|明白|了解|清楚|懂)了|谢谢(?:你|您|啊|了)*|多谢|辛苦了?|麻烦(?:你|您)了(?:啊|呀)?|不好意思|打扰了|抱歉|"
    r"再见|拜拜|挂了|先这样|就这样吧?|算了|(?:请|您|你)?(?:稍等|等等|等一?下|等一会儿?)(?:啊|哈)?|"
    r"我?(?:找|看|想|听|问|记|查)(?:一?下|看|想|听)?(?:啊|哈)?|"
    r"我也说不好|怎么说呢|我也不懂|不知道怎么说|帮我(?:看|查|弄|问)(?:一?下|看)?(?:呗|吧|啊)?|"
    r"我?姓.{1,4}|我叫.{2,4}|(?:我是)?机主.{0,6}|户名.{0,6}|.{0,4}(?:就是)?(?:我)?本人|(?:就)?是我|就是我|"
    r".{0,6}后四位.{0,6}|.{0,3}(?:手机号|号码|身份证号?|户号|账号|编号)(?:码)?(?:是)?|"
    r"(?:就)?(?:是)?我?(?:打进来|打过来|现在打)(?:的|这个|号)*|这个号(?:码)?|"
    r"(?:这里是)?.{0,6}(?:客服|客服中心|服务|服务热线|服务中心|服务台|专席)|工号.{0,6}|很高兴为(?:您|你)服务|"
    r"请?问?有?(?:什么|啥)(?:事情?|问题|需要)?.{0,6}(?:帮您|帮到您|帮助您|帮您的|帮忙)的?|"
    r"感谢(?:您的)?来电|祝您.{0,12}|让您久等了)$"
)
_ZH_DIGITS = "零〇一二三四五六七八九幺洞拐两0-9"
_ZH_IDENTITY = re.compile(
    rf"[{_ZH_DIGITS}](?:[\s，,、-]*[{_ZH_DIGITS}]){{2,}}+"
    r"(?![\s]*(?:[十百千万点]|块|元|角|毛|度|兆|[gGmM]|个|分钟|小时|天|号|月|年|次|遍|条|倍))"
)

_EN_OPENING = re.compile(
    r"^(?:(?:um+|uh+|er+|erm|ah|oh|hmm|hi|hello|hey|good (?:morning|afternoon|evening)|"
    r"yeah|yes|yep|well|so|okay|ok|right|look|listen|like|and|but|please|sorry|sure|you know|"
    r"i mean|actually|"
    r"basically|there(?!')|mate|sir|madam|miss)\b[\s,]*)+"
)
_EN_EMPTY = re.compile(
    r"^(?:|no|nope|not really|that'?s (?:right|correct|it|fine|okay|me|all|a relief)|it is|i do|"
    r"correct|exactly|fine|great|lovely|perfect|all right|alright|"
    r"thanks?(?: you)?(?: (?:very|so) much)?(?: for .{0,30})?|cheers|bye(?: bye)?|goodbye|"
    r"hang on|hold on|one (?:moment|second|sec)|just a (?:moment|second|sec|minute)|"
    r"let me (?:see|check|look|think)|"
    r"my name(?:'?s| is) .{1,30}|the name(?:'?s| is) .{1,30}|this is \w+(?: speaking)?|"
    r"i(?:'m| am) (?:just )?(?:calling|ringing)(?: about| because)?|"
    r"i(?:'ve| have) (?:got )?a question|"
    r"(?:it'?s|the number is|my number is)|how (?:can|may) i help(?: you)?(?: today)?|"
    r"what can i do for you(?: today)?|customer (?:care|service|services)|"
    r"have a (?:nice|good|great) .{1,20}|"
    r"can you hear me|are you there|go ahead|go on|sorry|sorry to (?:bother|trouble) you|"
    r"no worries|no problem|you'?re welcome)$"
)
_EN_NUMBER = (
    r"(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|ten|double|triple|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|\d+)"
)
_EN_IDENTITY = re.compile(rf"\b{_EN_NUMBER}(?:[\s,-]+{_EN_NUMBER}){{2,}}\b")

_ZH_YES = re.compile(r"^(?:嗯|啊|哦|哎)*[，,]?(?:对|是的|是啊|是呀|是，|是。|没错|可不|就是这)")
_ZH_NO = re.compile(r"^(?:嗯|啊|哦|哎)*[，,]?(?:不|没有|没，|没。|别|哪有|哪里)")
_EN_YES = re.compile(
    r"^(?:um+,? |oh,? )?(?:yes|yeah|yep|exactly|correct|right|that'?s (?:it|right))\b"
)
_EN_NO = re.compile(r"^(?:um+,? |oh,? )?(?:no|nope|not|nah)\b")


_ZH_HOUSE = re.compile(
    r"^(?:您好|你好|这里是|欢迎致电|欢迎拨打)*"
    r"((?:(?!什么|请问|帮|为).){2,10}?(?:热线|专席|服务台|客服|服务|中心))$"
)
_ZH_GENERIC = re.compile(
    r"客户|客服|服务|热线|专席|中心|专线台|台|电话|人工|您好|你好|很高兴|为您|为你|工号"
)
_EN_HOUSE = re.compile(
    r"(?:through to|welcome to|you've reached) (?:the )?(.{3,30})$|"
    r"^(?:this is )?(.{3,20} (?:support|desk|helpline|department))$"
)
_EN_GENERIC = re.compile(r"customer|services?|care|support|desk|line|help|department|the|our|hello")


def language_of(text: str) -> str:
    """ "zh" as soon as one Chinese character is there, else "en"."""
    return "zh" if _CJK.search(text) else "en"


def plain(text: str) -> str:
    """Width and case folded, one space between words, none beside Chinese characters."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    folded = re.sub(r"\s+", " ", folded).strip()
    return re.sub(r"(?<=[\u4e00-\u9fff]) | (?=[\u4e00-\u9fff])", "", folded)


def comparable(text: str, lang: str) -> str:
    """A text as search compares it: its content, or all of it where it has none."""
    return content(text, lang) or plain(text)


def content(text: str, lang: str) -> str:
    """The clauses of an utterance that can tell a need, joined; "" if there is none."""
    text = plain(text)
    identity, opening, empty = (
        (_ZH_IDENTITY, _ZH_OPENING, _ZH_EMPTY)
        if lang == "zh"
        else (_EN_IDENTITY, _EN_OPENING, _EN_EMPTY)
    )
    kept = []
    for clause in _CLAUSE.split(identity.sub(" ", text)):
        clause = clause.strip(" -")
        rest = opening.sub("", clause).strip(" -")
        if len(tokens(rest)) > 1 and not empty.match(rest) and not empty.match(clause):
            kept.append(rest)
    return ("，" if lang == "zh" else ", ").join(kept)


def house(text: str, lang: str) -> str:
    """What the agent's greeting says the line is for ("供电服务热线"), "" if it says nothing.

    A customer who rings the power company and says "this month is three hundred" need not say
    what of.
    """
    pattern, generic = (_ZH_HOUSE, _ZH_GENERIC) if lang == "zh" else (_EN_HOUSE, _EN_GENERIC)
    for clause in _CLAUSE.split(plain(text)):
        named = pattern.search(clause)
        if named and len(generic.sub("", named[named.lastindex or 1]).replace(" ", "")) > 1:
            return named[named.lastindex or 1]
    return ""


def tokens(text: str) -> list[str]:
    """Chinese characters one by one, Latin words and numbers whole."""
    return _ZH_TOKEN.findall(text)


def answer(text: str, lang: str) -> Answer:
    """Whether an utterance begins by agreeing or by denying; "" if it does neither."""
    text = plain(text)
    yes, no = (_ZH_YES, _ZH_NO) if lang == "zh" else (_EN_YES, _EN_NO)
    if no.match(text):
        return "no"
    return "yes" if yes.match(text) or text in ("是", "对", "嗯") else ""


def char_grams(text: str) -> list[str]:
    """Runs of 1 to 3 Chinese characters; for Latin words runs of 3 to 5 letters and the word."""
    units = tokens(plain(text))
    grams = []
    for at, unit in enumerate(units):
        if _CJK.match(unit):
            grams += [
                "".join(units[at : at + n])
                for n in (1, 2, 3)
                if len(units[at : at + n]) == n and all(map(_CJK.match, units[at : at + n]))
            ]
            continue
        padded = f" {unit} "
        grams.append(padded)
        grams += [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]
        if at + 1 < len(units):
            grams.append(f"{unit} {units[at + 1]}")
    return grams


_BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def syllables(text: str) -> list[str]:
    """Toneless pinyin with zh/z, ch/c, sh/s, n/l and -ng/-n folded together; words as they are.

    Those pairs are what southern speakers and telephone lines blur.
    """
    return [_sound(unit) if _CJK.match(unit) else unit for unit in tokens(plain(text))]


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    from pypinyin import lazy_pinyin

    sound = lazy_pinyin(character)[0]
    for strong, weak in _BLURRED:
        if sound.startswith(strong):
            sound = weak + sound[2:]
    if sound.startswith("n"):
        sound = "l" + sound[1:]
    return sound[:-1] if sound.endswith("ng") else sound


def sound_grams(text: str) -> list[str]:
    """Runs of 1 to 3 syllables."""
    units = syllables(text)
    return [
        "-".join(units[at : at + n]) for at in range(len(units)) for n in (1, 2, 3)
        if at + n <= len(units)
    ]  # fmt: skip
