"""The value types of the Live module: enums, vectors, notes, warp markers, times, routings.

They are copies: changing one has no effect on the set until it is passed back to Live.
"""

from __future__ import annotations

from typing import Any, ClassVar, Iterable, Iterator, NamedTuple

from musearoo.tools.live_simulator.core.boost import MismatchError, argument_error, to_bool, to_float, to_int
from musearoo.tools.live_simulator.core.notes import Note

# ---------------------------------------------------------------------------------------- enums


def make_enum(name: str, module: str, members: dict[str, int]) -> type:
    """Return an enum class as Boost.Python makes it: an int subclass with `name`, `names`, `values`.

    >>> quantization = make_enum("Quantization", "Song", {"q_no_q": 0, "q_bar": 4})
    >>> quantization.q_bar, quantization.q_bar == 4, str(quantization.values[0])
    (Song.Quantization.q_bar, True, 'q_no_q')
    """

    def show(self: Any) -> str:
        return f"{module}.{name}.{self.name}"

    def new(cls: Any, value: int) -> Any:
        known = cls.values.get(value)
        if known is not None:
            return known
        enum = int.__new__(cls, value)
        enum.name = str(value)
        return enum

    enum_class: Any = type(
        name,
        (int,),
        {"__module__": module, "__new__": new, "__repr__": show, "__str__": lambda self: self.name},
    )
    enum_class.values = {}
    enum_class.names = {}
    for member, value in members.items():
        instance = int.__new__(enum_class, value)
        instance.name = member
        setattr(enum_class, member, instance)
        enum_class.names[member] = instance
        enum_class.values.setdefault(value, instance)
    result: type = enum_class
    return result


# -------------------------------------------------------------------------------------- vectors


class Vector:
    """A C++ vector as scripts see it: a sequence, but not a list, whose index error says "Index out of range"."""

    __slots__ = ("_items",)
    _item_type: ClassVar[Any] = object

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._items: list[Any] = list(items)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __contains__(self, item: Any) -> bool:
        return item in self._items

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(self._items[index])
        if not isinstance(index, int):
            raise TypeError("Invalid index type")
        if not -len(self._items) <= index < len(self._items):
            raise IndexError("Index out of range")
        return self._items[index]

    def append(self, item: Any) -> None:
        """Add one item of the vector's type."""
        if not isinstance(item, self._item_type):
            raise TypeError("Attempting to append an invalid type")
        self._items.append(item)

    def extend(self, items: Iterable[Any]) -> None:
        """Add all items of an iterable."""
        for item in items:
            self.append(item)


# ---------------------------------------------------------------------------------------- notes


class MidiNoteSpecification:
    """The description of a note to add. As in Live, its fields cannot be read."""

    __slots__ = ("_fields",)

    def __init__(
        self,
        pitch: int,
        start_time: float,
        duration: float,
        velocity: float = 100.0,
        mute: bool = False,
        probability: float = 1.0,
        velocity_deviation: float = 0.0,
        release_velocity: float = 64.0,
    ) -> None:
        try:
            self._fields = (
                pitch if type(pitch) is int else to_int(pitch),
                start_time if type(start_time) is float else to_float(start_time),
                duration if type(duration) is float else to_float(duration),
                velocity if type(velocity) is float else to_float(velocity),
                mute if type(mute) is bool else to_bool(mute),
                to_float(probability),
                to_float(velocity_deviation),
                to_float(release_velocity),
            )
        except MismatchError:
            raise argument_error(
                "MidiNoteSpecification",
                "__init__",
                (self, pitch, start_time, duration, velocity, mute),
                "__init__(_object*, int pitch, double start_time, double duration, double velocity=100.0, "
                "bool mute=False, double probability=1.0, double velocity_deviation=0.0, "
                "double release_velocity=64.0)",
            ) from None


MidiNoteSpecification.__module__ = "Clip"


def _note_field(name: str, convert: Any) -> Any:
    position = Note._fields.index(name)

    def read(self: MidiNote) -> Any:
        return self._fields[position]

    def write(self: MidiNote, value: Any) -> None:
        try:
            self._fields[position] = convert(value)
        except MismatchError:
            raise argument_error("None", "None", (self, value), "None(NClipApi::TNoteInfo {lvalue}, double)") from None

    return property(read, write)


