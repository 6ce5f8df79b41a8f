"""Where an utterance begins and ends: speech probabilities and levels in, spans of samples out.

Pure and without sound: it sees one number pair a window, keeps time in samples of the call, and
knows nothing of models or text. Padding is not its business.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from assist.audio import ms_to_samples, samples_to_ms
from assist.speech.options import ListenOptions
from assist.speech.vad import WINDOW

DIGITAL_SILENCE_DBFS = -120.0

_SMOOTH = 5
"""Windows (160 ms) over which "quiet" is measured: shorter ones find the closure of a plosive."""

_ATTACK = 0.2
"""Share of the way to a louder window's level that the remembered level goes at once: a knock on
the receiver must not make the speaker's own voice look soft."""

_RELEASE_DB = 0.01
"""dB by which the remembered level falls with each softer window of anybody's speech (0.3 dB a
second), so that a soft speaker who takes over the telephone is heard after a while."""

ONSET_MEMORY = 32
"""Windows (1 s) an utterance's beginning may reach back before the window that opened it."""

_NOISE_MEMORY = 94
"""Windows (3 s) whose softest tenth is the line's noise."""

_BREAK = 8
"""Windows (0.25 s) below the noise margin that the beginning of an utterance may contain."""


@dataclass(frozen=True)
class Span:
    """Speech from `start` to `end`, in samples of the call, without padding.

    `cut_before`, `cut_after`: that edge lies within speech, so no padding belongs there.
    """

    start: int
    end: int
    speech_ms: int
    cut_before: bool = False
    cut_after: bool = False


@dataclass
class _Open:
    """An utterance that is still going on."""

    start: int
    end: int
    speech_windows: int
    cut_before: bool
    levels: deque[tuple[int, float, bool]]


