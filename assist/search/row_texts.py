"""What is wrong with a row of the similar questions, or with a table of them, in both languages."""

from __future__ import annotations

from assist.problems import Texts

ROW_TEXTS: Texts = {
    # ---------------------------------------------------------------- files
    "encoding": ("不是 UTF-8 文本；请另存为 UTF-8", "is not UTF-8 text"),
    "encoding.unreadable": (
        "读不了这个文件（{reason}）；请检查权限",
        "cannot be read ({reason})",
    ),
    "json": (
        "第 {column} 列起不是正确的 JSON；请检查引号和逗号",
        "is not JSON ({reason} at column {column})",
    ),
    "schema.object": (
        '这一行要写成一个对象，如 {{"text": …}}',
        "is a {found}, expected an object with text",
    ),
    "schema": ("{fault}", "{fault}"),
    "duplicate-id": (
        "编号“{id}”已经用在 {place}；请换一个",
        "id '{id}' is already used at {place}",
    ),
    # ---------------------------------------------------------------- rows together
    "duplicate-text": (
        "“{id}”（{guide}）和“{other}”（{other_guide}，{place}）说的是同一句；请只留一条",
        "row '{id}' of '{guide}' says the same as '{other}' of '{other_guide}' at {place}",
    ),
    "language": (
        "“{id}”标的语言是 {lang}，写的却是 {written}；请改一处",
        "row '{id}' has lang {lang}, its text is {written}",
    ),
    "language.guide": (
        "“{id}”是 {lang}，它的流程“{guide}”不是；请换到同语言的流程",
        "row '{id}' is {lang}, its guide '{guide}' is not",
    ),
    "guide-unknown": (
        "“{id}”属于流程“{guide}”，但 guides/ 里没有可以由问法打开的这个流程；请核对名称",
        "row '{id}' names guide '{guide}', which guides/ has not, or not to be opened by questions",
    ),
    "few-rows.least": (
        "“{guide}”（{lang}）在用的只有 {count} 条，不到 {least} 条建不了索引；请补上",
        "'{guide}' ({lang}) has {count} live rows; no index is built below {least}",
    ),
    "few-rows": (
        "“{guide}”（{lang}）在用的有 {count} 条，最好有 {least} 条；请再补些不同的说法",
        "'{guide}' ({lang}) has {count} live rows, {least} are wanted",
    ),
    "few-rows.none": (
        "“{guide}”一条相似问也没有，只能由坐席手动打开；请补上",
        "'{guide}' has no row at all; it only opens by hand",
    ),
    "same-start": (
        "“{guide}”的 {all} 条里有 {count} 条都以“{words}”开头：{rows}；请换换说法",
        "{count} of {all} rows of '{guide}' begin with “{words}”: {rows}",
    ),
    "one-word": (
        "“{id}”（{guide}）和“{other}”（{place}）只差一个词；请换个说法，或停用一条",
        "row '{id}' of '{guide}' differs in one word from '{other}' at {place}",
    ),
    "near-duplicate": (
        "“{id}”（{guide}）和“{other}”（{other_guide}，{place}）几乎是一个意思"
        "（相似度 {likeness}）；请确认归哪个流程",
        "row '{id}' of '{guide}' says nearly the same as '{other}' of '{other_guide}' at {place} "
        "(likeness {likeness})",
    ),
    "low-spread": (
        "“{guide}”（{lang}）的 {count} 条太像了：平均相似度 {mean}，通常是 0.2 到 0.4；"
        "请补上别的起因和别人的说法",
        "the {count} rows of '{guide}' ({lang}) say too much the same: their mean likeness is "
        "{mean}, usual is 0.2 to 0.4; write other causes and speakers",
    ),
    # ---------------------------------------------------------------- tables that come in
    "header": (
        "不认识“{name}”这一列，不会导入",
        "column '{name}' is not known and is left out",
    ),
    "header.twice": (
        "“{name}”和前面的列都是 {field}；请只留一列",
        "column '{name}' is a second one for {field}",
    ),
    "header.text": (
        "没有写客户说法的列；请在首行给它取名，如 {names}",
        "no column holds the question; name it in the first row: {names}",
    ),
    "header.guide": (
        "没有写流程的列；请在首行加一列“场景”，或在导入时选定流程（--guide）",
        "no column names the guide (guide, 场景); or give --guide",
    ),
    "table.empty": ("首行下面没有内容", "there is no row below the header"),
    "table.wide": (
        "单元格比首行多；文字里有逗号时请加引号",
        "has more cells than the header; put a text with commas in quotes",
    ),
    "table.text": ("这一行没有客户的说法", "there is no question in this row"),
    "table.guide": (
        "没有写流程，导入时也没有选定（--guide）",
        "no guide is named, and there is no --guide",
    ),
    "duplicate-text.known": (
        "“{text}”已经有了：{place}",
        "“{text}” is there already: {place}",
    ),
    "language.unknown": (
        "不认识语言“{cell}”，请写 zh 或 en",
        "'{cell}' is no language here: zh or en",
    ),
    "language.written": (
        "“{text}”是 {written}，不是 {lang}；请改一处",
        "“{text}” is {written}, not {lang}",
    ),
    "language.other": (
        "流程“{guide}”是 {own}，这句是 {lang}；请换到同语言的流程",
        "guide '{guide}' is {own}, the text is {lang}",
    ),
    "guide-unknown.named": (
        "没有流程“{guide}”；请核对名称",
        "there is no guide '{guide}'",
    ),
}

PLACE_TEXTS: Texts = {
    "row": (
        "“{id}”（{guide}，{status}，{place}）",
        "row '{id}' ({guide}, {status}) at {place}",
    ),
    "table": ("本表第 {number} 行", "row {number} of this table"),
    "more": ("{named} 等 {count} 条", "{named} and {more} more"),
}
