"""Finding the daemon, being admitted or refused, losing it and coming back; whatever comes on the socket."""

import random
from pathlib import Path

import pytest

from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Error,
    Heartbeat,
    Refusal,
    Say,
    ScriptHello,
    ScriptRefused,
    ScriptWelcome,
    SetReady,
    SongState,
)
from musearoo.bridge.protocol.codec import encode
from musearoo.bridge.protocol.framing import encode_frame
from tests.remote_scripts.studio import TOKEN, Studio, clip_edit, studio


def _log(room: Studio) -> list[str]:
    return [line.partition("MuseAroo: ")[2] for line in room.live.log_lines]


def test_hello_carries_token_and_versions(any_room: Studio) -> None:
    (hello,) = any_room.daemon.of(ScriptHello)
    assert (hello.token, hello.wire_version, hello.script_version) == (TOKEN, WIRE_VERSION, "0.1.0")
    assert hello.live_version == any_room.live.shape.live_version
    assert len(hello.instance) == 32


def test_the_script_keeps_its_name_until_live_makes_it_anew_for_another_set(home: Path) -> None:
    names = []
    for _ in range(2):
        with studio(home) as room:
            first = room.daemon.last(ScriptHello).instance
            room.daemon.hang_up()
            room.daemon.received.clear()
            room.connect_again()
            assert room.daemon.last(ScriptHello).instance == first
            names.append(first)
    assert names[0] != names[1]


def test_nothing_is_told_before_the_welcome(home: Path) -> None:
    with studio(home, connected=False) as room:
        room.daemon.listen()
        room.step_until(lambda: room.daemon.of(ScriptHello))
        room.step(1.0)
        assert [type(message) for message in room.daemon.received] == [ScriptHello]


def test_it_connects_in_any_order_and_logs_each_state_once(home: Path) -> None:
    with studio(home, connected=False) as room:
        room.step(60.0)
        assert sum("has not been started yet" in line for line in _log(room)) == 1
        room.connect()
        room.daemon.close()
        room.step(300.0)
        assert len(_log(room)) <= 6, _log(room)
        room.daemon.received.clear()
        room.connect()
        assert room.daemon.of(SongState)


def test_reconnecting_tells_the_set_again_with_the_same_ids(room: Studio) -> None:
    before = (room.tracks, room.scenes)
    room.daemon.hang_up()
    room.daemon.received.clear()
    room.step_until(lambda: room.daemon.of(ScriptHello), 1.0)
    room.daemon.send(ScriptWelcome(WIRE_VERSION, "0.1.0"))
    room.step_until(lambda: room.daemon.of(SetReady))
    assert (room.tracks, room.scenes) == before


def test_a_refusal_is_shown_once_and_tried_again_every_five_seconds(home: Path) -> None:
    with studio(home, connected=False) as room:
        room.daemon.listen()
        hellos = 0
        for _ in range(3):
            room.step_until(lambda: room.daemon.of(ScriptHello))
            hellos += len(room.daemon.take(ScriptHello))
            room.daemon.send(ScriptRefused(Refusal.WRONG_TOKEN, "The token is wrong: run musearoo install."))
            room.step(4.5)
            assert not room.daemon.is_connected
        assert hellos == 3
        assert list(room.live.host.status_messages) == ["The token is wrong: run musearoo install."]
        assert sum("The token is wrong" in line for line in _log(room)) == 1


def test_a_daemon_of_another_version_is_one_sentence(home: Path) -> None:
    with studio(home, connected=False) as room:
        room.daemon.listen()
        room.step_until(lambda: room.daemon.of(ScriptHello))
        room.daemon.send(ScriptWelcome(WIRE_VERSION + 1, "9.9"))
        room.step(0.1)
        assert not room.daemon.is_connected
        (shown,) = room.live.host.status_messages
        assert "(version 9.9) do not fit together: run `musearoo install`" in shown


def test_the_daemon_can_speak_in_the_status_bar(room: Studio) -> None:
    room.daemon.send(Say("Four bars of drums, 23 ms."))
    room.step()
    assert list(room.live.host.status_messages) == ["Four bars of drums, 23 ms."]


