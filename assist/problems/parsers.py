"""What parsers find in an editor's text, said so that an editor can mend it: YAML, templates,
regular expressions.

Parsers speak English only, and to programmers. What they are known to say is told apart by a
pattern; its groups are the values. What is not known yet is told in general.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assist.problems import Said, Texts

YAML_TEXTS: Texts = {
    "yaml-syntax.encoding": (
        "第 {at} 个字节不是 UTF-8；请用文本编辑器另存为 UTF-8",
        "byte {at} is not UTF-8; save the file as UTF-8",
    ),
    "yaml-syntax.character": (
        "字符 {code} 不能出现在 YAML 里，请删掉",
        "character {code} is not allowed in YAML",
    ),
    "yaml-syntax": ("{fault}", "{fault}"),
    "yaml-syntax.braces": (
        "以 {{{{ 开头的文字会被当成别的写法，请给整段加引号",
        "{fault}; a text that begins with {{{{ stands in quotes",
    ),
    "yaml-duplicate-key": (
        "“{key}”写了两次，第 {line} 行已经有一个；只有后一个算数，请删掉一个",
        "key '{key}' is written twice, first on line {line}",
    ),
    "schema": ("{fault}", "{fault}"),
    "schema.mapping": (
        "这里要写“名称: 值”，现在是 {found}",
        "expected keys and values, found {found}",
    ),
    "schema.offers": (
        "这里要写推荐的列表，每项以 `- id:` 开头",
        "expected a list of offers, each beginning with `- id:`",
    ),
}

Known = Sequence[tuple[str, str, str]]
"""Pattern of what a parser says, Chinese and English template; `{0}` is the pattern's first group,
`{text}` all that was said."""

_YAML: Known = (
    (
        r"mapping values are not allowed",
        "这里不能再有“: ”；文字里有冒号就整段加引号，否则请检查上一行的缩进",
        "{text}; a text with `: ` in it stands in quotes",
    ),
    (
        r"(?:block )?sequence entries are not allowed",
        "“- ”不能写在这里；请另起一行，与同级的“- ”对齐",
        "{text}; a `- ` begins a line of its own",
    ),
    (r"found unexpected end of stream", "引号没有收尾，请补上", "{text}; a quote is not closed"),
    (
        r"expected ',' or '([}\]])'",
        "少了逗号，或者没有用 {0} 收尾",
        "{text}",
    ),
    (
        r"(?:expected <block end>|did not find expected (?:key|'-' indicator))",
        "这一行和上面的没有对齐；请检查缩进，文字里有引号时整段加引号",
        "{text}; look at the indentation",
    ),
    (
        r"found undefined alias '?([^']*)'?",
        "以 * 开头的“{0}”会被当成引用；当文字用时请加引号",
        "{text}; a text that begins with * stands in quotes",
    ),
    (
        r"could not determine a constructor for the tag '([^']*)'",
        "以 ! 开头的“{0}”会被当成标记；当文字用时请加引号",
        "{text}; a text that begins with ! stands in quotes",
    ),
    (
        r"found character '\\t'",
        "缩进里有制表符（Tab），请改成空格",
        "{text}; indent with spaces",
    ),
    (
        r"found character '(.*)' that cannot start any token",
        "文字不能以“{0}”开头，请加引号",
        "{text}; put the text in quotes",
    ),
    (
        r"found unknown escape character '(.*)'",
        "双引号里的“\\{0}”不认识；请改用单引号",
        "{text}; use single quotes",
    ),
    (
        r"(?:month|day|hour|minute|second|year).*(?:must be in|is out of range|in range)",
        "没有这一天，请核对日期",
        "{text}",
    ),
    (
        r"but found another document",
        "一个文件只能写一份内容，请删掉后面的 `---`",
        "{text}; a file holds one",
    ),
    (
        r"expected (?:chomping or indentation|a comment or a line break)",
        "`|` 和 `>` 后面要换行再写文字",
        "{text}; the text begins on the next line",
    ),
    (r"could not find expected ':'", "少了冒号，或者上一行的引号没有收尾", "{text}"),
    (r"expected '?<document start>'?", "前面的内容已经结束，这里是多出来的", "{text}"),
    (
        r"(?:second occurrence|found duplicate anchor)",
        "同一个 & 名字用了两次，请给其中一个换名字",
        "{text}",
    ),
    (r"found unhashable key", "名称只能是一个词，不能是列表或括号", "{text}"),
    (
        r"expected a mapping or list of mappings for merging",
        "`<<` 后面要写另一处的“名称: 值”",
        "{text}",
    ),
    (r"an alias stands within what it names", "这里引用了它自己，请断开", "{text}"),
    (r"it unfolds to more than (\d+) values", "展开后超过 {0} 项，太大了", "{text}"),
)
_TEMPLATE: Known = (
    (
        r"Unexpected end of template\..*?'(end\w+)'",
        "没有写完，少了 {{% {0} %}}",
        "{text}",
    ),
    (
        r"expected token 'end of print statement', got '(.*)'",
        "“{0}”这里接不上：可能少了 }}}}，或名字中间有空格",
        "{text}",
    ),
    (r"expected token '(.*)', got '(.*)'", "这里该是“{0}”，写成了“{1}”", "{text}"),
    (r"[Ee]ncountered unknown tag '(.*?)'", "没有 {{% {0} %}} 这种写法，只有 if 和 for", "{text}"),
    (r"No filter named '(.*)'", "没有过滤器“{0}”，请核对名称", "{text}"),
    (r"No test named '(.*)'", "没有“is {0}”这种判断，请核对名称", "{text}"),
    (r"[Ee]xpected an expression", "花括号或条件里缺了内容", "{text}"),
    (r"unexpected char (.+) at", "这里不认识字符 {0}", "{text}"),
    (r"unexpected end of template", "没有写完，少了 }}}} 或 %}}", "{text}"),
    (r"unexpected '(.*)'", "“{0}”不该出现在这里", "{text}"),
    (r"chunk after expression", "条件写完后面还有多余的内容", "{text}"),
    (r"only values, if and for", "文字里只能取值，或用 if 和 for", "{text}"),
    (r"a loop within a loop", "for 里面不能再套 for", "{text}"),
    (r"longer than (\d+) characters", "太长，最多 {0} 个字符", "{text}"),
)
_PATTERN: Known = (
    (r"(?:missing \)|unterminated subpattern)", "少了右括号 )", "{text}"),
    (r"unbalanced parenthesis", "多了一个右括号 )", "{text}"),
    (r"unterminated character set", "方括号没有收尾", "{text}"),
    (r"(?:nothing to repeat|multiple repeat)", "* + ? 前面没有可以重复的内容", "{text}"),
    (r"bad escape \\?(.*?)(?: at|$)", "没有“\\{0}”这种写法", "{text}"),
    (r"bad character range (.*?)(?: at|$)", "范围“{0}”前后颠倒了", "{text}"),
)


def yaml_said(text: str) -> Said:
    return _said(_YAML, text, "这里读不成 YAML；多半是缩进、冒号或引号的问题")


def template_said(text: str) -> Said:
    return _said(_TEMPLATE, text, "请检查花括号、引号和名称")


def pattern_said(text: str) -> Said:
    return _said(_PATTERN, text, "请检查括号和转义")


def _said(known: Known, text: str, otherwise: str) -> Said:
    for pattern, zh, en in known:
        if found := re.search(pattern, text, re.S):
            groups = [each or "" for each in found.groups()]
            return Said(zh.format(*groups, text=text), en.format(*groups, text=text))
    return Said(otherwise, text)
