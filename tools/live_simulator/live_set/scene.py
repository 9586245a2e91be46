"""Scenes and cue points."""

from __future__ import annotations

from typing import Any, cast

from musearoo.tools.live_simulator.core.objects import Context, Model, Stored
from musearoo.tools.live_simulator.core.palette import PALETTE, check_index, nearest_index
from musearoo.tools.live_simulator.devices.parameters import float32
from musearoo.tools.live_simulator.live_set.clip_slot import ClipSlot
from musearoo.tools.live_simulator.live_set.links import SceneSong

NO_COLOUR = 0
NOT_SET = -1.0
"""The value of tempo and time signature in a scene that has none."""


def _scene_tempo(_: Any, value: float) -> float:
    if value != NOT_SET and not 20.0 <= value <= 999.0:
        raise RuntimeError(f"tempo must be in range 20..999 BPM, not {value!r}")
    return float32(value)


class Scene(Model):
    """One row of the Session grid."""

    name = Stored("")
    color_index: Stored[int | None] = Stored(
        None, check=lambda _, value: None if value is None else check_index(value), also=("color",)
    )
    tempo = Stored(NOT_SET, check=_scene_tempo)
    tempo_enabled = Stored(False)
    time_signature_numerator = Stored(-1)
    time_signature_denominator = Stored(-1)
    time_signature_enabled = Stored(False)

    def __init__(self, context: Context, song: SceneSong) -> None:
        super().__init__(context, cast(Model, song))
        self.song = song

    @property
    def index(self) -> int:
        """The index of the scene."""
        return self.song.scenes.index(self)

    @property
    def clip_slots(self) -> tuple[ClipSlot, ...]:
        """The scene's slots, from the first track to the last."""
        index = self.index
        return tuple(track.clip_slots[index] for track in self.song.tracks)

    @property
    def color(self) -> int:
        """The colour as 0x00RRGGBB, 0 when the scene has none."""
        return NO_COLOUR if self.color_index is None else PALETTE[self.color_index]

    @color.setter
    def color(self, value: int) -> None:
        self.color_index = nearest_index(value)

    @property
    def is_empty(self) -> bool:
        """True when no slot of the scene has a clip."""
        return not any(slot.has_clip for slot in self.clip_slots)

    @property
    def is_triggered(self) -> bool:
        """True while a slot of the scene is waiting for its launch."""
        return any(slot.is_triggered for slot in self.clip_slots)

    def set_fire_button_state(self, state: bool) -> None:
        """Press the launch button, or let it go."""
        if state:
            self.fire()

    def fire(self, _: bool = False, can_select_scene_on_launch: bool = True) -> None:
        """Launch the scene: its clips start, tracks with an empty slot stop."""
        if self.tempo_enabled and self.tempo != NOT_SET:
            self.song.tempo = self.tempo
        if self.time_signature_enabled and self.time_signature_numerator > 0:
            self.song.signature_numerator = self.time_signature_numerator
            self.song.signature_denominator = self.time_signature_denominator
        for slot in self.clip_slots:
            if slot.has_clip:
                slot.fire()
            elif slot.has_stop_button:
                slot.stop()
        if can_select_scene_on_launch and self.song.select_on_launch:
            self.song.view.selected_scene = self

    def fire_as_selected(self, force_legato: bool = False) -> None:
        """Launch the selected scene and select the next one."""
        scene = self.song.view.selected_scene
        scene.fire(force_legato)
        following = min(scene.index + 1, len(self.song.scenes) - 1)
        self.song.view.selected_scene = self.song.scenes[following]


class CuePoint(Model):
    """A locator of the Arrangement."""

    name = Stored("")

    def __init__(self, context: Context, song: SceneSong, time: float, name: str) -> None:
        super().__init__(context, cast(Model, song))
        self.song = song
        self.time = time
        self.__dict__["name"] = name

    def jump(self) -> None:
        """Jump to the locator."""
        self.song.current_song_time = self.time
