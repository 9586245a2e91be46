"""The jam of `musearoo midi jam` beside a clock that is told: what is sent when, without ports and without waiting."""

from __future__ import annotations

import queue

from musearoo.bridge.commands.midi.jamming import CLICK, Band, Composer, Jamming, JamOptions
from musearoo.bridge.midi.parts.jam import part_number
from musearoo.bridge.protocol.midi_process import ClockSource, ClockState, Command, Incoming, Play, Silence
from musearoo.engines.errors import EngineError
from musearoo.engines.improvisation.jam.composing import Answer, Compose
from musearoo.engines.improvisation.jam.responding import ResponseRequest
from musearoo.engines.improvisation.jam.turns import Jam
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.band.catalogue import ENGINES
from tests.engines.presets_on_disk import STYLES

BPM = 120.0
BAND = Band(ENGINES, ResponseRequest(STYLES["funk"]), Meter())


class AtOnce(Composer):
    """Composes while it is asked; fails with what `failure` is."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.ready = queue.SimpleQueue()
        self.asked: list[tuple[Compose, Recording]] = []
        self._failure = failure

    def put(self, jam: Jam, order: Compose, recording: Recording, bpm: float) -> None:
        self.asked.append((order, recording))
        answer: Answer | Exception = self._failure or BAND.compose(order, recording, bpm)
        self.ready.put((jam, order, answer))


class Room:
    """A jam, its clock, and all that it sends and says."""

    def __init__(self, options: JamOptions, failure: Exception | None = None) -> None:
        self.sent: list[Command] = []
        self.said: list[str] = []
        self.composer = AtOnce(failure)
        self.jamming = Jamming(BAND, options, self.composer, self.sent.append, self.said.append)

    def pass_beats(self, begin: float, end: float, chords: bool = False, shift: float = 0.0) -> None:
        """The clock from one beat to another, told five times a second; with `chords` A minor is struck on each.

        `shift`: seconds, for a clock that was moved.
        """
        steps = round((end - begin) * 25)
        for step in range(steps):
            beat = begin + step / 25
            now = beat * 60.0 / BPM + shift
            if step % 10 == 0:
                self.tell(beat, now)
            if chords and step % 25 in (0, 20):
                for pitch in (57, 60, 64):
                    data = bytes((0x90, pitch, 90 if step % 25 == 0 else 0))
                    self.jamming.hear(Incoming(now, beat, "Keys", data))
            self.jamming.tick(now)

    def tell(self, beat: float, now: float, is_running: bool = True) -> None:
        """Where the clock is."""
        self.jamming.follow(ClockState(now, ClockSource.MIDI, is_running, beat, BPM, 0.0))

    def plays(self, number: int) -> list[Play]:
        """What was sent to play as a part of that number."""
        return [order for order in self.sent if isinstance(order, Play) and order.number == number]


def test_clicks_lead_in_and_end_where_the_band_begins() -> None:
    room = Room(JamOptions(bars=1))
    room.pass_beats(1.0, 13.0, chords=True)
    (click,) = room.plays(CLICK)
    assert click.start == 4.0
    assert click.part.loops
    # A bar of clicks from beat 4, the player's turn from 8, the band's from 12.
    assert Silence(CLICK, 12.0) in room.sent
    starts = {order.start for order in room.sent if isinstance(order, Play) and order.number != CLICK}
    assert starts == {12.0}
    assert any(sentence.startswith("Bar 3: your turn, 1 bar.") for sentence in room.said)


def test_what_was_played_is_what_is_answered() -> None:
    room = Room(JamOptions(bars=1, who="melodyroo", has_click=False))
    room.pass_beats(-0.5, 9.0, chords=True)
    order, recording = room.composer.asked[-1]
    assert order.has_played
    assert {note.pitch for note in recording.notes} == {57, 60, 64}
    (answer,) = [answer for answer in room.jamming.played.answers if answer["beat"] == 8.0]
    assert "melodyroo" in answer["who"]
    assert answer["beats_ahead"] >= 1.0
    assert answer["reason"] == "MelodyRoo answers, as you wish."
    assert answer["stage"] == "final"
    assert room.plays(CLICK) == []
    assert room.jamming.played.notes > 10
    assert room.jamming.chord in ("", "Am")


def test_each_part_of_the_band_has_its_channel() -> None:
    room = Room(JamOptions(bars=2, has_click=False))
    room.pass_beats(-0.5, 13.0, chords=True)
    by_engine = {engine.name: room.plays(part_number(engine.name, ENGINES)) for engine in ENGINES}
    (drums, *_) = by_engine["drummaroo"]
    assert {message.data[0] & 0x0F for message in drums.part.messages} == {9}
    (bass, *_) = by_engine["bassaroo"]
    assert {message.data[0] & 0x0F for message in bass.part.messages} == {1}
    assert bass.part.messages[0].data[0] & 0xF0 == 0xC0  # its programme comes first


def test_a_clock_that_stops_and_starts_restarts_the_jam() -> None:
    room = Room(JamOptions(bars=1, has_click=False))
    room.pass_beats(-0.5, 13.0, chords=True)
    playing = {order.number for order in room.sent if isinstance(order, Play)}
    room.sent.clear()
    room.tell(13.0, 6.5, is_running=False)
    room.jamming.tick(6.6)
    assert {order.number for order in room.sent if isinstance(order, Silence)} <= playing
    assert any(isinstance(order, Silence) and order.beat is None for order in room.sent)
    assert "The clock stands: start it at your sequencer." in room.said
    turns = room.jamming.played.turns
    room.pass_beats(14.0, 21.0, shift=3.0)
    assert room.jamming.played.turns == turns + 1


def test_a_clock_that_jumps_restarts_the_jam() -> None:
    room = Room(JamOptions(bars=1, has_click=False))
    room.pass_beats(-0.5, 9.0, chords=True)
    said = len(room.said)
    room.pass_beats(100.0, 101.0, shift=-45.5)
    assert room.said[said:] == ["A bar more, then it is your turn."]
    assert room.jamming.beats_left(5.0) is None


def test_an_answer_that_fails_is_reported_and_the_jam_goes_on() -> None:
    room = Room(JamOptions(bars=1, has_click=False), failure=EngineError("the drummer is ill."))
    room.pass_beats(-0.5, 17.0, chords=True)
    assert "An answer failed, and what stands by plays: the drummer is ill." in room.said
    assert set(room.jamming.played.failed) == {"the drummer is ill."}
    assert room.jamming.played.turns == 4


def test_the_end_is_silent() -> None:
    room = Room(JamOptions(bars=1))
    room.pass_beats(0.0, 6.0)
    room.sent.clear()
    room.jamming.end(3.0)
    assert Silence(CLICK) in room.sent
    room.sent.clear()
    room.jamming.end(3.1)
    assert room.sent == []


def test_every_engine_has_a_number_of_its_own() -> None:
    assert len({CLICK, *(part_number(engine.name, ENGINES) for engine in ENGINES)}) == len(ENGINES) + 1


def test_the_real_composer_hands_over_what_it_ends_with() -> None:
    composer = Composer(BAND)
    jam = Jam(1, Meter(), 0.0, who="nobody")
    (order,) = (action for action in jam.tick(0.0) if isinstance(action, Compose))
    room = Room(JamOptions())
    room.pass_beats(-0.5, 5.0)
    composer.put(jam, order, room.composer.asked[0][1], BPM)
    whose, what, failure = composer.ready.get(timeout=10.0)
    assert (whose, what) == (jam, order)
    assert "nobody" in str(failure)
