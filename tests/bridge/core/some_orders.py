"""Orders that are read from a mirror and composed, by all engines and in the styles that come with MuseAroo."""

from dataclasses import replace
from typing import Any

from musearoo.bridge.core.composing import Players, prepare_composition
from musearoo.bridge.core.events.effects import Compose, Request
from musearoo.bridge.live_set.mirror import RETURN_TRACK, SetMirror
from musearoo.bridge.protocol import (
    ClipNotes,
    CreateClip,
    Generate,
    Mix,
    MixerState,
    Refine,
    WriteSong,
)
from musearoo.bridge.protocol.codec import NoteRecord, decode_notes, encode_bundle, encode_notes
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.engines.music.clip import Clip
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from tests.bridge.live_set.test_mirror import a_clip, a_record, a_track
from tests.bridge.requests.test_generate import KEYS, VERSE, a_set, styles

BAND = Generate(500, 1, "band", "funk", 4, 7, 0.5, 0.5, 0.5, 0.0, "", "", -1, 1, 0)
SONG = WriteSong(500, 1, "house", "", 45.0, 7, 0.5, "", 0)
REFINE = Refine(500, 1, "busier", "", 0, 0, 0, 0, 7, 2, 1, 0)
MIX = Mix(500, 1, "funk", "", 1)


def breaks(*_: object) -> Clip:
    raise ZeroDivisionError("no tempo")


def composed(
    request: Request, mirror: SetMirror | None = None, engines: tuple[EngineRecord, ...] = ENGINES, **changed: Any
) -> Composition:
    """What becomes of a request."""
    press = Compose((500, 1), 1, "device-1:1", replace(request, **changed), 44_100, 20.0)
    players = Players(engines, styles(), play_with_patience, PatternLibrary())
    return prepare_composition(mirror or a_set(), press, players, 1_800_000_000.0, lambda _: None)()


def of_kind(messages: tuple[Message, ...], kind: type[Message]) -> list[Any]:
    """The messages of one kind."""
    return [message for message in messages if isinstance(message, kind)]


def a_mixed_set() -> SetMirror:
    """A drum track, a bass track and the keys, with a reverb to send to."""
    drums = [a_record(beat / 2, 0.25, pitch) for beat, pitch in enumerate((36, 42, 38, 42, 36, 42, 38, 42))]
    bass = [a_record(float(beat), 0.9, 33) for beat in range(4)]
    return a_set(
        a_track(50, 5, name="DrummaRoo"),
        a_track(51, 6, name="Bass"),
        a_track(9, 0, RETURN_TRACK, "A-Reverb"),
        a_clip(60, 50, VERSE),
        ClipNotes(60, encode_notes(drums)),
        a_clip(61, 51, VERSE),
        ClipNotes(61, encode_notes(bass)),
        *(MixerState(track, 0.85, 0.0, "", (0.0,)) for track in (50, 51, KEYS)),
    )


def takes_of(made: Composition) -> list[CreateClip]:
    """The clips of a composition that can be sent."""
    encode_bundle(made.messages)
    clips: list[CreateClip] = of_kind(made.messages, CreateClip)
    return clips


def notes_of(clip: CreateClip) -> tuple[NoteRecord, ...]:
    return decode_notes(clip.notes)


def one_clip(press: Generate, **changed: Any) -> tuple[NoteRecord, ...]:
    (clip,) = takes_of(composed(press, **changed))
    return notes_of(clip)


def mean(notes: tuple[NoteRecord, ...], field: str) -> float:
    total: float = sum(getattr(note, field) for note in notes)
    return total / len(notes)


def on_the_bars(notes: tuple[NoteRecord, ...]) -> list[int]:
    """The pitch classes of a line at the beginnings of bars."""
    return [note.pitch % 12 for note in notes if (note.start + 0.1) % 4.0 < 0.2]
