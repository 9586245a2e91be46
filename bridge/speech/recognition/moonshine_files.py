"""Moonshine's model files: the wheel of moonshine-voice contains the English model."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

PACKAGE: Final = "moonshine_voice"
FOLDER: Final = ("assets", "tiny-en")
ENCODER: Final = "encoder_model.ort"
DECODER: Final = "decoder_model_merged.ort"
PIECES: Final = "tokenizer.bin"


def find_network() -> Path | None:
    """Return the folder of the model, or None if the package is not installed or has no model."""
    found = find_spec(PACKAGE)
    for location in (found.submodule_search_locations or ()) if found else ():
        folder = Path(location).joinpath(*FOLDER)
        if all((folder / name).is_file() for name in (ENCODER, DECODER, PIECES)):
            return folder
    return None
