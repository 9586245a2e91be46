"""Parameters and result of the job `split`: plain data for any backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from musearoo.bridge.jobs.contract import Params
from musearoo.engines.music.stems import StemName

KIND = "split"


@dataclass(frozen=True, slots=True)
class SplitJob:
    """The stems of a file, or of a passage of it, as files of these names in an existing folder."""

    path: str
    state: tuple[int, int, int, int]
    """The source's `bridge.audio.files.FileState` when it was hashed: any other state means another content."""
    start: float
    end: float | None
    """Seconds; None and beyond the file: its end. Outside of the passage the stems are silent."""
    frames: int
    """The length of the stems in frames at the source's rate; 0 for the source's."""
    separator: str
    """A name in `bridge.stems.separators`."""
    model: str
    weights: str
    """The model's folder; empty, as the model's name is, for a separator without one."""
    version: str
    """Identifies separator and weights: a loaded model is reused while this stays the same."""
    folder: str
    names: Mapping[StemName, str]
    in_24_bits: bool
    is_small: bool = False
    """Whether it must do with little memory."""

    def as_params(self) -> Params:
        """Return the job's params; `SplitJob(**params)` is the inverse."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SplitResult:
    """The stems that were written; `notes` are sentences for the user."""

    rate: int
    channels: int
    frames: int
    peaks: Mapping[StemName, float]
    """The highest sample of each stem; full scale is 1."""
    in_24_bits: bool
    notes: tuple[str, ...]

    def as_params(self) -> Params:
        """Return the result's data; `SplitResult(**data)` is the inverse."""
        return asdict(self)
