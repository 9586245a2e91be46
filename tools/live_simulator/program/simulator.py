"""The simulated Live as one object: set, API, main loop, scripts, fault injection."""

from __future__ import annotations

import collections
import logging
import os
import sys
import types
from typing import Any, Callable

from musearoo.tools.live_simulator import surfaces
from musearoo.tools.live_simulator.core.clock import Clock, RealClock
from musearoo.tools.live_simulator.core.objects import Context
from musearoo.tools.live_simulator.core.scales import SCALES
from musearoo.tools.live_simulator.core.shapes import NEWEST, read_shape
from musearoo.tools.live_simulator.core.values import (
    BeatTime,
    CCFeedbackRule,
    MidiNote,
    MidiNoteSpecification,
    NoteFeedbackRule,
    PitchBendFeedbackRule,
    RoutingChannel,
    RoutingType,
    SmptTime,
    WarpMarker,
)
from musearoo.tools.live_simulator.devices.base import DeviceModel, DeviceView
from musearoo.tools.live_simulator.devices.catalogue import make_device
from musearoo.tools.live_simulator.devices.drum_rack import DrumChain, DrumPad
from musearoo.tools.live_simulator.devices.parameters import ChainMixerDevice, DeviceParameter, MixerDevice
from musearoo.tools.live_simulator.devices.racks import Chain, MaxDevice, RackDevice, RackView
from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.live_set.clip_slot import ClipSlot
from musearoo.tools.live_simulator.live_set.clip_view import ClipView
from musearoo.tools.live_simulator.live_set.envelopes import Envelope
from musearoo.tools.live_simulator.live_set.groove import Groove, GroovePool
from musearoo.tools.live_simulator.live_set.scene import CuePoint, Scene
from musearoo.tools.live_simulator.live_set.song import Song
from musearoo.tools.live_simulator.live_set.track import Track, TrackView
from musearoo.tools.live_simulator.live_set.view import SongView
from musearoo.tools.live_simulator.program.application import Application, ApplicationView
from musearoo.tools.live_simulator.program.binding import Binding
from musearoo.tools.live_simulator.program.browser.browser import Browser
from musearoo.tools.live_simulator.program.browser.items import BrowserItem, BrowserItemIterator, BrowserItemVector
from musearoo.tools.live_simulator.program.handle import Handle
from musearoo.tools.live_simulator.program.main_loop import DISPLAY_SECONDS, PULSE_SECONDS, MainLoop, make_timer_class
from musearoo.tools.live_simulator.program.remote_scripts import Script, ScriptHost

MODELS: dict[str, type] = {
    "Application.Application": Application,
    "Application.Application.View": ApplicationView,
    "Browser.Browser": Browser,
    "Chain.Chain": Chain,
    "ChainMixerDevice.ChainMixerDevice": ChainMixerDevice,
    "Clip.AutomationEnvelope": Envelope,
    "Clip.Clip": Clip,
    "Clip.Clip.View": ClipView,
    "ClipSlot.ClipSlot": ClipSlot,
    "Device.Device": DeviceModel,
    "Device.Device.View": DeviceView,
    "DeviceParameter.DeviceParameter": DeviceParameter,
    "DrumChain.DrumChain": DrumChain,
    "DrumPad.DrumPad": DrumPad,
    "Envelope.Envelope": Envelope,
    "Groove.Groove": Groove,
    "GroovePool.GroovePool": GroovePool,
    "MaxDevice.MaxDevice": MaxDevice,
    "MixerDevice.MixerDevice": MixerDevice,
    "RackDevice.RackDevice": RackDevice,
    "RackDevice.RackDevice.View": RackView,
    "Scene.Scene": Scene,
    "Song.CuePoint": CuePoint,
    "Song.Song": Song,
    "Song.Song.View": SongView,
    "Track.Track": Track,
    "Track.Track.View": TrackView,
}
"""The model class of each implemented class of the Live module."""

MUTATIONS = ("note-order", "missing-listener", "no-notification-guard", "instant-replies")
"""Ways to break the simulator on purpose, to check that the conformance run notices."""

INSTANT_SECONDS = 0.0005
"""The display tick's period under the mutation `instant-replies`."""

KEPT_LOG_LINES = 20000
"""The size limit of the log in memory, which bounds the memory of a soak test."""

SURFACES = os.path.dirname(os.path.abspath(surfaces.__file__))


