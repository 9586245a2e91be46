"""The interface to Live: the few functions that need Live's own modules, and type declarations of its objects.

Live's API has no stubs. The classes below exist only for the type checker and declare only what this script uses.
Features that some Lives lack are tested with `hasattr` where they are used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Callable, Iterable, Sequence

if TYPE_CHECKING:

    class LiveObject:
        """Anything of Live's that has an identity."""

        _live_ptr: int

    class Parameter(LiveObject):
        """A mixer control."""

        value: float
        min: float
        max: float
        is_enabled: bool

        automation_state: int
        name: str

        def str_for_value(self, value: float) -> str: ...

    class Device(LiveObject):
        """A device in a track's chain."""

        name: str
        class_name: str
        parameters: Sequence[Parameter]

    class Mixer(LiveObject):
        """A track's mixer."""

        volume: Parameter
        panning: Parameter
        sends: Sequence[Parameter]

    class WarpMarker:
        """A position in the sample in seconds, although Live calls it sample_time, and its beat."""

        sample_time: float
        beat_time: float

    class Clip(LiveObject):
        """A clip of the Session or the Arrangement."""

        name: str
        color: int
        length: float
        looping: bool
        loop_start: float
        loop_end: float
        start_marker: float
        end_marker: float
        start_time: float
        end_time: float
        signature_numerator: int
        signature_denominator: int
        muted: bool
        warping: bool
        warp_mode: int
        warp_markers: Sequence[WarpMarker]
        available_warp_modes: Sequence[int]
        sample_length: float
        sample_rate: float
        is_playing: bool
        is_triggered: bool
        is_recording: bool
        is_audio_clip: bool
        is_midi_clip: bool
        file_path: str
        launch_mode: int
        launch_quantization: int
        legato: bool
        velocity_amount: float
        ram_mode: bool
        gain: float
        pitch_coarse: int
        pitch_fine: float
        groove: LiveObject | None

        def fire(self) -> None: ...
        def add_new_notes(self, notes: Iterable[Any]) -> Any: ...
        def get_all_notes_extended(self) -> Sequence[Any]: ...
        def remove_notes_by_id(self, ids: Iterable[int]) -> None: ...
        def add_warp_marker(self, marker: WarpMarker) -> None: ...
        def move_warp_marker(self, beat: float, distance: float) -> None: ...
        def remove_warp_marker(self, beat: float) -> None: ...
        def beat_to_sample_time(self, beat: float) -> float: ...

    class Slot(LiveObject):
        """One slot of the Session grid."""

        clip: Clip | None
        has_clip: bool
        is_recording: bool

        def create_clip(self, length: float) -> Clip | None: ...
        def create_audio_clip(self, path: str) -> Clip | None: ...
        def delete_clip(self) -> None: ...
        def fire(self) -> None: ...

    class RoutingType:
        """A choice of where a track's signal goes."""

        display_name: str
        category: int

    class Track(LiveObject):
        """A track of any kind."""

        name: str
        color: int
        mute: bool
        solo: bool
        arm: bool
        can_be_armed: bool
        has_midi_input: bool
        playing_slot_index: int
        output_routing_type: RoutingType
        is_foldable: bool
        is_frozen: bool
        is_grouped: bool
        group_track: Track | None
        clip_slots: Sequence[Slot]
        arrangement_clips: Sequence[Clip]
        mixer_device: Mixer
        devices: Sequence[Device]

        def create_midi_clip(self, start: float, length: float) -> Clip | None: ...
        def create_audio_clip(self, path: str, position: float) -> Clip | None: ...
        def duplicate_clip_to_arrangement(self, clip: Clip, time: float) -> Clip | None: ...
        def delete_clip(self, clip: Clip) -> None: ...
        def insert_device(self, name: str) -> Device | None: ...
        def delete_device(self, index: int) -> None: ...
        def duplicate_device(self, index: int) -> None: ...
        def stop_all_clips(self) -> None: ...

    class Scene(LiveObject):
        """A scene of the Session grid."""

        name: str
        color: int

    class CuePoint(LiveObject):
        """A locator of the Arrangement."""

        name: str
        time: float

    class View(LiveObject):
        """The user's selection."""

        selected_track: Track
        selected_scene: Scene
        detail_clip: Clip | None
        highlighted_clip_slot: Slot | None

    class BrowserItem:
        """A folder or a file in the browser; it has no path."""

        name: str
        is_folder: bool
        is_device: bool
        is_loadable: bool
        children: Sequence[BrowserItem]
        iter_children: Iterable[BrowserItem]

    class Browser(LiveObject):
        """Live's browser."""

        user_library: BrowserItem
        hotswap_target: LiveObject | None

        def load_item(self, item: BrowserItem) -> None: ...

    class ApplicationView(LiveObject):
        """The visible views of Live."""

        focused_document_view: str

        def focus_view(self, name: str) -> None: ...

    class Application(LiveObject):
        """The Live application."""

        browser: Browser
        view: ApplicationView

        def get_major_version(self) -> int: ...
        def get_minor_version(self) -> int: ...
        def get_bugfix_version(self) -> int: ...

    class Song(LiveObject):
        """The set."""

        view: View
        tracks: Sequence[Track]
        return_tracks: Sequence[Track]
        master_track: Track
        scenes: Sequence[Scene]
        cue_points: Sequence[CuePoint]
        current_song_time: float
        start_time: float
        tempo: float
        signature_numerator: int
        signature_denominator: int
        root_note: int
        scale_name: str
        is_playing: bool
        loop: bool
        loop_start: float
        loop_length: float
        record_mode: bool
        can_undo: bool

        def begin_undo_step(self) -> None: ...
        def end_undo_step(self) -> None: ...
        def undo(self) -> None: ...
        def redo(self) -> None: ...
        def set_or_delete_cue(self) -> None: ...
        def move_device(self, device: Device, target: Track, position: int) -> int: ...
        def start_playing(self) -> None: ...
        def stop_playing(self) -> None: ...
        def create_midi_track(self, index: int) -> Track: ...
        def create_audio_track(self, index: int) -> Track: ...
        def create_scene(self, index: int) -> Scene: ...
        def delete_track(self, index: int) -> None: ...
        def delete_return_track(self, index: int) -> None: ...
        def delete_scene(self, index: int) -> None: ...

    class Timer:
        """Live's fast timer."""

        running: bool

        def start(self) -> None: ...
        def stop(self) -> None: ...

    class CInstance:
        """Live's interface for a Remote Script."""

        def song(self) -> Song: ...
        def log_message(self, text: str) -> None: ...
        def show_message(self, text: str) -> None: ...

    class ControlSurface:
        """The base class of Live's own scripts."""

        def __init__(self, c_instance: CInstance) -> None: ...
        def schedule_message(self, ticks: int, callback: Callable[[], None]) -> None: ...
        def disconnect(self) -> None: ...


