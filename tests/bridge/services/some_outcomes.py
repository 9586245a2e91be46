"""What presses come to in sets drawn from a seed: where it goes, what it hears, what is edited, why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from musearoo.bridge.copilot.view import view_of
from musearoo.bridge.core.events.midi import MidiRequest
from musearoo.bridge.core.talk_actions import action_of, request_of
from musearoo.bridge.live_set.arrivals import Arrivals
from musearoo.bridge.live_set.listening import passage_of, passages_in_view
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import (
    NEW_SCENE_INDEX,
    Analyze,
    AutoSplit,
    Gone,
    Imagine,
    Keep,
    PlayAmbience,
    Refine,
    SetReady,
    Split,
)
from musearoo.bridge.requests.adjust import compose_adjust
from musearoo.bridge.requests.adjust_data import Action, Adjust
from musearoo.bridge.requests.band import read_band
from musearoo.bridge.requests.findings import describe_change, read_question, write_findings
from musearoo.bridge.requests.generate import read_request
from musearoo.bridge.requests.imagine import TakeFile, read_imagine, write_imagined
from musearoo.bridge.requests.mix import read_mix
from musearoo.bridge.requests.played import read_jam, read_keep
from musearoo.bridge.requests.refine import read_refine
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.requests.song import read_song
from musearoo.bridge.requests.split import read_split, stem_files, write_split
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.live_set.some_sets import recall, some_analysis, some_set
from tests.bridge.requests.test_generate import a_press
from tests.bridge.wording import without_prose

DEADLINE = 1_800_000_000.0


def outcomes_in_set(seed: int) -> Iterator[tuple[str, object]]:
    """The outcomes of one press of each kind in the set of a seed."""
    chance, mirror = Random(1000 + seed), some_set(seed)

    def place() -> int:
        return chance.choice((-1, -1, 0, 0, 0, 1, 1, 2, 3, 9))

    def slot(is_audio: int) -> tuple[int, int]:
        """Where a clip lies, or somewhere."""
        full = [clip for clip in mirror.clips.values() if clip.is_audio == is_audio and clip.track in mirror.tracks]
        if not full or chance.random() < 0.2:
            return place(), place()
        clip = chance.choice(full)
        return mirror.tracks[clip.track].index, mirror.scenes[clip.scene].index if clip.scene in mirror.scenes else -1

    yield "one engine", _tried(lambda: read_request(mirror, _generate(chance, place), ENGINES, recall))
    yield "a band", _tried(lambda: read_band(mirror, _generate(chance, place, is_band=True), ENGINES, recall))
    refine = Refine(
        500,
        1,
        chance.choice(("busier", "groove of track 1", "")),
        "",
        0,
        0,
        0,
        chance.choice((0, 0, 1, 2)),
        7,
        *slot(0),
        0,
    )
    yield "a change", _tried(lambda: read_refine(mirror, refine, ENGINES, recall))
    yield "a song", _tried(lambda: read_song(mirror, ENGINES))
    yield "a mix", _tried(lambda: read_mix(mirror, ENGINES, recall, chance.choice(("12.3.6", "12.2", "13", ""))))
    yield "what was played", _tried(lambda: read_keep(mirror, Keep(500, 1, 0, 1.0, place(), place(), 0)))
    yield "a jam", _tried(lambda: read_jam(mirror, recall))
    for action in chance.sample(list(Action), 4):
        request = _adjust(chance, action)
        yield f"to {action}", _tried(lambda request=request: compose_adjust(mirror, request, "r:1", DEADLINE))  # type: ignore[misc]
    yield "stems", _tried(lambda: _split(chance, mirror, Split(500, 1, *slot(1), "", 4, chance.randrange(2))))
    yield "loops", _tried(lambda: _imagine(chance, mirror, place, slot))
    for number in range(3):
        where, found = slot(min(number, 1)), 1000 * number + seed
        yield f"findings {number}", _tried(lambda where=where, found=found: _findings(chance, mirror, found, where))  # type: ignore[misc]
    yield "passages", (passages_in_view(mirror), [passage_of(mirror, clip) for clip in (*mirror.clips, 999)])
    view = view_of(mirror, key="C major", key_confidence=0.5, chords="C", style="funk", recall=recall)
    measured = [view.measure(track, scene) is None for track in range(4) for scene in range(4)]
    yield "the copilot's view", (replace(view, measure=_nothing), measured)
    yield "deeds", [_tried(lambda: _deed(chance, mirror)) for _ in range(4)]


def _nothing(_track: int, _scene: int) -> None:
    return None


def _tried(attempt: Callable[[], object]) -> object:
    """What an attempt gives, or by which code it is refused."""
    try:
        return _brief(without_prose(attempt()))
    except RequestError as error:
        return error.code, without_prose(f" {error.sentence}")
    except ValueError:
        return "no order"


def _brief(value: Any) -> Any:
    """Without what engines found, which is their own affair: of an analysis its length stays."""
    if isinstance(value, tuple) and value and value[0] == "Analysis":
        return value[1]
    if isinstance(value, tuple) and value and value[0] == "EngineRecord":
        return value[1]
    if isinstance(value, tuple):
        return tuple(_brief(each) for each in value)
    return {key: _brief(each) for key, each in value.items()} if isinstance(value, dict) else value


def _generate(chance: Random, place: Callable[[], int], is_band: bool = False) -> Any:
    engine = (
        chance.choice(("band", "Band", "drums, bass", "bass, harmony", "harmony, kazoo"))
        if is_band
        else chance.choice(ENGINES).name
    )
    return a_press(
        engine=engine,
        track=place(),
        scene=chance.choice((-1, 0, 1, 9, NEW_SCENE_INDEX)),
        replace=chance.randrange(2),
        takes=chance.choice((1, 1, 3)),
        bpm=chance.choice((0.0, 0.0, 97.0, 20.0, 999.0, 7.0)),
        changes=chance.choice(("", "", "busier", "groove of track 2", "groove of track 1", "purpler")),
    )


def _adjust(chance: Random, action: Action) -> Adjust:
    return Adjust(
        session=500,
        press=1,
        action=action,
        tracks=chance.choice(((), (0,), (0, 1), (1, 0, 2), (0, 1, 2, 3), (8,))),
        scene=chance.choice((-1, 0, 1, 9)),
        db=chance.choice((3.0, -3.0, 60.0, -90.0, 0.01)),
        bpm=chance.choice((120.0, 120.004, 97.126, 20.0, 999.0, 19.9, 1000.0)),
        key=chance.choice(("A minor", "C major", "H")),
    )


def _change(chance: Random, mirror: SetMirror) -> None:
    """Something goes while the press is worked on."""
    if chance.random() < 0.3:
        mirror.apply(Gone(chance.choice([10, 11, 50, 51, *mirror.clips])))


def _split(chance: Random, mirror: SetMirror, split: Split) -> object:
    clips = [clip.id for clip in mirror.clips.values() if clip.is_audio]
    reading = read_split(mirror, split, chance.choice([0, 999, *clips, *clips, *clips]))
    _change(chance, mirror)
    stems = stem_files({"drums": "/stems/d.wav", "bass": "/stems/b.wav"})
    return reading, write_split(mirror, reading, stems, chance.choice(("", "DSP")), "r:1", DEADLINE)


def _imagine(
    chance: Random, mirror: SetMirror, place: Callable[[], int], slot: Callable[[int], tuple[int, int]]
) -> object:
    takes = chance.choice((1, 2))
    request = Imagine(
        500,
        1,
        "rain",
        4,
        takes,
        chance.choice((7, -1)),
        "",
        "",
        "",
        "",
        1,
        chance.choice((0, 0, 1, 2)),
        *slot(chance.randrange(2)),
        place(),
        chance.choice((-1, 0, NEW_SCENE_INDEX)),
        chance.randrange(2),
    )
    reading = read_imagine(mirror, request, "r:1", recall)
    _change(chance, mirror)
    files = [TakeFile(f"/loops/{number}.wav", f"rain-{number}", 96.0, 3.0 + number / 2) for number in range(takes)]
    return reading, write_imagined(mirror, reading, files, "rain", "r:1", DEADLINE)


def _findings(chance: Random, mirror: SetMirror, seed: int, where: tuple[int, int]) -> object:
    flags = [int(chance.random() < 0.7) for _ in range(6)]
    analyze = Analyze(500, 1, *where, 0, *flags)
    question = read_question(mirror, analyze)
    analysis, other = some_analysis(seed), some_analysis(seed + 1)
    change = (
        describe_change("loop", analysis, other),
        describe_change("loop", analysis, replace(analysis, duration=1.0)),
    )
    return write_findings(question, analyze, analysis, "r:1", DEADLINE), question.passage, change


def _deed(chance: Random, mirror: SetMirror) -> object:
    action = SetAction(
        intent=chance.choice(list(Intent)),
        parts=chance.choice(((), ("bass",), ("drums", "harmony"), ("band",))),
        style=chance.choice(("", "funk")),
        bars=chance.choice((0, 2, 8, 70)),
        key=chance.choice(("", "A minor")),
        bpm=chance.choice((0.0, 97.5)),
        swing=chance.choice((0.0, 1.5, 9.0)),
        options=chance.choice(("", "octave=1")),
        manner=chance.choice(("", "walking")),
        changes=chance.choice(((), ("busier", "darker"))),
        takes=chance.choice((1, 3, 9)),
        track=chance.choice((0, 1, 3)),
        scene=chance.choice((0, 1, 3, 7)),
        replace=chance.random() < 0.5,
        tracks=chance.choice(((), (1,), (2, 3))),
        up=chance.random() < 0.5,
        degree=chance.choice(("", "a bit", "much")),
        what=chance.choice(("clip", "track", "scene")),
        first_bar=chance.choice((0, 2)),
        last_bar=chance.choice((0, 4)),
        seconds=chance.choice((0, 90, 5)),
        where=chance.choice(("scenes", "timeline")),
        prompt="rain",
        deep=chance.random() < 0.5,
        on=chance.random() < 0.5,
        hear=chance.random() < 0.3,
        to_played=chance.choice(("", "answer")),
    )
    if action.intent is Intent.CHANGE and chance.random() < 0.5:
        action = SetAction(intent=Intent.CHANGE, each=(replace(action, each=()), replace(action, track=2)))
    request = request_of(action, 500, 1, mirror)
    return request, None if isinstance(request, MidiRequest | PlayAmbience) else action_of(request, mirror)


def arrivals_over_time(seed: int) -> Iterator[list[object]]:
    """What comes onto marked tracks of a set that changes, looked at every quarter of a second."""
    chance, mirror = Random(seed), some_set(seed)
    mirror.apply(SetReady(1))
    arrivals = Arrivals(names=("Voice", "x") if seed % 2 else (), mutes=seed % 3 > 0)
    marks = [AutoSplit(1, index, 1, "", 4, 1) for index in range(3)]
    others = some_set(seed + 500)
    for look in range(60):
        if chance.random() < 0.3 and others.clips:
            clip = replace(chance.choice(list(others.clips.values())), id=chance.randrange(200, 206))
            mirror.apply(replace(clip, track=chance.choice([10, 11, 12]), is_recording=int(chance.random() < 0.1)))
            if clip.id not in mirror.audio and others.audio:
                mirror.apply(replace(chance.choice(list(others.audio.values())), clip=clip.id, file_path="/a/x.wav"))
        if chance.random() < 0.05:
            mirror.apply(Gone(chance.choice([10, 11, *range(200, 206)])))
        marked = marks[: chance.choice((0, 1, 2, 3))] if chance.random() < 0.05 else marks[: 1 + seed % 3]
        yield list(arrivals.poll(mirror, marked, look * 0.25))
