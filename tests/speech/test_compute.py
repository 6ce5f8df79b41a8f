"""Which device and precision a model gets: rules for CPU and GPU, and wishes that cannot be had."""

from __future__ import annotations

import ctranslate2
import pytest

from assist.errors import ModelError
from assist.speech.compute import Compute, Machine, choose_compute, look_at_machine

CPU = frozenset({"int8", "int8_float32", "float32"})
GPU = frozenset({"float16", "float32", "int8", "int8_float16", "int8_float32", "bfloat16"})
NO_GPU = Machine({"cpu": CPU})
BIG = Machine({"cpu": CPU, "cuda": GPU}, 1, 24_000)
SMALL = Machine({"cpu": CPU, "cuda": GPU}, 1, 4_096)
OLD = Machine({"cpu": CPU, "cuda": frozenset({"float32", "int8", "int8_float32"})}, 1, 8_000)


@pytest.mark.parametrize(
    ("wish", "machine", "device", "compute_type"),
    [
        (("auto", "auto"), NO_GPU, "cpu", "int8_float32"),
        (("cpu", "auto"), BIG, "cpu", "int8_float32"),
        (("cpu", "float32"), NO_GPU, "cpu", "float32"),
        (("auto", "auto"), BIG, "cuda", "float16"),
        (("cuda", "auto"), SMALL, "cuda", "int8_float16"),
        (("auto", "auto"), OLD, "cuda", "int8_float32"),
        (("cuda", "bfloat16"), BIG, "cuda", "bfloat16"),
        (("auto", "auto"), Machine({"cpu": CPU, "cuda": GPU}, 2, None), "cuda", "float16"),
        (("auto", "auto"), Machine({"cpu": frozenset({"float32"})}), "cpu", "float32"),
    ],
)
def test_the_choice(
    wish: tuple[str, str], machine: Machine, device: str, compute_type: str
) -> None:
    chosen = choose_compute(*wish, machine)
    assert chosen == Compute(device, compute_type, "")
    assert chosen.reason


@pytest.mark.parametrize(
    ("wish", "message", "remedy"),
    [
        (("gpu", "auto"), "'gpu' is none of auto, cpu, cuda", "ASSIST_DEVICE"),
        (("cuda", "auto"), "finds no CUDA device", "ASSIST_DEVICE=auto"),
        (
            ("cpu", "float16"),
            "'float16' is not possible on cpu; supported are float32, int8, int8_float32",
            "ASSIST_COMPUTE_TYPE=auto",
        ),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused(
    wish: tuple[str, str], message: str, remedy: str
) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        choose_compute(*wish, NO_GPU)
    assert remedy in caught.value.remedy


def test_this_machine_is_what_ctranslate2_says() -> None:
    machine = look_at_machine()
    assert machine.compute_types["cpu"] == ctranslate2.get_supported_compute_types("cpu")
    assert machine.cuda_devices == ctranslate2.get_cuda_device_count()
    assert ("cuda" in machine.compute_types) == (machine.cuda_devices > 0)
    chosen = choose_compute("cpu", "auto", machine)
    assert chosen.compute_type in machine.compute_types["cpu"]
