"""Plan a take: which units state, repeat or develop which motif, where phrases close, where the climax is.

A form such as "a a+ b, a ao c." is a chain of units. A letter is a motif; the signs after it are its developments: `+`
and `-` transpose by a scale step (per sign), `i` inverts, `r` reverses, `f` repeats the head, `o` ornaments, `w`
augments, `n` diminishes, `s` simplifies. A comma is a half cadence, a full stop a full one; `_` is a unit of silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from musearoo.engines.foundation.chance import pick, stream
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.song_section import SectionKind, SongSection
from musearoo.engines.styles.melody import UNIT, MelodyForm, MelodyStyle

CLIMAX: Final = 0.66
"""The position of a take's climax as a share of its length: about two thirds."""
MATERIAL: Final[dict[SectionKind, str]] = {
    "intro": "chorus", "chorus": "chorus", "drop": "chorus", "outro": "chorus", "interlude": "chorus",
    "build": "chorus", "breakdown": "chorus", "verse": "verse", "pre_chorus": "pre_chorus", "bridge": "bridge",
    "head": "chorus", "solo": "solo", "loop": "chorus",
}  # fmt: skip
"""The kind of section whose motifs a section uses: the hook belongs to the chorus and returns elsewhere."""


class PlannedUnit(NamedTuple):
    """One unit: the motif's letter, its developments, its close ("", "," or "."), its bars, and the repeat of the form
    that it belongs to."""

    letter: str
    operations: str
    close: str
    bar: int
    bars: int
    period: int


def unit_bars(style: MelodyStyle, meter: Meter) -> int:
    """Return the bars of one unit: the style's in meters of three pulses or more, else as many more."""
    pulses = len(meter.pulses)
    return style.unit * (4 // pulses if pulses < 3 else 1)


def plan_units(style: MelodyStyle, section: SongSection, bars: int, meter: Meter, seed: int) -> tuple[PlannedUnit, ...]:
    """Return the units of a take, which fill its bars; silent ones are left out.

    The form repeats as long as there is room; from the third time on one in four units uses another motif, as in a
    song's middle.
    """
    size = unit_bars(style, meter)
    count = -(-bars // size)
    form = _read_form(_choose_form(style, section, count, seed).units)
    units: list[PlannedUnit] = []
    while len(units) < count:
        period = len(units) // len(form)
        left = count - len(units)
        last = next(unit for unit in reversed(form) if unit[0] != "_")
        chosen = form if left >= len(form) else (*form[: left - 1], last)
        for letter, operations, close in chosen[:left]:
            bar = len(units) * size
            other = letter.upper() if period % 4 == 2 else letter
            units.append(PlannedUnit(other, operations, close, bar, min(size, bars - bar), period))
    return tuple(unit for unit in units if unit.letter != "_")


def tension_at(place: float, section: SongSection) -> float:
    """Return the tension at a position 0..1 of a take, -1..1: it rises to the climax and falls twice as fast.

    A build only rises, and an ending only falls.
    """
    if section.kind == "build" or section.rises:
        return 2.0 * place - 1.0
    if section.ends_song:
        return 1.0 - 2.0 * place
    return 2.0 * place / CLIMAX - 1.0 if place <= CLIMAX else 1.0 - 2.0 * (place - CLIMAX) / (1.0 - CLIMAX)


def _choose_form(style: MelodyStyle, section: SongSection, count: int, seed: int) -> MelodyForm:
    own = [form for form in style.forms if section.kind in form.sections]
    general = own or [form for form in style.forms if not form.sections] or list(style.forms)
    fitting = [form for form in general if len(form.units.split()) <= count] or general
    chance = stream(seed, "melody", "form", MATERIAL[section.kind])
    return pick(chance, fitting, [form.weight for form in fitting])


def _read_form(text: str) -> Sequence[tuple[str, str, str]]:
    units = []
    for word in text.split():
        match = UNIT.fullmatch(word)
        if match is not None:
            units.append((match[1] or "_", match[2] or "", match[3] or ""))
    return tuple(units)