class MidiNote:
    """A copy of a note. Changing it changes the clip only through `apply_note_modifications`."""

    __slots__ = ("_fields",)

    def __init__(self, *_: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    @classmethod
    def _of(cls, note: Note) -> MidiNote:
        self = cls.__new__(cls)
        self._fields = list(note)
        return self

    @property
    def note_id(self) -> int:
        """The id that identifies the note for its lifetime."""
        note_id: int = self._fields[0]
        return note_id

    pitch = _note_field("pitch", to_int)
    start_time = _note_field("start_time", to_float)
    duration = _note_field("duration", to_float)
    velocity = _note_field("velocity", to_float)
    mute = _note_field("mute", to_bool)
    probability = _note_field("probability", to_float)
    velocity_deviation = _note_field("velocity_deviation", to_float)
    release_velocity = _note_field("release_velocity", to_float)

    _fields: list[Any]


MidiNote.__module__ = "Clip"

# --------------------------------------------------------------------------------- warp markers


class WarpPoint(NamedTuple):
    """A warp marker in the model: a position in the sample in seconds, and its beat."""

    sample_time: float
    beat_time: float


class WarpMarker:
    """Maps a position in the sample (in seconds, despite the name sample_time) to a beat."""

    __slots__ = ("_point",)

    def __init__(self, sample_time: float, beat_time: float) -> None:
        try:
            self._point = WarpPoint(to_float(sample_time), to_float(beat_time))
        except MismatchError:
            raise argument_error(
                "WarpMarker",
                "__init__",
                (self, sample_time, beat_time),
                "__init__(_object*, double sample_time, double beat_time)",
            ) from None

    @property
    def sample_time(self) -> float:
        """Seconds into the sample."""
        return self._point.sample_time

    @property
    def beat_time(self) -> float:
        """Beats from the clip's 1.1.1."""
        return self._point.beat_time


WarpMarker.__module__ = "Clip"

# ---------------------------------------------------------------------------------------- times


class BeatTime:
    """A musical position. Every part counts from 1; the time signature's denominator defines a beat."""

    def __init__(self, bars: int = 1, beats: int = 1, sub_division: int = 1, ticks: int = 1) -> None:
        self._parts = [bars, beats, sub_division, ticks]

    bars = property(lambda self: self._parts[0], lambda self, v: self._parts.__setitem__(0, to_int(v)))
    beats = property(lambda self: self._parts[1], lambda self, v: self._parts.__setitem__(1, to_int(v)))
    sub_division = property(lambda self: self._parts[2], lambda self, v: self._parts.__setitem__(2, to_int(v)))
    ticks = property(lambda self: self._parts[3], lambda self, v: self._parts.__setitem__(3, to_int(v)))

    def __str__(self) -> str:
        bars, beats, sixteenths, ticks = self._parts
        return f"{bars:03}.{beats:02}.{sixteenths:02}.{ticks:03}"


BeatTime.__module__ = "Song"


def _field(name: str, default: Any) -> property:
    """Return a settable field of a value object, with its default."""
    key = "_" + name

    def read(value: Any) -> Any:
        return value.__dict__.get(key, default)

    def write(value: Any, new: Any) -> None:
        value.__dict__[key] = new

    return property(read, write)


class SmptTime:
    """A position in time, counted from 0."""

    hours = _field("hours", 0)
    minutes = _field("minutes", 0)
    seconds = _field("seconds", 0)
    frames = _field("frames", 0)

    def __init__(self, hours: int = 0, minutes: int = 0, seconds: int = 0, frames: int = 0) -> None:
        self.hours, self.minutes, self.seconds, self.frames = hours, minutes, seconds, frames

    def __str__(self) -> str:
        return f"{self.hours:02}:{self.minutes:02}:{self.seconds:02}:{self.frames:02}"


SmptTime.__module__ = "Song"

# ---------------------------------------------------------------------------------- feedback rules


class CCFeedbackRule:
    """How a controller is told of a parameter's value, by control changes."""

    channel = _field("channel", 0)
    cc_no = _field("cc_no", 0)
    cc_value_map = _field("cc_value_map", ())
    delay_in_ms = _field("delay_in_ms", -1.0)
    enabled = _field("enabled", True)


class NoteFeedbackRule:
    """How a controller is told of a parameter's value, by the velocities of a note."""

    channel = _field("channel", 0)
    note_no = _field("note_no", 0)
    vel_map = _field("vel_map", ())
    delay_in_ms = _field("delay_in_ms", -1.0)
    enabled = _field("enabled", True)


class PitchBendFeedbackRule:
    """How a controller is told of a parameter's value, by pitch bend."""

    channel = _field("channel", 0)
    value_pair_map = _field("value_pair_map", ())
    delay_in_ms = _field("delay_in_ms", -1.0)
    enabled = _field("enabled", True)


CCFeedbackRule.__module__ = NoteFeedbackRule.__module__ = PitchBendFeedbackRule.__module__ = "MidiMap"

# ------------------------------------------------------------------------------------- routings


class Routing(NamedTuple):
    """A routing choice in the model: its name, its category, and the track it leads to."""

    display_name: str
    number: int
    target: Any = None


class RoutingType:
    """Where a track's signal comes from or goes to."""

    __slots__ = ("_attached", "_routing")

    def __init__(self, *_: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    @property
    def display_name(self) -> str:
        """The name in the chooser."""
        return self._routing.display_name

    @property
    def category(self) -> int:
        """A value of Live.Track.RoutingTypeCategory."""
        return self._routing.number

    @property
    def attached_object(self) -> Any:
        """The track behind the choice, or None."""
        return self._attached

    _routing: Routing
    _attached: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RoutingType) and self._routing == other._routing

    def __hash__(self) -> int:
        return hash(self._routing[:2])


class RoutingChannel:
    """The channel of a routing type: a stereo pair, one input, or a tap point of a track."""

    __slots__ = ("_layout", "_routing")

    def __init__(self, *_: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    @property
    def display_name(self) -> str:
        """The name in the chooser."""
        return self._routing.display_name

    @property
    def layout(self) -> Any:
        """A value of Live.Track.RoutingChannelLayout."""
        return self._layout

    _routing: Routing
    _layout: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RoutingChannel) and self._routing == other._routing

    def __hash__(self) -> int:
        return hash(self._routing[:2])


RoutingType.__module__ = RoutingChannel.__module__ = "Track"

# ----------------------------------------------------------------------------- vectors by type

ITEM_TYPES: dict[str, Any] = {
    "FloatVector": (float, int),
    "IntU64Vector": int,
    "IntVector": int,
    "MidiNoteVector": MidiNote,
    "StringVector": str,
    "WarpMarkerVector": WarpMarker,
}
"""The element types of the value vectors; vectors of objects contain Live's own objects."""


def make_vector(name: str, module: str) -> type[Vector]:
    """Return the vector class of one element type."""
    namespace = {
        "__module__": module,
        "__slots__": (),
        "_item_type": ITEM_TYPES.get(name, object),
        "append": Vector.append,
        "extend": Vector.extend,
    }
    return type(name, (Vector,), namespace)
