"""The controls: what they take, send, show and store."""

from typing import Any

import pytest

from musearoo.tools.max_simulator.formats.faults import PatchError, UnknownControlError
from musearoo.tools.max_simulator.formats.patch import BLOB, ENUM, FLOAT, INT
from musearoo.tools.max_simulator.runtime.device import Device
from tests.each_case import each_case
from tests.tools.max_simulator.patches import box, load, parameter


def one(control: dict[str, Any], outlets: int = 1, **options: Any) -> Device:
    """A device of one control, whose outlets all speak to `udpsend`, as `/0`, `/1` …"""
    ears = [box(f"e{n}", f"prepend /{n}") for n in range(outlets)]
    cords = [f"{control['id']}:{n} -> e{n}" for n in range(outlets)] + [f"e{n} -> send" for n in range(outlets)]
    device = load([control, *ears, box("send", "udpsend 127.0.0.1 9000")], cords, **options)
    device.host.run_for(0.02)
    return device


def dial(**values: Any) -> dict[str, Any]:
    return box("dial", "ui:live.dial", **parameter("Dial", **{"kind": FLOAT, "mmin": 0.0, "mmax": 1.0, **values}))


def menu(**values: Any) -> dict[str, Any]:
    return box("menu", "ui:live.menu", **parameter("Menu", ENUM, enum=["Auto", "funk", "house"], mmax=2, **values))


def button(mode: int, **values: Any) -> dict[str, Any]:
    """A live.text; momentary ones are hidden, as Ableton's guidelines want."""
    keys = parameter("Button", ENUM, enum=["off", "on"], invisible=2 if mode == 0 else 0, **values)
    return box("button", "ui:live.text", mode=mode, text="Drums", texton="On", **keys)


def test_a_dial_sends_raw_first_and_is_held_in_its_range() -> None:
    device = one(dial(), 2)
    device.set("dial", 0.25)
    device.set("dial", 7.0)
    assert device.sent == [("/1", 0.25), ("/0", 0.25), ("/1", 1.0), ("/0", 1.0)]
    assert device.value("dial") == 1.0


def test_set_shows_without_sending() -> None:
    """Reference page: "Sets the current value without causing any output"."""
    device = one(dial(), 2)
    device.object("dial").receive(0, "set", (0.5,))
    assert device.value("dial") == 0.5
    assert device.sent == []


def test_whole_parameters_send_ints() -> None:
    device = one(dial(kind=INT, mmax=100.0))
    device.set("dial", 40.9)
    assert device.sent == [("/0", 40)]
    assert isinstance(device.sent[0][1], int)


def test_a_menu_sends_raw_text_index() -> None:
    device = one(menu(), 3)
    device.set("menu", "house")
    assert device.sent == [("/2", 1.0), ("/1", "house"), ("/0", 2)]
    assert device.shown("menu") == "house"
    with pytest.raises(UnknownControlError, match="no choice 'polka'; there are Auto, funk, house"):
        device.set("menu", "polka")


def test_a_button_bangs() -> None:
    """Reference page of live.text: the text out of the second outlet and a bang out of the left one."""
    device = one(button(0), 2)
    device.press("button")
    assert device.sent == [("/1", "Drums"), ("/0", "bang")]


def test_what_stands_on_a_switch_is_changed_by_a_message() -> None:
    """Reference page of live.text: "text: sets the button label when the button is in the off state"."""
    device = one(button(1), 2)
    device.object("button").receive(0, "text", ("Answer",))
    assert device.shown("button") == "Answer"
    assert device.sent == []
    device.press("button")
    assert device.shown("button") == "On"
    assert device.sent == [("/1", "On"), ("/0", 1)]


def test_a_switch_flips() -> None:
    device = one(button(1))
    device.press("button")
    device.press("button")
    assert device.sent == [("/0", 1), ("/0", 0)]


def test_automation_comes_in_the_scheduler() -> None:
    device = one(dial())
    threads = []
    original = device.object("e0").receive
    device.object("e0").receive = lambda *given: (threads.append(device.host.thread.value), original(*given))  # type: ignore[assignment,func-returns-value,method-assign]
    device.automate("dial", 0.5)
    device.host.run_for(0.01)
    device.set("dial", 0.75)
    assert threads == ["scheduler", "main"]
    assert device.sent == [("/0", 0.5), ("/0", 0.75)]


