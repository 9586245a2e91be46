"""Parameters and result of the job `split`: plain data, which any backend can carry."""

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
    """The source's as it was hashed, the fields of a `bridge.audio.files.FileState`: any other is another file."""
    start: float
    end: float | None
    """Seconds; None and beyond the file: its end. Outside of the stretch the stems are silent."""
    frames: int
    """How long the stems are, at the source's rate; 0 for as long as the source."""
    separator: str
    """A name in `bridge.stems.separators`."""
    model: str
    weights: str
    """The model, and the folder that holds it; both empty for a separator without one."""
    version: str
    """Tells one state of separator and weights from another: a model that is loaded serves while it stays the same."""
    folder: str
    names: Mapping[StemName, str]
    in_24_bits: bool
    is_small: bool = False
    """Whether it must do with little memory."""

    def as_params(self) -> Params:
        """The job's params, of which `SplitJob(**params)` makes it again."""
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
        """The job's data, of which `SplitResult(**data)` makes it again."""
        return asdict(self)
