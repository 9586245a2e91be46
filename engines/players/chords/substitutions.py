"""Chord substitutions and insertions.

The insertions are the rewriting rules of Mark Steedman, "A generative grammar for jazz chord sequences" (1984): a chord
may be prepared by its dominant, a dominant by its second, and a dominant may be exchanged for the one a tritone away.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple

from musearoo.engines.foundation.chance import scaled_chance
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.numeral import Numeral
from musearoo.engines.players.chords.numeral_slots import Slot, Slots, middle_of
from musearoo.engines.styles.harmony import Substitutions

_MAJOR_THIRD: Final = frozenset(("maj", "maj7", "maj6", "maj(9)", "maj9", "maj6(9)"))
_MINOR_THIRD: Final = frozenset(("min", "min7", "min9", "min(9)", "min6"))
_DOMINANT: Final = frozenset(("7", "9", "13", "7(b9)"))
_DIMINISHED: Final = frozenset(("dim", "hdim7", "dim7"))


class _RuleContext(NamedTuple):
    """The input of a rule: a slot, the next numeral, the beat where a second chord could enter, and the mode."""

    slot: Slot
    following: Numeral
    middle: float | None
    minor: bool

    @property
    def own(self) -> Numeral:
        return self.slot.numeral

    @property
    def resolves(self) -> bool:
        """Whether the root falls by a fifth, as a dominant does."""
        return (self.own.step - self.following.step) % 12 == 7

    def become(self, numeral: Numeral) -> Slots:
        return (self.slot._replace(numeral=numeral),)

    def split(self, first: Numeral, second: Numeral) -> Slots | None:
        """Return two slots in place of this one; None if it is too short."""
        if self.middle is None:
            return None
        return Slot(self.slot.start, self.middle, first), Slot(self.middle, self.slot.end, second)


def substitute(
    slots: Slots, meter: Meter, how_likely: Substitutions, complexity: float, minor: bool, chance: Random
) -> Slots:
    """Return the slots with chords replaced and inserted, as often as the style does at a complexity 0..1.

    The first chord is never replaced, so that the unit repeats smoothly.
    """
    for name, rule in _RULES:
        likelihood = scaled_chance(getattr(how_likely, name), complexity)
        changed: list[Slot] = []
        for index, slot in enumerate(slots):
            wanted = chance.random() < likelihood and (index > 0 or name not in _EXCHANGES)
            following = slots[(index + 1) % len(slots)].numeral
            place = _RuleContext(slot, following, middle_of(slot, meter), minor) if wanted else None
            changed += (rule(place) if place else None) or (slot,)
        slots = tuple(changed)
    return slots


def _relative(place: _RuleContext) -> Slots | None:
    """Replace by the relative triad, which shares two tones: vi for I, ii for IV; in minor the major triad above."""
    own = place.own
    if own.bass or own.step not in (0, 5) or own.quality != ("min" if place.minor else "maj"):
        return None
    step, quality = (3, "maj") if place.minor else (9, "min")
    other = Numeral((own.step + step) % 12, quality)
    return None if other == place.following else place.become(other)


def _borrowed(place: _RuleContext) -> Slots | None:
    """Borrow from the parallel mode: iv before the tonic, bVI for vi, bVII for V; in minor the major IV."""
    own, following = place.own, place.following
    other = (_FROM_MAJOR if place.minor else _FROM_MINOR).get(own)
    if other is None or other == following:
        return None
    if other == Numeral(5, "min") and following.step == 0:
        return place.split(own, other) or place.become(other)  # IV iv I: one voice falls by semitones
    return place.become(other)


def _secondary_dominant(place: _RuleContext) -> Slots | None:
    """Insert V of the next chord before it."""
    own, following = place.own, place.following
    dominant = Numeral((following.step + 7) % 12, "7")
    is_goal = following.quality in _MAJOR_THIRD | _MINOR_THIRD and not following.bass
    tonicised = (5, 7) if place.minor else (2, 4, 5, 7, 9)
    if not is_goal or following.step not in tonicised or own.step in (dominant.step, following.step):
        return None
    return place.split(own, dominant)


def _two_five(place: _RuleContext) -> Slots | None:
    """Replace a resolving V by ii V; the ii is half-diminished if the goal is minor."""
    own, following = place.own, place.following
    if not place.resolves or own.quality not in _DOMINANT | _MAJOR_THIRD:
        return None
    two = Numeral((following.step + 2) % 12, "hdim7" if following.quality in _MINOR_THIRD else "min7")
    return place.split(two, own if own.quality in _DOMINANT else own._replace(quality="7"))


def _backdoor(place: _RuleContext) -> Slots | None:
    """Replace V before a major tonic by iv7 bVII7."""
    is_close = place.own.step == 7 and place.following.step == 0 and place.following.quality in _MAJOR_THIRD
    if not is_close:
        return None
    return place.split(Numeral(5, "min7"), Numeral(10, "7")) or place.become(Numeral(10, "7"))


def _tritone(place: _RuleContext) -> Slots | None:
    """Replace a resolving dominant by the one a tritone away, which shares its third and seventh."""
    if place.own.quality not in _DOMINANT or not place.resolves:
        return None
    return place.become(Numeral((place.own.step + 6) % 12, "7"))


def _diminished(place: _RuleContext) -> Slots | None:
    """Insert a diminished seventh between chords a whole tone apart."""
    own = place.own
    if (place.following.step - own.step) % 12 != 2 or own.quality in _DIMINISHED:
        return None
    return place.split(own, Numeral((own.step + 1) % 12, "dim7"))


def _suspended(place: _RuleContext) -> Slots | None:
    """Precede the dominant by its suspended fourth, which resolves to the third."""
    sus = {"maj": "sus4", "7": "sus4(b7)"}.get(place.own.quality)
    if sus is None or place.own.step != 7 or place.own.bass:
        return None
    return place.split(place.own._replace(quality=sus), place.own)


_FROM_MINOR: Final = {
    Numeral(5, "maj"): Numeral(5, "min"),
    Numeral(2, "min7"): Numeral(2, "hdim7"),
    Numeral(9, "min"): Numeral(8, "maj"),
    Numeral(7, "maj"): Numeral(10, "maj"),
}
_FROM_MAJOR: Final = {Numeral(5, "min"): Numeral(5, "maj"), Numeral(5, "min7"): Numeral(5, "7")}
_RULES: Final[tuple[tuple[str, Callable[[_RuleContext], Slots | None]], ...]] = (
    ("relative", _relative),
    ("borrowed", _borrowed),
    ("secondary_dominant", _secondary_dominant),
    ("two_five", _two_five),
    ("backdoor", _backdoor),
    ("tritone", _tritone),
    ("diminished", _diminished),
    ("suspended", _suspended),
)
"""Rules in order of application, named as in `Substitutions`: replacements first, then chords that lead to them."""
_EXCHANGES: Final = frozenset(("relative", "borrowed"))
