"""The form section of a preset: song forms, the sections' energy and parts, keys, and instruments."""

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
TransitionKind = Literal["fill", "pick_up", "riser", "pause", "no_kick", "no_bass"]
"""A transition into the next section: a drum fill; entering parts play the last beat before it; a riser; all parts
pause for the last beat; the kick, or the bass, is removed from the last bars."""
EndingKind = Literal["final", "button", "fade", "cold"]
"""How a song ends: with a long last chord, a short last hit, a fade, or a cut at the end of the section."""
MoodName = Literal["calm", "happy", "sad", "dark", "bright", "dreamy", "tense", "aggressive", "romantic", "epic"]

_ENTRY: Final = re.compile(r"(maybe )?(drums|bass|harmony|melody|atmosphere)(?: (?:(\d)/(\d))?-(?:(\d)/(\d))?)?")


class Entry(NamedTuple):
    """A part of a section: where it enters and leaves (0..1 of the section), and whether it is optional."""

    role: BandRole
    enters: float
    leaves: float
    maybe: bool


def parse_entry(text: str) -> Entry:
    """Parse an entry: "bass", "bass 1/2-" (from the middle on), "melody -3/4" (up to there), "maybe melody" (in some
    songs).

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

    `plays` are entries (see `parse_entry`); `first` and `last` replace them in the first and last section of the kind.
    `over` is the kind whose chords it uses, `into` the transitions from the section before.
    """

    energy: Share
    plays: tuple[str, ...]
    first: tuple[str, ...] | None = None
    last: tuple[str, ...] | None = None
    title: Name | None = None
    over: SectionKind | None = None
    into: tuple[TransitionKind, ...] = ()


class Form(Preset, frozen=True, kw_only=True):
    """A song form in the notation of `engines.styles.form_plan`, and its possible endings."""

    name: Name
    weight: Weight = 1
    plan: str
    endings: Annotated[tuple[EndingKind, ...], Meta(min_length=1)] = ("final",)

    @property
    def sections(self) -> FormPlan:
        """The plan as data."""
        return parse_plan(self.plan)


class Lift(Preset, frozen=True, kw_only=True):
    """A key change up for the last chorus: its likelihood and its semitones."""

    likelihood: Share = 0.0
    semitones: Annotated[int, Meta(ge=1, le=5)] = 2


class Voice(Preset, frozen=True, kw_only=True):
    """An instrument for a part: its name, the closest General MIDI program (0 to 127; for drums the kit's), and the
    instruments of Live that can play it, best first.

    `low` and `high` are the note names of its natural range, "" for the style's own; `longest` is the greatest note
    length in beats, None for the style's. These three apply to bass and melody.
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
"""The default sections, for kinds that a style does not define."""

USUAL_FORMS: Final = (
    Form(
        name="verse-chorus",
        plan="intro 4?, [verse 16, chorus 8]2, bridge 8?, chorus 8?, outro 4??",
        endings=("final", "button"),
    ),
)
USUAL_VOICES: Final[dict[BandRole, tuple[Voice, ...]]] = {
    "drums": (Voice(name="drum kit", program=0, live=("Gen Purpose Kit", "Dry Session Kit")),),
    "bass": (Voice(name="fingered bass guitar", program=33, live=("Tension", "Operator")),),
    "harmony": (
        Voice(name="piano", program=0, live=("Grand Piano", "Ac Piano Upright")),
        Voice(name="electric piano", program=4, live=("Electric",)),
    ),
    "melody": (Voice(name="synth lead", program=81, live=("Wavetable", "Drift")),),
    "atmosphere": (Voice(name="warm pad", program=89, live=("Wavetable", "Meld")),),
}


class FormStyle(Preset, frozen=True, kw_only=True):
    """The forms of a style: its sections, their energy and parts, and the instruments.

    `phrase` is the unit in bars by which sections are resized, `keys` the usual keys, such as "Am" or "F#".
    """

    phrase: Annotated[int, Meta(ge=1, le=16)] = 4
    keys: Annotated[tuple[str, ...], Meta(min_length=1)] = ("C", "G", "D", "A", "F", "Am", "Em", "Dm")
    lift: Lift = Lift()
    forms: Annotated[tuple[Form, ...], Meta(min_length=1)] = USUAL_FORMS
    sections: dict[SectionKind, SectionStyle] = msgspec.field(default_factory=dict)
    instruments: dict[BandRole, Annotated[tuple[Voice, ...], Meta(min_length=1)]] = msgspec.field(default_factory=dict)

    def section(self, kind: SectionKind) -> SectionStyle:
        """Return how a kind of section is played."""
        return self.sections.get(kind) or USUAL_SECTIONS[kind]

    def voices(self, role: BandRole) -> tuple[Voice, ...]:
        """Return the instruments to choose from for a part."""
        return self.instruments.get(role) or USUAL_VOICES[role]


def check_form(form: FormStyle, fail: Fail) -> None:
    """Report fields that contradict each other."""
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
