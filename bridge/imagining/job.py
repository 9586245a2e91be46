"""Parameters and result of the job `imagine`: plain data, which any backend can carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.jobs.contract import Params

KIND = "imagine"

SEPARATOR: Final = "htdemucs"
"""What frees a tune from drums and bass, where it is here: the usual one of Demucs."""


class TakeOrder(msgspec.Struct, frozen=True):
    """One take: its seed, and the name of its file in the folder for drafts."""

    seed: int
    file: str


class ImagineJob(msgspec.Struct, frozen=True, kw_only=True):
    """The takes of one request, as WAV files in an existing folder."""

    request: ImagineRequest
    """With nothing open: its prompt is what the model reads, and what is counted in bars has a tempo and a meter."""
    takes: tuple[TakeOrder, ...]
    imaginer: str
    """A name in `bridge.imagining.backends`."""
    model: str
    weights: Mapping[str, str]
    """The folders that hold the model and what it needs, by their names in the catalogue; {} for what needs none."""
    version: str
    """Tells one state of imaginer and weights from another: a model that is loaded serves while it stays the same."""
    separator: str
    """The same for what frees a tune from drums; "" for the DSP separator."""
    folder: str
    styles: str
    """The folder of the user's own styles."""
    is_small: bool = False
    """Whether it must do with little memory."""

    def as_params(self) -> Params:
        """The job's params, of which `read_params` makes it again."""
        params: dict[str, Any] = msgspec.to_builtins(self)
        return params

    @staticmethod
    def read_params(params: Params) -> ImagineJob:
        """The job of such params."""
        return msgspec.convert(params, ImagineJob)


class Correction(msgspec.Struct, frozen=True):
    """How a sound was fitted to a loop: the tempo found, the tempo assumed, and the tempo that it now has.

    `stretch`: its length afterwards to that before. `started_at`: where in it the loop begins, seconds. `confidence`:
    of the beats that were heard, 0 to 1; `heard_bpm` is None if none were.
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
    """From when the model, loaded, was asked for this take until it gave its first sound."""
    ms: float
    correction: Correction | None
    notices: tuple[str, ...]


class ImagineResult(msgspec.Struct, frozen=True):
    """The takes, the device of the model ("" if it runs anywhere) and its precision."""

    takes: tuple[MadeTake, ...]
    device: str
    precision: str

    def as_params(self) -> Params:
        """The job's data, of which `read_params` makes it again."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    @staticmethod
    def read_params(data: Params) -> ImagineResult:
        """The result of such data."""
        return msgspec.convert(data, ImagineResult)