def test_heartbeats_come_four_times_a_second_and_tell_a_freeze(room: Studio) -> None:
    room.daemon.received.clear()
    room.step(2.0)
    beats = room.daemon.take(Heartbeat)
    assert 7 <= len(beats) <= 9
    assert [beat.sequence for beat in beats] == list(range(beats[0].sequence, beats[0].sequence + len(beats)))
    assert max(beat.largest_gap_ms for beat in beats) < 30
    assert beats[-1].objects == 15
    room.live.stall(5.0)
    room.step(0.5)
    assert max(beat.largest_gap_ms for beat in room.daemon.of(Heartbeat)) >= 5000


def test_requests_that_came_during_a_freeze_are_done_afterwards(room: Studio) -> None:
    room.live.open_menu(5.0)
    result = room.do(clip_edit(room.tracks[0].id, room.scenes[0].id))
    assert result.ids[1] == 16


def test_a_killed_timer_is_mended(room: Studio) -> None:
    room.live.kill_timers()
    room.step(0.5)
    room.daemon.take(Heartbeat)
    room.step(2.0)
    beats = room.daemon.of(Heartbeat)
    assert len(beats) >= 7
    assert max(beat.largest_gap_ms for beat in beats) < 30


def test_half_a_frame_and_silence_hurt_nothing(room: Studio) -> None:
    frame = encode_frame(encode(Say("late but whole")))
    room.daemon.send_bytes(frame[:9])
    room.daemon.received.clear()
    room.step(10.0)
    assert len(room.daemon.of(Heartbeat)) >= 39
    room.daemon.send_bytes(frame[9:])
    room.step()
    assert list(room.live.host.status_messages) == ["late but whole"]


def test_a_stream_out_of_step_is_closed_and_taken_up_again(room: Studio) -> None:
    room.daemon.send_bytes(b"\xc0 \xdb\x01 \xc0")
    room.step(0.1)
    assert not room.daemon.is_connected
    room.daemon.received.clear()
    room.step_until(lambda: room.daemon.of(ScriptHello), 1.0)


def test_a_listener_that_is_no_daemon_is_left_again(home: Path) -> None:
    with studio(home, connected=False) as room:
        room.daemon.listen()
        room.step_until(lambda: room.daemon.of(ScriptHello))
        room.daemon.send_bytes(encode_frame(b"HTTP/1.1 400 Bad Request"))
        room.step(0.1)
        assert not room.daemon.is_connected
        room.daemon.received.clear()
        room.step_until(lambda: room.daemon.of(ScriptHello))
        room.step(6.0)
        assert "does not answer as MuseAroo does" in "\n".join(_log(room))


def test_a_fuzzed_stream_is_answered_or_closed_and_never_raises(room: Studio) -> None:
    random_bytes = random.Random(4)
    for _ in range(400):
        if not room.daemon.is_connected:
            room.daemon.received.clear()
            room.step_until(lambda: room.daemon.of(ScriptHello), 3.0)
            room.daemon.send(ScriptWelcome(WIRE_VERSION, "0.1.0"))
            room.step_until(lambda: room.daemon.of(SetReady))
        packet = bytearray(encode(Say("x" * random_bytes.randrange(40))))
        for _ in range(random_bytes.randrange(8)):
            packet[random_bytes.randrange(len(packet))] = random_bytes.randrange(256)
        framed = encode_frame(bytes(packet)) if random_bytes.random() < 0.9 else bytes(packet)
        try:
            room.daemon.send_bytes(framed)
        except OSError:
            room.daemon.hang_up()
        room.step(0.01)
    assert not [line for line in _log(room) if "error while" in line]
    assert not [line for line in room.live.log_lines if "RemoteScriptError" in line]


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b"junk", "not OSC"),
        (b"/roo/nowhere\0\0\0\0,\0\0\0", "not an address that the Remote Script knows"),
        (b"#bundle\0\0\0\0\0\0\0\0\1", "nothing at all"),
    ],
)
def test_each_strange_packet_gets_one_error(room: Studio, packet: bytes, why: str) -> None:
    room.daemon.received.clear()
    room.daemon.send_bytes(encode_frame(packet))
    room.step(0.1)
    (error,) = room.daemon.of(Error)
    assert (error.request, error.code, error.edit) == ("", Refusal.BAD_MESSAGE, 0)
    assert why in error.sentence


def test_quitting_takes_everything_along(home: Path) -> None:
    with studio(home) as room:
        listeners = room.live.context.listener_count
        assert listeners > 50
        room.live.host.disconnect()
        assert room.live.context.listener_count == 0
        room.step(1.0)
        assert not room.daemon.is_connected