def test_a_mapped_button_is_pressed_by_a_value_and_not_by_its_end() -> None:
    device = one(button(0))
    device.automate("button", 1)
    device.automate("button", 0)
    device.host.run_for(0.01)
    assert device.sent == [("/0", "bang")]


# ------------------------------------------------------------------------------------------ storing


def field(**keys: Any) -> dict[str, Any]:
    stored = parameter("Prompt", BLOB, invisible=1)
    return box("prompt", "ui:textedit", keymode=1, outputmode=1, **stored, **keys)


def test_initial_values_are_sent_when_the_device_is_loaded() -> None:
    device = one(menu(initial=[1], initial_enable=1))
    assert device.sent == [("/0", 1)]


def test_what_is_hidden_is_not_stored() -> None:
    assert one(dial()).save_state() == {"Dial": 0.0}
    assert one(dial(invisible=1)).save_state() == {"Dial": 0.0}
    assert one(button(0)).save_state() == {}


@each_case("restore", ["before", "after"])
def test_a_state_comes_back(restore: str) -> None:
    device = one(menu(initial=[1]))
    device.set("menu", "house")
    again = one(menu(initial=[1]), state=device.save_state(), restore=restore)
    assert again.shown("menu") == "house"
    assert again.sent == [("/0", 2)]


def test_a_set_cannot_bring_back_what_is_hidden() -> None:
    assert one(dial(invisible=2, initial=[0.25]), state={"Dial": 0.75}).value("dial") == 0.25
    assert one(dial(invisible=1, initial=[0.25]), state={"Dial": 0.75, "Gone": 1}).value("dial") == 0.75


def test_a_button_does_not_press_itself_when_the_set_opens() -> None:
    assert one(button(0, initial=[0])).sent == []


def test_a_field_sends_on_return_and_comes_back() -> None:
    device = one(field())
    device.type("prompt", "dub 7 bass", finish=False)
    assert device.sent == []
    device.type("prompt", "dub 7 bass")
    assert device.sent == [("/0", "text", "dub 7 bass")]
    again = one(field(), state=device.save_state())
    assert again.shown("prompt") == "dub 7 bass"


def test_a_bang_sends_what_stands_in_a_field() -> None:
    device = one(field())
    device.type("prompt", "half a", finish=False)
    device.object("prompt").receive(0, "bang", ())
    assert device.sent == [("/0", "text", "half a")]


def test_a_field_as_messages_parses_numbers() -> None:
    """Outputmode 0: what is typed becomes atoms, so a 1.50 comes out as 1.5."""
    device = one({**field(), "outputmode": 0})
    device.type("prompt", "bars 4 at 1.50")
    assert device.sent == [("/0", "text", "bars", 4, "at", 1.5)]


# ------------------------------------------------------------------------------------------ faces


def test_a_comment_shows_what_is_set() -> None:
    device = load([box("status", "ui:comment", text="Ready")])
    assert device.shown("status") == "Ready"
    device.object("status").receive(0, "set", ("Drums:", 23, "ms", 0.5))
    assert device.shown("status") == "Drums: 23 ms 0.5"
    device.object("status").receive(0, "annotation", ("All of it.",))
    assert device.annotation("status") == "All of it."


def test_a_panel_has_the_colour_that_was_sent() -> None:
    device = load([box("lamp", "ui:panel", bgfillcolor=[1.0, 0.0, 0.0, 1.0])])
    assert device.shown("lamp") == (1.0, 0.0, 0.0, 1.0)
    device.object("lamp").receive(0, "bgfillcolor", (0.0, 1.0, 0.0, 1.0))
    assert device.shown("lamp") == (0.0, 1.0, 0.0, 1.0)
    assert device.values()["lamp"]["bgfillcolor"] == [0.0, 1.0, 0.0, 1.0]


def test_a_bar_of_one_slider() -> None:
    device = load([box("bar", "ui:multislider", setminmax=[0, 1000], settype=0, size=1)])
    for message, shown in ((("int", (300,)), 300), (("setlist", (2000,)), 1000), (("set", (1, 5)), 5)):
        device.object("bar").receive(0, *message)
        assert device.shown("bar") == shown


