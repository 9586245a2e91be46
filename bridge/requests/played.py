"""Requests about what was just played: keep it as a clip, answer it by an engine, and accompany it. Pure.

Reading is quick and runs in the event loop; the rest runs beside it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import MIDI_TRACK, SetMirror
from musearoo.bridge.live_set.scale import key_of_set
from musearoo.bridge.live_set.sounds import Sounds
from musearoo.bridge.live_set.writer import NEW_TRACK, PartTrack, takes_transaction
from musearoo.bridge.protocol import Generate, Keep, PlayJam, Refusal, SongState
from musearoo.bridge.requests.asked_music import with_modifiers
from musearoo.bridge.requests.composition import Composition, Recipe
from musearoo.bridge.requests.generate import (
    Reading,
    choose_style,
    find_scene,
    read_neighbours,
    read_scene,
    require_set,
    scene_for,
    seed_of,
    write_takes,
)
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.scene.clips import ScenePart
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.improvisation.capture.bars import CapturedBars, CaptureRequest, capture_bars, capture_phrase
from musearoo.engines.improvisation.capture.recent_bars import analyze_recent_bars
from musearoo.engines.improvisation.jam.composing import Answer, Compose, answer_recording
from musearoo.engines.improvisation.jam.phrase import read_phrase
from musearoo.engines.improvisation.jam.responding import Manner, ResponseRequest, respond
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.takes import different_takes
from musearoo.engines.styles.schema import Style

PLAYED = "Played"
"""Names of clips and tracks with the player's own notes."""

FOLLOWED_BARS = 4
"""Bars of the player's last chords that the band accompanies: the length of most progressions."""

LAST_PHRASE = -1

NOTHING_TO_ANSWER = "Nothing was played in the last bars: play something, then press again."


@dataclass(frozen=True, slots=True)
class Played:
    """Recent MIDI input: its notes, the held chord, and whether it is recent enough to accompany."""

    recording: Recording
    held: Chord | None = None
    is_fresh: bool = True

    def context(self) -> MusicalContext | None:
        """Return key and chords to accompany: the held chord, else those of the last bars; None for nothing."""
        known = analyze_recent_bars(self.recording, FOLLOWED_BARS) if self.is_fresh else None
        if known is None:
            return None
        if self.held is None:
            return known.context
        bar = ChordSpan(0.0, self.recording.meter.bar_beats, self.held)
        return replace(known.context, chords=(bar,))


@dataclass(frozen=True, slots=True)
class KeepReading:
    """The facts of the set that keeping needs: where the clip goes."""

    song: SongState
    track: PartTrack
    scene: int
    sounds: Sounds | None = None


def read_keep(mirror: SetMirror, keep: Keep, sounds: Sounds | None = None) -> KeepReading:
    """Read the facts of the set from the mirror; raises RequestError if the request cannot be done there.

    Without `sounds` nothing is loaded onto a silent track.
    """
    song = require_set(mirror)
    track = mirror.track_at(keep.track) if keep.track >= 0 else None
    if keep.track >= 0 and track is None:
        raise RequestError(Refusal.GONE, f"Track {keep.track + 1} is not in the set any more: nothing was written.")
    if track is None or track.kind != MIDI_TRACK:
        track = next(iter(mirror.tracks_named(MIDI_TRACK, PLAYED)), None)
    target = PartTrack.played_on(track.id if track is not None else NEW_TRACK, PLAYED, mirror)
    return KeepReading(song, target, scene_for(mirror, keep.scene), sounds)


def keep_played(
    reading: KeepReading, keep: Keep, played: Played | None, request_id: str, deadline: float
) -> Composition:
    """Return the transaction that writes the captured notes; raises RequestError if there are none.

    `deadline` is Unix time.
    """
    captured = _capture(
        played, keep.bars, CaptureRequest(strength=keep.strength, key=_key_of(reading.song), name=PLAYED)
    )
    messages = takes_transaction(
        (captured.clip,),
        request_id,
        deadline,
        track=reading.track.with_role(captured.role, reading.sounds),
        scene=reading.scene,
        replace=bool(keep.replace),
    )
    return Composition(messages, "", _describe_tempo(captured, reading.song))


def _describe_tempo(captured: CapturedBars, song: SongState) -> tuple[str, ...]:
    """Return sentences on a tempo that the player chose."""
    if not captured.is_free or abs(captured.bpm - song.tempo) < 1.0:
        return ()
    return (
        f"You played at about {captured.bpm:.0f} BPM while nothing ran: in the set it goes at {song.tempo:.0f} BPM.",
    )


