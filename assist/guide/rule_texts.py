"""Every rule of the checker, and what it says: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from assist.problems import Level, Texts
from assist.problems.parsers import YAML_TEXTS

RULES: Mapping[str, Level] = {
    "folder-missing": "error",
    "yaml-syntax": "error",
    "yaml-duplicate-key": "error",
    "schema": "error",
    "id-is-file-name": "error",
    "duplicate-id": "error",
    "effective-window": "error",
    "weight-size": "error",
    "tag-unnamed": "warning",
    "line-idle": "warning",
    "guide-unknown": "error",
    "guide-cycle": "error",
    "not-said-short": "error",
    "cooldown-once": "warning",
    "must-not-say-short": "error",
    "must-not-say-script": "error",
    "policy-expired": "warning",
    "target-unknown": "error",
    "step-unreachable": "warning",
    "dead-end": "error",
    "endless-round": "error",
    "end-missing": "error",
    "field-misplaced": "error",
    "ask-slot": "error",
    "ask-say": "error",
    "ask-otherwise": "warning",
    "choice-unknown": "error",
    "choice-unheard": "warning",
    "phrase-twice": "error",
    "case-default": "error",
    "diagnose-manual": "error",
    "fills-slot": "error",
    "connector-unknown": "error",
    "ticket-unknown": "error",
    "ticket-field": "error",
    "ticket-source": "error",
    "field-choices": "error",
    "deadline-order": "warning",
    "offer-unknown": "error",
    "language": "warning",
    "slot-choices": "error",
    "slot-pattern": "error",
    "slot-source": "warning",
    "from-literal": "warning",
    "template-syntax": "error",
    "template-name": "error",
    "template-slot": "error",
    "template-field": "error",
    "template-step": "error",
    "template-choice": "error",
    "template-misplaced": "warning",
    "diagnose-args": "error",
    "case-twice": "error",
    "phrase-within": "warning",
    "script-long": "warning",
    "end-without-ticket": "warning",
    "end-without-handoff": "warning",
    "ticket-unclosed": "warning",
    "offer-early": "warning",
    "offer-mood": "warning",
}
"""Every rule and its level."""

RULE_TEXTS: Texts = {
    **YAML_TEXTS,
    # ---------------------------------------------------------------- files
    "folder-missing": (
        "没有这个文件夹；流程都放在 guides/ 里，请核对路径",
        "there is no such folder; guides live in guides/ of the checkout",
    ),
    "id-is-file-name": (
        "id 是“{id}”，文件名是“{stem}”，两个要一样",
        "id '{id}' differs from the file's name '{stem}'; make them equal",
    ),
    "duplicate-id.step": (
        "步骤“{id}”写了两次，请给其中一个换名字",
        "step '{id}' is written twice; rename one",
    ),
    "duplicate-id.offer": (
        "推荐“{id}”写了两次，请给其中一个换名字",
        "offer '{id}' is written twice; rename one",
    ),
    "effective-window": (
        "截止日 {until} 比生效日 {begins} 还早，请改其中一个",
        "it ends on {until}, before it begins on {begins}; change one",
    ),
    # ---------------------------------------------------------------- opening
    "weight-size": (
        "权重 {weight} 太大，正负都不能超过 {most}（对数几率），请改小",
        "{weight} log-odds; there may be at most {most} either way",
    ),
    "tag-unnamed": (
        "标签“{tag}”在 priors.yaml 里没有名称，面板上会原样显示；请补上中英文名称",
        "priors.yaml has no name for tag '{tag}'; the panel shows it as it stands",
    ),
    "line-idle": (
        "没有流程叫“{name}”，这一条对这条专线不起作用；请核对名称",
        "no guide is called '{name}', so this counts for none; check the name",
    ),
    "guide-unknown": (
        "没有流程“{guide}”，请核对名称，或者先新建它",
        "there is no guide '{guide}'",
    ),
    "guide-cycle": (
        "这几个流程互相引来引去，永远走不完：{way}；请断开其中一处",
        "guides lead to each other without end: {way}; break the round",
    ),
    "not-said-short": (
        "“{phrase}”太短，别的话里也会碰到；请至少写 {least} 个字符",
        "'{phrase}' may stand in any sentence; write {least} characters or more",
    ),
    "cooldown-once": (
        "这个流程每通电话只打开一次，冷却时间用不上；要它再打开，请加 `once_a_call: false`",
        "a guide that opens once a call never comes back; add `once_a_call: false`",
    ),
    # ---------------------------------------------------------------- what is said
    "must-not-say-short": (
        "“{phrase}”太短，别的话里也会碰到；请至少写 {least} 个字符",
        "'{phrase}' may stand in any sentence; write {least} or more characters",
    ),
    "must-not-say-script": (
        "话术里自己就说了禁用语“{phrase}”；请改话术，或把它从禁用语里去掉",
        "the script itself says '{phrase}', which must not be said; change one of them",
    ),
    "policy-expired": (
        "口径“{source}”的有效期到 {until}，今天是 {today}；请换上现行口径，或确认后延期",
        "'{source}' was valid until {until}; today is {today}; bring in what holds now",
    ),
    "script-long": (
        "这段话术一口气最长 {length} 个字符，超过了 {most} 个，客户会听丢；请拆成两步",
        "up to {length} characters at a stretch, more than {most}; make it two steps",
    ),
    # ---------------------------------------------------------------- the way through
    "target-unknown": (
        "没有步骤叫“{target}”，请核对名称",
        "step '{target}' does not exist",
    ),
    "step-unreachable": (
        "没有哪一步会走到“{step}”；请从别的步骤引过来，用不着就删掉",
        "no way leads to step '{step}'; lead one there, or remove it",
    ),
    "dead-end": (
        "步骤“{step}”走完就没有下文了；请写 `next`，或在下面加一步 `end`",
        "after step '{step}' there is nothing; add `next` or an `end` below",
    ),
    "endless-round": (
        "这几步来回转圈，走不出去：{way}；请给其中一步加条出路",
        "these steps go round without a way out: {way}",
    ),
    "end-missing": (
        "没有哪一步结束流程；请加一步 `end: solved`，或 ticket、escalated",
        "no step ends the guide; add one with `end: solved`, ticket or escalated",
    ),
    "field-misplaced": (
        "“{field}”在 {kind} 这类步骤里不起作用；请删掉，或挪到用得上的步骤",
        "'{field}' means nothing in a step of kind '{kind}'; remove it",
    ),
    # ---------------------------------------------------------------- asking and hearing
    "ask-slot": (
        "slots 里没有“{slot}”；请先在 slots 里写上它，或核对名称",
        "slot '{slot}' is not among the guide's slots",
    ),
    "ask-say": (
        "询问要有 `say`，请写上问客户的那句话",
        "an ask needs `say`, the sentence that asks",
    ),
    "ask-otherwise": (
        "请用 `otherwise` 写明客户说不清时走哪一步",
        "say with `otherwise` where it goes when the customer cannot tell",
    ),
    "choice-unknown": (
        "“{slot}”没有“{choice}”这个选项；请改成已有的，或先在 slots 里加上",
        "slot '{slot}' has no choice '{choice}'",
    ),
    "choice-unheard": (
        "选项“{choice}”没有写任何说法，只能靠坐席点选；请在 `hear` 里补上客户的说法",
        "no phrase tells choice '{choice}'; it can only be clicked",
    ),
    "phrase-twice": (
        "“{phrase}”既算“{first}”又算“{second}”，听到了没法判断；请只留一处",
        "'{phrase}' stands for both '{first}' and '{second}'; keep it at one",
    ),
    "phrase-within": (
        "“{phrase}”是“{begun}”的开头，而后者是另一个选项；请把前者写得更完整",
        "'{phrase}' begins '{begun}', which is another choice; say more in the first",
    ),
    # ---------------------------------------------------------------- slots
    "slot-choices": (
        "choice 类型的信息要有 choices，别的类型不能有；请改类型，或补上、删掉 choices",
        "a slot of type choice needs choices, and only such a slot has them",
    ),
    "slot-pattern": (
        "`pattern` 不是正确的正则表达式：{fault}",
        "no regular expression: {fault}",
    ),
    "slot-source": (
        "没有办法得到“{slot}”：没有步骤问它，没有来源，也没有可听的说法；请补一样，用不着就删掉",
        "nothing ever fills slot '{slot}': no step asks, no source, nothing to hear",
    ),
    "from-literal": (
        "“{source}”会被当成文字原样填入；要取值请写成 {{{{ {source} }}}}，并加引号",
        "'{source}' is taken literally; did you mean {{{{ {source} }}}}?",
    ),
    # ---------------------------------------------------------------- diagnosis
    "case-default.last": (
        "最后一种结果不用写 `when`，前面都不符合就走它；请删掉 `when`，或在下面再加一条",
        "the last case needs no `when`: it takes what no other case took",
    ),
    "case-default.early": (
        "没写 `when` 的这一条什么都收，下面几条永远轮不到；请把它挪到最后，或补上 `when`",
        "a case without `when` takes all; the cases below it are never reached",
    ),
    "case-twice": (
        "条件“{when}”上面已经有了，这一条永远轮不到；请删掉或改条件",
        "an earlier case takes '{when}' already; this one is never reached",
    ),
    "diagnose-manual": (
        "请用 `manual` 写明系统没有应答时走哪一步",
        "say with `manual` where it goes when the system does not answer",
    ),
    "fills-slot": (
        "slots 里没有“{slot}”，检测结果没处填；请先在 slots 里写上它，或核对名称",
        "slot '{slot}' is not among the guide's slots",
    ),
    "connector-unknown": (
        "connectors/ 里没有“{name}.yaml”；请核对检测的名称，或先接入它",
        "connectors/ has no '{name}.yaml'",
    ),
    "diagnose-args.unknown": (
        "{name} 只收 {taken}，不收“{argument}”；请改名或删掉",
        "{name} takes {taken}, not '{argument}'",
    ),
    "diagnose-args.missing": (
        "{name} 少了“{argument}”；请在 `with` 里写明从哪里取",
        "{name} needs '{argument}'; say with `with` where it comes from",
    ),
    # ---------------------------------------------------------------- tickets and offers
    "ticket-unknown": (
        "tickets/ 里没有“{name}.yaml”；请核对工单类型的名称，或先建好它",
        "tickets/ has no '{name}.yaml'",
    ),
    "ticket-field": (
        "工单“{ticket}”没有字段“{field}”；请核对 `fill` 里的名称",
        "ticket type '{ticket}' has no field '{field}'",
    ),
    "ticket-source": (
        "工单“{ticket}”的必填项“{field}”没有来源，坐席每次都得手填；请写进 `fill`",
        "required field '{field}' of '{ticket}' has no source; add it to `fill`",
    ),
    "field-choices": (
        "choice 类型的字段要有 choices，别的类型不能有；请改类型，或补上、删掉 choices",
        "a field of type choice needs choices, and only such a field has them",
    ),
    "deadline-order": (
        "“{higher}”的时限是 {shorter} 小时，比级别更低的“{lower}”（{longer} 小时）还长；请核对",
        "'{higher}' has {shorter} h, more than '{lower}' with {longer} h",
    ),
    "offer-unknown": (
        "offers.yaml 里没有“{offer}”；请核对推荐的名称，或先写上它",
        "offers.yaml has no '{offer}'",
    ),
    "language.ticket": (
        "工单类型“{name}”写的是 {theirs}，这个流程是 {own}；请用同一种语言的",
        "ticket type '{name}' is written in '{theirs}', this guide in '{own}'",
    ),
    "language.offer": (
        "推荐“{name}”写的是 {theirs}，这个流程是 {own}；请用同一种语言的",
        "offer '{name}' is written in '{theirs}', this guide in '{own}'",
    ),
    "language.guide": (
        "流程“{name}”写的是 {theirs}，这个流程是 {own}；请用同一种语言的",
        "guide '{name}' is written in '{theirs}', this one in '{own}'",
    ),
    "offer-early": (
        "有一条路还没解决问题就走到推荐“{step}”了；请加 `only_if: solved`",
        "step '{step}' offers something on a way that has not solved anything; "
        "add `only_if: solved`",
    ),
    "offer-mood": (
        "客户正在生气时也会推荐“{step}”；请在 `only_if` 里看一下 `mood`",
        "offer '{step}' is made to an angry customer, too; ask for `mood`",
    ),
    "end-without-ticket": (
        "“{step}”以派单结束，但有一条路走到这里并没有派单；请在那条路上派单，或改结果",
        "step '{step}' ends 'ticket', but a way leads there on which none is filed",
    ),
    "end-without-handoff": (
        "“{step}”以升级结束，但有一条路走到这里并没有转给谁；请在那条路上转接，或改结果",
        "step '{step}' ends 'escalated', but a way leads there on which nobody is handed the call",
    ),
    "ticket-unclosed": (
        "“{ticket}”派了单，流程却以“{outcome}”结束；请改成 `end: ticket`",
        "after '{ticket}' has filed a ticket the guide ends '{outcome}'; say `end: ticket`",
    ),
    # ---------------------------------------------------------------- templates
    "template-syntax": ("模板没写对：{fault}", "{fault}"),
    "template-syntax.braces": (
        "条件不用花括号，直接写就行，请去掉",
        "{fault}: a condition stands without braces",
    ),
    "template-name": (
        "没有“{name}”这个名字；可以用的有 {known}",
        "'{name}' is unknown; there is {known}",
    ),
    "template-slot": (
        "slots 里没有“{name}”；请先在 slots 里写上它，或核对名称",
        "slot '{name}' is not among the guide's slots",
    ),
    "template-slot.borrowed": ("“{name}”要用到它：{found}", "'{name}' needs it: {found}"),
    "template-step": (
        "没有叫“{name}”的检测步骤；请核对名称",
        "no diagnose step is called '{name}'",
    ),
    "template-step.borrowed": ("“{name}”要用到它：{found}", "'{name}' needs it: {found}"),
    "template-field.slot": (
        "信息只有 value 和 label，没有“{name}”",
        "a slot has value and label, not '{name}'",
    ),
    "template-field.customer": (
        "客户资料里没有“{name}”；请核对字段名",
        "a customer has no '{name}'",
    ),
    "template-field.call": (
        "通话只有 number 和 lang，没有“{name}”",
        "a call has number and lang, not '{name}'",
    ),
    "offer-unknown.named": (
        "没有叫“{name}”的推荐；请核对名称",
        "no offer is called '{name}'",
    ),
    "template-choice": (
        "它永远不会等于“{value}”；可以是 {choices}",
        "never equal to '{value}'; the choices are {choices}",
    ),
    "template-misplaced": (
        "“{field}”会原样显示，花括号不起作用；花括号只用在 say、from、with、fill 里",
        "'{field}' is taken as written; braces are for say, from, with, fill",
    ),
}
