"""What both models hold to that `bert` runs."""

from __future__ import annotations

import numpy as np
import pytest

from assist.search.minilm import MiniLM
from assist.search.small_e5 import SmallE5

CHINESE = ["网断了", "我上个月明明已经办了停机保号，为什么这个月账单上还有月租费", "x" * 2000]
ENGLISH = ["no signal", "my bill went up and I never ordered that data pack", "x y " * 500]


@pytest.mark.model
@pytest.mark.parametrize(
    ("model", "texts", "bound"), [(SmallE5, CHINESE, 2e-3), (MiniLM, ENGLISH, 1e-2)]
)
def test_a_vector_hardly_depends_on_what_is_encoded_beside_it(
    model: type[SmallE5 | MiniLM], texts: list[str], bound: float
) -> None:
    encode = model.installed().encode
    together = encode(texts)
    alone = np.vstack([encode([text]) for text in texts])
    assert (together * alone).sum(axis=1) == pytest.approx(np.ones(3), abs=bound)
