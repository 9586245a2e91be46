"""The sidecar of a generated sound: a strict JSON file that records how to make it again."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from musearoo.bridge.audio.files import hash_audio
from musearoo.bridge.imagining.job import Correction
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.settings.home_files import read_bounded
from musearoo.engines.errors import EngineError, PresetError
from musearoo.engines.foundation.parsing import parse_json

ENDING: Final = ".musearoo.json"
"""Extension of a sidecar, in place of the sound's .wav."""

LARGEST: Final = 2_000_000
"""Most bytes; a tune of thousands of notes takes a tenth of them."""


class Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hashes of the files that a sound was made from; "" for none."""

    melody: str = ""
    before: str = ""


class Sidecar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that a sound was made from. `request` reproduces it: only the folder is missing."""

    form: Literal[1] = 1
    """The version of this file's format."""
    musearoo: str
    """MuseAroo's version."""
    title: str
    licence: str
    """The model's licence in a few words; "" for a sketch."""
    version: str
    """The version of backend, model and weights."""
    device: str
    precision: str
    request: ImagineRequest
    contents: Contents
    frames: int
    channels: int
    correction: Correction | None
    told: tuple[str, ...]


def encode_sidecar(sidecar: Sidecar) -> bytes:
    """Return the file's bytes, in a readable format; deterministic."""
    return msgspec.json.format(msgspec.json.encode(sidecar), indent=2) + b"\n"


def decode_sidecar(data: bytes, source: str) -> Sidecar:
    """Decode a sidecar; raises EngineError, naming `source` and what is wrong."""
    try:
        return parse_json(data, source, Sidecar)
    except PresetError as error:
        where = f"{error.field}: " if error.field else ""
        raise EngineError(
            f"{source} is no sidecar of a sound that MuseAroo imagined, or it was edited ({where}{error.problem}): "
            "give the file beside the sound."
        ) from error


def read_sidecar(path: Path) -> Sidecar:
    """Read the sidecar at a path, or that of the sound at it; raises EngineError without a readable one."""
    if path.suffix.lower() == ".wav":
        path = path.with_suffix(ENDING)
    try:
        data = read_bounded(path, LARGEST)
    except OSError as error:
        raise EngineError(f"The sidecar {path} cannot be read ({error.strerror or error}).") from error
    return decode_sidecar(data, str(path))


def request_again(sidecar: Sidecar, folder: Path, name: str) -> ImagineRequest:
    """Return the request that reproduces a sound as `<name>.wav` in a folder.

    Raises AudioFileError if one of its sources is missing, EngineError if it has changed.
    """
    request = sidecar.request
    wanted = ((request.melody, sidecar.contents.melody), (request.before, sidecar.contents.before))
    for source, content in wanted:
        if source is not None and hash_audio(source.path) != content:
            raise EngineError(
                f"{source.path}, which the sound was made from, has been changed since: it cannot be made again."
            )
    return replace(request, folder=str(folder), names=(name,))
