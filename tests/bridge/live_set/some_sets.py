"""Sets of Live drawn from a seed, with odd clips and things not told, and analyses of what plays in them."""

from __future__ import annotations

from random import Random
from typing import Any
from zlib import crc32

from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, GROUP_TRACK, MASTER_TRACK, MIDI_TRACK, RETURN_TRACK, SetMirror
from musearoo.bridge.protocol import (
    ClipAudio,
    ClipNotes,
    ClipWarp,
    EqualiserState,
    MixerState,
    SceneState,
    Selection,
    SetReady,
    SongState,
)
from musearoo.bridge.protocol.codec import encode_notes, encode_warp_markers
from musearoo.engines.analysis.scene.clips import ScenePart
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.analysis import Analysis, Character, Depth, Harmony, Loudness, Rhythm, Section
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from tests.bridge.live_set.test_mirror import a_clip, a_record, a_track

TRACK_NAMES = (
    *("DrummaRoo", "BassaRoo", "HarmonyRoo", "Keys", "Bass", "Voice", "", "Played", "loop · Drums", "rain", "Drums"),
    *("MelodyRoo", "loop · Bass", "x"),
)
CLIP_NAMES = ("funk bass", "loop", "", "house drums", "chords", "rain")
METERS = (Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(7, 8))


def some_set(seed: int) -> SetMirror:
    """A set of up to seven tracks and five scenes; every tenth is not told whole."""
    chance = Random(seed)
    mirror = SetMirror()
    meter = chance.choice(METERS)
    scale, mode = chance.choice(("Minor", "Major", "Nobody's")), chance.choice((0, 1, 1, -1))
    tempo = chance.choice((120.0, 90.5, 174.0))
    song = SongState("set", tempo, meter.numerator, meter.denominator, 9, scale, mode, 0)
    if seed % 20 != 19:
        mirror.apply(song)
    tracks = [10 + number for number in range(chance.randint(1, 7))]
    kinds = [chance.choice((MIDI_TRACK, MIDI_TRACK, AUDIO_TRACK, AUDIO_TRACK, GROUP_TRACK)) for _ in tracks]
    for index in chance.sample(range(len(tracks)), len(tracks)):
        state = a_track(tracks[index], index, kinds[index], chance.choice(TRACK_NAMES))
        mirror.apply(state)
        if chance.random() < 0.85:
            mirror.apply(_mixer(chance, state.id))
        if chance.random() < 0.2:
            mirror.apply(EqualiserState(state.id, tuple(chance.choice((0.0, 0.5, 1.0)) for _ in range(40))))
    mirror.apply(a_track(90, 0, RETURN_TRACK, "A-Reverb"))
    mirror.apply(a_track(91, 0, MASTER_TRACK, "Master"))
    scenes = [50 + number for number in range(chance.randint(1, 5))]
    for index in chance.sample(range(len(scenes)), len(scenes)):
        mirror.apply(SceneState(scenes[index], index, chance.choice(("", "verse"))))
    for track, kind in zip(tracks, kinds, strict=True):
        for scene in chance.sample([0, *scenes], chance.randint(0, min(3, len(scenes)))):
            _add_clip(chance, mirror, track, scene, kind == AUDIO_TRACK)
    shown = chance.choice([0, 999, *mirror.clips])
    mirror.apply(Selection(chance.choice([0, 90, *tracks]), chance.choice([0, *scenes, *scenes]), shown))
    if seed % 10 != 9:
        mirror.apply(SetReady(9))
    if chance.random() < 0.3:
        clip = Clip("heard", 4.0, (Note(0.0, 57, 4.0, 90.0),))
        mirror.keep_capture(scenes[0], ScenePart("Voice", clip))
    return mirror


def _mixer(chance: Random, track: int) -> MixerState:
    return MixerState(
        track,
        chance.choice((0.85, 0.85, 0.0, 0.05, 0.4, 0.7, 1.0)),
        chance.choice((0.0, 0.0, -0.3)),
        chance.choice(("", "", "", "volume", "panning,sends")),
        chance.choice(((), (0.0,), (0.25, 0.0), (0.0, 0.5))),
    )


