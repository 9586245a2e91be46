"""What is learned from songs, as it was kept: the data of a preset for each style that taught."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engines.learning.style import learn_style, nearest_style
from engines.learning.writing import write_style
from tests.engines.learning.songs import heard_from_file, songs_in
from tests.engines.presets_on_disk import STYLES
from tests.kept import Outcome, check_kept

TEACHERS = ("funk", "house", "bossa nova", "jazz swing", "reggae", "metal")


def outcomes() -> Iterator[Outcome]:
    for style in TEACHERS:
        songs = songs_in(style, 6)
        learned = learn_style(songs, "mine", STYLES["rock"])
        for section, data in learned.data.items():
            yield f"{style}, {section}", data
        yield f"{style}, told", (learned.learned, learned.missing, learned.left_out, nearest_style(songs, STYLES).name)
        yield f"{style}, written", write_style(learned.data, "By hand.")
    for style in TEACHERS[:2]:
        heard = heard_from_file(songs_in(style, 6)[0])
        yield f"{style}, a file", (heard.bpm, heard.meter, heard.bars, heard.swing, heard.chords, heard.key)
        learned = learn_style([heard], "one", STYLES["pop"])
        for section, data in learned.data.items():
            yield f"{style}, a file, {section}", data


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
