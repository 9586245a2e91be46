"""Audio at work beside what is measured: clips that the daemon hears, and a split by the DSP separator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from musearoo.bridge.cache.catalogue import ANALYSES
from musearoo.bridge.live_set.listening import SCENES_IN_VIEW
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.audio.synthesis.stem import RATE
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.players.band.scene import play_scene
from musearoo.engines.players.params import EngineParams
from musearoo.tools.studio.device_presses import Press
from musearoo.tools.studio.processes import Studio, StudioError, write_set
from musearoo.tools.studio.synthesiser import render_parts

TRACKS: Final = 8
"""Audio tracks that the heard clips are on, one below the other."""
FIRST_SCENE: Final = 1
"""The scene of the first heard clips: presses go into the one above, where nothing else plays."""
SPLIT_SLOT: Final = (TRACKS + 1, 3 * SCENES_IN_VIEW)
"""Track and scene of the clip that is split: out of view, so that it is not heard as well."""
BPM: Final = 100.0
PASSES: Final = 3
"""How often each clip's eight bars are repeated: a minute in all, a fifth of a second of analysis."""
SPLIT_SECONDS: Final = 900
"""The length of the file that is split: two minutes of work for a core and a half."""
BEGUN_WITHIN: Final = 60.0
PLAYED_AS: Final[dict[Role, str]] = {"drums": "drums", "bass": "bass", "harmony": "keys", "melody": "lead"}


class Hearing:
    """A set with audio clips, whose files are in `folder`: the daemon hears them again and again, beside a split."""

    def __init__(self, folder: Path, clips: int) -> None:
        self._folder, self._clips = folder, clips
        self._rounds = 0
        self._split: Press | None = None
        for number in range(clips):
            _write_music(folder / f"clip {number}.wav", number)
        noise = np.random.default_rng(0).uniform(-0.3, 0.3, SPLIT_SECONDS * RATE)
        soundfile.write(folder / "long.wav", noise, RATE, subtype="PCM_16")

    @property
    def settings(self) -> str:
        """The settings of a daemon that may read the files."""
        return f"audio_folders: [{json.dumps(str(self._folder))}]\n"

    def write_set(self) -> Path:
        """Write the set, still without clips: a MIDI track for the presses, and audio tracks."""
        tracks = [{"kind": "midi", "given_name": "Keys"}, *({"kind": "audio"} for _ in range(TRACKS + 1))]
        description: dict[str, object] = {
            "song": {"tempo": BPM},
            "scenes": [{}] * (SPLIT_SLOT[1] + 1),
            "tracks": tracks,
        }
        return write_set(self._folder / "set.json", description)

    def begin(self, studio: Studio) -> None:
        """Put the clips into the set, and split the long one once the daemon has heard another.

        Raises NoAnswerError if it hears none.
        """
        track, scene = SPLIT_SLOT
        studio.live.call(f"song.tracks[{track}].clip_slots[{scene}].create_audio_clip", str(self._folder / "long.wav"))
        for number in range(self._clips):
            studio.live.call(f"{_slot(number)}.create_audio_clip", str(self._folder / f"clip {number}.wav"))
        self._rounds = 1
        studio.device.wait_until(lambda: self._heard(studio) > 0, BEGUN_WITHIN, "clip that was heard")
        self._split = studio.device.split(track=track, scene=scene, backend="dsp")

    def go_on(self, studio: Studio) -> None:
        """Move the clips' loops by a beat once all are heard, so that they are heard anew.

        Raises StudioError if the split has ended: what follows would be measured beside less.
        """
        if self._split is not None and self._split.answer is not None:
            answer = self._split.answer
            raise StudioError(f"The split beside ended before the presses did, with {answer}: ask for fewer presses.")
        if self._heard(studio) >= self._rounds * self._clips:
            for number in range(self._clips):
                studio.live.set(f"{_slot(number)}.clip.loop_start", float(self._rounds))
            self._rounds += 1

    def describe(self, studio: Studio) -> str:
        """Return what was at work, in words."""
        return f"{self._clips} audio clips heard {self._heard(studio)} times, a split by the DSP separator"

    def _heard(self, studio: Studio) -> int:
        """Return how many passages have been analysed."""
        return sum(1 for _ in (studio.home / ANALYSES.folder).rglob(f"*{ANALYSES.suffix}"))


def _slot(number: int) -> str:
    row, track = divmod(number, TRACKS)
    return f"song.tracks[{1 + track}].clip_slots[{FIRST_SCENE + row}]"


def _write_music(file: Path, seed: int) -> None:
    """Write a band's eight bars, some times over."""
    context = MusicalContext.plain(bpm=BPM, key="A minor", chords="Am | F | C | G")
    styles = list(read_styles().values())
    scene = play_scene(EngineParams(style=styles[seed % len(styles)]), context, seed, list(PLAYED_AS))
    parts = {PLAYED_AS[take.role]: take.clip for take in scene.takes}
    once = render_parts(parts, BPM, loop=True).mean(axis=0)
    soundfile.write(file, np.tile(once, PASSES), RATE, subtype="PCM_16")
