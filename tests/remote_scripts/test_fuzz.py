"""Mutated transactions: each is answered, none raises, and what is refused has changed nothing."""

import random

from musearoo.bridge.protocol import (
    CreateArrangementClip,
    CreateLocator,
    CreateScene,
    CreateStem,
    CreateTrack,
    Delete,
    Edit,
    Error,
    MuteClip,
    ReadNotes,
    Rename,
    ReplaceNotes,
    Result,
    SetLoop,
    SetMeter,
    SetMixer,
    SetRouting,
    SetScale,
    SetSend,
    SetTempo,
    SetWarping,
    SetWarpMarkers,
    Transaction,
)
from musearoo.bridge.protocol.codec import decode, encode_bundle, encode_notes, encode_warp_markers
from musearoo.bridge.protocol.framing import encode_frame
from musearoo.bridge.protocol.types import Route
from tests.remote_scripts.studio import Studio, clip_edit, some_notes

_ROUNDS = 1500


def _edit(chance: random.Random, ids: list[int], path: str) -> Edit:
    some = chance.choice(ids)
    notes = encode_notes(some_notes(3))
    edits: list[Edit] = [
        clip_edit(some, chance.choice(ids), where=chance.randrange(3), notes=some_notes(3)),
        CreateArrangementClip(some, 50 * chance.random(), 4.0, "", -1, notes),
        CreateScene(some, "scene"),
        CreateStem(chance.choice(ids[:2]), some, path, "stem", -1),
        CreateTrack(chance.randrange(2), some, "track", -1),
        Delete(chance.randrange(1, 60), chance.randrange(2)),
        Rename(some, "name" * chance.randrange(3), chance.randrange(-1, 1 << 24)),
        MuteClip(some, chance.randrange(2)),
        ReplaceNotes(some, notes),
        SetMeter(chance.randrange(1, 99), 8),
        SetMixer(some, chance.choice(["volume", "panning", "mute", "solo"]), chance.choice([0.0, 1.0, 0.5, -0.5])),
        SetRouting(some, "output type", chance.choice(["Main", "Sends Only", "Moon"])),
        SetScale(chance.randrange(12), chance.choice(["Minor", "Jolly"])),
        SetSend(some, chance.randrange(12), 0.5),
        SetTempo(chance.uniform(20, 999)),
        SetLoop(some, chance.randrange(-1, 2), chance.uniform(0, 4), chance.uniform(2, 8), chance.uniform(0, 4)),
        SetWarping(some, chance.randrange(-1, 2), chance.randrange(-1, 7)),
        SetWarpMarkers(some, encode_warp_markers([(0.0, chance.uniform(-4, 4)), (chance.uniform(0.5, 3), 4.5)])),
        CreateLocator(float(chance.randrange(64)), "name"),
    ]
    return chance.choice(edits)


def test_mutated_transactions_are_answered_and_refusals_change_nothing(room: Studio, loop_file: str) -> None:
    chance = random.Random(7)
    room.live.song.tracks[2].clip_slots[0].create_audio_clip(loop_file)
    room.live.song.tracks[2].create_audio_clip(loop_file, 8.0)
    room.step()
    room.live.context.journal.forget()
    ids = [
        *room.clips,
        *(track.id for track in room.tracks),
        *(scene.id for scene in room.scenes),
        -1,
        -2,
        -60,
        0,
        99999,
    ]
    sent: list[bytes] = []
    room.script._requests._send = sent.append
    song, performed = room.live.song, 0
    for number in range(_ROUNDS):
        edits = [_edit(chance, ids, loop_file) for _ in range(chance.randrange(1, 5))]
        packet = bytearray(encode_bundle([Transaction(f"request {number}", 0.0), *edits]))
        for _ in range(chance.choice([0, 0, 1, 3])):
            packet[chance.randrange(len(packet))] = chance.randrange(256)
        before = room.snapshot()
        sent.clear()
        room.script._requests.answer(bytes(packet))
        while room.script._requests.is_busy:
            room.step(0.01)
        answers = [message for answer in sent for message in decode(answer, Route.SCRIPT_TO_DAEMON)]
        assert answers
        assert all(isinstance(answer, Result | Error) for answer in answers)
        if isinstance(answers[0], Error):
            assert room.snapshot() == before
        elif room.snapshot() != before:
            performed += 1
            song.undo()
            assert room.snapshot() == before
    assert performed > 50
    assert not [line for line in room.live.log_lines if "RemoteScriptError" in line or "answering a request" in line]


def test_each_question_of_a_bundle_gets_its_answer(room: Studio) -> None:
    packet = encode_bundle([ReadNotes("a", 4711), SetTempo(100.0), ReadNotes("b", 4712)])
    room.daemon.send_bytes(encode_frame(packet))
    room.step()
    assert [error.request for error in room.daemon.of(Error)] == ["a", "", "b"]
    assert room.live.song.tempo == 120.0
