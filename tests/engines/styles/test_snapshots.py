"""Snapshots of parsed styles, valid and invalid, and of form plans and entries."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any, get_args

from musearoo.engines.errors import PresetError
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.song_section import SECTION_KINDS
from musearoo.engines.styles.form import parse_entry
from musearoo.engines.styles.form_plan import parse_plan
from musearoo.engines.styles.reading import find_style, parse_style
from musearoo.engines.styles.schema import Style
from musearoo.engines.styles.section_choices import meant_for
from tests.engines.presets_on_disk import DATA, STYLES
from tests.snapshots import Outcome, check_snapshots

METERS = ("4/4", "3/4", "6/8", "7/8", "12/8", "5/4")
PITCHES = ("C3", "B3", "C4", "D4", "C2", "C5", "H3", "E1", "G3", "C0", "G8", "B2", "", "E4")
PIECES = (
    *("intro 4", "intro 4?", "verse 16", "[verse 8", "chorus 8]", "chorus 8]2", "]3?", "[", "]", "outro 8!", "loop 8"),
    *("verse 64", "verse 65", "verse 0", "bridge 1", "]16", "]17", "]0", "solo 32!??", "verse", ";", "[head 8]1?"),
)
ENTRIES = (
    "maybe ",
    "bass",
    "drums",
    "melody",
    "tuba",
    " 1/2-",
    " -3/4",
    " 1/4-3/4",
    " 3/4-1/2",
    " 1/0-",
    " 0/4-",
    " 3/3-",
    "-",
)


def outcomes() -> Iterator[Outcome]:
    for name, style in STYLES.items():
        yield name, _facts(style)
    for number in range(60):
        chance = stream(number, "broken styles")
        yield f"broken {number}", [_broken(chance) for _ in range(4)]
    for number in range(20):
        chance = stream(number, "plans")
        yield f"plans {number}", [_plan(chance) for _ in range(40)]
        yield f"entries {number}", [_entry(chance) for _ in range(30)]


def _facts(style: Style) -> tuple[object, ...]:
    """What of a style is worked out, and not just read."""
    form, swing = style.form, style.swing.swing
    roles: tuple[Any, ...] = get_args(Role)
    players = (style.bass, style.harmony, style.melody, *style.atmos.layers)
    choices: tuple[Any, ...] = (style.drums.grooves, style.drums.timekeepers, style.bass.lines, style.harmony.comping)
    kinds = [kind for kind in SECTION_KINDS if kind != "loop"]
    return (
        (len(style.vamp_chords), style.bass.home_above_low, style.bass.played_on.low, swing.ratio, swing.pair),
        [(player.low_pitch, player.high_pitch) for player in players],
        [style.written_beats(Meter.parse(meter)) for meter in METERS],
        [style.mix.part(role).level for role in roles],
        [[choice.name for choice in meant_for(given, kind)] for given in choices for kind in SECTION_KINDS],
        [(form.section(kind).energy, form.section(kind).plays) for kind in kinds],
        [voice.name for role in roles[:5] for voice in form.voices(role)],
        [find_style(alias.upper(), STYLES).name for alias in style.aliases],
    )


def _broken(chance: Random) -> object:
    """What comes of a style in which two things are otherwise."""
    data: dict[str, Any] = deepcopy(DATA[chance.choice(sorted(DATA))])
    if "based_on" in data:
        data = deepcopy(DATA["rock"])
    for _ in range(2):
        _change(chance, data)
    try:
        style = parse_style(data, "mine.yaml")
    except PresetError as error:
        return error.field
    return style.bass.low, style.bass.high, style.melody.low, style.harmony.low, len(style.vamp_chords)


def _change(chance: Random, data: dict[str, Any]) -> None:
    section = chance.choice(
        ("tempo", "meters", "vamp", "drums", "bass", "bass", "harmony", "melody", "form", "mix", "atmos")
    )
    if section == "tempo":
        data["tempo"] = dict(
            zip(("low", "usual", "high"), (chance.choice((90, 90, 100)) for _ in range(3)), strict=True)
        )
    elif section == "meters":
        meter = chance.choice(("3/4", "6/8", "7/9", "5/4"))
        data["meters"] = {meter: [1] * chance.randrange(1, 6)}
    elif section == "vamp":
        data["vamp"] = chance.choice(("Am", "", "|", "Xm", "N.C.", "Am | F"))
    else:
        there = data.setdefault(section, {})
        kind = chance.randrange(4)
        if kind == 0 and section in ("bass", "harmony", "melody"):
            there[chance.choice(("low", "high"))] = chance.choice(PITCHES)
        elif kind == 1 and section == "bass":
            there["home"] = chance.choice(PITCHES)
        elif kind == 2 and section == "mix":
            part = there.setdefault(chance.choice(("drums", "bass", "harmony")), {"level": -6})
            part[chance.choice(("pan", "pan", "duck"))] = chance.choice((0, 0.1, 0.11, 1))
        else:
            _change_inside(chance, there)


def _change_inside(chance: Random, there: Any) -> None:
    """Something deep within a section: turned round, left out, or of another value."""
    above, key = None, None
    while isinstance(there, dict | list) and there and (above is None or chance.random() < 0.85):
        above, key = there, chance.choice(list(there)) if isinstance(there, dict) else chance.randrange(len(there))
        there = there[key]
    if above is None or key is None:
        return
    if isinstance(there, list) and len(there) > 1:
        above[key] = there[::-1]
    elif isinstance(there, int | float):
        above[key] = chance.choice((0, 1, -1, 0.5, 20, 200))
    elif isinstance(there, str):
        above[key] = chance.choice((there, there[::-1], "", *PITCHES))
    else:
        del above[key]


def _plan(chance: Random) -> object:
    text = ", ".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 5)))
    try:
        plan = parse_plan(text)
    except ValueError:
        return text
    return plan.before, plan.round, plan.after, plan.rounds, plan.least, len(plan.unrolled(2))


def _entry(chance: Random) -> object:
    text = "".join(chance.choice(ENTRIES) for _ in range(chance.randrange(1, 4)))
    try:
        return parse_entry(text)
    except ValueError:
        return text


def test_styles_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
