"""The user's preferences per part and trait, learnt from what is kept and what is undone.

The probability that a value is liked is the mean of a Beta posterior over the takes with that value (Bernoulli trials,
uniform prior); for amounts, evidence on one value also counts for its neighbours, less with distance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from musearoo.engines.errors import PresetError
from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.language.requests.actions import USUAL, SetAction, name_part
from musearoo.engines.language.requests.commands import BAND, PARTS, Intent

FADING: Final = 0.95
"""Weight of earlier takes after each new one: taste changes, and about the last twenty count."""
FORGOTTEN: Final = 0.05
"""Takes that a value must still count for; below this it is forgotten."""
ENOUGH: Final = 2.5
"""Weighted takes needed for any statement: three recent ones."""
LIKED: Final = 1.5
"""Weighted kept takes needed near a value: two recent ones. Undone takes alone say nothing about other values."""
BETTER: Final = 0.15
"""Margin by which a value must be more likely to please than the default."""
PRIOR: Final = 1.0
"""Kept and undone takes of the prior, one of each."""
WIDTH: Final = 0.1
"""Distance of two amounts at which a take of one counts 61 % for the other: the resolution of amounts, and about
the step of "a bit"."""
SWING_STEPS: Final = 4
"""Resolution of swing ratios, in steps per 1."""

AMOUNTS: Final = ("complexity", "density")
TRAITS: Final = (*AMOUNTS, "swing", "register", "bars", "style")
USUAL_VALUES: Final = {"complexity": "0.5", "density": "0.5", "swing": "0", "register": "", "bars": "8", "style": ""}
REGISTERS: Final = ("lower", "higher")

_Count = Annotated[float, Meta(ge=0, le=1000)]
_Whole = Annotated[int, Meta(ge=0, le=10**9)]


class Taste(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many takes with one value were kept and undone, with older ones weighing less."""

    kept: _Count = 0.0
    undone: _Count = 0.0


class PartTastes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one part: total takes kept and undone, and the tastes of its traits' values."""

    kept: _Whole = 0
    undone: _Whole = 0
    traits: dict[str, dict[str, Taste]] = msgspec.field(default_factory=dict)


