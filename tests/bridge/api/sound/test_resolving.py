"""What of a clip plays: its loop or from marker to marker, in its notes, or in seconds of its file."""

from __future__ import annotations

from typing import Any

from tests.optional import require

require("fastapi", "sqlalchemy")

from musearoo.bridge.api.sound.resolving import notes_of, seconds_of
from musearoo.bridge.api.types.clips import ClipDetail


def clip(**fields: Any) -> ClipDetail:
    usual: dict[str, Any] = {
        "id": 1,
        "kind": "midi",
        "name": "keys",
        "length": 4.0,
        "looping": True,
        "loop_start": 2.0,
        "loop_end": 6.0,
        "start_marker": 0.0,
        "end_marker": 8.0,
        "time_signature": "3/4",
    }
    return ClipDetail(**{**usual, **fields})


NOTES = ((0.0, 60, 1.0, 90), (2.0, 62, 0.5, 80), (3.0, 64, 0.5, 70), (5.5, 65, 2.0, 60), (6.0, 67, 1.0, 50))


def test_notes_of_the_loop_are_cut_at_its_end() -> None:
    source = notes_of(clip(notes=NOTES, muted=(2,)), "harmony", "funk")
    assert source.notes == ((0.0, 62, 0.5, 80), (3.5, 65, 0.5, 60))
    assert (source.beats, source.role, source.style, source.time_signature) == (4.0, "harmony", "funk", "3/4")
    once = notes_of(clip(notes=NOTES, looping=False), "", "")
    assert [note[0] for note in once.notes] == [0.0, 2.0, 3.0, 5.5, 6.0]
    assert once.beats == 8.0


def test_seconds_of_an_audio_clip_follow_its_warp_markers() -> None:
    cases: list[tuple[dict[str, Any], tuple[float, float | None]]] = [
        ({"warped": False}, (2.0, 6.0)),
        ({"warped": True, "warp": ((0.0, 0.0), (4.0, 8.0))}, (1.0, 3.0)),
        ({"warped": True, "warp": ((0.5, 0.0), (1.5, 4.0), (2.5, 5.0))}, (1.0, 3.5)),
        ({"warped": True, "warp": ((10.0, 0.0),)}, (0.0, None)),
    ]
    for fields, expected in cases:
        assert seconds_of(clip(kind="audio", **fields)) == expected, fields
