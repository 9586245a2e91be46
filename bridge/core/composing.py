"""Compose a request in two steps: read its facts from the mirror, then compose. Both are pure.

Reading is quick and runs in the event loop; composing takes milliseconds and runs in a thread, or was done ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from musearoo.bridge.core.events.effects import Compose
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.sounds import Sounds
from musearoo.bridge.protocol import (
    ApiEdit,
    Audition,
    Generate,
    Keep,
    Mix,
    PlayJam,
    Refine,
    Refusal,
    Transaction,
    WriteSong,
)
from musearoo.bridge.requests.adjust import compose_adjust
from musearoo.bridge.requests.adjust_data import Adjust, ChangeSeveral
from musearoo.bridge.requests.band import BandReading, compose_band, is_band, read_band
from musearoo.bridge.requests.composition import Composition, TakePart
from musearoo.bridge.requests.edit import compose_edit
from musearoo.bridge.requests.generate import Reading, compose, find_clip, read_request, require_set, seed_of
from musearoo.bridge.requests.refine import RefineReading, compose_refine, read_refine
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.band.fallbacks import Pattern, Runner
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    from musearoo.bridge.requests.played import Played


@dataclass(frozen=True, slots=True)
class Basis:
    """All that the notes of a request depend on: where two are equal, the notes are the same.

    `request` has its seed, and neither its press nor the places that `reading` was read from; nothing plays in
    `reading`; the engines of `players` are full or lean.
    """

    request: Generate | Refine
    reading: Reading | BandReading | RefineReading
    sample_rate: int
    players: Players


@dataclass(frozen=True, slots=True)
class Composer:
    """A request that was read from the set: a call composes it.

    The call raises RequestError if a value is out of bounds or nothing can be played. `basis` is None where the notes
    depend on more than that, such as what was just played, or where no engine plays. `engines` are those that may play,
    each `bars` bars in all its takes.
    """

    compose: Callable[[], Composition]
    basis: Basis | None = None
    engines: tuple[str, ...] = ()
    bars: int = 0

    def __call__(self) -> Composition:
        """Compose."""
        return self.compose()


@dataclass(frozen=True, slots=True)
class Players:
    """Engines, styles and sounds; how a stage of the band runs, and what replaces an engine that fails.

    Without `sounds` nothing is loaded onto silent tracks.
    """

    engines: Sequence[EngineRecord]
    styles: Mapping[str, Style]
    run: Runner
    pattern: Pattern | None = None
    sounds: Sounds | None = None


def prepare_composition(
    mirror: SetMirror,
    press: Compose,
    players: Players,
    deadline: float,
    recall: Callable[[Passage], Analysis | None],
    played: Played | None = None,
) -> Composer:
    """Read a request's facts from the mirror, and return what composes it; raises RequestError if it cannot be done.

    `recall` returns the analysis of an audio passage if there is one; `deadline` is Unix time; `played` is the recent
    MIDI input, if any.
    """
    request, ending = press.request, (press.request_id, press.sample_rate, deadline)
    overhear = (played.context,) if played is not None else ()
    band = (players.styles, players.engines, *ending, players.run, players.pattern)

    def composer(compose: Callable[[], Composition], reading: Reading | BandReading | RefineReading) -> Composer:
        if not isinstance(request, Generate | Refine):
            return Composer(compose)
        basis = None
        if played is None:
            basis = Basis(_without_place(request, press.request_id), _at_rest(reading), press.sample_rate, players)
        return Composer(compose, basis, _names(reading, players.engines), _bars(request, reading))

    match request:
        case Generate() if is_band(request.engine):
            if request.to_played:
                raise RequestError(Refusal.BAD_PARAMETER, "One engine answers what was played: choose which.")
            reading_band = read_band(mirror, request, players.engines, recall, players.sounds)
            return composer(partial(compose_band, reading_band, request, *band, *overhear), reading_band)
        case Generate(to_played=manner):
            reading = read_request(mirror, request, players.engines, recall, players.sounds)
            if manner:
                from musearoo.bridge.requests.played import (
                    compose_response,  # here, as all that follows: the daemon starts sooner
                )

                return Composer(partial(compose_response, reading, request, players.styles, *ending, played))
            return composer(partial(compose, reading, request, players.styles, *ending, *overhear), reading)
        case Refine():
            refining = read_refine(mirror, request, players.engines, recall)
            return composer(partial(compose_refine, refining, request, players.styles, *ending), refining)
        case ChangeSeveral(changes=changes):
            reads = [(read_refine(mirror, one, players.engines, recall), one) for one in changes]
            return Composer(
                lambda: _together([compose_refine(read, one, players.styles, *ending) for read, one in reads])
            )
        case WriteSong():
            from musearoo.bridge.requests.song import compose_song, read_song

            song = read_song(mirror, players.engines, players.sounds)
            return Composer(partial(compose_song, song, request, *band))
        case Mix():
            from musearoo.bridge.requests.mix import compose_mix, read_mix

            mix = read_mix(mirror, players.engines, recall, press.live_version)
            return Composer(partial(compose_mix, mix, request, players.styles, press.request_id, deadline))
        case Adjust():
            # No engine runs: compose at once.
            adjusted = compose_adjust(mirror, request, press.request_id, deadline)
            return Composer(lambda: adjusted)
        case ApiEdit():
            edited = compose_edit(mirror, request, press.request_id, deadline)
            return Composer(lambda: edited)
        case Keep():
            kept = _again(press, deadline)
            return Composer(lambda: kept)
        case Audition():
            heard = _as_it_is(mirror, request)
            return Composer(lambda: heard)
        case PlayJam():
            raise ValueError("a jam is not composed as one")


def _names(reading: Reading | BandReading | RefineReading, engines: Sequence[EngineRecord]) -> tuple[str, ...]:
    """Return the names of the engines that a request may need."""
    if isinstance(reading, BandReading):
        return tuple(engine.name for engine in engines if engine.part in reading.tracks)
    return (reading.engine.name,)


def _bars(request: Generate | Refine, reading: Reading | BandReading | RefineReading) -> int:
    """Return the bars that each engine plays in all takes of a request."""
    bars = request.bars if isinstance(request, Generate) else 0
    return request.takes * (ceil(reading.clip.bars) if isinstance(reading, RefineReading) else bars)


def _without_place(request: Generate | Refine, request_id: str) -> Generate | Refine:
    """Return what of a request decides its notes: its seed, and neither its press nor what it was read from."""
    seed = seed_of(request.seed, request_id)
    if isinstance(request, Generate):
        return replace(request, session=0, press=0, seed=seed, engine="", track=-1, scene=-1)
    return replace(request, session=0, press=0, seed=seed, track=-1, scene=-1, take=0)


def _at_rest(reading: Reading | BandReading | RefineReading) -> Reading | BandReading | RefineReading:
    """Return what of a reading decides the notes: not whether the set or a clip plays."""
    reading = replace(reading, song=replace(reading.song, is_playing=0))
    if isinstance(reading, RefineReading):
        return replace(reading, state=replace(reading.state, is_playing=0))
    return reading


def address_anew(made: Composition, request_id: str, deadline: float) -> Composition:
    """Return what was composed ahead as the answer to a request."""
    head, *edits = made.messages
    if not isinstance(head, Transaction):
        raise ValueError("what was composed is no transaction")
    return replace(made, messages=(replace(head, request=request_id, deadline=deadline), *edits))


def _together(made: Sequence[Composition]) -> Composition:
    """Several changed clips as one transaction: the edits of each, which make no tracks and no scenes, in a row."""
    head = made[0].messages[0]
    edits = [edit for one in made for edit in one.messages[1:]]
    names = join_names([one.parts[0].clip.name for one in made])
    told = tuple(dict.fromkeys(sentence for one in made for sentence in one.notices))
    parts = tuple(part for one in made for part in one.parts)
    return Composition((head, *edits), names, told, parts, recipe=made[0].recipe)


def _again(press: Compose, deadline: float) -> Composition:
    """The auditioned take, as the transaction of the press that keeps it."""
    if not press.kept:
        raise RequestError(Refusal.GONE, "Nothing is heard any more that could be kept.")
    return address_anew(Composition(press.kept), press.request_id, deadline)


def _as_it_is(mirror: SetMirror, audition: Audition) -> Composition:
    """A clip of the set, to be auditioned."""
    require_set(mirror)
    state = find_clip(mirror, audition.track, audition.scene)
    clip, track = mirror.midi_clip(state.id), mirror.tracks.get(state.track)
    if clip is None or track is None:
        raise RequestError(Refusal.WRONG_TRACK, f"“{state.name}” is no MIDI clip: choose one to be heard by MIDI.")
    if not clip.notes:
        raise RequestError(Refusal.GONE, f"“{state.name}” has no notes to be heard.")
    name = state.name or track.name
    role, _ = guess_role(f"{track.name} {state.name}", clip)
    return Composition((), name, (), (TakePart(role, clip),), clip=state.id)
