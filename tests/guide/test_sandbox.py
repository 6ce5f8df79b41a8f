"""Nothing an editor writes into a guide keeps the process from its calls."""

from __future__ import annotations

import pytest

from assist.errors import GuideError
from assist.guide import render
from assist.guide.sandbox import LONGEST

HOSTILE = (
    "{{ 9**9**9 }}",
    "{{ 'x' * 10000000000 }}",
    "{{ 1000000000000000 * 1000000000000000 }}",
    "{{ 'x'.ljust(10000000000) }}",
    "{{ ('%10000000000d') % 1 }}",
    "{{ 'x'|center(10000000000) }}",
    "{% set a = 'xx' %}{% set a = a ~ a %}{{ a }}",
    "{% for a in 'xx' %}{% for b in 'xx' %}{{ a }}{% endfor %}{% endfor %}",
    "{{ call.__class__ }}",
    "{{ 1 }}" + "x" * LONGEST,
)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
def test_what_would_take_all_time_or_memory_is_refused(text: str) -> None:
    with pytest.raises(GuideError):
        render.render_text(text, render.make_context())
    condition = text.strip("{}% ")
    with pytest.raises(GuideError):
        render.test(f"({condition}) == 1", render.make_context())


def test_what_guides_need_goes_on() -> None:
    context = render.make_context(
        results={"bill": {"items": [{"name": "会员", "amount": 25}], "total": 84.0}}, last="bill"
    )
    text = "{% for each in result['items'] %}{{ each.name }}{{ each.amount * 2 }}{% endfor %}"
    assert render.render_text(text, context) == "会员50"
    assert render.test("result.total % 2 == 0 and result.total | abs > 10", context)
