"""Takes people's values of every measure from POP909, and some of its chord progressions, and writes them down.

`python3 -m musearoo.tools.workshop.training.human_ranges --corpora DIR`; DIR holds POP909-Dataset,
hierarchical-structure-analysis and POP909-CL-Dataset, as `tools.bench.corpora.pop909` reads them.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from musearoo.tools import ROOT
from musearoo.tools.bench.engines.excerpts import Excerpt, encode_progression, read_excerpts
from musearoo.tools.bench.engines.human import QUANTILES
from musearoo.tools.bench.engines.measures.parts import MEASURES, Measure

_FOLDER: Final = ROOT / "tools/bench/engines"
_FEWEST_NOTES: Final = 8
"""A part with fewer notes in eight bars is ignored."""
_SOURCE: Final = "POP909 (Wang et al., 2020, MIT), songs 002-115 and 698-769 whose bars three readings agree on"


def main() -> None:
    """Write human.json and progressions.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, metavar="DIR")
    excerpts = list(read_excerpts(parser.parse_args().corpora))
    human = {
        part: {measure.name: _quantiles(excerpts, part, measure) for measure in measures}
        for part, measures in MEASURES.items()
    }
    songs = len({excerpt.song for excerpt in excerpts})
    _write("human.json", {"source": _SOURCE, "songs": songs, "excerpts": len(excerpts), "parts": human})
    progressions = [encode_progression(excerpt) for excerpt in _one_a_song(excerpts)]
    _write("progressions.json", {"source": _SOURCE, "progressions": progressions})


def _quantiles(excerpts: Sequence[Excerpt], part: str, measure: Measure) -> list[float]:
    clips = [(excerpt.parts["harmony" if part == "chords" else part], excerpt.chords) for excerpt in excerpts]
    values = sorted(
        value
        for clip, chords in clips
        if len(clip.notes) >= _FEWEST_NOTES and (value := measure.of(clip, chords)) is not None
    )
    return [round(values[round(step / QUANTILES * (len(values) - 1))], 3) for step in range(QUANTILES + 1)]


def _one_a_song(excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Of each song the excerpt in its middle whose key is known."""
    songs: dict[str, list[Excerpt]] = {}
    for excerpt in excerpts:
        if excerpt.key is not None:
            songs.setdefault(excerpt.song, []).append(excerpt)
    return [found[len(found) // 2] for found in songs.values()]


def _write(name: str, data: dict[str, object]) -> None:
    """Write JSON with one list of numbers, or one chord, per line, for readable diffs."""
    text = re.sub(r"\[[^\[\]{}]*\]", lambda match: " ".join(match[0].split()), json.dumps(data, indent=1))
    (_FOLDER / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
