"""Analyzers that also use stems: the true ones of a rendered set, and those of the separator without models.

A trained separator's result is expected to be between the two.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from musearoo.bridge.audio.files import find_file, read_audio
from musearoo.bridge.audio.stretches import FileSource
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.analyzer import analyze_sound, warm_up
from musearoo.engines.analysis.fast.stems import ROUGH, Stems, refine_with_stems
from musearoo.engines.audio.separation.dsp import DspSeparator
from musearoo.engines.audio.separation.samples import separate_whole
from musearoo.engines.music.stems import FOUR_STEMS
from musearoo.engines.neural.analysis_weights import read_learned
from musearoo.tools.bench.analysis.answers import Answer, answer_of
from musearoo.tools.bench.corpora.stems import stem_path


def read_stems(excerpt: Path) -> Stems:
    """Return the stems that were rendered with an excerpt; silent stems are missing."""
    places = {name: stem_path(excerpt, name) for name in FOUR_STEMS}
    return Stems({name: read_audio(place) for name, place in places.items() if place.exists()})


def split(excerpt: Path) -> Stems:
    """Return the stems of an excerpt by the separator without models."""
    source = FileSource(find_file(excerpt, None), 0.0, None, _without_report)
    stems = separate_whole(DspSeparator(), source)
    return Stems({name: Sound.of(stem, source.rate) for name, stem in stems.items()}, ROUGH)


def listen_with(stems_of: Callable[[Path], Stems]) -> Callable[[Path], Answer]:
    """Return the fast pass over a file, refined by its stems."""
    learned = read_learned(read_styles(home_folder() / "styles"))
    warm_up(learned)

    def listen(path: Path) -> Answer:
        mix = read_audio(path)
        return answer_of(refine_with_stems(analyze_sound(mix, learned), mix, stems_of(path), learned))

    return listen


def _without_report(_fraction: float, _text: str) -> None:
    """Ignore progress."""
