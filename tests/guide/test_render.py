"""Texts and conditions: what they may see, how it is written, and what is never silent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.errors import GuideError
from assist.events import Customer, OpenTicket
from assist.guide import render
from assist.guide.render import make_context, render_text

CUSTOMER = Customer(
    id="C1",
    name="王小明",
    surname="王",
    title="先生",
    phone="13800000001",
    tags=("vip",),
    open_tickets=(OpenTicket(number="T1", type="broadband.repair", title="报修", status="处理中"),),
)
RESULT = {"found": True, "dbm": None, "items": [{"name": "会员", "yuan": 25.0}], "used": False}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ customer.surname }}{{ customer.title }}您好", "王先生您好"),
        ("尾号{{ customer.phone[-4:] }}", "尾号0001"),
        ("{% if customer.known %}认识{% else %}不认识{% endif %}", "认识"),
        ("{{ call.number }} {{ call.lang }}", "021 zh"),
        ("{{ slots.light }}/{{ slots.light.value }}/{{ slots.light.label }}", "红灯/red/红灯"),
        ("{{ slots.since }}|{% if slots.since %}x{% endif %}", "|"),
        ("{{ slots.plain }}", "昨天"),
        ("{{ slots.since or '未知' }}", "未知"),
        ("{{ result.items[0].name }}{{ result.items[0].yuan }}元", "会员25元"),
        ("{{ results.bill.items | length }}", "1"),
        ("收光{{ result.dbm }}", "收光"),
        ("{{ 9.9 }} {{ 128.60 }} {{ 0.05 }} {{ 24.999999999 }}", "9.9 128.6 0.05 25"),
        ("{{ '光纤断了。' | clause }}，马上派人", "光纤断了，马上派人"),
        ("{{ offers['family-number'] }}|{{ offers.other }}", "declined|"),
        ("{{ customer.open_tickets[0].number }}", "T1"),
        ("{{ result.gone is defined }}", "False"),
        ("您好，\n  请稍等。\n\n马上就好", "您好，请稍等。马上就好"),
        ("查到了。\n 2026年 9月，\nLOS 红灯", "查到了。2026年 9月，LOS 红灯"),
        ("one\n two  three", "one two three"),
        ("收光 -28 dBm，太弱", "收光 -28 dBm，太弱"),
        ("plain {text}", "plain {text}"),
    ],
)
def test_texts(template: str, text: str) -> None:
    assert render_text(template, full()) == text


def full():
    return make_context(
        customer=CUSTOMER,
        number="021",
        slots={"light": ("red", "红灯"), "plain": ("昨天", "")},
        results={"bill": RESULT},
        last="bill",
        offers={"family-number": "declined"},
        solved=True,
    )


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("", True),
        ("solved and mood != 'angry'", True),
        ("result.found and not result.used", True),
        ("result.dbm is not none and result.dbm < -27", False),
        ("slots.light == 'red'", True),
        ("slots.light in ['red', 'dark']", True),
        ("slots.light == '红灯'", False),
        ("slots.light.value == slots.light", True),
        ("slots.since", False),
        ("results.bill", True),
        ("results.never", False),
        ("'vip' in customer.tags", True),
        ("customer.open_tickets | selectattr('type', 'equalto', 'broadband.repair') | list", True),
        ("offers['family-number'] == 'declined'", True),
        ("result.gone is defined", False),
    ],
)
def test_conditions(condition: str, holds: bool) -> None:
    assert render.test(condition, full()) is holds


def test_an_unknown_caller_has_every_field_empty() -> None:
    empty = make_context()
    for name in Customer.model_fields:
        assert render_text(f"[{{% if customer.{name} %}}x{{% endif %}}]", empty) == "[]"
    assert not render.test("customer.known", empty)
    assert render_text("{{ customer.surname }}您好{{ customer.phone[-4:] }}", empty) == "您好"
    assert not render.test("customer.open_tickets | list or 'vip' in customer.tags", empty)
    assert not render.test("result or results.line or slots.phone or solved", empty)


@pytest.mark.parametrize(
    "template",
    [
        "{{ result.gone }}",
        "{{ results.never.found }}",
        "{{ nobody }}",
        "{{ customer.adress }}",
        "{{ customer.name.upper.im_func }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ slots.light.choices }}",
        "{% if result.gone %}x{% endif %}",
        "{{ 1 / 0 }}",
        "{{ 'a' + 1 }}",
        "{{ range(3) }}",
        "{{ customer.tags.append('x') }}",
        "{% if %}",
        "{{ open",
    ],
)
def test_what_cannot_be_rendered_is_an_error_that_names_the_place(template: str) -> None:
    with pytest.raises(GuideError) as caught:
        render_text(template, full(), "broadband.no-internet, step light")
    assert caught.value.message.startswith("broadband.no-internet, step light: the text “")
    assert caught.value.code == "guide" and caught.value.remedy


@pytest.mark.parametrize(
    "condition",
    ["result.gone", "result.gone == 1", "nobody", "result.dbm < -27", "{{ solved }}", "a ="],
)
def test_a_condition_that_cannot_be_judged_is_never_a_silent_else(condition: str) -> None:
    with pytest.raises(GuideError, match="condition"):
        render.test(condition, full(), "guide, step")


def test_a_template_changes_nothing_it_is_given() -> None:
    result = {"items": ["a"]}
    context = make_context(results={"bill": result}, last="bill")
    for template in ("{{ result.items.append('b') }}", "{{ result.update({'x': 1}) }}"):
        with pytest.raises(GuideError):
            render_text(template, context)
    assert result == {"items": ["a"]}


@given(
    label=st.text(st.characters(exclude_categories=["C", "Z"])),
    value=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
)
def test_what_a_customer_said_is_never_read_as_a_template(value: str, label: str) -> None:
    context = make_context(slots={"x": (value, label)})
    assert render_text("{{ slots.x }}", context) == (label or value)
    assert render.test("slots.x", context)


@given(st.text(max_size=40))
def test_any_text_renders_or_is_a_guide_error(template: str) -> None:
    try:
        text = render_text(template, make_context())
    except GuideError:
        return
    assert text == text.strip() and "\n" not in text
