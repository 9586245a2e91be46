"""What steers endless music while it plays, and what it comes to at a moment: moods, plans and slow changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from musearoo.engines.ambient.phrase import LAYERS, USUAL_LEVEL, AmbientLayer, Controls
from musearoo.engines.ambient.preset import AmbientPreset
from musearoo.engines.errors import ParamError, require_between, unknown_name
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.scale import Key


@dataclass(frozen=True, slots=True)
class Leaning:
    """How far a word moves each amount, -1..1, and the scale that it would rather be in ("" for none)."""

    scale: str = ""
    density: float = 0.0
    brightness: float = 0.0
    motion: float = 0.0
    space: float = 0.0


MOODS: Final[Mapping[str, Leaning]] = {
    "calm": Leaning(density=-0.25, brightness=-0.1, motion=-0.3, space=0.1),
    "still": Leaning(density=-0.4, motion=-0.45, space=0.15),
    "dreamy": Leaning("Lydian", density=-0.05, brightness=0.05, motion=0.1, space=0.3),
    "hopeful": Leaning("Major", density=0.1, brightness=0.2, motion=0.1),
    "bright": Leaning("Lydian", brightness=0.35, motion=0.05),
    "warm": Leaning("Mixolydian", brightness=-0.15, motion=-0.1, space=-0.1),
    "dark": Leaning("Phrygian", density=-0.05, brightness=-0.35, space=0.1),
    "sad": Leaning("Minor", density=-0.1, brightness=-0.2, motion=-0.1),
    "tense": Leaning("Harmonic Minor", density=0.1, brightness=0.1, motion=0.3, space=-0.1),
    "cold": Leaning("Dorian", density=-0.15, brightness=0.15, motion=-0.15, space=0.2),
    "busy": Leaning(density=0.4, motion=0.25),
    "near": Leaning(space=-0.4),
    "far": Leaning(space=0.4, brightness=-0.1),
}
"""Moods and the words of plans."""

STEP: Final = 0.2
CHANGES: Final[Mapping[str, tuple[str, float]]] = {
    "busier": ("density", STEP),
    "denser": ("density", STEP),
    "sparser": ("density", -STEP),
    "simpler": ("density", -STEP),
    "calmer": ("motion", -STEP),
    "livelier": ("motion", STEP),
    "brighter": ("brightness", STEP),
    "darker": ("brightness", -STEP),
    "wider": ("space", STEP),
    "closer": ("space", -STEP),
}
"""Words that move one amount from where it is."""
DEGREES: Final = {"a bit ": 0.5, "much ": 2.0}

SLOW: Final = {"density": (660.0, 0.16), "brightness": (780.0, 0.14), "motion": (540.0, 0.15), "space": (900.0, 0.1)}
"""Change over a quarter of an hour: the seconds from one turning point to the next, and how far it goes at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """All wishes at one moment; None and "" leave a value to the preset, or to the set that is followed.

    Amounts are 0..1. `bpm` also gives a preset without a pulse the beat. `levels` are those of single layers. A `plan`
    such as "bright to dark" goes from one mood to the other within `plan_seconds`, from the second `plan_began` of the
    stream on. Raises ParamError for a value that is out of bounds and for a mood that is none.
    """

    preset: str = "drift"
    key: Key | None = None
    mood: str = ""
    density: float | None = None
    brightness: float | None = None
    motion: float | None = None
    space: float | None = None
    bpm: float | None = None
    levels: tuple[tuple[AmbientLayer, float], ...] = ()
    plan: str = ""
    plan_seconds: float = 3600.0
    plan_began: float = 0.0

    def __post_init__(self) -> None:
        for name in AMOUNTS:
            value = getattr(self, name)
            if value is not None:
                require_between(name, value, 0.0, 1.0)
        if self.bpm is not None:
            require_between("bpm", self.bpm, 20.0, 300.0, "BPM")
        for layer, level in self.levels:
            if layer not in LAYERS:
                raise unknown_name("layer", layer, LAYERS)
            require_between(f"level of {layer}", level, 0.0, 1.0)
        if self.mood:
            find_mood(self.mood)
        if self.plan:
            read_plan(self.plan)
        if not self.plan_seconds > 0.0:
            raise ParamError("plan_seconds", "more than 0", self.plan_seconds)