def _add_clip(chance: Random, mirror: SetMirror, track: int, scene: int, is_audio: bool) -> None:
    id = 100 + len(mirror.clips)
    first = chance.choice((0.0, 0.0, 0.0, 1.0, -1.0))
    length = chance.choice((4.0, 4.0, 8.0, 2.5, 16.0))
    marker = chance.choice((first, first, first + 1.0, first - 0.5))
    changed: dict[str, Any] = {
        "is_audio": int(is_audio),
        "name": chance.choice(CLIP_NAMES),
        "color": chance.choice((0, 0xFF)),
        "length": length,
        "looping": chance.choice((1, 1, 0)),
        "loop_start": first,
        "loop_end": first + length,
        "start_marker": marker,
        "end_marker": marker + length,
        "start": chance.choice((8.0, 0.0, 21.5)) if not scene else 0.0,
        "is_playing": int(chance.random() < 0.2),
        "is_recording": int(is_audio and chance.random() < 0.1),
        "numerator": chance.choice((4, 4, 3)),
    }
    mirror.apply(a_clip(id, track, scene, **changed))
    if not is_audio:
        mirror.apply(ClipNotes(id, encode_notes(_records(chance))))
        return
    if chance.random() < 0.9:
        path = chance.choice(("/a/one.wav", "/a/two.wav", "/a/three.wav", ""))
        samples, rate = chance.choice((96_000.0, 441_000.0, 0.0, 2_880_000.0)), chance.choice((48_000.0, 44_100.0, 0.0))
        mirror.apply(ClipAudio(id, path, samples, rate, chance.choice((0, 1, 1, 1)), 0, 0.4))
    if chance.random() < 0.85:
        markers = [(0.0, 0.0), (1.0, 2.0 * chance.choice((1.0, 0.8))), (3.0, 5.5), (40.0, chance.choice((80.0, 5.5)))]
        mirror.apply(ClipWarp(id, encode_warp_markers(markers[: chance.choice((0, 1, 2, 4, 4))])))


def _records(chance: Random) -> list[Any]:
    return [
        a_record(
            chance.choice((0.0, 1.0, 2.5, -0.5, 3.9, 7.0)),
            chance.choice((0.5, 1.0, 4.0, 0.0)),
            chance.choice((36, 38, 57, 60, 64, 130)),
            mute=int(chance.random() < 0.1),
            velocity=chance.choice((100.0, 60.0, 0.0, 140.0)),
            probability=chance.choice((1.0, 1.0, 0.5)),
        )
        for _ in range(chance.randint(0, 6))
    ]


def some_analysis(seed: int) -> Analysis:
    """What may be found in an audio clip: beats that are even, drift, step or are too few, and much that is unknown."""
    chance = Random(seed)
    depth: Depth = chance.choice(("fast", "deep"))
    meter = chance.choice((*METERS, None))
    step = chance.choice((0.5, 0.462, 0.7))
    count = chance.choice((0, 1, 2, 5, 16, 33, 40))
    drift = chance.choice((0.0, 0.0, 0.001, -0.002, 0.03))
    beats, second = list[float](), chance.choice((0.0, 0.1, 0.5))
    for number in range(count):
        beats.append(round(second, 6))
        wobble = chance.choice((0.0, 0.0, 0.006, -0.006)) if seed % 2 else 0.0
        second += step + drift * (number if seed % 3 else (20 if number > 12 else 0)) + wobble
    first = chance.choice((0, 0, 1, 2))
    downbeats = tuple(beats[first :: meter.numerator if meter else 4]) if chance.random() < 0.8 else ()
    duration = (beats[-1] if beats else 0.0) + chance.choice((0.2, 0.5, 4.0, 0.0001))
    bars = chance.choice((None, None, 1, 2, 4)) if count > 2 else None
    bpm = chance.choice((60.0 / step, 60.0 / step, None, 1000.0))
    key = chance.choice((Key(9, "Minor"), Key(0, "Major"), Key(6, "Dorian"), None))
    sure = chance.choice((0.9, 0.8, 0.5, 0.3))
    times = sorted(chance.uniform(0.0, duration) for _ in range(chance.choice((0, 3))))
    sections = tuple(Section(start, start + 1.0, label, 0.5) for start, label in zip(times, "ABC", strict=False))
    loudness = chance.choice((None, Loudness(None, -1.0, None), Loudness(-14.0 - seed % 5, -1.0, 3.0)))
    feel = GrooveProfile((0.0, 1.0), (0.0, 0.02), (90.0, 80.0), (4, 4))
    return Analysis(
        duration,
        depth,
        Rhythm(
            Estimate(bpm, sure, "clip"),
            tuple(beats),
            downbeats,
            Estimate(meter, sure, "clip"),
            loop_bars=Estimate(bars, sure, "clip"),
        ),
        Harmony(Estimate(key, sure, "clip")),
        Groove(whole=feel, confidence=0.8),
        character=Character(sections=sections, loudness=loudness, complexity=Estimate(0.25, 0.6, "clip")),
    )


def recall(passage: Passage) -> Analysis | None:
    """What is known of a passage: of some nothing."""
    seed = crc32(f"{passage.path} {passage.start_ms}".encode())
    return some_analysis(seed % 1000) if seed % 3 else None