class Preferences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything learnt, by part: one of PARTS, or "band"."""

    parts: dict[str, PartTastes] = msgspec.field(default_factory=dict)


NO_PREFERENCES: Final = Preferences()


class Preferred(msgspec.Struct, frozen=True):
    """A value that is liked better than the default, and its probability to please, 0..1."""

    part: str
    trait: str
    value: str
    likely: float


def learn(preferences: Preferences, action: SetAction, *, liked: bool) -> Preferences:
    """Return the preferences after a take was kept or undone.

    >>> bass = SetAction(intent=Intent.PLAY, parts=("bass",), complexity=0.3)
    >>> learn(NO_PREFERENCES, bass, liked=True).parts["bass"].traits["complexity"]
    {'0.3': Taste(kept=1.0, undone=0.0)}
    """
    parts = dict(preferences.parts)
    for part in action.parts if action.intent in (Intent.PLAY, Intent.CHANGE) else ():
        known = parts.get(part, PartTastes())
        traits = dict(known.traits)
        for trait, value in _traits_of(action):
            traits[trait] = _with_take(traits.get(trait, {}), value, liked)
        parts[part] = PartTastes(known.kept + liked, known.undone + (not liked), traits)
    return Preferences(parts)


def prefer(preferences: Preferences, part: str, trait: str) -> Preferred | None:
    """Return the value of a trait that the user prefers to the default; None without enough evidence."""
    known = preferences.parts.get(part)
    values = known.traits.get(trait, {}) if known else {}
    if sum(taste.kept + taste.undone for taste in values.values()) < ENOUGH:
        return None
    tastes = {value: _near(values, value, trait) for value in values}
    best = max(tastes, key=lambda value: (_likely(tastes[value]), value))
    if best == USUAL_VALUES[trait] or tastes[best].kept < LIKED:
        return None
    likely = _likely(tastes[best])
    if likely - _likely(_near(values, USUAL_VALUES[trait], trait)) < BETTER:
        return None
    return Preferred(part, trait, best, round(likely, 3))


def all_preferred(preferences: Preferences, part: str = "") -> tuple[Preferred, ...]:
    """Return all preferences that differ from the defaults, of one part or of all."""
    parts = (part,) if part else (*PARTS, BAND)
    found = (prefer(preferences, one, trait) for one in parts for trait in TRAITS)
    return tuple(preferred for preferred in found if preferred is not None)


def forget(preferences: Preferences, part: str = "") -> Preferences:
    """Return the preferences without those of a part, or empty."""
    return Preferences({other: known for other, known in preferences.parts.items() if part and other != part})


def describe(preferred: Preferred) -> str:
    """Return a preference in RooAroo's words.

    >>> describe(Preferred("bass", "complexity", "0.3", 0.8)), describe(Preferred("bass", "bars", "4", 0.8))
    ('simpler', '4 bars')
    """
    value = preferred.value
    match preferred.trait:
        case "complexity" | "density":
            less, more = ("simpler", "busier") if preferred.trait == "complexity" else ("sparser", "denser")
            distance = abs(float(value) - USUAL)
            return f"{'a bit ' if distance < 0.15 else ''}{less if float(value) < USUAL else more}"
        case "swing":
            return "straight" if float(value) <= 1 else f"swing {float(value):g}:1"
        case "bars":
            return f"{value} bars" if value != "1" else "1 bar"
        case _:
            return value


def describe_part(preferences: Preferences, part: str) -> str:
    """Return a line on one part, "" if nothing is known: its preferences, and how often it was kept and undone."""
    known = preferences.parts.get(part)
    if known is None:
        return ""
    liked = ", ".join(describe(preferred) for preferred in all_preferred(preferences, part))
    counts = f"{_times('kept', known.kept)}, {_times('undone', known.undone)}"
    return f"{name_part(part).capitalize()}: {liked or 'as usual'} ({counts})"


def parse_preferences(text: str | bytes, source: str) -> Preferences:
    """Parse preferences from JSON; raises PresetError naming `source` and what is wrong."""
    preferences = parse_json(text, source, Preferences)
    for part, known in preferences.parts.items():
        if part not in (*PARTS, BAND):
            raise PresetError(source, "parts", f"expected {', '.join(PARTS)} or {BAND}, got {part!r}")
        for trait, values in known.traits.items():
            for value in values:
                if not _is_value(trait, value):
                    raise PresetError(source, f"parts.{part}.traits.{trait}", f"{value!r} is no value of it")
    return preferences


def format_preferences(preferences: Preferences) -> str:
    """Return the JSON text for `parse_preferences`, indented for human readers."""
    return msgspec.json.format(msgspec.json.encode(preferences), indent=2).decode() + "\n"


def _traits_of(action: SetAction) -> Iterator[tuple[str, str]]:
    for trait in AMOUNTS:
        yield trait, f"{getattr(action, trait):.1f}"
    yield "register", next((word for word in action.changes if word in REGISTERS), "")
    # A swing left open says nothing about the user, except that the style's own swing was liked.
    yield "swing", f"{round(action.swing * SWING_STEPS) / SWING_STEPS:g}"
    if action.bars:
        yield "bars", str(action.bars)
    if action.style:
        yield "style", action.style


def _with_take(values: Mapping[str, Taste], value: str, liked: bool) -> dict[str, Taste]:
    faded = {
        other: Taste(round(FADING * taste.kept, 4), round(FADING * taste.undone, 4)) for other, taste in values.items()
    }
    taste = faded.get(value, Taste())
    faded[value] = Taste(taste.kept + liked, taste.undone + (not liked))
    return {other: taste for other, taste in faded.items() if taste.kept + taste.undone >= FORGOTTEN}


def _near(values: Mapping[str, Taste], value: str, trait: str) -> Taste:
    """Return the evidence on a value: its own takes and, for amounts, those of its neighbours."""
    if trait not in AMOUNTS:
        return values.get(value, Taste())
    near = [(math.exp(-0.5 * ((float(at) - float(value)) / WIDTH) ** 2), taste) for at, taste in values.items()]
    return Taste(
        min(1000.0, sum(share * taste.kept for share, taste in near)),
        min(1000.0, sum(share * taste.undone for share, taste in near)),
    )


def _likely(taste: Taste) -> float:
    return (taste.kept + PRIOR) / (taste.kept + taste.undone + 2.0 * PRIOR)


def _is_value(trait: str, value: str) -> bool:
    if trait not in TRAITS:
        return False
    if trait == "register":
        return value in ("", *REGISTERS)
    if trait == "style":
        return 0 < len(value) <= 60
    try:
        number = float(value)
    except ValueError:
        return False
    if trait == "bars":
        return number.is_integer() and 1 <= number <= 64
    return 0.0 <= number <= (1.0 if trait in AMOUNTS else 3.5)


def _times(what: str, count: int) -> str:
    return f"never {what}" if count == 0 else f"{what} once" if count == 1 else f"{what} {count} times"
