"""What small functions give for values drawn from a seed: texts, frames, packets, warp maps, places, lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from musearoo.bridge.core.undo import Step, Steps, last_step, with_step, without_step
from musearoo.bridge.live_set.clip_audio import ClipRegion, WarpMap
from musearoo.bridge.live_set.timing import place_on_samples
from musearoo.bridge.live_set.warp_line import is_rising, pin_beats
from musearoo.bridge.midi.parts.bars import beat_at, count_bars, next_bar
from musearoo.bridge.process.watchdog import Watchdog
from musearoo.bridge.protocol import (
    ClipAudio,
    ClipNotes,
    ClipWarp,
    Done,
    Error,
    Failed,
    Generate,
    Got,
    Hello,
    MidiState,
    Result,
    SetMixer,
    SongState,
    Talk,
    TransportState,
)
from musearoo.bridge.protocol.codec import decode, encode, encode_bundle, read_other_hello
from musearoo.bridge.protocol.framing import FrameReader, encode_frame
from musearoo.bridge.protocol.midi_process import ClockSource, ClockState
from musearoo.bridge.protocol.types import Message, WireError, arguments, build, for_session
from musearoo.bridge.text.bounded import cut_text
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import (
    beats_to_samples,
    beats_to_seconds,
    nearest_sample,
    samples_to_beats,
    seconds_to_beats,
)
from tests.bridge.audio.samples import largest, messages_of, ordinary, refused, smallest
from tests.bridge.live_set.some_sets import some_analysis
from tests.bridge.live_set.test_mirror import a_clip

SOME: tuple[type[Message], ...] = (
    *(Hello, Hello, Generate, Got, Done, Failed, Talk, MidiState),
    *(SongState, TransportState, ClipNotes, ClipWarp, Result, Error, SetMixer),
)
"""Messages of every route, with arguments of every kind."""

LETTERS = ("a", "é", " ", "e\u0301", "👍🏽", "🇩🇪", "🇫🇷", "❤\ufe0f", "\u1112\u1161\u11ab", "\0", "\ud800", "👨‍👩‍👧")


def refused_or(attempt: Callable[[], object]) -> object:
    """What an attempt gives, or which error."""
    try:
        return attempt()
    except (WireError, ParamError) as error:
        return type(error).__name__


def texts(chance: Random) -> object:
    """A text cut to every length."""
    text = "".join(chance.choice(LETTERS) for _ in range(chance.randrange(12)))
    ending, mark = chance.choice(("", " · Bass", "é")), chance.choice(("…", "", "..."))
    return [cut_text(text, longest, ending, mark).encode("utf-8") for longest in range(50)]


def frames(chance: Random) -> object:
    """What is read of a stream in pieces."""
    packets = [bytes(chance.choice((0xC0, 0xDB, 1, 2)) for _ in range(chance.randrange(9))) for _ in range(4)]
    stream = b"".join(map(encode_frame, packets)) + chance.choice((b"", b"\xdb\x01\xc0", b"\x01\xdb\xc0", b"\x02"))
    reader, found = FrameReader(chance.choice((3, 8, 16, 100))), list[object]()
    while stream:
        size = chance.choice((1, 2, 5))
        piece, stream = stream[:size], stream[size:]
        found.append((refused_or(lambda piece=piece: reader.feed(piece)), reader.pending))  # type: ignore[misc]
    return found


def checked_arguments(chance: Random) -> object:
    """What the specs of a message take."""
    cls = chance.choice(SOME)
    found = list[object]()
    for _, spec in cls.specs:
        values = [smallest(spec), ordinary(spec), largest(spec), *refused(spec), 0.5, 1.0, "x", "", b"", 3]
        found.append([refused_or(lambda spec=spec, value=value: spec.check("x", value)) for value in values])  # type: ignore[misc]
        found.append([spec.fit(value) for value in ("x" * 700, "short", 5)])
    for message in messages_of(cls):
        values = [value for _, value in arguments(message)]
        found.append(values)
        shorter, longer = values[: chance.randrange(len(values) + 1)], [*values, 1]
        found.append([refused_or(lambda values=values: build(cls, values)) is not None for values in (shorter, longer)])  # type: ignore[misc]
        found.append(refused_or(lambda values=shorter: build(cls, values)) == "WireError")  # type: ignore[misc]
        found.append(refused_or(lambda values=longer: build(cls, values)) == "WireError")  # type: ignore[misc]
        if "session" in dict(cls.specs):
            found.append(getattr(for_session(message, 77), "session", None))
    return found


def packets(chance: Random) -> object:
    """What is read of packets that were changed on the way."""
    found = list[object]()
    for _ in range(12):
        cls = chance.choice(SOME)
        several = [messages_of(cls)[chance.randrange(2)] for _ in range(chance.randrange(3))]
        packet = bytearray(encode(several[0]) if len(several) == 1 else encode_bundle(several))
        if chance.random() < 0.3:
            packet = bytearray(encode_bundle([]) + (len(packet)).to_bytes(4, "big") + packet)
        for _ in range(chance.choice((0, 0, 1, 1, 2))):
            packet[chance.randrange(len(packet))] = chance.choice((0, 1, 4, 44, 47, 105, 255))
        if chance.random() < 0.2:
            packet = packet[: chance.randrange(len(packet) + 1)]
        read = refused_or(lambda packet=packet, cls=cls: decode(bytes(packet), cls.route))  # type: ignore[misc]
        found.append((read, read_other_hello(bytes(packet)), bytes(packet)))
    return found


def warp_maps(chance: Random) -> object:
    """Where seconds and beats of a clip fall, and what it plays of its file."""
    markers = [
        (chance.choice((0.0, 1.0, 2.0, 3.5)), chance.choice((0.0, 2.0, 4.0, 5.0))) for _ in range(chance.randrange(5))
    ]
    warp = WarpMap.of(markers)
    found: list[object] = [warp, refused_or(lambda: WarpMap(tuple(markers)))]
    if warp is not None:
        found += [(warp.beats_at(at), warp.seconds_at(at), warp.bpm_at(at)) for at in (-1.0, 0.0, 1.0, 1.7, 3.5, 9.0)]
    first, length = chance.choice((0.0, 1.0, -1.0)), chance.choice((4.0, 2.5, 0.0))
    marker = chance.choice((first, first + 1.0, first - 0.5))
    clip = a_clip(
        1,
        1,
        1,
        looping=chance.randrange(2),
        length=length,
        loop_start=first,
        loop_end=first + length,
        start_marker=marker,
        end_marker=marker + length,
    )
    audio = ClipAudio(
        clip=1,
        file_path="/a.wav",
        sample_length=chance.choice((0.0, 96_000.0, 480_000.0)),
        sample_rate=chance.choice((48_000.0, 0.0)),
        warping=chance.choice((0, 1, 1)),
        warp_mode=0,
        gain=0.4,
    )
    region = ClipRegion.of(clip, audio, markers, chance.choice((120.0, 90.0)))
    found += [region, region.duration, region.beats_at(1.0), region.seconds_at(1.0), region.place_in_scene(clip)]
    found.append(refused_or(lambda: WarpMap.steady(chance.choice((19.0, 20.0, 999.0, 1000.0)), 1.0)))
    return found


def places(chance: Random) -> object:
    """Beats, seconds, samples and bars."""
    beats, bpm, rate = chance.uniform(-1.0, 50.0), chance.choice((20.0, 97.3, 120.0)), chance.choice((44_100, 48_000))
    notes = [
        Note(
            chance.choice((0.0, 1.00001, 3.99999, 1.0)), chance.randrange(60, 63), chance.choice((1e-5, 0.5, 1.0)), 90.0
        )
        for _ in range(4)
    ]
    placed = place_on_samples(Clip.of("c", 4.0, notes), bpm, rate)
    # In samples, so that what moves by less than one is seen.
    ends = [(round(note.start * rate * 60.0 / bpm, 3), note.duration * rate * 60.0 / bpm) for note in placed.notes]
    clock = ClockState(10.0, ClockSource.OWN, chance.random() < 0.7, 4.0, bpm, 0.0)
    steps: Steps = {}
    for number in range(70):
        steps = with_step(steps, f"live-{number % 10 if number < 30 else 9}", Step(f"r:{number}", "x"))
    steps = without_step(steps, "live-9", "r:69")
    counter = iter([0, *(chance.randrange(2) for _ in range(8))])
    standstill = Watchdog(lambda: next(counter), 0.5)
    return (
        *(beats_to_seconds(beats, bpm), seconds_to_beats(beats, bpm), beats_to_samples(beats, bpm, rate)),
        *(samples_to_beats(beats * 1000, bpm, rate), (nearest_sample(beats, bpm, rate) - beats) * rate, ends),
        *(beat_at(clock, 12.5), next_bar(beats, 3.0), next_bar(4.0000005, 4.0), count_bars(beats, bpm, 4.0)),
        *(steps, last_step(steps, "live-9", ["r:68"]), last_step(steps, "nobody")),
        [(standstill.look(), standstill.seen) for _ in range(8)],
    )


def beat_lines(chance: Random) -> object:
    """The markers that pin heard beats."""
    analysis = some_analysis(chance.randrange(100_000))
    pinned = pin_beats(analysis.rhythm, analysis.duration)
    return pinned, is_rising(pinned), is_rising([*pinned, *pinned[-1:]])


KINDS: dict[str, tuple[int, int, Callable[[Random], object]]] = {
    "texts": (4, 40, texts),
    "frames": (2, 60, frames),
    "arguments": (4, 40, checked_arguments),
    "packets": (6, 20, packets),
    "warp maps": (4, 60, warp_maps),
    "places": (4, 20, places),
    "beat lines": (6, 100, beat_lines),
}
"""How many lines of each, and how many values stand in one."""


def values(kind: str) -> Iterable[tuple[str, object]]:
    """The outcomes of a kind."""
    lines, count, outcome = KINDS[kind]
    for line in range(lines):
        yield f"{kind} {line}", [outcome(Random(1000 * line + number)) for number in range(count)]
