"""The job `hear`: the deep pass over a sound that the daemon sends, with the styles on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from musearoo.bridge.jobs.contract import Arrays, Params, Report
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.music.knowledge.analysis_json import dump_analysis

if TYPE_CHECKING:
    from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
    from musearoo.engines.analysis.fast.analyzer import Learned

KIND = "hear"


def describe_job(sound: Sound, is_loop: bool | None, styles_folder: Path | None) -> tuple[Params, Arrays]:
    """Return the parameters and arrays of a job that analyses a sound."""
    folder = str(styles_folder) if styles_folder else ""
    params = {"rate": sound.rate, "is_folded": sound.is_folded, "is_loop": is_loop, "styles_folder": folder}
    return params, {"samples": sound.samples}


def run(params: Params, arrays: Arrays, report: Report) -> tuple[dict[str, Any], Arrays]:
    """Return the analysis as `analysis`, bytes of `dump_analysis`. Raises EngineError if madmom is missing."""
    from musearoo.engines.analysis.fast.activation.sound import Sound
    from musearoo.engines.neural.madmom.analyzer import analyze_deeply

    # Used without a copy, so that half an hour of samples is not in memory twice: the daemon made them a Sound.
    sound = Sound(cast("FloatArray", arrays["samples"]), params["rate"], is_folded=params["is_folded"])
    analysis = analyze_deeply(sound, _learned(params["styles_folder"]), report, is_loop=params["is_loop"])
    return {"analysis": dump_analysis(analysis)}, {}


def estimate_bytes(params: Mapping[str, Any], arrays: Arrays) -> int:
    """Return the bytes that `run` takes in addition to its arrays."""
    from musearoo.engines.neural.madmom.analyzer import estimate_bytes

    return estimate_bytes(arrays["samples"].shape[-1], params["rate"])


def warm() -> None:
    """Warm up: read networks and weights, analyse two seconds."""
    from musearoo.engines.neural.madmom.analyzer import warm_up

    warm_up(_learned(""))


@lru_cache(maxsize=2)
def _learned(styles_folder: str) -> Learned:
    from musearoo.engines.neural.analysis_weights import read_learned

    return read_learned(read_styles(Path(styles_folder) if styles_folder else None))
