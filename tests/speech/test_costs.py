"""The arithmetic of capacity, by hand; and the clock that feeds it, with a clock of our own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assist.speech.costs import (
    SIZES,
    Cost,
    carried,
    extrapolated,
    plans,
    recommended,
    with_larger,
)

BASE_1 = Cost("whisper-base", 1, 0.020, 0.050, 0.010, 0.015)
BASE_2 = Cost("whisper-base", 2, 0.012, 0.030, 0.007, 0.010)
SMALL_1 = Cost("whisper-small", 1, 0.100, 0.200, 0.028, 0.040)
SMALL_2 = Cost("whisper-small", 2, 0.060, 0.120, 0.020, 0.028)


def test_work_per_second_of_call() -> None:
    assert BASE_1.guessing == pytest.approx(0.85 * (2 * 0.020 + 8 * 0.010))
    assert SMALL_1.finishing == pytest.approx(0.85 * (0.200 / 5 + 8 * 0.040))
    assert SMALL_1.final_wait_s == pytest.approx(0.2 + 40 * 0.040)


def test_one_model_has_one_worker() -> None:
    plan = carried(BASE_1, BASE_1, cores=16)
    assert plan.calls == pytest.approx(0.7 / (BASE_1.guessing + BASE_1.finishing))


def test_two_models_have_two_and_the_slower_decides() -> None:
    plan = carried(BASE_1, SMALL_1, cores=16)
    assert plan.calls == pytest.approx(0.7 / SMALL_1.finishing)


def test_cores_are_the_limit_of_a_small_machine() -> None:
    plan = carried(BASE_2, SMALL_2, cores=2)
    work = 2 * BASE_2.guessing + 2 * SMALL_2.finishing + 0.03
    assert plan.calls == pytest.approx(0.7 * 2 / work)
    assert carried(BASE_2, SMALL_2, cores=1).calls == pytest.approx(plan.calls / 2)


def test_a_gpu_takes_no_core_but_is_shared() -> None:
    plan = carried(BASE_1, SMALL_1, cores=1, gpu=True)
    assert plan.calls == pytest.approx(0.7 / (BASE_1.guessing + SMALL_1.finishing))


def test_extrapolation_goes_by_encoder_and_decoder_apart() -> None:
    """large-v3-turbo has the encoder of large-v3, and four decoder layers of its 32."""
    medium, turbo, large = (
        extrapolated(name, SMALL_1) for name in ("medium", "large-v3-turbo", "large-v3")
    )
    assert turbo.final_encode_s == large.final_encode_s > medium.final_encode_s
    assert turbo.final_token_s < medium.final_token_s < large.final_token_s
    assert not turbo.measured
    same = extrapolated("whisper-small", SMALL_1)
    assert replace(same, measured=True) == SMALL_1


@pytest.mark.parametrize(
    ("name", "encoder_m", "decoder_m"),
    [("whisper-base", 19, 48), ("whisper-small", 85, 139), ("large-v3", 629, 800)],
)
def test_parameters_are_near_the_published_ones(
    name: str, encoder_m: float, decoder_m: float
) -> None:
    size = SIZES[name]
    assert size.encoder_parameters / 1e6 == pytest.approx(encoder_m, rel=0.02)
    assert size.decoder_parameters / 1e6 == pytest.approx(decoder_m, rel=0.02)


def test_larger_models_are_added_for_each_number_of_threads() -> None:
    costs = with_larger([BASE_1, BASE_2, SMALL_1, SMALL_2])
    assert len(costs) == 4 + 2 * 3
    assert {cost.model for cost in costs if not cost.measured} == {
        "medium",
        "large-v3-turbo",
        "large-v3",
    }
    own = replace(BASE_1, model="our-own")
    assert with_larger([own]) == [own]


def test_the_largest_measured_model_that_carries_a_call_in_time_is_recommended() -> None:
    found = plans(with_larger([BASE_1, BASE_2, SMALL_1, SMALL_2]), "whisper-base", cores=4)
    best = recommended(found)
    assert best is not None
    assert (best.finals.model, best.measured) == ("whisper-small", True)


def test_finals_that_come_too_late_are_not_recommended() -> None:
    slow = replace(SMALL_1, final_token_s=0.06)
    best = recommended(plans([BASE_1, slow], "whisper-base", cores=64))
    assert best is not None and best.finals.model == "whisper-base"


def test_a_machine_too_weak_for_one_call_gets_what_carries_most() -> None:
    weak = replace(BASE_1, guess_token_s=0.2, final_token_s=0.3)
    best = recommended(plans([weak], "whisper-base", cores=1))
    assert best is not None and best.calls < 1
    assert recommended([]) is None