class Endpointer:
    """Hysteresis on speech probability: a high threshold opens, a low one keeps open."""

    def __init__(self, options: ListenOptions) -> None:
        self._options = options
        self._open: _Open | None = None
        self._run: list[tuple[int, float, bool]] = []
        self._high = 0
        self._speaker_dbfs = DIGITAL_SILENCE_DBFS
        self._recent: deque[tuple[int, float]] = deque(maxlen=_NOISE_MEMORY)
        self._ended = 0

    @property
    def speech_start(self) -> int | None:
        """First sample of the utterance going on, if there is one."""
        return self._open.start if self._open else None

    @property
    def speech_end(self) -> int:
        """Sample after the last speech window of the utterance going on, 0 if there is none."""
        return self._open.end if self._open else 0

    @property
    def speech_ms(self) -> int:
        """Speech windows of the utterance going on."""
        return samples_to_ms(self._open.speech_windows * WINDOW) if self._open else 0

    @property
    def cut_before(self) -> bool:
        return self._open is not None and self._open.cut_before

    def feed(self, at: int, probability: float, level_dbfs: float) -> Span | None:
        """The window beginning at sample `at`; a Span when an utterance has just ended."""
        options = self._options
        self._recent.append((at, level_dbfs))
        gate = max(options.floor_dbfs, self._speaker_dbfs - options.below_speaker_db)
        loud = level_dbfs >= gate
        keeps = loud and probability >= options.keep_probability
        opens = loud and self._opens(probability, level_dbfs)
        if probability >= options.start_probability:
            self._learn(level_dbfs, loud)
        if self._open is None:
            self._wait(at, level_dbfs, keeps, opens)
            return None
        return self._go_on(self._open, at, level_dbfs, keeps)

    def rest(self, at: int, count: int) -> None:
        """`count` windows of digital silence from sample `at`, while nothing is open: the same as
        to feed them one by one with a probability that nobody would take for speech."""
        self._run, self._high = [], 0
        latest = range(max(0, count - _NOISE_MEMORY), count)
        self._recent.extend((at + number * WINDOW, DIGITAL_SILENCE_DBFS) for number in latest)

    def finish(self) -> Span | None:
        """The sound is over: whatever is open ends here, an onset not yet confirmed included."""
        if self._open is None and self._high:
            self._begin()
        return self._close(self._open) if self._open else None

    def _wait(self, at: int, level_dbfs: float, keeps: bool, opens: bool) -> None:
        if not keeps:
            self._run, self._high = [], 0
            return
        self._run.append((at, level_dbfs, True))
        self._high = self._high + 1 if opens else 0
        if self._high * WINDOW >= ms_to_samples(self._options.onset_ms):
            self._begin()
        elif len(self._run) > ONSET_MEMORY:
            del self._run[0]

    def _opens(self, probability: float, level_dbfs: float) -> bool:
        """Whether a window of this level opens an utterance."""
        options = self._options
        if probability >= options.start_probability:
            return True
        if probability < options.clear_start_probability:
            return False
        return level_dbfs >= self._noise_dbfs() + options.clear_above_noise_db

    def _learn(self, level_dbfs: float, loud: bool) -> None:
        """Follow the speaker's own loudness: quickly up, slowly down."""
        known = self._speaker_dbfs
        if known < self._options.floor_dbfs:
            self._speaker_dbfs = level_dbfs if loud else known
        elif level_dbfs > known:
            self._speaker_dbfs = known + _ATTACK * (level_dbfs - known)
        else:
            self._speaker_dbfs = known - _RELEASE_DB

    def _begin(self) -> None:
        run, self._run, self._high = self._run, [], 0
        # A deque as long as the longest utterance: nothing grows without a bound.
        longest = ms_to_samples(self._options.max_utterance_ms) // WINDOW + _SMOOTH
        start = self._first_sound(run[0][0])
        self._open = _Open(start, run[-1][0] + WINDOW, len(run), False, deque(run, longest))

    def _noise_dbfs(self) -> float:
        levels = sorted(level for _, level in self._recent)
        return levels[len(levels) // 10]

    def _first_sound(self, start: int) -> int:
        """Back from `start` through sound well above the line's noise.

        Silero needs up to 0.7 s of some telephone voices before it believes them.
        """
        margin_dbfs = self._noise_dbfs() + self._options.above_noise_db
        first, missing = start, 0
        for at, level_dbfs in reversed(self._recent):
            if at >= start:
                continue
            missing = 0 if level_dbfs >= margin_dbfs else missing + 1
            too_far = start - at > ONSET_MEMORY * WINDOW
            if missing > _BREAK or too_far or at < self._ended:
                break
            if not missing:
                first = at
        return first

    def _go_on(self, going: _Open, at: int, level_dbfs: float, speech: bool) -> Span | None:
        options = self._options
        now = at + WINDOW
        going.levels.append((at, level_dbfs, speech))
        if speech:
            going.end = now
            going.speech_windows += 1
        long = now - going.start >= ms_to_samples(options.long_after_ms)
        patience_ms = options.long_end_silence_ms if long else options.end_silence_ms
        if now - going.end >= ms_to_samples(patience_ms):
            return self._close(going)
        if now - going.start >= ms_to_samples(options.max_utterance_ms):
            return self._cut(going)
        return None

    def _close(self, going: _Open, cut_after: bool = False) -> Span | None:
        self._open = None
        self._ended = going.end
        speech_ms = samples_to_ms(going.speech_windows * WINDOW)
        if speech_ms < self._options.min_speech_ms:
            return None
        return Span(going.start, going.end, speech_ms, going.cut_before, cut_after)

    def _cut(self, going: _Open) -> Span | None:
        """End at the quietest 160 ms of the second half; what follows is a new utterance."""
        windows = list(going.levels)
        half = len(windows) // 2
        quietest = min(
            range(half, len(windows) - _SMOOTH),
            key=lambda first: sum(level for _, level, _ in windows[first : first + _SMOOTH]),
        )
        middle = quietest + _SMOOTH // 2
        at = windows[middle][0]
        before, after = windows[:middle], windows[middle:]
        going.end = at
        going.speech_windows = sum(speech for *_, speech in before)
        span = self._close(going, cut_after=True)
        spoken = [start for start, _, speech in after if speech]
        if spoken:
            self._open = _Open(
                at, spoken[-1] + WINDOW, len(spoken), True, deque(after, going.levels.maxlen)
            )
        return span