def test_the_invisible_button_goes_down_and_up() -> None:
    """Reference page of ubutton: down is the second outlet, up the first; the fourth says whether inside."""
    device = one(box("talk", "ui:ubutton"), 4)
    device.hold("talk")
    assert device.sent == [("/3", 1), ("/2", 1, 1), ("/1", "bang")]
    device.sent.clear()
    device.release("talk")
    assert device.sent == [("/3", 1), ("/2", 1, 1), ("/0", "bang")]
    device.sent.clear()
    device.release("talk", inside=False)
    assert device.sent == [("/3", 0), ("/2", 1, 1)]


def test_wrong_hands_are_told() -> None:
    device = load([box("status", "ui:comment"), dial()])
    with pytest.raises(UnknownControlError, match="status is a comment, which cannot be pressed"):
        device.press("status")
    with pytest.raises(UnknownControlError, match=r"There is no 'drum'; there are dial, status\."):
        device.press("drum")


def test_the_registry_of_parameters_is_held_to_the_boxes() -> None:
    from musearoo.tools.max_simulator.outside.live_api import FakeLive
    from musearoo.tools.max_simulator.runtime.host import MaxHost
    from tests.tools.max_simulator.patches import amxd, patcher

    host = MaxHost(FakeLive.with_tracks(1))
    for registry, fault in (
        ({"gone": ["Gone", "", 0], "dial": ["Dial", "", 0]}, "names gone"),
        ({"dial": ["Dail", "", 0]}, "is 'Dial', in the registry 'Dail'"),
        ({"other": ["Dial", "", 0]}, "names other"),
    ):
        with pytest.raises(PatchError, match=fault):
            host.load(amxd({**patcher([dial()], []), "parameters": registry}))


# ------------------------------------------------------------------------------------------ reactions


def test_the_face_answers_at_the_next_frame() -> None:
    boxes = [button(0), box("say", "ui:message", text="set Drums …"), box("status", "ui:comment")]
    device = load(boxes, ["button -> say", "say -> status"])
    device.host.run_for(0.0401 - device.host.now)
    reaction = device.press("button")
    device.host.run_for(0.1)
    assert reaction.changed == {"status": "Drums …"}
    assert reaction.clicked_at < reaction.changed_at <= reaction.clicked_at + 0.002  # type: ignore[operator]
    assert reaction.drawn_at == pytest.approx(0.07)
    assert reaction.seconds == reaction.drawn_at - reaction.clicked_at + reaction.work  # type: ignore[operator]


def test_what_the_hand_turns_is_no_answer() -> None:
    device = load([dial(), box("status", "ui:comment")])
    reaction = device.set("dial", 0.5)
    device.host.run_for(0.1)
    assert reaction.changed == {}
    assert reaction.drawn_at is None


def test_a_click_that_changes_nothing_has_no_answer() -> None:
    device = load([button(0), box("status", "ui:comment")])
    reaction = device.press("button")
    device.host.run_for(0.1)
    assert reaction.seconds is None


# ------------------------------------------------------------------------------------------ clicks


def placed(found: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {**found, "presentation": 1, "presentation_rect": [10.0, 10.0, 40.0, 15.0], **keys}


@each_case(
    "boxes, fault",
    [
        ([placed(button(0))], ""),
        ([placed(box("label", "ui:comment")), placed(button(0))], ""),
        ([placed(button(0)), placed(box("veil", "ui:ubutton"))], ""),
        ([placed(box("veil", "ui:ubutton"), background=1), placed(button(0))], ""),
        ([placed(box("veil", "ui:ubutton"), presentation_rect=[50.0, 10.0, 9.0, 9.0]), placed(button(0))], ""),
        ([placed(box("veil", "ui:ubutton")), placed(button(0))], "veil covers it"),
        ([placed(button(0), ignoreclick=1)], "ignores clicks"),
        ([placed(button(0), hidden=1)], "hidden"),
        ([button(0)], "not in the presentation"),
    ],
)
def test_a_click_goes_to_what_lies_in_front(boxes: list[dict[str, Any]], fault: str) -> None:
    device = load(boxes)
    device.patcher["openinpresentation"] = 1
    if fault:
        with pytest.raises(UnknownControlError, match=fault):
            device.press("button")
    else:
        device.press("button")


def test_old_clicks_are_answered_no_more() -> None:
    device = load([button(0), box("status", "ui:comment")])
    reaction = device.press("button")
    device.host.run_for(1.5)
    device.press("button")
    device.object("status").receive(0, "set", ("late",))
    device.host.run_for(0.1)
    assert reaction.changed_at is None
    assert device.reactions[1].changed == {"status": "late"}
