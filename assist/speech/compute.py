"""On what a speech model runs, CPU or CUDA, and in which precision.

Asks CTranslate2 what this machine can do and never promises more. The choice is a pure function of
what was found, so that a GPU's rules are tested without one.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assist.errors import ModelError

AUTO = "auto"
DEVICES = (AUTO, "cpu", "cuda")
SMALL_GPU_MIB = 6 * 1024
"""MiB of GPU memory. Below it weights are kept in 8 bits: large-v3 takes 3 GiB in float16, and two
models and their work space must fit."""

_CPU_ORDER = ("int8_float32", "int8", "float32")
_CUDA_ORDER = ("float16", "bfloat16", "int8_float16", "int8_float32", "int8", "float32")
_SMALL_CUDA_ORDER = ("int8_float16", "int8_bfloat16", "int8_float32", "int8", "float16", "float32")
_NVIDIA_SMI_S = 5.0


@dataclass(frozen=True)
class Machine:
    """What CTranslate2 finds: compute types by device, number of GPUs, memory of the first."""

    compute_types: Mapping[str, frozenset[str]]
    cuda_devices: int = 0
    cuda_memory_mib: int | None = None


@dataclass(frozen=True)
class Compute:
    """`device` and `compute_type` as CTranslate2 takes them; `reason` says why, for people."""

    device: str
    compute_type: str
    reason: str = field(compare=False)


def one_thread_for_blas() -> None:
    """For the whole process: numpy's matrix library works in the thread that calls it.

    Its products here are small, and a helper thread of its own waits for the next one by spinning:
    that alone took a fifth of a live call's processor time.
    """
    import numpy as np  # noqa: F401 - the library has to be loaded to be told
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")


def look_at_machine() -> Machine:
    """Costs some tens of ms, and a call of `nvidia-smi` where there is a GPU."""
    import ctranslate2

    types = {"cpu": frozenset(ctranslate2.get_supported_compute_types("cpu"))}
    devices = ctranslate2.get_cuda_device_count()
    if devices:
        types["cuda"] = frozenset(ctranslate2.get_supported_compute_types("cuda"))
    return Machine(types, devices, _cuda_memory_mib() if devices else None)


def choose_compute(
    device: str = AUTO, compute_type: str = AUTO, machine: Machine | None = None
) -> Compute:
    """Device and precision for the wish of the settings.

    Without a wish a GPU is taken if there is one, in float16 (8-bit weights on a small one); a CPU
    computes with 8-bit weights and float32 activations, which is what CTranslate2 makes of `int8`
    there. Raises ModelError, with what is supported, for a wish this machine cannot grant.
    """
    machine = machine or look_at_machine()
    if device not in DEVICES:
        raise ModelError(
            f"Setting device: {device!r} is none of {', '.join(DEVICES)}.",
            "Set ASSIST_DEVICE to one of them.",
        )
    if device == "cuda" and not machine.cuda_devices:
        raise ModelError(
            "Setting device: cuda is wanted, but CTranslate2 finds no CUDA device here.",
            "Set ASSIST_DEVICE=auto or cpu; or install the GPU's driver and the CUDA libraries "
            "that CTranslate2 names (cuBLAS, cuDNN).",
        )
    if device == AUTO:
        chosen = "cuda" if machine.cuda_devices else "cpu"
        why = f"{machine.cuda_devices} CUDA device(s)" if machine.cuda_devices else "no CUDA device"
    else:
        chosen, why = device, "as set"
    supported = machine.compute_types.get(chosen, frozenset())
    if compute_type != AUTO:
        if compute_type not in supported:
            raise ModelError(
                f"Setting compute_type: {compute_type!r} is not possible on {chosen}; supported "
                f"are {', '.join(sorted(supported))}.",
                "Set ASSIST_COMPUTE_TYPE=auto or to one of them.",
            )
        return Compute(chosen, compute_type, f"{why}; precision as set")
    order, size = _order(chosen, machine.cuda_memory_mib)
    best = next((each for each in order if each in supported), "float32")
    return Compute(chosen, best, f"{why}{size}")


def _order(device: str, memory_mib: int | None) -> tuple[Sequence[str], str]:
    if device == "cpu":
        return _CPU_ORDER, ""
    if memory_mib is None:
        return _CUDA_ORDER, ""
    size = f", {memory_mib / 1024:.0f} GiB"
    return (_SMALL_CUDA_ORDER if memory_mib < SMALL_GPU_MIB else _CUDA_ORDER), size


def _cuda_memory_mib() -> int | None:
    """Memory of the first GPU by the driver's own tool; None when it does not say."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None
    command = [tool, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=_NVIDIA_SMI_S, check=True
        )
        return int(answer.stdout.split()[0])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
