"""The one table of how sound is cut into utterances: unit and consequence beside each value.

The defaults hold for telephone sound. They must not be tuned to single recordings.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ListenOptions:
    """Frozen: a call keeps the options it began with."""

    start_probability: float = 0.3
    """0..1. Speech probability that opens an utterance. Silero gives clear telephone-band voices
    as little as 0.2-0.5 (0.5, its usual setting, misses up to six sevenths of such a speaker);
    lower opens on breath and line noise."""

    clear_start_probability: float = 0.18
    """0..1. Instead of `start_probability` where a window stands `clear_above_noise_db` above the
    line's noise: a loud word alone on a quiet line may not get beyond 0.3. Key tones reach 0.16."""

    clear_above_noise_db: float = 25.0
    """dB above the line's noise (the softest tenth of the last 3 s)."""

    keep_probability: float = 0.12
    """0..1. An open utterance goes on above this. Lower bridges soft syllables, but a noisy line
    never falls silent; higher cuts within words."""

    onset_ms: int = 64
    """ms of sound above `start_probability` in a row before an utterance opens. Longer ignores
    clicks, but also a very short "嗯"."""

    pad_before_ms: int = 250
    """ms of sound given to the decoder before the first speech window. Too little loses the first
    consonant; more costs encoder time."""

    pad_after_ms: int = 250
    """ms of sound given to the decoder after the last speech window. Too little loses a falling
    last syllable. Never more than `end_silence_ms` is there."""

    end_silence_ms: int = 600
    """ms of silence that end an utterance. Shorter gives earlier finals but cuts sentences apart,
    which costs accuracy; longer delays every final by the same amount."""

    early_final_ms: int = 300
    """ms of silence after which the final is decoded ahead of the utterance's end, to be at hand
    when it comes. Shorter gives earlier finals but decodes more in vain: whoever speaks on before
    `end_silence_ms` makes it a mere guess. 0: never ahead."""

    long_after_ms: int = 5_000
    """ms of utterance after which a shorter pause, `long_end_silence_ms`, is enough to end it.
    Longer delays finals; below 4000 they lose accuracy."""

    long_end_silence_ms: int = 300
    """ms of silence that end a long utterance."""

    max_utterance_ms: int = 14_000
    """ms. A longer utterance is cut at its quietest place in the second half. Encoder cost per
    guess grows with it; cutting more often costs accuracy."""

    min_speech_ms: int = 96
    """ms of speech windows an utterance needs. Shorter ones are clicks and are thrown away."""

    guess_every_ms: int = 500
    """ms of speech between guesses. Halving it doubles the cost of guessing; 0: none at all."""

    pause_ms: int = 250
    """ms of silence that close a clause: its guess is complete, later ones begin behind it.
    Shorter makes guesses cheaper and less accurate."""

    hotwords: int = 12
    """Domain words given to the decoder with a final: those of the open guides first. Without them
    whisper-base misses a domain word half as often again; many more crowd out what matters."""

    guess_at_pause: bool = True
    """Whether a closed clause is guessed once more. Needless where guesses and finals are written
    by the same model: the final decoded ahead comes just then."""

    min_clause_ms: int = 1_000
    """ms of speech a clause needs before a pause closes it; less gives the decoder no context."""

    min_guess_confidence: float = 0.25
    """0..1. A guess below this is neither shown nor agreed upon: the first half second of an
    utterance, or a television in the caller's room. Higher shows less and later."""

    floor_dbfs: float = -55.0
    """dBFS. A window softer than this is never speech: digital silence, line noise."""

    below_speaker_db: float = 26.0
    """dB. A window this much softer than the speaker's own speech is not theirs: echo and
    crosstalk of the other side. Smaller values lose a caller who turns away from the phone."""

    above_noise_db: float = 15.0
    """dB above the line's own noise from which sound just before an utterance belongs to it.
    Lower reaches back into noise; higher loses first syllables that the detector believed late."""

    bridge_ms: int = 1_000
    """ms. A gap in the sound up to this long is filled with silence; a longer one ends the
    utterance, and listening begins anew behind it."""

    jitter_ms: int = 40
    """ms. A chunk this much too early or too late still joins the one before it directly."""