class Simulator:
    """One simulated Live. `install` registers it as the `Live` module of this process."""

    def __init__(
        self,
        profile: str = NEWEST,
        clock: Clock | None = None,
        user_library: str | None = None,
        edition: str = "Suite",
        mutation: str | None = None,
        seed: int = 0,
        on_log: Callable[[str], None] | None = None,
    ) -> None:
        if mutation is not None and mutation not in MUTATIONS:
            raise ValueError("no mutation {!r}: choose one of {}".format(mutation, ", ".join(MUTATIONS)))
        self.shape = read_shape(profile)
        self.clock = clock or RealClock()
        self.log_lines: collections.deque[str] = collections.deque(maxlen=KEPT_LOG_LINES)
        self._on_log = on_log
        self.context = Context(self.log, mutation)
        self.context.make_device = make_device
        self.loop = MainLoop(self.clock, seed, self.context.log_error)
        self.song_model = Song(self.context, self.clock, self.shape.version)
        self.application_model = Application(self.context, self.song_model, self.shape.version, edition, user_library)
        self.midi_map: dict[tuple[int, int], Any] = {}
        self.mapped: dict[tuple[Any, ...], Any] = {}
        self.binding = Binding(self.shape, self.context, MODELS, self._value_classes(), self._functions())
        self.song: Any = self.binding.handle_of(self.song_model)
        self.application: Any = self.binding.handle_of(self.application_model)
        self.Live: types.ModuleType = self.binding.package
        self.host = ScriptHost(self.context, lambda: self.song)
        self.context.journal.forget()
        self.context.request_pulse = self._request_pulse
        self._pulse_waits = False
        self._modules_before: dict[str, Any] = {}
        self._added_path = False
        self._log_handler = _LogHandler(self)
        self.loop.call_at(self.clock.now() + self._display_seconds, self._display_tick)

    # ------------------------------------------------------------------------------------ the API

    def _value_classes(self) -> dict[str, type]:
        return {
            "Base.Timer": make_timer_class(self.loop),
            "Browser.BrowserItem": BrowserItem,
            "Browser.BrowserItemIterator": BrowserItemIterator,
            "Browser.BrowserItemVector": BrowserItemVector,
            "Clip.MidiNote": MidiNote,
            "Clip.MidiNoteSpecification": MidiNoteSpecification,
            "Clip.WarpMarker": WarpMarker,
            "LomObject.LomObject": _make_lom_object(),
            "MidiMap.CCFeedbackRule": CCFeedbackRule,
            "MidiMap.NoteFeedbackRule": NoteFeedbackRule,
            "MidiMap.PitchBendFeedbackRule": PitchBendFeedbackRule,
            "Song.BeatTime": BeatTime,
            "Song.SmptTime": SmptTime,
            "Track.RoutingChannel": RoutingChannel,
            "Track.RoutingType": RoutingType,
        }

    def _functions(self) -> dict[str, Callable[..., Any]]:
        return {
            "Application.get_application": lambda: self.application_model,
            "Application.get_random_int": lambda low, high: self.loop.random.randint(low, low + high),
            "Base.log": self.log,
            "MidiMap.map_midi_cc": self._map_midi_cc,
            "MidiMap.map_midi_cc_with_feedback_map": self._map_midi_cc,
            "MidiMap.map_midi_note": lambda _, parameter, *where: self._map("note", where[:2], parameter),
            "MidiMap.map_midi_note_with_feedback_map": lambda _, parameter, *where: self._map(
                "note", where[:2], parameter
            ),
            "MidiMap.map_midi_pitchbend": lambda _, parameter, *where: self._map("pitchbend", where[:1], parameter),
            "MidiMap.map_midi_pitchbend_with_feedback_map": lambda _, parameter, *where: self._map(
                "pitchbend", where[:1], parameter
            ),
            "MidiMap.forward_midi_cc": lambda script, _, *where: self._map("cc", where[:2], script),
            "MidiMap.forward_midi_note": lambda script, _, *where: self._map("note", where[:2], script),
            "MidiMap.forward_midi_pitchbend": lambda script, _, *where: self._map("pitchbend", where[:1], script),
            "MidiMap.send_feedback_for_parameter": lambda *_: None,
            "Song.get_all_scales_ordered": lambda: tuple(SCALES.items()),
        }

    def _map_midi_cc(self, _: int, parameter: Any, channel: int, controller: int, *__: Any) -> bool:
        self.midi_map[(channel, controller)] = parameter
        return True

    def _map(self, kind: str, where: tuple[int, ...], target: Any) -> bool:
        """Note that a message (its kind, channel and number) goes to a parameter or, by its handle, to a script."""
        self.mapped[(kind, *where)] = target
        return True

    def has_function(self, path: str) -> bool:
        """Return whether a function of the Live module, such as `MidiMap.map_midi_cc`, does something here."""
        return path in self._functions()

    def install(self) -> None:
        """Make this simulator the `Live` module, and its surfaces importable, until `quit`."""
        names = ["Live", *self.binding.modules]
        self._modules_before = {name: sys.modules.get(name) for name in names}
        sys.modules["Live"] = self.binding.package
        sys.modules.update(self.binding.modules)
        if SURFACES not in sys.path:
            sys.path.insert(0, SURFACES)
            self._added_path = True
        logging.getLogger().addHandler(self._log_handler)

    # --------------------------------------------------------------------------------- the process

    def load_script(self, folder: str) -> Script:
        """Load a Remote Script from a folder. Raises ScriptError with its traceback."""
        return self.host.load(folder)

    def run_for(self, seconds: float) -> None:
        """Run the main thread for a time by the simulator's clock."""
        self.loop.run_until(self.clock.now() + seconds)

    def run(self) -> None:
        """Run the main thread until `stop`."""
        while not self.loop.is_stopped:
            self.run_for(3600.0)

    def stop(self) -> None:
        """End `run`."""
        self.loop.is_stopped = True

    def quit(self) -> None:
        """Disconnect all scripts and unregister the `Live` module."""
        self.host.disconnect()
        self.loop.is_stopped = True
        logging.getLogger().removeHandler(self._log_handler)
        for name, module in self._modules_before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        self._modules_before = {}
        if self._added_path:
            sys.path.remove(SURFACES)
            self._added_path = False

    def log(self, message: str) -> None:
        """Write a line to Live's log."""
        self.log_lines.append(message)
        if self._on_log is not None:
            self._on_log(message)

    # --------------------------------------------------------------------------------------- ticks

    @property
    def _display_seconds(self) -> float:
        return INSTANT_SECONDS if self.context.mutation == "instant-replies" else DISPLAY_SECONDS

    def _display_tick(self, due: float) -> None:
        self.loop.stats.display_ticks += 1
        self.loop.call_at(self._next_display(due), self._display_tick)
        self.host.tick()

    def _next_display(self, due: float) -> float:
        """Return the time of the next tick: on the tick grid, however late this one was."""
        following = due + self._display_seconds
        return following if following > self.clock.now() else self.loop.next_due(due, self._display_seconds)

    def _request_pulse(self) -> None:
        if not self._pulse_waits:
            self._pulse_waits = True
            self.loop.call_at(self.clock.now() + PULSE_SECONDS, self._pulse)

    def _pulse(self, _: float) -> None:
        self._pulse_waits = False
        try:
            self.song_model.transport.pulse()
        finally:
            if self.song_model.transport.needs_pulse:
                self._request_pulse()

    # -------------------------------------------------------------------------------------- faults

    def stall(self, seconds: float) -> None:
        """Freeze the main thread; a timer's missed ticks arrive as one."""
        self.loop.freeze(seconds, replay=False)

    def open_menu(self, seconds: float) -> None:
        """Freeze the main thread as an open menu does: afterwards all missed ticks arrive at once."""
        self.loop.freeze(seconds, replay=True)

    def kill_timers(self) -> None:
        """Stop every running timer silently at its next call; timers started later keep running."""
        self.loop.kill_timers()


class _LogHandler(logging.Handler):
    """Writes what scripts log through `logging` to Live's log."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(logging.WARNING)
        self._simulator = simulator

    def emit(self, record: logging.LogRecord) -> None:
        self._simulator.log(f"{record.levelname}: {record.getMessage()}")


def _make_lom_object() -> type:
    """Return a new `Live.LomObject.LomObject`, the base of every object of the set, for one simulator."""

    def pointer(handle: Any) -> int:
        if handle._model is None:
            raise RuntimeError("the object was deleted")
        value: int = handle._pointer
        return value

    return type("LomObject", (Handle,), {"__module__": "LomObject", "__slots__": (), "_live_ptr": property(pointer)})
