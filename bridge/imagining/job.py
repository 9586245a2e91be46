"""Parameters and result of the job `imagine`: plain data for any backend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.jobs.contract import Params

KIND = "imagine"

SEPARATOR: Final = "htdemucs"
"""The separator that removes drums and bass from a tune, if it is installed: Demucs's default model."""


class TakeJob(msgspec.Struct, frozen=True):
    """One take: its seed, and its file name in the folder for drafts."""

    seed: int
    file: str


class ImagineJob(msgspec.Struct, frozen=True, kw_only=True):
    """The takes of one request, as WAV files in an existing folder."""

    request: ImagineRequest
    """A complete request: its prompt is the model's input, and a length in bars has a tempo and a meter."""
    takes: tuple[TakeJob, ...]
    imaginer: str
    """A name in `bridge.imagining.backends`."""
    model: str
    weights: Mapping[str, str]
    """The folders of the model and its dependencies, by their names in the catalogue; {} if it needs none."""
    version: str
    """Identifies backend and weights: a loaded model is reused while this stays the same."""
    separator: str
    """The same for the separator that removes drums from a tune; "" for the DSP separator."""
    folder: str
    styles: str
    """The folder of the user's own styles."""
    is_small: bool = False
    """Whether it must do with little memory."""

    def as_params(self) -> Params:
        """Return the job's params; `read_params` is the inverse."""
        params: dict[str, Any] = msgspec.to_builtins(self)
        return params

    @staticmethod
    def read_params(params: Params) -> ImagineJob:
        """Return the job of such params."""
        return msgspec.convert(params, ImagineJob)


class Correction(msgspec.Struct, frozen=True):
    """How a sound was fitted to a loop: its detected tempo, the assumed one, and the resulting one.

    `stretch`: the ratio of its new length to the old one. `started_at`: the loop's start in it, in seconds.
    `confidence`: of the detected beats (0..1); `heard_bpm` is None if there are none.
    """

    heard_bpm: float | None
    pulse: Literal["as heard", "half", "double"]
    stretch: float
    started_at: float
    gain_db: float
    confidence: float


class MadeTake(msgspec.Struct, frozen=True):
    """One file that was written; `beats` are in seconds of it, `notices` are sentences for the user."""

    file: str
    seed: int
    rate: int
    channels: int
    frames: int
    beats: tuple[float, ...]
    first_audio_ms: float
    """Milliseconds from the start of this take in the loaded model to its first sound."""
    ms: float
    correction: Correction | None
    notices: tuple[str, ...]


class ImagineResult(msgspec.Struct, frozen=True):
    """The takes, the device of the model ("" if it runs anywhere) and its precision."""

    takes: tuple[MadeTake, ...]
    device: str
    precision: str

    def as_params(self) -> Params:
        """Return the result's data; `read_params` is the inverse."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    @staticmethod
    def read_params(data: Params) -> ImagineResult:
        """Return the result of such data."""
        return msgspec.convert(data, ImagineResult)
