"""The order of messages, and the objects that pass them on."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from musearoo.tools.max_simulator.formats.atoms import Atom
from musearoo.tools.max_simulator.formats.faults import PatchError
from musearoo.tools.max_simulator.outside.clock import Thread
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from musearoo.tools.max_simulator.runtime.patcher import DEEPEST
from tests.each_case import each_case
from tests.tools.max_simulator.patches import box, load

Message = tuple[str, tuple[Atom, ...]]

BANG: Message = ("bang", ())


def hear(boxes: Sequence[dict[str, Any]], cords: Sequence[str], message: Message, *, inlet: int = 0) -> list[Any]:
    """What comes to `[prepend /x]` boxes that the cords lead to (`/a`, `/b` …), after a message into `in`."""
    ears = sorted({cord.split("->")[1].strip() for cord in cords if "-> /" in cord})
    device = load(
        [*boxes, box("send", "udpsend 127.0.0.1 9000"), *(box(ear, f"prepend {ear}") for ear in ears)],
        [*cords, *(f"{ear} -> send" for ear in ears)],
    )
    device.object("in").receive(inlet, *message)
    assert device.errors == []
    return device.sent


# ------------------------------------------------------------------------------------------ order


def test_cords_fire_from_right_to_left() -> None:
    """Cycling '74, "Message ordering": right to left by the place of the receiving objects."""
    boxes = [box("in", "t b"), box("l", "prepend l", at=(0, 0)), box("r", "prepend r", at=(90, 0))]
    assert hear(boxes, ["in -> l", "in -> r", "l -> /a", "r -> /a"], BANG) == [("/a", "r", "bang"), ("/a", "l", "bang")]


def test_cords_at_the_same_column_fire_from_the_bottom() -> None:
    """The same source: what stands below comes first."""
    boxes = [box("in", "t b"), box("up", "prepend up", at=(5, 0)), box("down", "prepend down", at=(5, 50))]
    heard = hear(boxes, ["in -> up", "in -> down", "up -> /a", "down -> /a"], BANG)
    assert [row[1] for row in heard] == ["down", "up"]


def test_a_branch_is_finished_before_the_next_begins() -> None:
    """Depth first: all that follows from the right cord happens before the left one fires."""
    boxes = [
        box("in", "t b"),
        *(box("near", "prepend near", at=(0, 0)), box("far", "prepend far", at=(90, 0))),
        *(box("then", "prepend then", at=(90, 50)), box("last", "prepend last", at=(90, 90))),
    ]
    heard = hear(boxes, ["in -> near", "in -> far", "far -> then", "then -> last", "last -> /a", "near -> /a"], BANG)
    assert [row[1] for row in heard] == ["last", "near"]


def test_inlets_of_one_box_are_reached_from_the_right() -> None:
    """So that a cold inlet is filled before the hot one fires."""
    keep = box("keep", "ui:message", text="old")
    heard = hear([box("in", "t i"), keep], ["in -> keep:0", "in -> keep:1", "keep -> /a"], ("int", (5,)))
    assert heard == [("/a", 5)]


def test_a_loop_ends_as_a_stack_overflow() -> None:
    """Max drops the message and says so."""
    device = load([box("in", "prepend a"), box("back", "t l")], ["in -> back", "back -> in"])
    device.object("in").receive(0, "bang", ())
    assert [error.split(": ")[1] for error in device.errors] == ["stack overflow"]


def test_a_chain_below_the_depth_is_no_loop() -> None:
    names = ["in", *(f"n{i}" for i in range(DEEPEST - 3))]
    boxes = [box(name, "t l") for name in names]
    chain = [f"{a} -> {b}" for a, b in itertools.pairwise(names)]
    assert hear(boxes, [*chain, f"{names[-1]} -> /a"], ("int", (1,))) == [("/a", 1)]


# ------------------------------------------------------------------------------------------ objects


