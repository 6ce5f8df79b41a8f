"""What is wrong with the domain words that an editor wrote, in both languages."""

from __future__ import annotations

from assist.problems import Texts

LEXICON_TEXTS: Texts = {
    "yaml": ("{fault}", "{fault}"),
    "yaml.encoding": ("不是 UTF-8 文本；请另存为 UTF-8", "is not UTF-8 text"),
    "schema": ("{fault}", "{fault}"),
    "schema.whole": ("这里要写 `zh:` 和 `en:`，下面是词", "expected `zh:` and `en:` with terms"),
    "schema.language": (
        "词库只有 zh 和 en，没有“{name}”；请改好",
        "'{name}' is no language of the lexicon, expected zh or en",
    ),
    "schema.list": ("{lang} 下面要写词的列表", "{lang} holds no list of terms"),
    "schema.entry": ("这里要写成 `{{term: …}}`", "expected `{{term: …}}`"),
    "schema.twice": (
        "“{field}”写了两次，请删掉一个",
        "field '{field}' is written twice",
    ),
    "duplicate.term": (
        "词“{term}”在第 {line} 行已经有了，请只留一处",
        "term '{term}' is there already, on line {line}",
    ),
    "duplicate.alias": (
        "别名“{alias}”在第 {line} 行已经用了，请只留一处",
        "alias '{alias}' is used already, on line {line}",
    ),
    "alias.term": (
        "别名“{alias}”本身是一个词（第 {line} 行），不能再当别名；请删掉",
        "alias '{alias}' is a term of its own, on line {line}",
    ),
    "alias.number": (
        "别名“{alias}”里有数字，数字从不纠正；请删掉",
        "alias '{alias}' holds a number; numbers are never corrected",
    ),
    "alias.chinese": (
        "英文词的别名“{alias}”是中文；请删掉",
        "alias '{alias}' of an English term is Chinese",
    ),
    "alias.same": ("别名“{alias}”就是这个词本身；请删掉", "alias '{alias}' is the term itself"),
    "alias-needless": (
        "别名“{alias}”和“{term}”读音相同，不写也能认出；可以删掉",
        "alias '{alias}' sounds as '{term}' does and is found without it",
    ),
    "term.chinese": (
        "英文词“{term}”里有汉字；请放到 zh 下面",
        "English term '{term}' holds Chinese characters",
    ),
    "term.short": (
        "词“{term}”只有一个字，光凭读音分不清；请写长一点",
        "term '{term}' is one character; too little to be told by sound",
    ),
    "pinyin": (
        "拼音“{pinyin}”有 {syllables} 个音节，“{term}”有 {characters} 个字；"
        "请不带声调，音节之间空一格",
        "pinyin '{pinyin}' has {syllables} syllables, '{term}' has {characters} characters; "
        "write toneless syllables with spaces between",
    ),
    "pinyin.reading": (
        "“{character}”不读 {syllable}，读 {known}；请改好",
        "'{character}' is not read {syllable}; it is read {known}",
    ),
}
