"""The script in its sandbox: how messages reach it, what it sends, what it does not have."""

from typing import Any

import pytest

from musearoo.tools.max_simulator.formats.atoms import Atom
from musearoo.tools.max_simulator.formats.faults import PatchError
from musearoo.tools.max_simulator.objects.script import EPOCH
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from tests.each_case import each_case
from tests.tools.max_simulator.patches import box, load


def run(source: str, *, live: FakeLive | None = None, **options: Any) -> Device:
    """A device of one script whose outlet speaks to `udpsend`."""
    live = live or FakeLive.with_tracks(2)
    boxes = [
        box("js", "js test.js audio", at=(0, 90)),
        box("send", "udpsend 127.0.0.1 9000"),
        box("up", "live.thisdevice"),
    ]
    return load(boxes, ["js -> send"], host=MaxHost(live), scripts={"test.js": source}, key=live.key(0), **options)


@each_case(
    "message, answer",
    [
        ((1,), ("msg_int", 1)),
        ((1.5,), ("msg_float", 1.5)),
        ((1, "two", 3.5), ("list", 1, "two", 3.5)),
        ((), ("bang",)),
        (("drums", 1), ("drums", 1)),
        (("/roo/got", 1, 2), ("anything", "/roo/got", 1, 2)),
        (("hidden", 1), ("anything", "hidden", 1)),
        (("parseInt", "7"), ("anything", "parseInt", "7")),
    ],
)
def test_messages_call_the_function_of_their_name(message: tuple[Atom, ...], answer: tuple[Atom, ...]) -> None:
    """Cycling '74, "Basic Techniques" of [js]; a function with `local` set is not called from outside."""
    source = """
    function say(name, given) { outlet(0, ["/say", name].concat(arrayfromargs(given))); }
    say.local = 1;
    function msg_int() { say("msg_int", arguments); }
    function msg_float() { say("msg_float", arguments); }
    function list() { say("list", arguments); }
    function bang() { say("bang", arguments); }
    function drums() { say("drums", arguments); }
    function hidden() { say("never", arguments); }
    hidden.local = 1;
    function anything() { say("anything", arrayfromargs(messagename, arguments)); }
    """
    device = run(source)
    device.send_to_script(*message)
    assert device.errors == []
    assert device.sent == [("/say", *answer)]


@each_case(
    "expression, row",
    [
        ("1.0", (1,)),  # whole numbers become ints
        ("-0.25", (-0.25,)),
        ("true", (1,)),
        ("[1, ['two', [3]]]", (1, "two", 3)),
        ("'two words'", ("two words",)),
        ("'a', 1, 'b'", ("a", 1, "b")),
    ],
)
def test_what_the_outlet_makes_of_values(expression: str, row: tuple[Atom, ...]) -> None:
    device = run(f"function bang() {{ outlet(0, '/x', {expression}); }}")
    device.send_to_script()
    assert device.sent == [("/x", *row)]
    assert [type(atom) for atom in device.sent[0][1:]] == [type(atom) for atom in row]


@each_case("expression", ["NaN", "undefined", "null", "{}", "1 / 0", "function () {}"])
def test_what_no_outlet_can_send_is_told(expression: str) -> None:
    device = run(f"function bang() {{ outlet(0, '/x', {expression}); }}")
    device.send_to_script()
    assert "cannot be sent" in device.errors[0]


def test_a_script_is_deferred_out_of_the_scheduler() -> None:
    """Cycling '74, "Controlling a Function's Thread of Execution"."""
    device = run("function msg_int(n) { outlet(0, '/x', n); }")
    host = device.host
    host.run_for(0.0005)
    host.soon(lambda: device.object("js").receive(0, "int", (1,)))
    host.run_for(0.001)
    assert device.sent == []
    host.run_for(0.003)
    assert device.sent == [("/x", 1)]


def test_an_exception_is_a_line_in_the_console_and_the_script_lives_on() -> None:
    device = run("function bang() {\n  nothing.at = 1;\n}\nfunction msg_int(n) { outlet(0, '/x', n); }")
    device.send_to_script()
    device.send_to_script(1)
    assert device.errors == ["js: test.js: Javascript ReferenceError: nothing is not defined, line 2"]
    assert device.sent == [("/x", 1)]


