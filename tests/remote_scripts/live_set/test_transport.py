"""Live's transport on its way into the beat clock: from the song's motion to the beat that is predicted."""

from collections.abc import Callable
from typing import Any

import pytest

from musearoo.bridge.midi.clock.live import LiveClock, stamped
from musearoo.bridge.protocol import TransportState
from musearoo.bridge.protocol.midi_process import Transport
from tests.remote_scripts.studio import Studio

_TICK = 0.01


class Follower:
    """The beat clock at the other end, and the song's real place to hold it against."""

    def __init__(self, room: Studio) -> None:
        self.room = room
        self.clock = LiveClock()
        self.late: list[float] = []
        """Milliseconds by which the clock was behind the song (ahead: less than 0), at each tick that was followed."""
        room.daemon.received.clear()

    def follow(self, seconds: float) -> None:
        """Lets Live run so long, and notes at each tick where the clock is."""
        self.late = []
        for _ in range(round(seconds / _TICK)):
            self.room.step(_TICK)
            self.take()
            now = self.room.clock.now()
            line = self.clock.line(now)
            if self.clock.is_there(now):
                self.late.append(1000.0 * (self.beat - line.beat_at(now)) * 60.0 / self.room.live.song.tempo)

    def take(self) -> list[TransportState]:
        """What has come since, handed to the clock."""
        came = self.room.daemon.take(TransportState)
        for told in came:
            when = stamped(told.time, self.room.clock.now())
            loop = (told.loop_start, told.loop_end) if told.loop_end else None
            self.clock.receive(Transport(when, bool(told.playing), told.beat, told.bpm, loop))
        return came

    @property
    def beat(self) -> float:
        """Where the song really is at this moment, between the ticks at which Live shows it."""
        transport: Any = self.room.live.song_model.transport
        if not transport.is_running:
            return float(transport._beat)
        moved = (self.room.clock.now() - transport._time) * transport._tempo / 60.0
        return float(transport._looped(transport._beat, transport._beat + moved))

    @property
    def worst(self) -> float:
        """Milliseconds by which the clock was off at worst."""
        return max(abs(late) for late in self.late)


@pytest.fixture
def follower(room: Studio) -> Follower:
    """A clock that follows a Live which stands."""
    made = Follower(room)
    made.follow(2.1)
    return made


def test_it_is_told_twenty_times_a_second_at_most_and_seldom_while_it_stands(follower: Follower) -> None:
    follower.room.step(5.0)
    assert 2 <= len(follower.take()) <= 3
    assert not follower.clock.line(follower.room.clock.now()).is_running
    follower.room.live.song.start_playing()
    follower.room.step(0.5)
    follower.take()
    follower.room.step(3.0)
    assert 45 <= len(follower.take()) <= 60


def test_the_clock_is_right_from_the_first_tick_on(any_room: Studio) -> None:
    follower = Follower(any_room)
    any_room.live.song.tempo = 133.0
    follower.follow(0.2)
    any_room.live.song.start_playing()
    any_room.step(0.03)
    follower.follow(2.0)
    assert follower.worst < 1.0
    any_room.live.song.stop_playing()
    any_room.step(0.03)
    follower.follow(0.5)
    assert follower.worst < 1e-6


CHANGES: tuple[Callable[[Any], object], ...] = (
    lambda song: setattr(song, "tempo", 144.0),
    lambda song: setattr(song, "tempo", 96.0),
    lambda song: setattr(song, "current_song_time", 64.0),
    lambda song: setattr(song, "current_song_time", 0.0),
    lambda song: song.jump_by(0.25),
)


def test_what_the_user_does_to_it_is_followed_within_three_ticks(follower: Follower) -> None:
    song = follower.room.live.song
    song.start_playing()
    follower.follow(1.0)
    for change in CHANGES:
        change(song)
        follower.follow(0.03)
        # A tempo that is set holds from Live's next tick on: a tick of the wrong tempo is left until it shows.
        follower.follow(0.4)
        assert follower.worst < 6.0
        follower.follow(0.6)
        assert follower.worst < 1.0


def test_a_loop_goes_round_in_time_and_not_when_it_is_told(follower: Follower) -> None:
    song = follower.room.live.song
    song.loop_start, song.loop_length, song.loop = 1.0, 0.75, True
    song.start_playing()
    follower.follow(0.05)
    follower.follow(3.0)
    assert follower.worst < 1.0
    assert song.current_song_time < 1.8


def test_a_ramp_of_the_tempo_is_followed(follower: Follower) -> None:
    song = follower.room.live.song
    song.start_playing()
    follower.follow(0.5)
    late = []
    for step in range(100):
        song.tempo = 120.0 + 0.2 * step
        follower.follow(0.02)
        late += follower.late
    assert max(late) - min(late) < 2.0


def test_a_menu_held_open_stops_nothing(follower: Follower) -> None:
    song = follower.room.live.song
    song.start_playing()
    follower.follow(1.0)
    follower.room.live.stall(3.0)
    follower.follow(1.0)
    assert follower.worst < 1.0


def test_a_stamp_of_another_clock_is_not_taken() -> None:
    assert [stamped(told, 50.0) for told in (49.95, 50.1, 3.0, 1e9)] == [49.95, 50.0, 50.0, 50.0]


def test_nothing_is_listened_to_after_the_daemon_has_gone(room: Studio) -> None:
    room.daemon.hang_up()
    room.step(0.2)
    assert not room.live.song_model.is_observed("current_song_time")
    room.live.song.start_playing()
    room.step(0.5)
    assert not [line for line in room.live.log_lines if "error while" in line]
