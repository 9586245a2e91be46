"""The forms of a style: its sections, their lengths and energy, who plays when, and on what."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta

from musearoo.engines.errors import ParamError
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SectionKind
from musearoo.engines.styles.form_plan import FormPlan, parse_plan
from musearoo.engines.styles.preset import Fail, Name, Preset, Range, Share, Weight, check_range

BandRole = Literal["drums", "bass", "harmony", "melody", "atmosphere"]
HandOver = Literal["fill", "pick_up", "riser", "pause", "no_kick", "no_bass"]
"""How a section leads into another: the drums fill; who enters plays the last beat before it; a sound rises; all stop
for the last beat; the kick, or the bass, is taken out of the last bars."""
EndingKind = Literal["final", "button", "fade", "cold"]
"""How a song ends: on a long last chord, on a short last hit, ever softer, or cut off where the section ends."""
MoodName = Literal["calm", "happy", "sad", "dark", "bright", "dreamy", "tense", "aggressive", "romantic", "epic"]

_ENTRY: Final = re.compile(r"(maybe )?(drums|bass|harmony|melody|atmosphere)(?: (?:(\d)/(\d))?-(?:(\d)/(\d))?)?")


class Entry(NamedTuple):
    """Who plays in a section, from which part of it to which (0..1), and whether only in some songs."""

    role: BandRole
    enters: float
    leaves: float
    maybe: bool


def parse_entry(text: str) -> Entry:
    """The entry of a text: "bass", "bass 1/2-" from the middle on, "melody -3/4" until then, "maybe melody" in
    some songs.

    >>> parse_entry("bass 1/2-"), parse_entry("maybe melody -3/4").leaves
    (Entry(role='bass', enters=0.5, leaves=1.0, maybe=False), 0.75)
    """
    match = _ENTRY.fullmatch(text)
    if match is None or "0" in (match[4], match[6]):
        raise ValueError(f"expected a part such as 'bass', 'bass 1/2-' or 'maybe melody -3/4', got {text!r}")
    enters = int(match[3]) / int(match[4]) if match[3] else 0.0
    leaves = int(match[5]) / int(match[6]) if match[5] else 1.0
    if not enters < leaves <= 1.0:
        raise ValueError(f"expected a part that enters before it leaves, got {text!r}")
    return Entry(match[2], enters, leaves, bool(match[1]))  # type: ignore[arg-type]


class SectionStyle(Preset, frozen=True, kw_only=True):
    """How a style plays one kind of section.

    `plays` are entries (see `parse_entry`); `first` and `last` are those of the first and the last section of the kind
    where they differ. `over` names the kind whose chords it plays over, `into` how the section before leads into it.
    """

    energy: Share
    plays: tuple[str, ...]
    first: tuple[str, ...] | None = None
    last: tuple[str, ...] | None = None
    title: Name | None = None
    over: SectionKind | None = None
    into: tuple[HandOver, ...] = ()


class Form(Preset, frozen=True, kw_only=True):
    """One form, in the notation of `engines.styles.form_plan`, and the ways it may end."""

    name: Name
    weight: Weight = 1
    plan: str
    endings: Annotated[tuple[EndingKind, ...], Meta(min_length=1)] = ("final",)

    @property
    def sections(self) -> FormPlan:
        """The plan as data."""
        return parse_plan(self.plan)


class Lift(Preset, frozen=True, kw_only=True):
    """How often the last chorus is a step higher, and by how many semitones."""

    likelihood: Share = 0.0
    semitones: Annotated[int, Meta(ge=1, le=5)] = 2


class Voice(Preset, frozen=True, kw_only=True):
    """One instrument for a part: the musician's name, the General MIDI program that stands in for it (0 to 127; for
    drums the kit's), and the instruments of Live that play it, the best first.

    `low` and `high` are note names between which it sounds as itself, "" where the style's own range suits it;
    `longest` is the most beats that it holds a note, None for as long as the style does. Both are for bass and melody.
    """

    name: Name
    low: str = ""
    high: str = ""
    longest: Annotated[float, Meta(gt=0, le=64)] | None = None
    program: Annotated[int, Meta(ge=0, le=127)]
    live: tuple[Name, ...] = ()
    weight: Weight = 1
    energy: Range = (0, 1)
    moods: tuple[MoodName, ...] = ()


_ALL: Final = ("drums", "bass", "harmony", "melody")
USUAL_SECTIONS: Final[dict[SectionKind, SectionStyle]] = {
    "intro": SectionStyle(energy=0.35, plays=("drums 1/2-", "bass 1/2-", "harmony"), over="verse"),
    "verse": SectionStyle(energy=0.42, plays=_ALL, into=("fill", "pick_up")),
    "pre_chorus": SectionStyle(energy=0.52, plays=_ALL, into=("fill",)),
    "chorus": SectionStyle(energy=0.68, plays=_ALL, last=(*_ALL, "atmosphere"), into=("fill",)),
    "bridge": SectionStyle(energy=0.45, plays=(*_ALL, "maybe atmosphere"), into=("fill",)),
    "head": SectionStyle(energy=0.5, plays=_ALL, into=("fill", "pick_up")),
    "solo": SectionStyle(energy=0.6, plays=_ALL, over="head", into=("fill",)),
    "interlude": SectionStyle(energy=0.4, plays=("drums", "bass", "harmony"), over="intro"),
    "breakdown": SectionStyle(energy=0.25, plays=("harmony", "melody 1/2-", "atmosphere"), over="drop"),
    "build": SectionStyle(energy=0.5, plays=("drums", "harmony", "atmosphere"), over="drop", into=("no_bass",)),
    "drop": SectionStyle(energy=0.75, plays=(*_ALL, "atmosphere"), into=("fill", "pause")),
    "outro": SectionStyle(energy=0.35, plays=("drums", "bass", "harmony"), over="chorus"),
}
"""How sections are played where a style says nothing of its own."""

USUAL_FORMS: Final = (
    Form(
        name="verse-chorus",
        plan="intro 4?, [verse 16, chorus 8]2, bridge 8?, chorus 8?, outro 4??",
        endings=("final", "button"),
    ),
)
USUAL_VOICES: Final[dict[BandRole, tuple[Voice, ...]]] = {
    "drums": (Voice(name="drum kit", program=0, live=("Drum Rack",)),),
    "bass": (Voice(name="fingered bass guitar", program=33, live=("Tension", "Operator")),),
    "harmony": (
        Voice(name="piano", program=0, live=("Electric", "Simpler")),
        Voice(name="electric piano", program=4, live=("Electric",)),
    ),
    "melody": (Voice(name="synth lead", program=81, live=("Wavetable", "Drift")),),
    "atmosphere": (Voice(name="warm pad", program=89, live=("Wavetable", "Meld")),),
}


class FormStyle(Preset, frozen=True, kw_only=True):
    """The forms of a style: its sections, their lengths and energy, who plays when, and on what.

    `phrase` is the bars by which sections grow and shrink, `keys` those its players like, written as "Am" or "F#".
    """

    phrase: Annotated[int, Meta(ge=1, le=16)] = 4
    keys: Annotated[tuple[str, ...], Meta(min_length=1)] = ("C", "G", "D", "A", "F", "Am", "Em", "Dm")
    lift: Lift = Lift()
    forms: Annotated[tuple[Form, ...], Meta(min_length=1)] = USUAL_FORMS
    sections: dict[SectionKind, SectionStyle] = msgspec.field(default_factory=dict)
    instruments: dict[BandRole, Annotated[tuple[Voice, ...], Meta(min_length=1)]] = msgspec.field(default_factory=dict)

    def section(self, kind: SectionKind) -> SectionStyle:
        """How a kind of section is played."""
        return self.sections.get(kind) or USUAL_SECTIONS[kind]

    def voices(self, role: BandRole) -> tuple[Voice, ...]:
        """The instruments to choose from for a part."""
        return self.instruments.get(role) or USUAL_VOICES[role]


def check_form(form: FormStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
    for index, name in enumerate(form.keys):
        try:
            Key.parse(name)
        except ParamError as error:
            fail(f"form.keys[{index}]", str(error))
    names = [each.name for each in form.forms]
    for index, each in enumerate(form.forms):
        if each.name in names[:index]:
            fail(f"form.forms[{index}].name", f"expected a name of its own, got {each.name!r} again")
        try:
            parse_plan(each.plan)
        except ValueError as error:
            fail(f"form.forms[{index}].plan", str(error))
    for kind, section in form.sections.items():
        for field in ("plays", "first", "last"):
            _check_entries(f"form.sections[{kind}].{field}", getattr(section, field), fail)
    for role, voices in form.instruments.items():
        for index, voice in enumerate(voices):
            if voice.energy[0] > voice.energy[1]:
                fail(f"form.instruments[{role}][{index}].energy", f"expected low <= high, got {list(voice.energy)}")
            _check_compass(f"form.instruments[{role}][{index}]", voice, fail)


def _check_compass(field: str, voice: Voice, fail: Fail) -> None:
    if bool(voice.low) != bool(voice.high):
        fail(f"{field}.{'low' if voice.high else 'high'}", "expected low and high, or neither")
    if voice.low:
        check_range(field, voice, fail)


def _check_entries(field: str, texts: tuple[str, ...] | None, fail: Fail) -> None:
    entries = []
    for place, text in enumerate(texts or ()):
        try:
            entries.append(parse_entry(text))
        except ValueError as error:
            fail(f"{field}[{place}]", str(error))
    if texts is not None and all(entry.maybe for entry in entries):
        fail(field, "expected a part that plays in every song, without maybe")