def test_a_message_without_a_function_is_a_line_in_the_console() -> None:
    device = run("function bang() {}")
    device.send_to_script("frobnicate", 1)
    assert device.errors == ["js: no function frobnicate"]


def test_faults_of_the_source_and_of_its_box() -> None:
    assert "SyntaxError" in run("function (").errors[0]
    with pytest.raises(PatchError, match=r"the script has \[1, 3\] inlets and outlets"):
        run("outlets = 3;")


def test_what_the_old_engine_lacks_is_not_there() -> None:
    source = """
    var absent = ["Map", "Set", "Promise", "Symbol", "Proxy", "Uint8Array", "console", "require", "process",
                  "globalThis", "BigInt", "setTimeout", "queueMicrotask"];
    var newer = [[Array.prototype, "includes"], [Array.prototype, "find"], [String.prototype, "repeat"],
                 [String.prototype, "padStart"], [Object, "assign"], [Object, "entries"], [Number, "isInteger"],
                 [Math, "trunc"], [Array, "from"]];
    function bang() {
      var there = [];
      var i;
      for (i = 0; i < absent.length; i += 1) { if (this[absent[i]] !== undefined) { there.push(absent[i]); } }
      for (i = 0; i < newer.length; i += 1) { if (newer[i][0][newer[i][1]]) { there.push(newer[i][1]); } }
      outlet(0, "/there", there.length, there);
    }
    """
    device = run(source)
    device.send_to_script()
    assert device.sent == [("/there", 0)]


def test_arguments_of_the_box_and_the_machine() -> None:
    source = "function bang() { outlet(0, '/x', jsarguments[0], jsarguments[1], max.os, inlet, inlets, outlets); }"
    device = run(source)
    device.send_to_script()
    assert device.sent == [("/x", "test.js", "audio", "macintosh", 0, 1, 1)]


def test_time_is_the_hosts() -> None:
    source = """
    function bang() { outlet(0, "/t", new Date().getTime() / 1000, Date.now() / 1000); }
    function msg_int() { outlet(0, "/y", new Date(2001, 1, 3).getFullYear(), typeof Date()); }
    """
    device = run(source)
    device.host.run_for(10.0)
    device.send_to_script()
    device.send_to_script(1)
    assert device.sent[0][1] == device.sent[0][2] == pytest.approx(EPOCH / 1000 + 10.02)
    assert device.sent[1] == ("/y", 2001, "string")


def test_post_and_error() -> None:
    device = run('function bang() { post("a", 1); error("b"); }')
    device.send_to_script()
    assert device.posts == ["a 1"]
    assert device.errors == ["b"]


# ------------------------------------------------------------------------------------------ tasks

TICKER = """
var task = new Task(tick, this, ["a", 2]);
task.interval = 100;
function tick(a, b) { outlet(0, "/tick", a, b, arguments.callee.task.iterations); }
tick.local = 1;
function go() { task.repeat(); }
function thrice() { task.repeat(3, 0); }
function once() { task.schedule(250); }
function stop() { task.cancel(); outlet(0, "/running", task.running); }
"""


def test_a_task_repeats_until_it_is_cancelled() -> None:
    device = run(TICKER)
    device.send_to_script("go")
    device.host.run_for(0.35)
    assert device.sent == [("/tick", "a", 2, n) for n in (1, 2, 3)]
    device.send_to_script("stop")
    device.host.run_for(0.35)
    assert device.sent[3:] == [("/running", 0)]


def test_a_task_a_number_of_times_and_once_later() -> None:
    device = run(TICKER)
    device.send_to_script("thrice")
    device.host.run_for(1.0)
    assert len(device.sent) == 3
    device.send_to_script("once")
    device.host.run_for(0.24)
    assert len(device.sent) == 3
    device.host.run_for(0.02)
    assert len(device.sent) == 4


def test_tasks_end_with_the_device() -> None:
    device = run(TICKER + "function notifydeleted() { outlet(0, '/bye'); }")
    host = device.host
    device.send_to_script("go")
    device.delete()
    host.run_for(1.0)
    assert device.sent == [("/bye",)]
    assert host.devices == []


