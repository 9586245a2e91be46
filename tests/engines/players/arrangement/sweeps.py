"""Random sweeps over styles of form: fitting, casting, energy, keys and instruments alone, and whole song plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from random import Random
from typing import Any, Final

import msgspec

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SECTION_KINDS, SectionKind, SongSection
from musearoo.engines.players.arrangement.casting import add_transitions, cast_section
from musearoo.engines.players.arrangement.energy import climax_of, shape_energy
from musearoo.engines.players.arrangement.engine import SongParams, find_form, plan_song
from musearoo.engines.players.arrangement.fitting import fit_form
from musearoo.engines.players.arrangement.instruments import choose_instruments
from musearoo.engines.players.arrangement.keys import choose_key, lift_from
from musearoo.engines.players.arrangement.moods import MOODS, parse_mood
from musearoo.engines.players.arrangement.song_plan import ArrangedSection, PlannedPart
from musearoo.engines.styles.form import (
    EndingKind,
    Form,
    FormStyle,
    Lift,
    MoodName,
    SectionStyle,
    TransitionKind,
    Voice,
)
from musearoo.engines.styles.form_plan import parse_plan
from musearoo.engines.styles.schema import Style, TempoRange
from tests.engines import drawn_borders as drawn
from tests.engines.players.test_properties import any_of
from tests.snapshots import Outcome

PLANS: Final = (
    *("intro 4?, [verse 16, chorus 8]2, bridge 8?, chorus 8?, outro 4??", "[verse 8!, chorus 8]3, outro 4"),
    *("intro 8??, build 4?, drop 16, breakdown 8??, build 8?, drop 16, outro 8?", "[head 32, solo 32?]2?, head 32"),
    *("verse 12", "intro 2!, [verse 12, interlude 4?]4, solo 12?, outro 1!?", "[head 12]2?, outro 3", "chorus 64"),
    *(
        "pre_chorus 6?, verse 6, [chorus 5, bridge 10?]2, verse 20??",
        "intro 16?, [drop 24, breakdown 12?]2, outro 16??",
    ),
)
ENTRIES: Final = (
    *("drums", "drums 1/2-", "maybe drums", "bass", "bass -3/4", "bass 1/4-3/4", "harmony", "maybe harmony 1/3-"),
    *("melody", "melody 3/4-", "maybe melody", "atmosphere", "atmosphere -1/2", "maybe atmosphere 1/8-7/8"),
)
HANDS: Final[tuple[TransitionKind, ...]] = ("fill", "pick_up", "riser", "pause", "no_kick", "no_bass")
ENDINGS: Final[tuple[EndingKind, ...]] = ("final", "button", "fade", "cold")
KINDS: Final[tuple[SectionKind, ...]] = tuple(kind for kind in SECTION_KINDS if kind != "loop")


def outcomes() -> Iterator[Outcome]:
    for name, draw, cases in (
        ("energy", _energy, 400),
        ("keys", _keys, 400),
        ("instruments", _instruments, 300),
        ("cast", _cast, 400),
        ("led", _led, 300),
        ("fitted", _fitted, 320),
        ("song", _song, 160),
        ("refused", _refused, 40),
    ):
        yield from drawn.sweep(name, draw, lines=4, cases=cases // 4)


def any_form_style(chance: Random) -> FormStyle:
    plans = drawn.some(chance, PLANS, 0.3) or [PLANS[0]]
    return FormStyle(
        phrase=any_of(chance, (1, 2, 4, 4, 8, 12, 16)),
        keys=any_of(chance, (("C",), ("Am", "Em"), ("C", "G", "Am", "F#"), ("Dm", "Eb"))),
        lift=Lift(likelihood=any_of(chance, (0.0, 0.5, 1.0)), semitones=drawn.whole(chance, 1, 5)),
        forms=tuple(
            Form(
                name=f"form {number}",
                weight=any_of(chance, (0.5, 1.0, 3.0)),
                plan=plan,
                endings=any_of(chance, (ENDINGS, ENDINGS[:1], ENDINGS[3:], ENDINGS[1:3])),
            )
            for number, plan in enumerate(plans)
        ),
        sections={kind: any_section_style(chance) for kind in KINDS if drawn.maybe(chance, 0.5)},
        instruments={"harmony": tuple(any_voice(chance, number) for number in range(drawn.whole(chance, 1, 3)))},
    )


def any_section_style(chance: Random) -> SectionStyle:
    def entries() -> tuple[str, ...]:
        found = {entry.split()[-1 if entry.endswith("s") else 0]: entry for entry in drawn.some(chance, ENTRIES, 0.35)}
        return tuple(found.values()) or ("harmony",)

    return SectionStyle(
        energy=any_of(chance, drawn.ENERGIES),
        plays=entries(),
        first=entries() if drawn.maybe(chance, 0.3) else None,
        last=entries() if drawn.maybe(chance, 0.3) else None,
        title=any_of(chance, (None, None, "Hook")),
        over=any_of(chance, (None, None, *KINDS)),
        into=tuple(hand for hand in HANDS if drawn.maybe(chance, 0.5)),
    )


def any_voice(chance: Random, number: int) -> Voice:
    energy = any_of(chance, ((0.0, 1.0), (0.0, 0.5), (0.5, 1.0), (0.35, 0.6)))
    moods: tuple[MoodName, ...] = any_of(chance, ((), ("sad", "calm"), ("epic",)))
    return Voice(name=f"voice {number}", program=number, weight=number + 1, energy=energy, moods=moods)


def any_kinds(chance: Random) -> list[SectionKind]:
    few = any_of(chance, (KINDS, ("verse", "chorus"), ("verse", "chorus", "bridge", "drop", "build", "outro")))
    return [any_of(chance, few) for _ in range(drawn.whole(chance, 1, 9))]


def any_meter(chance: Random) -> Meter:
    return Meter.parse(any_of(chance, drawn.METERS))


def any_mood(chance: Random) -> Any:
    return any_of(chance, (None, None, *MOODS))


def _energy(chance: Random, _seed: int) -> object:
    kinds, style = any_kinds(chance), any_form_style(chance)
    return shape_energy(kinds, style, any_of(chance, drawn.ENERGIES)), climax_of(kinds, style)


def _keys(chance: Random, seed: int) -> object:
    style = any_form_style(chance)
    key = choose_key(style, any_mood(chance), seed)
    return str(key), [str(each) for each in lift_from(any_kinds(chance), style, key, seed)]


def _instruments(chance: Random, seed: int) -> object:
    style = any_form_style(chance)
    chosen = choose_instruments(style, ("drums", "harmony"), any_of(chance, drawn.ENERGIES), any_mood(chance), seed)
    return [(each.role, each.name, each.program, each.live) for each in chosen]


def _cast(chance: Random, seed: int) -> object:
    kinds = any_kinds(chance)
    index, bars = drawn.whole(chance, 0, len(kinds) - 1), any_of(chance, (1, 2, 3, 4, 5, 6, 8, 12, 16))
    return cast_section(kinds, index, bars, any_form_style(chance), any_meter(chance), seed)


def _led(chance: Random, seed: int) -> object:
    style, meter = any_form_style(chance), any_meter(chance)
    sections, start = [], 0.0
    for number in range(drawn.whole(chance, 1, 4)):
        kind, bars, energy = any_of(chance, KINDS), any_of(chance, (1, 2, 4, 8, 20)), any_of(chance, drawn.ENERGIES)
        following = any_of(chance, (None, min(1.0, energy + 0.1), min(1.0, energy + 0.3), 1.0))
        length = bars * meter.bar_beats
        parts = cast_section([kind], 0, bars, style, meter, seed)
        if drawn.maybe(chance, 0.5):
            parts = tuple(replace(part, leaves=length) for part in parts)
        if drawn.maybe(chance, 0.3):
            parts = (PlannedPart("drums", 0.0, length), PlannedPart("bass", 0.0, length))
        section = SongSection(kind, energy, following, number)
        sections.append(ArrangedSection(f"section {number}", section, bars, start, length, Key.parse("C"), kind, parts))
        start += length
    return [(section.parts, section.transitions) for section in add_transitions(sections, style, meter, seed)]


def _fitted(chance: Random, _seed: int) -> object:
    bars = any_of(chance, (0.5, 1.0, 2.0, 3.0, 6.9, 7.0, 8.0, 13.3, 24.0, 33.0, 48.0, 64.5, 100.0, 137.0, 260.0, 500.0))
    fitted = fit_form(parse_plan(any_of(chance, PLANS)), bars, any_of(chance, (1, 2, 4, 4, 4, 8, 8, 12, 16)))
    return [(section.kind, section.bars) for section in fitted.sections], fitted.strain, fitted.bars


def any_song_style(chance: Random) -> Style:
    style = drawn.any_style(chance)
    tempo = any_of(
        chance, (style.tempo, TempoRange(low=90, usual=100, high=130), TempoRange(low=99, usual=100, high=101))
    )
    if drawn.maybe(chance, 0.8):
        style = msgspec.structs.replace(style, form=any_form_style(chance))
    return msgspec.structs.replace(style, tempo=tempo)


def _song(chance: Random, seed: int) -> object:
    style = any_song_style(chance)
    params = SongParams(
        style=style,
        seconds=any_of(chance, (None, None, 15.0, 31.0, 90.0, 187.0, 600.0)),
        form=any_of(chance, (None, None, style.form.forms[-1].name.upper().replace(" ", "_"))),
        bpm=any_of(chance, (None, None, 61.0, 120.0, 200.0)),
        key=any_of(chance, (None, None, Key.parse("F#"))),
        meter=any_meter(chance),
        energy=any_of(chance, drawn.ENERGIES),
        mood=any_mood(chance),
    )
    song = plan_song(params, seed)
    plan = [getattr(song, field.name) for field in fields(song)]
    middle = song.sections[len(song.sections) // 2]
    return plan, song.bars, song.length, song.seconds, song.roles, song.locators, middle.end, middle.part("bass")


def _refused(chance: Random, seed: int) -> object:
    bad: dict[str, Any] = any_of(
        chance,
        (
            *({"seconds": 14.99}, {"seconds": 600.01}, {"bpm": 19.99}, {"bpm": 999.01}, {"energy": -0.01}),
            *({"energy": 1.01}, {"form": "no such form"}, {"mood": "grumpy"}, {"style": "rock"}),
            *({"seconds": 15.0}, {"seconds": 600.0}, {"bpm": 20.0}, {"bpm": 999.0}, {"energy": 0.0}, {"energy": 1.0}),
        ),
    )
    style = drawn.any_style(chance)
    params = SongParams(**{"style": style, "meter": Meter(), **bad})
    named = find_form(style.form, style.form.forms[0].name.upper().replace("-", "_")).name
    return list(bad), params.energy, params.seconds, params.bpm, seed, named, parse_mood(" Sad ")
