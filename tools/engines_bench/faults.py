"""What hands cannot play and ears would mark, counted over bands of every style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from engines.drummaroo.playability import find_faults
from engines.lead_sheet import chords_to_play
from engines.music.context import MusicalContext
from engines.params import EngineParams
from engines.styles.style import Style
from tools.engines_bench.excerpts import known_progressions
from tools.engines_bench.harmonic_faults import KINDS, find_harmonic_faults
from tools.engines_bench.report import Row
from tools.engines_bench.takes import BARS, play_together

PART: Final = "faults"
MOST_IN_HUNDRED_BARS: Final = 1.0


def judge_faults(styles: Mapping[str, Style], takes: int) -> Iterator[Row]:
    """Harmonic faults in a hundred bars by kind and by style, at middle complexity; and what cannot be played."""
    kinds: Counter[str] = Counter()
    by_style: dict[str, float] = {}
    unplayable = 0
    for name, style in styles.items():
        count = 0
        for seed in range(takes):
            context = context_for(seed)
            parts = play_together(style, context, seed)
            length = BARS * context.meter.value.bar_beats
            chords = chords_to_play(EngineParams(style=style, bars=BARS), context, length)
            found = find_harmonic_faults(parts, chords, context.meter.value, style.harmony.parallels)
            kinds.update(fault.kind for fault in found)
            count += len(found)
            unplayable += len(find_faults(parts["drums"].notes, context.bpm)) if "drums" in parts else 0
        by_style[name] = 100.0 * count / (takes * BARS)
    bars = takes * BARS * len(styles)
    total = 100.0 * kinds.total() / bars
    met = total <= MOST_IN_HUNDRED_BARS
    yield Row(
        PART,
        "harmonic, all kinds",
        "in 100 bars",
        total,
        MOST_IN_HUNDRED_BARS,
        met,
        f"{bars} bars; the peer is the bound",
    )
    for kind in KINDS:
        yield Row(PART, f"harmonic, {kind}", "in 100 bars", 100.0 * kinds[kind] / bars)
    for name, value in by_style.items():
        yield Row(PART, f"harmonic, {name}", "in 100 bars", value)
    yield Row(PART, "drums, strokes without a limb", "strokes", float(unplayable), 0.0, not unplayable)


def context_for(number: int) -> MusicalContext:
    """Another song each time: every second time only its key, so that the style's own chords are played."""
    progressions = known_progressions()
    excerpt = progressions[number % len(progressions)]
    return excerpt.context if number % 2 == 0 else MusicalContext.plain(bpm=excerpt.bpm, key=excerpt.key)