# ------------------------------------------------------------------------------------------ Live

ASK = """
var api = null;
function ask(path) {
  api = new LiveAPI(null, path);
  outlet(0, "/api", api.id, api.path, api.unquotedpath, api.type, typeof api.id);
}
function get(name) { var value = api.get(name); outlet(0, "/get", value === null ? "null" : value); }
function getcount(name) { outlet(0, "/count", api.getcount(name)); }
function call(name) { var value = api.call(name); outlet(0, "/call", value === null ? "null" : value); }
function set(name, value) { api.set(name, value); }
function go(path) { api.goto(path); outlet(0, "/api", api.type); }
"""


def test_live_api_reads_the_set() -> None:
    live = FakeLive.with_tracks(2)
    device = run(ASK, live=live)
    for message in (("ask", "this_device canonical_parent"), ("get", "name"), ("getcount", "clip_slots")):
        device.send_to_script(*message)
    track = live.resolve("live_set tracks 0", 0)
    assert device.sent == [
        ("/api", str(track), '"live_set tracks 0"', "live_set tracks 0", "Track", "string"),
        ("/get", "1-Audio"),
        ("/count", 4),
    ]
    device.sent.clear()
    for line in ("set name Bass", "get name", "go live_app", "call get_major_version"):
        device.send_to_script(*line.split())
    assert device.sent == [("/get", "Bass"), ("/api", "Application"), ("/call", 12)]
    assert device.errors == []


def test_live_api_never_throws() -> None:
    device = run(ASK)
    messages: list[tuple[Atom, ...]] = [
        *(("ask", "live_set tracks 9"), ("get", "name"), ("getcount", "devices"), ("call", "stop"), ("set", "name", 1)),
        *(("ask", "live_set"), ("get", "frob"), ("call", "frob"), ("getcount", "frob")),
    ]
    for message in messages:
        device.send_to_script(*message)
    answers: list[tuple[Atom, ...]] = [
        *(("/api", "0", "", "", "", "string"), ("/get", "null"), ("/count", 0), ("/call", "null")),
        ("/api", str(device.host.live.resolve("live_set", 0)), '"live_set"', "live_set", "Song", "string"),
        *(("/get", "null"), ("/call", "null"), ("/count", 0)),
    ]
    assert device.sent == answers
    assert len(device.errors) == 7
    assert "no valid object set" in device.errors[0]
    assert "no property called frob" in device.errors[4]


def test_live_api_is_not_there_before_the_device_is_initialised() -> None:
    """Cycling '74, "The LiveAPI Object": wait for live.thisdevice."""
    device = run("var early = new LiveAPI(null, 'live_set'); function bang() { outlet(0, '/id', early.id); }")
    assert "use live.thisdevice" in device.errors[0]
    device.send_to_script()
    assert device.sent == [("/id", "0")]


def test_what_is_not_simulated_is_loud() -> None:
    device = run("function bang() { try { new LiveAPI(function () {}, 'live_set'); } catch (ignored) {} }")
    with pytest.raises(PatchError, match="observing by a LiveAPI is not simulated"):
        device.send_to_script()


# ------------------------------------------------------------------------------------------ coming back


@each_case("reenters, answer", [(True, [1, 1]), (False, [0, 1])])
def test_what_comes_back_while_the_script_sends(reenters: bool, answer: list[int]) -> None:
    """No document says whether it is handled at once or afterwards: a script must bear both."""
    source = """
    outlets = 2;
    var inside = 0;
    function bang() { outlet(0, "again", 1); outlet(1, "/seen", inside); }
    function again() { inside = inside + 1; }
    function tell() { outlet(1, "/seen", inside); }
    """
    boxes = [box("js", "js test.js", ports=(1, 2)), box("send", "udpsend 127.0.0.1 9000"), box("t", "t l")]
    host = MaxHost(FakeLive.with_tracks(1), reenters=reenters)
    device = load(boxes, ["js -> t", "t -> js", "js:1 -> send"], scripts={"test.js": source}, host=host)
    device.send_to_script()
    host.run_for(0.01)
    device.send_to_script("tell")
    assert [row[1] for row in device.sent] == answer
