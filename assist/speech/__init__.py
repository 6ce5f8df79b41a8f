"""The listening room: sound of one speaker -> guessed, stable and final text.

A `Listener` per speaker and call says which stretch of sound is due for decoding; somebody else
runs the decode and hands the answer back to `take`. The room never starts a thread, never reads
a clock to decide anything, and never loads a model before it is asked to.
"""

from assist.speech.decoding import DecodeOptions
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.utterance import Due, Final, Guess
from assist.speech.vad import SileroVad, Vad, VadStream
from assist.speech.whisper import WhisperEngine

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