def is_alive(thing: object) -> bool:
    """Return whether Live still has the object: a handle of a deleted one equals None."""
    return thing != None  # noqa: E711


def read(thing: object, name: str, default: Any) -> Any:
    """Return the attribute, or `default` where this Live or this kind of object does not have it.

    Live reports that in several ways (AttributeError, RuntimeError for the arm of a group, Boost's own errors).
    """
    try:
        return getattr(thing, name)
    except Exception:
        return default


def start_timer(callback: Callable[[], None], interval_ms: int) -> Timer:
    """Return a running Live timer that calls `callback` repeatedly."""
    timer: Timer = _module("Live").Base.Timer(callback=callback, interval=interval_ms, repeat=True, start=True)
    return timer


def note_specification() -> Callable[..., Any]:
    """Return Live's note class for `Clip.add_new_notes`."""
    made: Callable[..., Any] = _module("Live").Clip.MidiNoteSpecification
    return made


def warp_marker(second: float, beat: float) -> WarpMarker:
    """Return a warp marker for `Clip.add_warp_marker`."""
    made: WarpMarker = _module("Live").Clip.WarpMarker(second, beat)
    return made


def scale_names() -> list[str]:
    """Return the names of all scales that this Live has."""
    return [scale[0] for scale in _module("Live").Song.get_all_scales_ordered()]


def live_version() -> str:
    """Return Live's version, such as 12.3.6."""
    live = application()
    return f"{live.get_major_version()}.{live.get_minor_version()}.{live.get_bugfix_version()}"


def application() -> Application:
    """Return the Live application."""
    found: Application = _module("Live").Application.get_application()
    return found


def _module(name: str) -> Any:
    # Imported at the moment of use, because the module exists only inside Live.
    return importlib.import_module(name)
