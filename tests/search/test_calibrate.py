"""The choice of thresholds, on outcomes written down by hand; the figures are in test_finder."""

from __future__ import annotations

import numpy as np
import pytest

from assist.search.calibrate import Point, _calibration_error, _lowest, _text_point
from assist.search.evidence import Heard
from assist.search.signals import family
from assist.search.simulate import Simulator, beginning
from assist.search.stories import first_open


def point(threshold: float, wrong: float) -> Point:
    return Point(threshold=threshold, wrong=wrong, right=1, none_silent=1)


def test_the_lowest_threshold_from_which_on_the_rate_holds() -> None:
    curve = [point(0.5, 0.01), point(0.6, 0.05), point(0.7, 0.02), point(0.8, 0.0)]
    assert _lowest(curve, 0.02) == 0.7
    assert _lowest(curve, 0.05) == 0.5
    assert _lowest([point(0.5, 0.5), point(0.9, 0.3)], 0.02) == 0.9


def test_a_point_counts_wrong_of_all_right_of_covered_and_silence_of_the_rest() -> None:
    values = np.array([[0.9, 0.1], [0.9, 0.8], [0.2, 0.95], [0.9, 0.0], [0.1, 0.1]], np.float32)
    label = np.array([0, 0, 0, 2, 2])
    found = _text_point(values, label, 0.8)
    assert (found.wrong, found.right, found.none_silent) == (0.4, 0.3333, 0.5)


def test_a_sure_and_right_model_has_no_calibration_error() -> None:
    top = np.array([1.0] * 10 + [0.5] * 10, np.float32)
    right = np.array([True] * 10 + [True, False] * 5)
    assert _calibration_error(top, right) == pytest.approx(0)
    assert _calibration_error(top, ~right) == pytest.approx(0.5)


def test_the_first_card_needs_threshold_and_margin() -> None:
    values = np.array([[0.5, 0.1], [0.95, 0.9], [0.92, 0.1]], np.float32)
    assert first_open(values, ["a", "b"], 0.9, 0.25) == (2, "a")
    assert first_open(values, ["a", "b"], 0.9, 0.0) == (1, "a")
    assert first_open(values, ["a", "b"], 0.99, 0.0) is None
    assert first_open(values[:0], ["a", "b"], 0.1, 0.0) is None


def test_simulated_calls_are_told_apart_and_repeatable(few_rows) -> None:
    def calls(seed: int):
        simulator = Simulator(few_rows, "zh", np.random.default_rng(seed))
        return simulator.calls("power.bill-high", 20), simulator.calls("none", 5)

    covered, uncovered = calls(7)
    assert (covered, uncovered) == calls(7) != calls(8)
    assert all(call.told < len(call.turns) and call.guide == "power.bill-high" for call in covered)
    assert {call.then for call in covered} == {"", "broadband.no-internet"}
    assert all(call.told == -1 and 2 <= len(call.turns) <= 7 for call in uncovered)
    assert all(isinstance(heard, Heard) for call in covered for heard in call.turns)


def test_beginning_is_the_first_clause_of_some_length() -> None:
    assert beginning("家里电视看不了，网也断了。") == "家里电视看不了，"
    assert beginning("哎，家里电视看不了，网也断了。") == "哎，家里电视看不了，"


def test_a_family_is_a_scenario_in_any_language() -> None:
    assert family("plan.change.en") == family("plan.change") == "plan.change"
