"""Compose a request in two steps: read its facts from the mirror, then compose. Both are pure.

Reading is quick and runs in the event loop; composing takes milliseconds and runs in a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from musearoo.bridge.core.effects import Compose
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.sounds import Sounds
from musearoo.bridge.protocol import Audition, Generate, Keep, Mix, PlayJam, Refine, Refusal, Transaction, WriteSong
from musearoo.bridge.requests.adjust import compose_adjust
from musearoo.bridge.requests.adjust_data import Adjust, ChangeSeveral
from musearoo.bridge.requests.band import compose_band, is_band, read_band
from musearoo.bridge.requests.composition import Composition, TakePart
from musearoo.bridge.requests.generate import compose, find_clip, read_request, require_set
from musearoo.bridge.requests.refine import compose_refine, read_refine
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.band.fallbacks import Pattern, Runner
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    from musearoo.bridge.requests.played import Played

Composer = Callable[[], Composition]
"""Composes; raises RequestError if a value is out of bounds or nothing can be played."""


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
    match request:
        case Generate() if is_band(request.engine):
            if request.to_played:
                raise RequestError(Refusal.BAD_PARAMETER, "One engine answers what was played: choose which.")
            reading_band = read_band(mirror, request, players.engines, recall, players.sounds)
            return partial(compose_band, reading_band, request, *band, *overhear)
        case Generate(to_played=manner):
            reading = read_request(mirror, request, players.engines, recall, players.sounds)
            if manner:
                from musearoo.bridge.requests.played import (
                    compose_response,  # here, as all that follows: the daemon starts sooner
                )

                return partial(compose_response, reading, request, players.styles, *ending, played)
            return partial(compose, reading, request, players.styles, *ending, *overhear)
        case Refine():
            return partial(
                compose_refine, read_refine(mirror, request, players.engines, recall), request, players.styles, *ending
            )
        case ChangeSeveral(changes=changes):
            reads = [(read_refine(mirror, one, players.engines, recall), one) for one in changes]
            return lambda: _together([compose_refine(read, one, players.styles, *ending) for read, one in reads])
        case WriteSong():
            from musearoo.bridge.requests.song import compose_song, read_song

            return partial(compose_song, read_song(mirror, players.engines, players.sounds), request, *band)
        case Mix():
            from musearoo.bridge.requests.mix import compose_mix, read_mix

            mix = read_mix(mirror, players.engines, recall, press.live_version)
            return partial(compose_mix, mix, request, players.styles, press.request_id, deadline)
        case Adjust():
            # No engine runs: compose at once.
            adjusted = compose_adjust(mirror, request, press.request_id, deadline)
            return lambda: adjusted
        case Keep():
            kept = _again(press, deadline)
            return lambda: kept
        case Audition():
            heard = _as_it_is(mirror, request)
            return lambda: heard
        case PlayJam():
            raise ValueError("a jam is not composed as one")


def _together(made: Sequence[Composition]) -> Composition:
    """Several changed clips as one transaction: the edits of each, which make no tracks and no scenes, in a row."""
    head = made[0].messages[0]
    edits = [edit for one in made for edit in one.messages[1:]]
    names = join_names([one.parts[0].clip.name for one in made])
    told = tuple(dict.fromkeys(sentence for one in made for sentence in one.notices))
    return Composition((head, *edits), names, told, tuple(part for one in made for part in one.parts))


def _again(press: Compose, deadline: float) -> Composition:
    """The auditioned take, as the transaction of the press that keeps it."""
    if not press.kept:
        raise RequestError(Refusal.GONE, "Nothing is heard any more that could be kept.")
    head, *edits = press.kept
    if not isinstance(head, Transaction):
        raise ValueError("what is kept is no transaction")
    return Composition((replace(head, request=press.request_id, deadline=deadline), *edits))


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
