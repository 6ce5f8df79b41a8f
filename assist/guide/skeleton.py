"""The first draft of a new guide and of its tests: small, whole, and clean for the checker."""

from __future__ import annotations

from typing import Literal

_ZH = """\
# yaml-language-server: $schema=../.vscode/schemas/guide.json
id: {id}
title: {title}
lang: zh
owner: {owner}
effective: {{from: {today}}}

slots:                                      # what is worth knowing
  customer_name: {{label: 客户姓名, type: name, from: "{{{{ customer.name }}}}"}}
  phone: {{label: 联系电话, type: phone, from: "{{{{ customer.phone }}}}"}}
  tried:
    label: 是否试过
    choices: {{yes: 试过，没用, no: 还没试}}
    hear:                                   # six phrases or more a choice, as people speak
      yes: [试过了没用, 弄过了还是不行, 试了好几遍, 照着做过没效果, 已经试过, 自己弄过了]
      no: [还没试过, 没有试过, 没弄过, 不知道怎么弄, 还没动过它, 没敢动]
  works: {{label: 处理后, choices: {{yes: 好了, no: 没好}}}}

steps:
  - id: hello
    say: 您好，这个问题我来帮您处理。

  - id: phone
    ask: phone
    only_if: not customer.known             # nobody is asked what is known
    say: 麻烦您报一下登记的手机号。
    otherwise: tried
    next: tried

  - id: tried
    ask: tried
    say: 您自己试着处理过吗？
    choices: {{yes: passed_on}}
    otherwise: try
    next: try

  - id: try
    say: 请您按短信里的步骤试一次，我在线上等您。
    must_say: true

  - id: works
    ask: works
    say: 现在好了吗？
    hear:                                   # only as the answer to this question
      yes: [好了, 可以了, 正常了, 现在行了, 恢复了, 没问题了]
      no: [没好, 还是不行, 没用, 还是一样, 没变化, 不行]
    choices: {{yes: solved, no: passed_on}}
    otherwise: passed_on

  - id: solved
    say: 处理好了，以后再遇到随时打过来。
    solves: true

  - id: done
    end: solved
    say: 感谢您的来电，再见。
    disposition: {title}-已解决

  - id: passed_on
    handoff: elite
    say: 我把您的情况完整转给专员，请不要挂机。

  - id: passed_on_done
    end: escalated
    disposition: {title}-转专员
"""

_EN = """\
# yaml-language-server: $schema=../.vscode/schemas/guide.json
id: {id}
title: {title}
lang: en
owner: {owner}
effective: {{from: {today}}}

slots:                                      # what is worth knowing
  customer_name: {{label: Name, type: name, from: "{{{{ customer.name }}}}"}}
  phone: {{label: Phone, type: phone, from: "{{{{ customer.phone }}}}"}}
  tried:
    label: Tried already
    choices: {{yes: "tried, no help", no: not tried yet}}
    hear:                                   # six phrases or more a choice, as people speak
      yes:
        - I tried that already
        - I did it several times
        - it didn't help at all
        - I've been through that
        - tried it myself
        - nothing I did helped
      no:
        - I haven't tried that
        - I didn't touch anything
        - I don't know how to do it
        - I haven't done anything yet
        - not tried anything
        - I was afraid to touch it
  works: {{label: Afterwards, choices: {{yes: works, no: does not work}}}}

steps:
  - id: hello
    say: Hello, let me sort this out for you.

  - id: phone
    ask: phone
    only_if: not customer.known             # nobody is asked what is known
    say: Which mobile number is it registered to?
    otherwise: tried
    next: tried

  - id: tried
    ask: tried
    say: Have you tried anything yourself so far?
    choices: {{yes: passed_on}}
    otherwise: try
    next: try

  - id: try
    say: Please follow the steps in the text message once; I'll stay on the line.
    must_say: true

  - id: works
    ask: works
    say: Is it working now?
    hear:                                   # only as the answer to this question
      yes: ["yes", it is, it works now, that did the trick, all fine now, it's back]
      no: ["no", still not working, it's the same, no change, nothing happened, not yet]
    choices: {{yes: solved, no: passed_on}}
    otherwise: passed_on

  - id: solved
    say: Good. Should it happen again, just call us.
    solves: true

  - id: done
    end: solved
    say: Thanks for calling, goodbye.
    disposition: {title} - solved

  - id: passed_on
    handoff: elite
    say: I'm passing you on to a specialist with all that you told me, please hold.

  - id: passed_on_done
    end: escalated
    disposition: {title} - passed on
"""

_TESTS_ZH = """\
# yaml-language-server: $schema=../../.vscode/schemas/guide-test.json
guide: {id}

cases:
  - case: 照着做就好了
    caller: liu                             # of fixtures.yaml
    turns:
      - customer: 还没试过，不知道怎么弄。
      - customer: 好了，现在行了。
    expect:
      path: [hello, tried, try, works, solved, done]
      absent: [phone, passed_on]
      slots: {{tried: no, works: yes}}
      outcome: solved

  - case: 自己试过没用，转专员
    caller: liu
    turns:
      - customer: 弄过了还是不行。
    expect:
      path: [hello, tried, passed_on, passed_on_done]
      outcome: escalated

  - case: 不在档客户，试了没好
    turns:
      - customer: 一三九一二三四五六七八。
      - answer: ""
      - customer: 还是不行。
    expect:
      path: [hello, phone, tried, try, works, passed_on, passed_on_done]
      slots: {{phone: "13912345678", works: no}}
      outcome: escalated
"""

_TESTS_EN = """\
# yaml-language-server: $schema=../../.vscode/schemas/guide-test.json
guide: {id}

cases:
  - case: the steps help
    caller: wong                            # of fixtures.yaml
    turns:
      - customer: I haven't tried that, I don't know how to do it.
      - customer: Yes, it works now.
    expect:
      path: [hello, tried, try, works, solved, done]
      absent: [phone, passed_on]
      slots: {{tried: no, works: yes}}
      outcome: solved

  - case: tried without success
    caller: wong
    turns:
      - customer: I tried that already.
    expect:
      path: [hello, tried, passed_on, passed_on_done]
      outcome: escalated

  - case: unknown caller, no help
    turns:
      - customer: It's 13912345678.
      - answer: ""
      - customer: No, still not working.
    expect:
      path: [hello, phone, tried, try, works, passed_on, passed_on_done]
      slots: {{phone: "13912345678", works: no}}
      outcome: escalated
"""


def skeleton(
    guide_id: str, lang: Literal["zh", "en"], title: str, owner: str, today: str
) -> tuple[str, str]:
    """The text of the guide and of its tests; `today` is the ISO date it takes effect."""
    values = {"id": guide_id, "title": title, "owner": owner, "today": today}
    guide, tests = (_ZH, _TESTS_ZH) if lang == "zh" else (_EN, _TESTS_EN)
    return guide.format(**values), tests.format(**values)
