"""Random sweeps over refinements: every modifier, every part, other takes' rhythms and notes."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from msgspec.structs import replace

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.params import Change, EngineParams
from musearoo.engines.players.refining.modifiers import Modifier, Refinement, parse_modifiers
from musearoo.engines.players.refining.onsets import group_before, group_onsets
from musearoo.engines.players.refining.rewriting import in_style_of, with_notes_of, with_rhythm_of
from musearoo.engines.players.refining.shading import shade
from musearoo.engines.players.refining.variation import refine_clip, splice
from tests.engines import drawn_music as draw
from tests.engines.drawn_music import amount, any_of, between, sweep, whole
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome

ROLES: tuple[Role, ...] = ("drums", "bass", "harmony", "melody", "atmosphere")
MODIFIERS = tuple(Modifier)
# Those whose outcome hangs on an analysis have tests of their own.
UNHEARD = tuple(
    modifier for modifier in Modifier
    if modifier not in (Modifier.MORE_SWING, Modifier.LESS_SWING, Modifier.TIGHTER, Modifier.LOOSER)
)  # fmt: skip
WORDS = (
    *(*Modifier, "another", "plainer", "more", "less", "new notes", "octave up", "a bit softer", "the louder"),
    *(
        "keep the rhythm",
        "Keep  The NOTES",
        "groove of track 3",
        "groove from 12 45 %",
        "groove 2 250%",
        "",
        "sideways",
    ),
)


def sweeps() -> Iterator[Outcome]:
    """All of them, the quickest first."""
    yield from sweep("words", 200, 2, words)
    yield from sweep("strikes", 60, 1, strikes)
    yield from sweep("splices", 100, 2, splices)
    yield from sweep("shades", 400, 8, shades)
    yield from sweep("rewritten", 200, 4, rewritten)
    yield from sweep("refined", 200, 4, refined)


def words(chance: Random, _number: int) -> object:
    return parse_modifiers(", ".join(any_of(chance, WORDS) for _ in range(whole(chance, 1, 3))))


def strikes(chance: Random, _number: int) -> object:
    found = group_onsets(_clip(chance, any_of(chance, ROLES)).notes)
    if not found:
        return ()
    beats = [*(between(chance, -1.0, 9.0) for _ in range(4)), *(each.start - 1 / 25 for each in found[:3])]
    return found, [group_before(found, beat) for beat in beats]


def splices(chance: Random, _number: int) -> object:
    role = any_of(chance, ROLES)
    start = float(whole(chance, 0, 7))
    return notes_of(splice(_clip(chance, role), _clip(chance, role), start, start + whole(chance, 0, 4)))


def shades(chance: Random, number: int) -> object:
    role, modifier = any_of(chance, ROLES), MODIFIERS[number % len(MODIFIERS)]
    clip = _clip(chance, role)
    shift = any_of(chance, (0, 0, 0, -36, 36))
    moved = clip.with_notes(replace(note, pitch=min(127, max(0, note.pitch + shift))) for note in clip.notes)
    swing = Swing(any_of(chance, (1.0, 1.2, 2.0, 3.4)), any_of(chance, (1.0, 0.5)))
    return notes_of(shade(clip if role == "drums" else moved, modifier, role, swing, number))


def rewritten(chance: Random, number: int) -> object:
    role = any_of(chance, ROLES)
    clip, other = _clip(chance, role), _clip(chance, role)
    return (
        notes_of(with_notes_of(clip, other, role, number)),
        notes_of(with_rhythm_of(clip, other, role)),
        notes_of(in_style_of(clip, other, role)),
    )


def refined(chance: Random, number: int) -> object:
    role, meter = any_of(chance, ROLES), draw.meter(chance)
    bars = any_of(chance, (1, 2, 4, 5))
    context = MusicalContext.plain(bpm=any_of(chance, draw.TEMPOS), meter=meter, key="C")
    clip = draw.clip(chance, role, bars * meter.bar_beats, meter)
    first = whole(chance, 1, 3)
    style = any_of(chance, tuple(STYLES))
    asked = Refinement(
        modifiers=tuple(any_of(chance, UNHEARD) for _ in range(whole(chance, 0, 3))),
        style=STYLES[style] if chance.random() < 0.3 else None,
        bars=(first, first + whole(chance, 0, 2)) if chance.random() < 0.4 else None,
        groove=(draw.groove(chance), amount(chance)) if chance.random() < 0.4 else None,
        vary_bars=whole(chance, 1, 17) if chance.random() < 0.3 else None,
    )
    params = EngineParams(style=STYLES["funk"], complexity=amount(chance))
    return notes_of(refine_clip(_player(role), clip, asked, params, context, number))


def _player(role: Role) -> EngineRecord:
    """A player whose takes are drawn from all that it is asked for."""

    def generate(params: EngineParams, context: MusicalContext, seed: int) -> Clip:
        chance = stream(seed, params.style.name, params.bars)
        return draw.clip(chance, role, params.bars * context.meter.value.bar_beats, context.meter.value)

    def refine(clip: Clip, change: Change, params: EngineParams, _context: MusicalContext, seed: int) -> Clip:
        chance = stream(seed, change, params.bars)
        return clip.with_notes([note for note in clip.notes if chance.random() < 0.8] + _beyond(clip))

    return EngineRecord("playeroo", role, "Playeroo", "A player of the tests.", EngineParams, generate, refine)


def _beyond(clip: Clip) -> list[Note]:
    """A note that outlasts its clip, as an engine's at fault may."""
    return [Note(clip.length - 0.3, 60, 2.0, 90.0)]


def _clip(chance: Random, role: Role) -> Clip:
    clip = draw.clip(chance, role, 8.0, Meter())
    return clip if chance.random() < 0.9 else clip.with_notes(())
