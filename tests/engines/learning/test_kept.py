"""What is learned from songs, as it was kept: the data of a preset for each style that taught."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engines.band.scene import play_scene
from engines.learning.bass import learn_bass
from engines.learning.drums import learn_drums
from engines.learning.harmony import learn_harmony, learn_vamp
from engines.learning.heard_song import HeardSong
from engines.learning.melody import learn_melody
from engines.learning.style import learn_style, nearest_style
from engines.learning.timing import learn_feel, learn_swing, learn_tempo
from engines.learning.touch import learn_levels
from engines.learning.writing import write_style
from engines.music.context import MusicalContext, Part, Role
from engines.music.meter import Meter
from engines.params import EngineParams
from tests.engines.learning.songs import heard_from_file, songs_in
from tests.engines.presets_on_disk import STYLES
from tests.kept import Outcome, check_kept

ROLES: tuple[Role, ...] = ("drums", "bass", "harmony", "melody")
TEACHERS = ("funk", "house", "bossa nova", "jazz swing", "reggae", "metal")


def outcomes() -> Iterator[Outcome]:
    for style in TEACHERS:
        songs = songs_in(style, 6)
        learned = learn_style(songs, "mine", STYLES["rock"])
        for section, data in learned.data.items():
            yield f"{style}, {section}", data
        yield f"{style}, told", (learned.learned, learned.missing, learned.left_out, nearest_style(songs, STYLES).name)
        yield f"{style}, written", write_style(learned.data, "By hand.")
    for number, style in enumerate(STYLES):
        tunes = [_tune(style, seed, number) for seed in range(2 + number % 3)]
        for learn in (learn_melody, learn_bass, learn_drums, learn_harmony):
            yield f"{style}, {learn.__name__}", learn(tunes, {})
        yield f"{style}, time", (learn_tempo(tunes), learn_swing(tunes), learn_feel(tunes), learn_vamp(tunes))
    for velocities in ([80.0], [90.0, 30.0], [1.0, 64.0, 127.0, 100.0, 99.0]):
        yield f"levels {velocities}", (learn_levels(velocities), learn_levels(velocities, [12.0, 30.0], 9.0))
    for style in TEACHERS[:2]:
        heard = heard_from_file(songs_in(style, 6)[0])
        yield f"{style}, a file", (heard.bpm, heard.meter, heard.bars, heard.swing, heard.chords, heard.key)
        learned = learn_style([heard], "one", STYLES["pop"])
        for section, data in learned.data.items():
            yield f"{style}, a file, {section}", data


def _tune(style: str, seed: int, number: int) -> HeardSong:
    """Eight bars of the whole band, drums left out now and then."""
    preset = STYLES[style]
    params = EngineParams(
        style=preset, bars=8, complexity=(0.1, 0.5, 0.9)[(seed + number) % 3], humanise=0.5 * (seed % 3)
    )
    meter = Meter(*((4, 4), (4, 4), (3, 4), (6, 8))[number % 4])
    context = MusicalContext.plain(bpm=preset.tempo.usual + seed, meter=meter)
    scene = play_scene(params, context, seed, ROLES[number % 5 == 4 :])
    return HeardSong(
        name=f"{style} {seed}",
        bpm=context.bpm,
        meter=meter,
        bars=tuple(bar * meter.bar_beats for bar in range(8)),
        swing=preset.swing.swing,
        tells_swing=seed % 2 == 0,
        parts=tuple(Part(take.role, take.role, take.clip) for take in scene.takes),
        chords=scene.chords,
        key=scene.context.key.value,
    )


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