@each_case(
    "message, row",
    [
        (BANG, ("drums", "bang")),  # "… followed by the word bang" (reference page of prepend)
        (("int", (1,)), ("drums", 1)),
        (("float", (0.5,)), ("drums", 0.5)),
        (("list", (1, 2)), ("drums", 1, 2)),
        (("text", ("dub", "bass")), ("drums", "text", "dub", "bass")),
        (("symbol", ("dub bass",)), ("drums", "dub bass")),
    ],
)
def test_prepend(message: Message, row: tuple[Atom, ...]) -> None:
    assert hear([box("in", "prepend drums")], ["in -> /a"], message) == [("/a", *row)]


def test_prepend_takes_set_for_itself() -> None:
    """A trap: `set` does not come out, it changes the words."""
    assert hear([box("in", "prepend drums")], ["in -> /a"], ("set", ("bass",))) == []


@each_case(
    "message, heard",
    [
        (("status", ("show", "Ready")), [("/a", "show", "Ready")]),
        (("status", ()), [("/a", "bang")]),  # "if … no additional items, bang is sent" (reference page of route)
        (("3", ()), [("/c", "3")]),  # a symbol is not the number
        (("int", (3,)), [("/b", "bang")]),
        (("list", (3, 4, 5)), [("/b", 4, 5)]),
        (("other", (1,)), [("/c", "other", 1)]),
        (("bang", ()), [("/c", "bang")]),
    ],
)
def test_route(message: Message, heard: list[Any]) -> None:
    assert hear([box("in", "route status 3")], ["in -> /a", "in:1 -> /b", "in:2 -> /c"], message) == heard


def test_select_bangs() -> None:
    boxes = [box("in", "sel 0 1", ports=(1, 3))]
    cords = ["in -> /a", "in:1 -> /b", "in:2 -> /c"]
    assert hear(boxes, cords, ("int", (1,))) == [("/b", "bang")]
    assert hear(boxes, cords, ("int", (7,))) == [("/c", 7)]


def test_trigger_goes_from_the_right_and_casts() -> None:
    """Reference page of trigger: right to left, each in the form of its letter."""
    cords = ["in -> /a", "in:1 -> /b", "in:2 -> /c", "in:3 -> /d"]
    heard = hear([box("in", "t b i f l")], cords, ("float", (2.75,)))
    assert heard == [("/d", 2.75), ("/c", 2.75), ("/b", 2), ("/a", "bang")]
    heard = hear([box("in", "t b i f l")], cords, ("word", (1, 2)))
    assert heard == [("/d", "word", 1, 2), ("/c", 0.0), ("/b", 0), ("/a", "bang")]


def test_trigger_hands_a_symbol_on() -> None:
    """A path with slashes and blanks goes through `s` whole."""
    assert hear([box("in", "t s")], ["in -> /a"], ("/tmp/my ring.wav", ())) == [("/a", "/tmp/my ring.wav")]


def test_message_box() -> None:
    boxes = [box("in", "ui:message", text="show $1 $2, talk 1")]
    assert hear(boxes, ["in -> /a"], ("list", (3, "two words"))) == [("/a", "show", 3, "two words"), ("/a", "talk", 1)]
    assert hear([box("in", "ui:message", text="1")], ["in -> /a"], BANG) == [("/a", 1)]
    assert hear([box("in", "ui:message", text="1")], ["in -> /a"], ("set", (5,))) == []


def test_the_device_tells_when_it_is_ready_when_it_is_switched_and_when_it_goes() -> None:
    """Reference page of live.thisdevice: a bang when completely initialised, 1 or 0 when enabled or disabled."""
    boxes = [box("up", "live.thisdevice"), box("down", "freebang"), box("send", "udpsend 127.0.0.1 9000")]
    boxes += [box("a", "prepend /ready"), box("b", "prepend /on"), box("c", "prepend /gone")]
    device = load(boxes, ["up -> a", "up:1 -> b", "down -> c", "a -> send", "b -> send", "c -> send"])
    assert device.sent == [("/on", 1), ("/ready", "bang")]
    device.enable(False)
    device.object("up").receive(0, "getstate", ())
    device.delete()
    assert device.sent[2:] == [("/on", 0), ("/on", 0), ("/gone", "bang")]


# ------------------------------------------------------------------------------------------ threads


