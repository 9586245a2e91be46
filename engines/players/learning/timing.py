"""Learn timing: the tempo range, swing, and each limb's push or drag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import fsum, sqrt
from typing import Final, NamedTuple

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.learning.drum_notation import VOICES
from musearoo.engines.players.learning.raster import GridNote, quantize_notes
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.players.learning.velocity_levels import quantile

TEMPO_ROOM: Final = 1.08
"""The least ratio of a style's fastest tempo to its usual one, and of the usual one to its slowest."""
SWUNG_SHARE: Final = 0.3
"""The share of all bars that must swing for a swung style."""
LEAST_STROKES: Final = 24
"""The least strokes of a limb to learn its push or drag from."""
TOGETHER_BARS: Final = 2
"""Bars over which the kit's drift counts as constant."""
MOST_LATE: Final = 60.0
MOST_DRIFT: Final = 40.0
MOST_JITTER: Final = 30.0
"""The bounds of the schema in milliseconds."""
FAR: Final = 0.3 / 4.0
"""The deviation in beats beyond which a stroke belongs to another figure, such as a triplet or a roll."""
DRIFT_SEEN: Final = 0.4
JITTER_SEEN: Final = 0.9
"""The share of a preset's drift and jitter that this analysis measures: drift continues within a stretch, and some
limbs stay closer together. Measured on drums generated in our own styles."""
LIMBS: Final = ("kick", "snare", "cymbals")


class _Late(NamedTuple):
    """One onset: its limb, its stretch of its song, and how many milliseconds late it is."""

    limb: str
    stretch: tuple[int, int]
    late_ms: float


def learn_tempo(songs: Sequence[SourceSong]) -> dict[str, float]:
    """Return a style's tempos in quarters per minute: the median, and the range of four songs in five."""
    tempos = sorted(min(999.0, max(20.0, song.bpm)) for song in songs)
    usual = quantile(tempos, 0.5)
    low = min(quantile(tempos, 0.1), usual / TEMPO_ROOM)
    high = max(quantile(tempos, 0.9), usual * TEMPO_ROOM)
    return {"low": round(max(20.0, low), 1), "usual": round(usual, 1), "high": round(min(999.0, high), 1)}


def learn_swing(songs: Sequence[SourceSong]) -> dict[str, object]:
    """Return the swing ratio of the songs; straight if most are straight, or too few have evidence."""
    swung = [song for song in songs if not song.swing.is_straight]
    bars = _bars(swung)
    if bars < SWUNG_SHARE * _bars(songs) or 2 * bars <= _bars([song for song in songs if song.has_swing_evidence]):
        return {"ratio": 1.0}
    eighths = [song for song in swung if song.swing.pair == 1.0]
    sixteenths = [song for song in swung if song.swing.pair != 1.0]
    own, pair = (eighths, "eighths") if _bars(eighths) >= _bars(sixteenths) else (sixteenths, "sixteenths")
    return {"ratio": round(quantile(sorted(song.swing.ratio for song in own), 0.5), 2), "pair": pair}


def _bars(songs: Sequence[SourceSong]) -> int:
    return sum(len(song.bars) for song in songs)


def learn_feel(songs: Sequence[SourceSong]) -> dict[str, float]:
    """Return how far kick, snare, cymbals and bass are behind the beat, and the kit's drift and jitter.

    Only from enough onsets of songs with exact times. A common delay of all limbs is a recording artefact and is
    removed.
    """
    strokes = [stroke for number, song in enumerate(songs) if song.exact for stroke in _strokes_of(number, song)]
    drums = [stroke for stroke in strokes if stroke.limb != "bass"]
    middle = quantile(sorted(stroke.late_ms for stroke in drums or strokes), 0.5) if strokes else 0.0
    limbs: dict[str, list[float]] = defaultdict(list)
    for stroke in strokes:
        limbs[stroke.limb].append(stroke.late_ms - middle)
    feel = {
        limb: float(round(min(MOST_LATE, max(-MOST_LATE, quantile(sorted(own), 0.5)))))
        for limb, own in sorted(limbs.items())
        if len(own) >= LEAST_STROKES
    }
    if len(drums) >= LEAST_STROKES:
        drift, jitter = _spread(drums, limbs)
        feel |= {
            "drift": round(min(MOST_DRIFT, drift / DRIFT_SEEN), 1),
            "jitter": round(min(MOST_JITTER, jitter / JITTER_SEEN), 1),
        }
    return feel


def _strokes_of(number: int, song: SourceSong) -> list[_Late]:
    late = []
    for one in quantize_notes(song, song.notes("drums")):
        voice = VOICES.get(one.note.pitch)
        limb = None if voice is None else KIT[voice].group
        if limb in LIMBS:
            late.append(_late(limb, number, one))
    late += [_late("bass", number, one) for one in quantize_notes(song, song.notes("bass"))]
    return [stroke for stroke in late if abs(stroke.late_ms) <= FAR * song.milliseconds]


def _late(limb: str, number: int, one: GridNote) -> _Late:
    return _Late(limb, (number, one.bar // TOGETHER_BARS), one.late_ms)


def _spread(drums: Sequence[_Late], limbs: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    """Return standard deviations in milliseconds: of stretches within songs, and of onsets within stretches."""
    usual = {limb: fsum(own) / len(own) for limb, own in limbs.items()}
    stretches: dict[tuple[int, int], list[float]] = defaultdict(list)
    for stroke in drums:
        stretches[stroke.stretch].append(stroke.late_ms - usual[stroke.limb])
    means: dict[int, list[float]] = defaultdict(list)
    inside = []
    for (song, _), own in stretches.items():
        if len(own) > 1:
            mean = fsum(own) / len(own)
            means[song].append(mean)
            inside.append((fsum((late - mean) ** 2 for late in own), len(own) - 1))
    drift = [(_squares(own), len(own) - 1) for own in means.values() if len(own) > 1]
    return _root(drift), _root(inside)


def _squares(values: Sequence[float]) -> float:
    mean = fsum(values) / len(values)
    return fsum((value - mean) ** 2 for value in values)


def _root(parts: Sequence[tuple[float, int]]) -> float:
    count = sum(freedom for _, freedom in parts)
    return sqrt(fsum(squares for squares, _ in parts) / count) if count else 0.0