AMOUNTS: Final = ("density", "brightness", "motion", "space")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What density, brightness, motion and space come to, 0..1."""

    density: float
    brightness: float
    motion: float
    space: float


def find_mood(word: str) -> Leaning:
    """Return what a mood means. Raises ParamError that lists the moods."""
    found = MOODS.get(word.casefold().strip())
    if found is None:
        raise unknown_name("mood", word, MOODS)
    return found


def is_change(word: str) -> bool:
    """Return whether a word is one of `CHANGES`, with "a bit" or "much" before it or not."""
    return _split_degree(word)[1] in CHANGES


def _split_degree(word: str) -> tuple[float, str]:
    found = ((degree, word.removeprefix(words)) for words, degree in DEGREES.items() if word.startswith(words))
    return next(found, (1.0, word))


def change(steering: Steering, word: str, preset: AmbientPreset) -> Steering:
    """Return the wishes after a word such as "darker" or "much darker". Raises ParamError that lists the words."""
    if not is_change(word):
        raise unknown_name("change", word, CHANGES)
    degree, bare = _split_degree(word)
    name, step = CHANGES[bare]
    before = getattr(steering, name)
    moved = (getattr(preset, name) if before is None else before) + degree * step
    return replace(steering, **{name: min(1.0, max(0.0, moved))})


def read_plan(text: str) -> tuple[Leaning, Leaning]:
    """Return both ends of a plan such as "bright to dark". Raises ParamError for anything else."""
    start, separator, end = text.casefold().removeprefix("from ").partition(" to ")
    if not separator:
        raise ParamError("plan", "two moods with 'to' between them, such as bright to dark", text)
    return find_mood(start), find_mood(end)


def wander(seed: int, label: str, seconds: float, period: float) -> float:
    """Return a slow random curve at a second, 0..1: smooth between values drawn every `period` seconds.

    >>> wander(1, "density", 30.0, 60.0) == wander(1, "density", 30.0, 60.0)
    True
    """
    number, share = divmod(seconds / period, 1.0)
    one, other = (stream(seed, "ambient", label, int(number) + step).random() for step in (0, 1))
    return one + (other - one) * share * share * (3.0 - 2.0 * share)


def amounts_at(steering: Steering, preset: AmbientPreset, seed: int, seconds: float) -> Amounts:
    """Return the amounts at a second: what is wished, else the preset's, with mood, plan and slow change."""
    leanings = [find_mood(steering.mood)] if steering.mood else []
    shares = [1.0] * len(leanings)
    if steering.plan:
        gone = min(1.0, max(0.0, (seconds - steering.plan_began) / steering.plan_seconds))
        leanings += read_plan(steering.plan)
        shares += [1.0 - gone, gone]
    found = {}
    for name in AMOUNTS:
        wished = getattr(steering, name)
        period, reach = SLOW[name]
        base = getattr(preset, name) if wished is None else wished
        # A wish is meant: slow change goes on around it, but no longer so far.
        slow = reach * (0.35 if wished is not None else 1.0) * (2.0 * wander(seed, name, seconds, period) - 1.0)
        moved = base + slow + sum(share * getattr(each, name) for each, share in zip(leanings, shares, strict=True))
        found[name] = min(1.0, max(0.0, moved))
    return Amounts(**found)


def controls_at(steering: Steering, preset: AmbientPreset, seed: int, seconds: float) -> Controls:
    """Return what the sound is shaped by at a second of the stream."""
    amounts = amounts_at(steering, preset, seed, seconds)
    levels = dict(steering.levels)
    return Controls(
        brightness=amounts.brightness,
        motion=amounts.motion,
        space=amounts.space,
        levels=tuple(levels.get(layer, USUAL_LEVEL) for layer in LAYERS),
    )


def key_at(steering: Steering, preset: AmbientPreset, seconds: float) -> Key:
    """Return the key: the wished one, else the preset's, in the scale of the mood or of the plan's nearer end."""
    if steering.key is not None:
        return steering.key
    key = Key.parse(preset.key)
    scale = find_mood(steering.mood).scale if steering.mood else ""
    if steering.plan:
        start, end = read_plan(steering.plan)
        gone = (seconds - steering.plan_began) / steering.plan_seconds
        scale = (start if gone < 0.5 else end).scale or scale
    return Key(key.tonic, scale) if scale else key