def deferring(kind: str) -> Device:
    boxes = [box("in", f"{kind}"), box("a", "prepend /a"), box("send", "udpsend 127.0.0.1 9000")]
    return load(boxes, ["in -> a", "a -> send"])


def in_scheduler(device: Device, *numbers: int) -> None:
    for number in numbers:
        device.host.soon(lambda number=number: device.object("in").receive(0, "int", (number,)))  # type: ignore[misc]


def test_deferlow_waits_at_the_end_and_defer_goes_to_the_front() -> None:
    """Reference page of deferlow: `defer` reverses what comes at once, `deferlow` keeps its order."""
    for kind, order in (("deferlow", [1, 2, 3]), ("defer", [3, 2, 1])):
        device = deferring(kind)
        in_scheduler(device, 1, 2, 3)
        device.host.run_for(0.05)
        assert [row[1] for row in device.sent] == order


def test_defer_lets_the_main_thread_through_and_deferlow_does_not() -> None:
    device = deferring("defer")
    device.object("in").receive(0, "int", (1,))
    assert device.sent == [("/a", 1)]
    device = deferring("deferlow")
    device.object("in").receive(0, "int", (1,))
    assert device.sent == []


def test_the_queue_is_served_every_two_milliseconds_ten_at_a_time() -> None:
    """Advanced scheduler settings: event interval 2 ms, queue throttle 10."""
    host = MaxHost(FakeLive.with_tracks(1))
    times: list[float] = []
    host.run_for(0.0005)
    for _ in range(25):
        host.defer_low(lambda: times.append(host.now))
    host.run_for(0.02)
    assert times == [0.002] * 10 + [0.004] * 10 + [0.006] * 5


def test_the_scheduler_handles_twenty_events_a_tick() -> None:
    """Advanced scheduler settings: scheduler interval 1 ms, poll throttle 20."""
    host = MaxHost(FakeLive.with_tracks(1))
    times: list[tuple[float, Thread]] = []
    host.run_for(0.0005)
    for _ in range(45):
        host.soon(lambda: times.append((host.now, host.thread)))
    host.run_for(0.02)
    assert [time for time, _ in times] == [0.001] * 20 + [0.002] * 20 + [0.003] * 5
    assert {thread for _, thread in times} == {Thread.SCHEDULER}


# ------------------------------------------------------------------------------------------ faults


@each_case(
    "boxes, cords, fault",
    [
        ([box("a", "jweb", ports=(1, 1))], [], "there is no object jweb"),
        ([box("a", "prepend x", ports=(1, 2))], [], "has 1 outlets; the file has 2"),
        ([box("a", "t b b", ports=(1, 3))], [], "has 2 outlets; the file has 3"),
        ([box("a", "route x", ports=(4, 2))], [], "has 1 inlets; the file has 4"),
        ([box("a", "prepend x @frob 1")], [], "no attribute frob"),
        ([box("a", "prepend x")], ["a -> b"], "ends at b, which does not exist"),
        ([box("a", "prepend x"), box("b", "prepend y")], ["a:1 -> b"], "no outlet 1"),
        ([box("a", "prepend x"), box("b", "prepend y")], ["a -> b:1"], "no inlet 1"),
        ([box("a", "prepend x"), box("a", "prepend y")], [], "is not unique"),
        ([box("a", "js missing.js")], [], "the script is not in the device"),
        ([box("a", "ui:message", text="; max quit")], [], "are not simulated"),
        ([box("a", "ui:live.dial")], [], "is not a parameter"),
        ([box("a", "ui:bpatcher", ports=(1, 1))], [], "subpatches are not simulated"),
    ],
)
def test_what_max_would_pass_over_is_loud(boxes: list[dict[str, Any]], cords: list[str], fault: str) -> None:
    with pytest.raises(PatchError, match=fault):
        load(boxes, cords)


def test_what_an_object_does_not_understand_is_in_the_console() -> None:
    device = load([box("a", "ui:comment")])
    device.object("a").receive(0, "frobnicate", (1,))
    assert device.errors == ['[comment] (a): doesn\'t understand "frobnicate 1"']
