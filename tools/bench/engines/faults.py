"""Count unplayable passages and harmonic faults in bands of every style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.excerpts import known_progressions
from musearoo.tools.bench.engines.measures.harmony import KINDS, find_harmonic_faults
from musearoo.tools.bench.engines.measures.playability import count_unplayable
from musearoo.tools.bench.engines.takes import BARS, parts_of, play_together
from musearoo.tools.bench.rows import Row

PART: Final = "faults"
MOST_IN_HUNDRED_BARS: Final = 1.0


def judge_faults(styles: Mapping[str, Style], seeds: range, effort: Effort = Effort.FULL) -> Iterator[Row]:
    """Yield harmonic faults per hundred bars by kind and by style, at medium complexity; and unplayable passages."""
    kinds: Counter[str] = Counter()
    by_style: dict[str, float] = {}
    unplayable: Counter[str] = Counter()
    for name, style in styles.items():
        count = 0
        for seed in seeds:
            context = context_for(seed)
            scene = play_together(style, context, seed, effort)
            parts = parts_of(scene)
            found = find_harmonic_faults(parts, scene.chords, context.meter.value, style.harmony.parallels)
            kinds.update(fault.kind for fault in found)
            count += len(found)
            unplayable.update(count_unplayable(parts, style, context.bpm))
        by_style[name] = 100.0 * count / (len(seeds) * BARS)
    bars = len(seeds) * BARS * len(styles)
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
    for role, count in unplayable.items():
        yield Row(PART, f"{role}, what hands cannot play", "places", float(count), 0.0, not count)


def context_for(number: int) -> MusicalContext:
    """Return the context of a different song for each number; every second one has only a key, so that the style's own
    chords are used.
    """
    progressions = known_progressions()
    excerpt = progressions[number % len(progressions)]
    return excerpt.context if number % 2 == 0 else MusicalContext.plain(bpm=excerpt.bpm, key=excerpt.key)
