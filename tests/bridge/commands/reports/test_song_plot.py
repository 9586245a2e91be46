"""The picture of a song: drawn of any parts, another one for other music, and clear errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from musearoo.bridge.audio.rendering import SongPart
from musearoo.bridge.commands.reports.song_plot import plot_song
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from tests.optional import require

require("matplotlib")

BEAT = Clip("beat", 8.0, tuple(Note(float(beat), (36, 38, 56)[beat % 3], 0.25, 100.0) for beat in range(8)))
LINE = Clip("line", 8.0, tuple(Note(float(beat), 40 + beat, 1.0, 20.0 + 10 * beat) for beat in range(8)))


def test_a_song_is_drawn_with_and_without_its_form(tmp_path: Path) -> None:
    parts = (SongPart("drums", BEAT, None), SongPart("$bass", LINE, 33), SongPart("silent", Clip("s", 8.0), 4))
    pictures = []
    for number, options in enumerate(
        ({}, {"title": "Song", "sections": (("Verse 1", 0.0), ("Chorus", 4.0)), "chords": parse_progression("Am F")})
    ):
        path = tmp_path / f"{number}.png"
        plot_song(parts, path, **options)  # type: ignore[arg-type]
        pictures.append(path.read_bytes())
        assert pictures[-1].startswith(b"\x89PNG")
    assert pictures[0] != pictures[1]


def test_what_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamError, match="at least one part"):
        plot_song((), tmp_path / "x.png")
    with pytest.raises(ParamError, match=r"\.png, \.svg, \.pdf"):
        plot_song((SongPart("drums", BEAT, None),), tmp_path / "x.gif")
