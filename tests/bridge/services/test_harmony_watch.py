"""Chords for the device's display: read some time after the set changed, reported when they differ."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from musearoo.bridge.core.events.incoming import Event, HarmonyFound
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import ClipNotes, ClipState, Facts, SceneState, Selection, SetReady, SongState, TrackState
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.services.harmony_watch import MOST_CHORDS, QUIET_FOR, HarmonyWatch, chord_line
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from tests.bridge.services.some_services import some_services
from tests.bridge.stage import Stage, a_song, ready_stage, told
from tests.each_case import each_case


@each_case(
    "chords, line",
    [
        ("Am | F | C | G", "Am F C G"),
        ("Am | Am | F | F", "Am F"),
        ("Am | F | Am | F", "Am F"),
        ("C | D | E | F | G | A | B | Bb | Ab", "C D E F G A B Bb …"),
    ],
)
def test_a_progression_is_shown_once_and_a_long_one_is_cut(chords: str, line: str) -> None:
    assert chord_line(MusicalContext.plain(bpm=100, chords=chords)) == line
    assert len(line.split()) <= MOST_CHORDS + 1


def a_mirror() -> SetMirror:
    """Two bars on the selected scene: A minor, then F."""
    triads = enumerate(((57, 60, 64), (53, 57, 60)))
    notes = [Note(bar * 4.0, pitch, 4.0, 90.0) for bar, triad in triads for pitch in triad]
    mirror = SetMirror()
    for message in (
        SongState("", 120.0, 4, 4, 0, "Major", 0, 0),
        TrackState(1, 0, 0, "Keys", -1, 0, 0, 0, 0),
        SceneState(2, 0, ""),
        ClipState(3, 1, 2, 0.0, 0, "Pads", -1, 8.0, 1, 0.0, 8.0, 0.0, 8.0, 4, 4, 0, 0, 0),
        ClipNotes(3, encode_notes(notes)),
        Selection(1, 2, 0),
        SetReady(3),
    ):
        mirror.apply(message)
    return mirror


def test_chords_are_read_once_the_set_is_at_rest() -> None:
    async def watch() -> list[Event]:
        found: list[Event] = []
        with ThreadPoolExecutor(1) as threads:
            chords = HarmonyWatch(some_services(found.append, {7: a_mirror()}, threads=threads))
            chords.note_change(7, 10.0)
            chords.poll(10.0 + QUIET_FOR / 2)
            await asyncio.sleep(0.02)
            assert found == []
            chords.poll(10.0 + QUIET_FOR)
            chords.poll(10.0 + QUIET_FOR)
            while not found:
                await asyncio.sleep(0.01)
        return found

    (reported_,) = asyncio.run(watch())
    assert isinstance(reported_, HarmonyFound)
    assert (reported_.link, reported_.key, reported_.chords) == (7, "A minor", "Am F")


def test_the_sets_own_key_comes_before_that_of_the_scene() -> None:
    stage = Stage()
    stage.hello()
    stage.live(song=a_song(scale_mode=0))
    (facts,) = told(stage.play(HarmonyFound(stage.now, 1, "C major", "")), Facts)
    assert facts.key == "C major"
    (facts,) = told(stage.script(a_song()), Facts)
    assert facts.key == "A minor"


def test_devices_hear_of_chords_when_they_are_others() -> None:
    stage, _ = ready_stage()
    (facts,) = told(stage.play(HarmonyFound(stage.now, 1, "A minor", "Am F")), Facts)
    assert facts.chords == "Am F"
    assert stage.play(HarmonyFound(stage.now, 1, "A minor", "Am F")) == []
    assert stage.play(HarmonyFound(stage.now, 99, "C major", "C")) == []