def compose_response(
    reading: Reading,
    generate: Generate,
    styles: Mapping[str, Style],
    request_id: str,
    sample_rate: int,
    deadline: float,
    played: Played | None,
) -> Composition:
    """Compose an engine's answer to the last bars that were played; raises RequestError if there are none.

    The same reading, press and playing give the same notes.
    """
    engine = reading.engine
    captured = _capture(played, generate.bars, CaptureRequest(key=_key_of(reading.song)))
    phrase = read_phrase(captured.clip, captured.context, role=captured.role)
    if phrase is None:
        raise RequestError(Refusal.GONE, NOTHING_TO_ANSWER)
    try:
        scene = read_scene(reading.song, reading.neighbours, styles)
        style = choose_style(styles, generate.style, scene)
        ask = ResponseRequest(
            style, complexity=generate.complexity, density=generate.density, humanise=generate.humanise
        )
        manner = cast(Manner, generate.to_played)

        def play(seed: int, _attempt: int) -> Clip:
            clip = respond(engine, manner, phrase, ask, seed, scene.parts)
            params = engine.params(style=style, bars=max(1, round(clip.bars)))
            return with_modifiers(clip, reading.asked, reading.groove, engine, params, phrase.context, seed)

        seed = seed_of(generate.seed, request_id)
        takes = different_takes(play, seed, generate.takes)
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"{engine.title}: {error}.") from error
    except EngineError as error:
        raise RequestError(Refusal.ENGINE_FAILED, f"{engine.title}: {error}") from error
    written = write_takes(reading, generate, style, takes, request_id, sample_rate, deadline)
    return replace(written, recipe=Recipe(style.name, seed, phrase.context))


def _capture(played: Played | None, bars: int, asked: CaptureRequest) -> CapturedBars:
    """Return the last bars that were played, or the last phrase for -1."""
    if played is None:
        raise RequestError(Refusal.GONE, NOTHING_TO_ANSWER)
    try:
        if bars == LAST_PHRASE:
            return capture_phrase(played.recording, asked)
        return capture_bars(played.recording, bars, asked)
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"{error}.") from error
    except EngineError as error:
        raise RequestError(Refusal.GONE, f"{error}") from error


@dataclass(frozen=True, slots=True)
class JamReading:
    """The facts of the set that a turn of a jam needs: the song, a scene, and whether it plays."""

    song: SongState
    neighbours: tuple[ScenePart, ...]
    is_sounding: bool


def read_jam(mirror: SetMirror, recall: Callable[[Passage], Analysis | None]) -> JamReading:
    """Return the playing scene (the one with most clips), else the selected one; raises RequestError without one."""
    song = require_set(mirror)
    playing = Counter(clip.scene for clip in mirror.playing_clips() if clip.scene)
    scene = playing.most_common(1)[0][0] if playing else find_scene(mirror, -1).id
    return JamReading(song, read_neighbours(mirror, scene, recall), bool(playing))


def compose_turn(
    reading: JamReading,
    request: Compose,
    jam: PlayJam,
    recording: Recording,
    styles: Mapping[str, Style],
    engines: Sequence[EngineRecord],
) -> Answer:
    """Compose the band's part in a turn of a jam; raises EngineError or ParamError if it cannot."""
    scene = read_scene(reading.song, reading.neighbours, styles)
    if not reading.is_sounding:
        # A stopped scene gives its chords, but its clips do not play along.
        scene = replace(scene, parts=())
    ask = ResponseRequest(choose_style(styles, jam.style, scene), bars=request.bars, complexity=jam.complexity)
    return answer_recording(request, recording, ask, _counted_from(scene, request.start), engines)


def _counted_from(context: MusicalContext, start: float) -> MusicalContext:
    """The context with its chords counted from a beat of the set, where they come round from its beginning on."""
    period = context.chords_length
    if not context.chords:
        return context
    shift = start % period
    spans = [(span.start - shift, span.end - shift, span) for span in context.chords]
    spans += [(begin + period, end + period, span) for begin, end, span in spans if begin < 0.0]
    inside = [(max(0.0, begin), min(period, end), span) for begin, end, span in spans if end > 0.0 and begin < period]
    moved = [replace(span, start=begin, end=end) for begin, end, span in sorted(inside, key=lambda one: one[0])]
    return replace(context, chords=tuple(moved))


def _key_of(song: SongState) -> Key | None:
    found = key_of_set(song)
    return found.value if found is not None else None
