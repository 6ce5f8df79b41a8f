"""The listening room: sound of one speaker -> guessed, stable and final text.

A `Listener` per speaker and call says which stretch of sound is due for decoding; somebody else
runs the decode and hands the answer back to `take`. The room never starts a thread, never reads
a clock to decide anything, and never loads a model before it is asked to.
"""

from assist.speech.listener import Due, Final, Guess, Listener
from assist.speech.options import ListenOptions
from assist.speech.vad import SileroVad, Vad, VadStream
from assist.speech.whisper import DecodeOptions, WhisperEngine

__all__ = [
    "DecodeOptions",
    "Due",
    "Final",
    "Guess",
    "ListenOptions",
    "Listener",
    "SileroVad",
    "Vad",
    "VadStream",
    "WhisperEngine",
]
