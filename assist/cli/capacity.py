"""What `assist doctor` says of the machine's capacity: measured, reckoned, recommended.

Chooses what to measure and words the result; the arithmetic is `speech/costs`, the clock
`speech/measure`. It changes no setting.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np
import soxr

from assist.audio import RATE_HZ, Pcm, read_recording
from assist.config import Settings
from assist.errors import AssistError, ModelError
from assist.models import model_folder
from assist.speech.compute import Compute, Machine, choose_compute, look_at_machine
from assist.speech.costs import Cost, Plan, plans, recommended, with_larger
from assist.speech.measure import LEAST_SOUND_S, measure_model

BUDGET_S = 10.0
"""Seconds the whole measurement takes, loading aside."""

_THREADS = (1, 2)
_BUSY_LOAD = 0.5
_MODELS = ("whisper-base", "whisper-small")

Step = Callable[[str, int, int], None]
"""Called before each part: what is measured, its number from 0, how many there are."""


def measured(settings: Settings, step: Step, machine: Machine | None = None) -> list[str]:
    """The report's lines; empty when no model is there. Raises ModelError if one cannot run."""
    names = _installed(settings)
    if not names:
        return []
    machine = machine or look_at_machine()
    compute = choose_compute(settings.device, settings.compute_type, machine)
    cores = usable_cores()
    counts = [n for n in _THREADS if n <= cores] if compute.device == "cpu" else [1]
    load = _load()
    pcm = speech(settings)
    runs = [(name, threads) for name in names for threads in counts]
    costs: list[Cost] = []
    for number, (name, threads) in enumerate(runs):
        step(f"{name}, {threads} thread{'s' if threads > 1 else ''}", number, len(runs))
        folder = model_folder(settings.models, name)
        costs.append(
            measure_model(folder, name, threads, compute, pcm, BUDGET_S / max(1, len(runs)))
        )
    gpu = compute.device == "cuda"
    guess = names[0]
    return report(plans(with_larger(costs), guess, cores, gpu=gpu), compute, cores, load)


def report(found: Sequence[Plan], compute: Compute, cores: int, load: float | None) -> list[str]:
    """Lines for people: what each pair of models carries, then settings to paste."""
    lines = [f"Capacity on {compute.device} ({compute.compute_type}), {cores} core(s):"]
    if load is not None and load > _BUSY_LOAD * cores:
        lines.append(
            f"  The machine is busy (load {load:.1f} on {cores} cores): it carries more than this "
            "when it is idle; run `assist doctor` again then."
        )
    for plan in found:
        finals = "alone" if plan.finals.model == plan.guesses.model else f"+ {plan.finals.model}"
        wait = f"a final after {plan.finals.final_wait_s:.1f} s"
        kind = "" if plan.measured else ", extrapolated by parameter count"
        late = "" if plan.in_time else ", too late to help"
        lines.append(
            f"  {plan.guesses.model} {finals}: {_calls(plan)}, {plan.threads} thread(s), "
            f"{wait}{late}{kind}"
        )
    best = recommended(found)
    if best is None:
        return lines
    if best.calls < 1:
        lines.append("  This machine does not carry a two-channel call while it is heard live.")
    lines.append("Recommended, for assist.toml:")
    lines += [
        f'  guess_model = "{best.guesses.model}"',
        f'  final_model = "{best.finals.model}"',
        f"  threads = {best.threads}",
        f"  max_calls = {max(1, best.whole_calls)}",
    ]
    alone = next((plan for plan in found if plan.finals.model == plan.guesses.model), None)
    if alone is not None and alone.whole_calls > best.whole_calls:
        lines.append(
            f'For more calls and less exact text: final_model = "{alone.finals.model}", '
            f"threads = {alone.threads}, max_calls = {alone.whole_calls}"
        )
    larger = [plan for plan in found if not plan.measured and plan.calls >= 1 and plan.in_time]
    if larger:
        name = larger[-1].finals.model
        lines.append(
            f"{name} may fit too: `assist models pull {name}`, set it as final_model and measure "
            "again."
        )
    return lines


def speech(settings: Settings) -> Pcm:
    """A stretch of real speech at 16 kHz, long enough to measure with.

    From a recorded call of the corpus; without one, noise shaped like syllables: the times depend
    on the length, hardly on the sound.
    """
    samples = round(LEAST_SOUND_S * RATE_HZ)
    for path in sorted((settings.corpus_dir / "calls").glob("*.flac")):
        try:
            call = read_recording(path)
        except AssistError:
            continue
        pcm = soxr.resample(call.channels[-1], call.rate_hz, RATE_HZ)
        if len(pcm) >= samples:
            energy = np.cumsum(np.square(np.concatenate([[0.0], pcm])))
            start = int(np.argmax(energy[samples:] - energy[:-samples]))
            return pcm[start : start + samples].astype(np.float32)
    at_s = np.arange(samples) / RATE_HZ
    syllables = 0.5 + 0.5 * np.sin(2 * np.pi * 4 * at_s)
    noise = np.random.default_rng(0).standard_normal(samples)
    return (0.1 * syllables * noise).astype(np.float32)


def usable_cores() -> int:
    """Cores this process may run on; a container's share may be less still."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def _installed(settings: Settings) -> list[str]:
    """The settings' guess model first, then what else is there to write finals; three at most."""
    names: list[str] = []
    for name in dict.fromkeys((settings.guess_model, *_MODELS, settings.final_model)):
        try:
            model_folder(settings.models, name)
        except ModelError:
            continue
        names.append(name)
    return names[:3]


def _load() -> float | None:
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None


def _calls(plan: Plan) -> str:
    if plan.calls < 1:
        return "less than one call" if plan.calls >= 0.5 else "far from one call"
    return f"{plan.whole_calls} call{'s' if plan.whole_calls > 1 else ''}"
