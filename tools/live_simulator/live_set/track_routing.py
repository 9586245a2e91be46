"""A track's input and output routing."""

from __future__ import annotations

from typing import Any, cast

from musearoo.tools.live_simulator.core.objects import Model, Stored
from musearoo.tools.live_simulator.core.values import Routing
from musearoo.tools.live_simulator.live_set import routing
from musearoo.tools.live_simulator.live_set.links import TrackLink


class RoutedTrack(Model):
    """The routing of a track; the base of `Track`."""

    _input_type: Stored[Routing | None] = Stored(None, also=("input_routing_type",))
    _input_channel: Stored[Routing | None] = Stored(None, also=("input_routing_channel",))
    _output_type: Stored[Routing | None] = Stored(None, also=("output_routing_type",))
    _output_channel: Stored[Routing | None] = Stored(None, also=("output_routing_channel",))
    is_routing_ready = True

    @property
    def is_audio(self) -> bool:
        """True for tracks whose input is audio; implemented by the track."""
        raise NotImplementedError

    def _track(self) -> TrackLink:
        return cast(TrackLink, self)

    @property
    def available_input_routing_types(self) -> tuple[Routing, ...]:
        """The input choices; not available in the tick that created the track."""
        return routing.input_types(self._track()) if self.is_routing_ready else routing.NOT_READY

    @property
    def available_output_routing_types(self) -> tuple[Routing, ...]:
        """The output choices; not available in the tick that created the track."""
        return routing.output_types(self._track()) if self.is_routing_ready else routing.NOT_READY

    @property
    def available_input_routing_channels(self) -> tuple[Routing, ...]:
        """The channels of the chosen input."""
        return routing.input_channels(self._track(), self.input_routing_type)

    @property
    def available_output_routing_channels(self) -> tuple[Routing, ...]:
        """The channels of the chosen output."""
        return routing.output_channels(self._track(), self.output_routing_type)

    @property
    def input_routing_type(self) -> Routing:
        """The chosen input."""
        return _current(self._input_type, self.available_input_routing_types)

    @input_routing_type.setter
    def input_routing_type(self, value: Routing) -> None:
        self._input_type = _offered(value, self.available_input_routing_types)
        self._input_channel = None

    @property
    def output_routing_type(self) -> Routing:
        """The chosen output: the master track for audio, none for MIDI, unless set."""
        types = self.available_output_routing_types
        sounds = self._track().has_audio_output
        preferred = [t for t in types if t.number == (routing.MASTER if sounds else routing.NONE)]
        return _current(self._output_type, tuple(preferred) + types)

    @output_routing_type.setter
    def output_routing_type(self, value: Routing) -> None:
        self._output_type = _offered(value, self.available_output_routing_types)
        self._output_channel = None

    @property
    def input_routing_channel(self) -> Routing:
        """The chosen channel of the input."""
        return _current(self._input_channel, self.available_input_routing_channels)

    @input_routing_channel.setter
    def input_routing_channel(self, value: Routing) -> None:
        self._input_channel = _offered(value, self.available_input_routing_channels)

    @property
    def output_routing_channel(self) -> Routing:
        """The chosen channel of the output."""
        return _current(self._output_channel, self.available_output_routing_channels)

    @output_routing_channel.setter
    def output_routing_channel(self, value: Routing) -> None:
        self._output_channel = _offered(value, self.available_output_routing_channels)


def _by_name(direction: str, kind: str) -> property:
    """Return the older property of a routing, which names the choice."""
    chosen, offered = f"{direction}_routing_{kind}", f"available_{direction}_routing_{kind}s"

    def read(track: Any) -> str:
        name: str = getattr(track, chosen).display_name
        return name

    def write(track: Any, name: str) -> None:
        for choice in getattr(track, offered):
            if choice.display_name == name:
                setattr(track, chosen, choice)
                return
        raise RuntimeError(f"Routing {name!r} is not available here")

    return property(read, write, doc=f"The name of the chosen {direction} {kind}.")


def _names(direction: str, kind: str) -> property:
    """Return the older property with the names of all choices."""
    offered = f"available_{direction}_routing_{kind}s"
    return property(
        lambda track: tuple(choice.display_name for choice in getattr(track, offered)),
        doc=f"The names of the {direction} {kind}s.",
    )


class NamedRouting(RoutedTrack):
    """The older properties of the routing, which are names."""

    current_input_routing = _by_name("input", "type")
    current_input_sub_routing = _by_name("input", "channel")
    current_output_routing = _by_name("output", "type")
    current_output_sub_routing = _by_name("output", "channel")
    input_routings = _names("input", "type")
    input_sub_routings = _names("input", "channel")
    output_routings = _names("output", "type")
    output_sub_routings = _names("output", "channel")

    def notify(self, *names: str) -> None:
        super().notify(*names)
        older = [OLDER[name] for name in names if name in OLDER]
        if older:
            super().notify(*older)


OLDER = {
    "input_routing_type": "current_input_routing",
    "input_routing_channel": "current_input_sub_routing",
    "output_routing_type": "current_output_routing",
    "output_routing_channel": "current_output_sub_routing",
    "available_input_routing_types": "input_routings",
    "available_output_routing_types": "output_routings",
}
"""The older property that changes along with a newer one."""


def _current(chosen: Routing | None, offered: tuple[Routing, ...]) -> Routing:
    """Return the chosen routing while it is available, otherwise the first available one."""
    for routing_choice in offered:
        if chosen is not None and _same(chosen, routing_choice):
            return routing_choice
    return offered[0]


def _offered(value: Routing, offered: tuple[Routing, ...]) -> Routing:
    for routing_choice in offered:
        if _same(value, routing_choice):
            return routing_choice
    raise RuntimeError(f"Routing {value.display_name!r} is not available here")


def _same(one: Routing, other: Routing) -> bool:
    """Return whether two choices are equal: the same target, or the same name where there is no target."""
    if one.target is not None or other.target is not None:
        return one.target is other.target
    return one == other
