"""Our parts compared with human ones: is each measure's median within the human quartiles?

Ours play in the styles nearest to the human songs, over the real chords of those songs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.players.chords.lead_sheet import chords_to_play
from musearoo.engines.players.params import Effort, EngineParams
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.excerpts import known_progressions
from musearoo.tools.bench.engines.human import human_values
from musearoo.tools.bench.engines.measures.controls import at_random, in_other_chords, shuffled
from musearoo.tools.bench.engines.measures.parts import MEASURES, Spans
from musearoo.tools.bench.engines.takes import BARS, play_alone
from musearoo.tools.bench.measures import spread
from musearoo.tools.bench.rows import Row

PART: Final = "ranges"
STYLES: Final = ("pop", "ballad")
"""The presets nearest to POP909's songs."""
WANTED_SHARE: Final = 0.75
WANTED_LEAD: Final = 0.25
"""The minimum lead of ours over the random controls for the measures to be meaningful."""


def judge_ranges(styles: Mapping[str, Style], seeds: range, effort: Effort = Effort.FULL) -> Iterator[Row]:
    """Yield for each part its measures compared with human ones, and the shares within the quartiles, with controls."""
    for part in MEASURES:
        played = list(play_over_songs(part, styles, seeds, effort))
        if not played:
            continue
        judged = _values(part, played)
        for measure in MEASURES[part]:
            if measure.name in judged:
                human = human_values()[part][measure.name]
                low, middle, high = human.quartiles
                _, ours, _ = spread(judged[measure.name])
                inside = "within" if human.holds(ours) else "outside"
                yield Row(
                    PART, f"{part}: {measure.name}", measure.unit, ours, middle, note=f"{inside} {low:g}..{high:g}"
                )
        share = share_within(part, judged)
        met = share >= WANTED_SHARE
        yield Row(PART, f"{part}: measures within the quartiles", "share", share, 1.0, met, f"at least {WANTED_SHARE}")
        for name, (ours, control) in _controls(part, played, judged).items():
            note = f"the peer is a control; ahead by at least {WANTED_LEAD}"
            yield Row(PART, f"{part}: beside {name}", "share", ours, control, ours - control >= WANTED_LEAD, note)


def play_over_songs(
    part: str, styles: Mapping[str, Style], seeds: range, effort: Effort = Effort.FULL
) -> Iterator[tuple[Clip, Spans]]:
    """Yield takes of a part over the chords of real songs, or for "chords" the band's own progressions."""
    engine = next((engine for engine in ENGINES if engine.part == ("harmony" if part == "chords" else part)), None)
    if engine is None:
        return
    for style in [styles[name] for name in STYLES if name in styles] or styles.values():
        for number, excerpt in enumerate(known_progressions()[: max(8, 4 * len(seeds))]):
            context = excerpt.context
            if part == "chords":
                context = MusicalContext.plain(bpm=excerpt.bpm, key=excerpt.key)
                params = EngineParams(style=style, bars=BARS)
                length = BARS * context.meter.value.bar_beats
                yield Clip("chords", length), chords_to_play(params, context, length)
            else:
                clip = play_alone(engine, style, context, seeds.start + number, effort)
                if clip.notes:
                    yield clip, excerpt.chords


def share_within(part: str, values: Mapping[str, Sequence[float]]) -> float:
    """Return the share of a part's measures whose median is within the human quartiles."""
    human = human_values()[part]
    inside = [human[name].holds(spread(found)[1]) for name, found in values.items()]
    return sum(inside) / len(inside)


def _values(part: str, played: Sequence[tuple[Clip, Spans]]) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for measure in MEASURES[part]:
        found = [value for clip, chords in played if (value := measure.of(clip, chords)) is not None]
        if found:
            values[measure.name] = found
    return values


def _controls(
    part: str, played: Sequence[tuple[Clip, Spans]], judged: Mapping[str, Sequence[float]]
) -> dict[str, tuple[float, float]]:
    """Yield the shares within the quartiles of ours and of each control; over other chords, only chord-dependent
    measures.
    """
    if part == "chords":
        return {}
    heard = {measure.name for measure in MEASURES[part] if measure.depends_on_chords}
    ours = share_within(part, judged)
    tonal = share_within(part, {name: values for name, values in judged.items() if name in heard})
    random = [(at_random(clip, seed), chords) for seed, (clip, chords) in enumerate(played)]
    mixed = [(shuffled(clip, seed), chords) for seed, (clip, chords) in enumerate(played)]
    strange = _values(part, [(clip, in_other_chords(chords)) for clip, chords in played])
    return {
        "notes at random": (ours, share_within(part, _values(part, random))),
        "the same notes shuffled": (ours, share_within(part, _values(part, mixed))),
        "other chords": (tonal, share_within(part, {name: strange[name] for name in heard & strange.keys()})),
    }
