"""The separators of the job `split`, each imported when it is first used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from musearoo.bridge.stems.job import SplitJob
from musearoo.engines.neural.device_memory import CPU
from musearoo.engines.neural.model_cache import CACHE

if TYPE_CHECKING:
    from musearoo.engines.audio.separation.contract import Separator


LARGEST_SOUND: Final = (192_000 * 60, 192_000, 2)
"""Frames, rate and channels beyond which the DSP separator needs no more memory, because it works in segments."""


@dataclass(frozen=True, slots=True)
class SeparatorKind:
    """A separator: `take` opens the one that a job names, `need` returns the bytes it takes in addition to its model.

    `can_shrink`: whether a small job takes less. `warm` imports its packages if they are installed.
    """

    take: Callable[[SplitJob], Separator]
    need: Callable[[SplitJob], int]
    warm: Callable[[], None]
    can_shrink: bool = False


def _open_dsp(_job: SplitJob) -> Separator:
    from musearoo.engines.audio.separation.dsp import DspSeparator

    return DspSeparator()


def _need_of_dsp(_job: SplitJob) -> int:
    return estimate_dsp_bytes()


def estimate_dsp_bytes() -> int:
    """Return the bytes that the DSP separator takes, for any sound."""
    from musearoo.engines.audio.separation.dsp import estimate_bytes

    return estimate_bytes(*LARGEST_SOUND)


def _warm_dsp() -> None:
    import musearoo.engines.audio.separation.dsp  # noqa: F401


def _open_demucs(job: SplitJob) -> Separator:
    return open_demucs(Path(job.weights), job.model, job.version, job.is_small)


def open_demucs(folder: Path, name: str, version: str, is_small: bool) -> Separator:
    """Open the separator with the Demucs model in a folder, from the model cache; `version` identifies its state.

    With `is_small` it runs on the CPU with little memory.
    """
    from musearoo.engines.neural.demucs.loading import estimate_model_bytes, load_demucs
    from musearoo.engines.neural.demucs.separator import DemucsSeparator
    from musearoo.engines.neural.devices import choose_device

    # A GPU without free memory is shared with other programs: the CPU is slower, but reliable.
    device = CPU if is_small else choose_device()
    size = estimate_model_bytes(folder, name)
    model = CACHE.take(version, lambda: load_demucs(folder, name, device), size, device)
    return DemucsSeparator(model, at_once=_at_once(is_small))


def _need_of_demucs(job: SplitJob) -> int:
    return estimate_demucs_bytes(job.is_small)


def estimate_demucs_bytes(is_small: bool) -> int:
    """Return the bytes that Demucs takes in addition to its model."""
    from musearoo.engines.neural.demucs.separator import estimate_bytes

    return estimate_bytes(_at_once(is_small))


def _warm_demucs() -> None:
    from musearoo.engines.neural.cards.catalogue import list_missing_packages, list_models

    if not all(map(list_missing_packages, list_models("demucs"))):
        import musearoo.engines.neural.demucs.separator  # noqa: F401


def _at_once(is_small: bool) -> int:
    """Return the number of segments at once: the separator's choice, or one if memory was short."""
    return 1 if is_small else 0


SEPARATORS: Final[dict[str, SeparatorKind]] = {
    "dsp": SeparatorKind(_open_dsp, _need_of_dsp, _warm_dsp),
    "demucs": SeparatorKind(_open_demucs, _need_of_demucs, _warm_demucs, can_shrink=True),
}
"""The separators, by the names of `bridge.stems.plan.BACKENDS`."""
