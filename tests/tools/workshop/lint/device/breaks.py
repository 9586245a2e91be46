"""Broken devices: each is the good one with one thing changed, and the rule that must find it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.tools.workshop.lint.device.good import Device


@dataclass(frozen=True, slots=True)
class Break:
    """A change to a device, the rule that finds it, and others that it cannot but break too."""

    rule: str
    what: str
    change: Callable[[Device], object]
    also: frozenset[str] = frozenset()


BREAKS: list[Break] = []


def breaks(rule: str, *also: str) -> Callable[[Callable[[Device], object]], Callable[[Device], object]]:
    """Puts a change into the table, under what its name says."""

    def add(change: Callable[[Device], object]) -> Callable[[Device], object]:
        BREAKS.append(Break(rule, change.__name__, change, frozenset(also)))
        return change

    return add


# Boxes.


@breaks("box-form")
def a_box_without_a_place(device: Device) -> None:
    del device.box("prepend drums")["patching_rect"]


@breaks("box-form")
def more_kinds_than_outlets(device: Device) -> None:
    device.box("prepend drums")["outlettype"] = ["", ""]


@breaks("form")
def a_rect_of_three_numbers(device: Device) -> None:
    device.box("prepend drums")["patching_rect"] = [1.0, 2.0, 3.0]


@breaks("duplicate-id")
def one_id_for_two_boxes(device: Device) -> None:
    device.add({**device.box("prepend drums"), "id": device.box("prepend drums")["id"], "varname": "another"})


@breaks("duplicate-name")
def one_scripting_name_for_two_boxes(device: Device) -> None:
    device.box("prepend drums")["varname"] = device.box("prepend bass")["varname"]


@breaks("unknown-object")
def an_object_that_max_does_not_have(device: Device) -> None:
    box = device.box("prepend drums")
    box["text"] = "prependd drums"


@breaks("box-class", "never-fed")
def a_line_typed_into_a_box(device: Device) -> None:
    device.add_object("live.line", 1, ())
    _lead(device, "freebang")


def _lead(device: Device, source: str) -> None:
    """Leads a box's first cord to the box that was added last."""
    device.cord(source)["destination"] = [device.boxes[-1]["id"], 0]


@breaks("box-class")
def an_object_without_a_face_given_one(device: Device) -> None:
    box = device.box("prepend drums")
    box["maxclass"] = "prepend"


@breaks("unknown-key")
def a_key_that_a_dial_does_not_have(device: Device) -> None:
    device.face("complexity")["needelcolor"] = "red"


@breaks("unknown-key")
def a_theme_for_a_colour_that_a_dial_does_not_have(device: Device) -> None:
    device.face("complexity")["saved_attribute_attributes"]["activebgonncolor"] = {
        "expression": "themecolor.live_alert"
    }


@breaks("unknown-attribute")
def a_typed_attribute_that_a_ring_does_not_have(device: Device) -> None:
    device.box("record~")["text"] += " @looop 1"


@breaks("ports")
def a_route_with_an_outlet_too_few(device: Device) -> None:
    box = device.box("route size")
    box["numoutlets"], box["outlettype"] = 3, ["", "", ""]


@breaks("ports")
def a_ring_of_two_channels_with_four_inlets_for_sound(device: Device) -> None:
    device.box("record~")["text"] = "record~ ---ring 2 @loop 1"


@breaks("ports")
def a_menu_with_two_outlets(device: Device) -> None:
    box = device.face("style")
    box["numoutlets"], box["outlettype"] = 2, ["", ""]


@breaks("outlet-types")
def a_trigger_that_sends_a_bang_where_its_letter_says_a_number(device: Device) -> None:
    device.box("trigger b s b")["text"] = "trigger i s b"


@breaks("unproven-ports")
def an_object_with_arguments_that_nobody_has_seen(device: Device) -> None:
    device.box("plugphasor~")["text"] = "plugphasor~ 3"


# Cords.


@breaks("cord-key")
def a_key_that_cords_do_not_have(device: Device) -> None:
    device.cords[0]["colour"] = 1


@breaks("cord-end")
def a_cord_to_a_box_that_is_not_there(device: Device) -> None:
    device.join(device.box("prepend writewave")["id"], 0, "obj-999")
    device.cords[-1]["source"] = [device.box("count~")["id"], 0]


@breaks("cord-port")
def a_cord_into_an_inlet_that_is_not_there(device: Device) -> None:
    device.join(device.box("count~")["id"], 0, device.box("plugout~")["id"], 2)


@breaks("cord-port")
def a_cord_out_of_an_outlet_that_is_not_there(device: Device) -> None:
    device.join(device.box("count~")["id"], 1, device.box("plugout~")["id"], 0)


@breaks("cord-twice")
def the_same_cord_twice(device: Device) -> None:
    device.patcher["lines"].append({"patchline": dict(device.cord("plugin~"))})


@breaks("cord-signal")
def a_signal_into_a_message(device: Device) -> None:
    device.join(device.box("count~")["id"], 0, device.box("prepend counter")["id"])


@breaks("cord-loop")
def a_cord_back_into_its_own_box(device: Device) -> None:
    device.join(device.box("count~")["id"], 0, device.box("count~")["id"], 1)


@breaks("fan-out")
def one_message_to_two_objects(device: Device) -> None:
    device.join(device.box("prepend counter")["id"], 0, device.box("udpsend")["id"])


@breaks("loose-object", "never-fed")
def an_object_without_a_cord(device: Device) -> None:
    device.add_object("deferlow", 1, ("",))


@breaks("dead-control", "never-fed")
def a_button_that_nothing_hears(device: Device) -> None:
    device.cut(device.cord("Drums"))


@breaks("never-fed")
def sound_that_comes_out_on_the_left_alone(device: Device) -> None:
    out = [device.box("plugout~")["id"], 1]
    device.cut(next(cord for cord in device.cords if cord["destination"] == out))


@breaks("leads-nowhere")
def a_word_that_is_said_to_nobody(device: Device) -> None:
    tempo = [device.face("tempo")["id"], 0]
    device.cut(next(cord for cord in device.cords if cord["destination"] == tempo))


@breaks("cross-wired")
def drums_that_press_bass(device: Device) -> None:
    drums, bass = device.cord("Drums"), device.cord("Bass")
    drums["destination"], bass["destination"] = bass["destination"], drums["destination"]


@breaks("cross-wired")
def a_control_that_speaks_to_another_object_than_the_script(device: Device) -> None:
    device.cord("prepend drums")["destination"] = [device.box("udpsend")["id"], 0]


@breaks("leads-nowhere")
def a_hold_that_is_never_let_go(device: Device) -> None:
    device.cut(device.cord("talk"))


@breaks("never-fed", "fan-out")
def a_ring_without_the_beat(device: Device) -> None:
    device.cord("plugphasor~")["destination"] = [device.box("plugout~")["id"], 0]


@breaks("not-understood")
def a_word_that_a_ring_does_not_know(device: Device) -> None:
    device.box("prepend writewave")["text"] = "prepend writewav"


# Places.


@breaks("no-place", "unmeasured")
def a_button_without_a_place(device: Device) -> None:
    del device.face("drums")["presentation_rect"]


@breaks("no-place", "text-overflow")
def a_button_without_a_size(device: Device) -> None:
    device.face("drums")["presentation_rect"][2] = 0.0


@breaks("faceless")
def an_object_without_a_face_in_the_presentation(device: Device) -> None:
    device.box("prepend drums").update(presentation=1, presentation_rect=[200.0, 155.0, 20.0, 10.0])
    _drop(device, "imagine")


def _drop(device: Device, name: str) -> None:
    """Takes a control out of the presentation, so that its place is free."""
    device.face(name)["presentation"] = 0


@breaks("half-pixel")
def a_button_between_pixels(device: Device) -> None:
    device.face("drums")["presentation_rect"][3] -= 0.5


@breaks("off-device")
def a_button_below_what_live_shows(device: Device) -> None:
    device.face("imagine")["presentation_rect"][3] += 20.0


@breaks("overlap")
def a_button_over_its_neighbour(device: Device) -> None:
    device.face("drums")["presentation_rect"][2] += 4.0


@breaks("overlap")
def a_status_beyond_its_panel(device: Device) -> None:
    left, top, width, _ = device.face("status")["presentation_rect"]
    device.face("status")["presentation_rect"] = [left, 0.0, width, top + 10.0]


@breaks("covered")
def a_panel_before_what_lies_on_it(device: Device) -> None:
    panel = device.face("display")
    device.lift(panel, 0)
    panel["background"] = 0


@breaks("covered")
def a_face_before_the_button_that_takes_its_clicks(device: Device) -> None:
    ubutton = device.face("talk")
    device.lift(ubutton, len(device.boxes) - 1)
    face = device.face("again")
    face["presentation_rect"], taken = list(ubutton["presentation_rect"]), face["presentation_rect"]
    device.face("talk_face")["presentation_rect"] = taken


@breaks("uneven-margins")
def a_device_with_room_on_its_right(device: Device) -> None:
    device.patcher["devicewidth"] += 12.0
    device.patcher["openrect"][2] += 12.0


# Parameters.


@breaks("parameter-key")
def a_key_that_parameters_do_not_have(device: Device) -> None:
    device.valueof("complexity")["parameter_longnme"] = "Complexity"


@breaks("parameter-form", "bank-hidden")
def a_visibility_that_max_does_not_have(device: Device) -> None:
    device.valueof("complexity")["parameter_invisible"] = 3


@breaks("always-parameter", "registry-stray")
def a_button_that_says_it_is_no_parameter(device: Device) -> None:
    device.face("drums")["parameter_enable"] = 0


@breaks("registry-missing")
def a_parameter_that_the_registry_does_not_name(device: Device) -> None:
    del device.patcher["parameters"][device.face("drums")["id"]]


@breaks("registry-stray")
def an_entry_of_the_registry_without_a_parameter(device: Device) -> None:
    device.patcher["parameters"]["obj-999"] = ["Ghost", "Ghost", 0]


@breaks("registry-differs")
def a_short_name_that_is_another_in_the_registry(device: Device) -> None:
    device.patcher["parameters"][device.face("drums")["id"]][1] = "Drms"


@breaks("registry-differs")
def a_type_where_the_registry_has_an_order(device: Device) -> None:
    device.patcher["parameters"][device.face("drums")["id"]][2] = 2


def _rename(device: Device, name: str, key: str, at: int, called: str) -> None:
    """Renames a parameter in its box and in the registry."""
    device.valueof(name)[key] = called
    device.patcher["parameters"][device.face(name)["id"]][at] = called


@breaks("long-name-twice")
def two_parameters_of_one_long_name(device: Device) -> None:
    _rename(device, "drums", "parameter_longname", 0, str(device.valueof("bass")["parameter_longname"]))


@breaks("generic-name")
def a_name_that_max_made(device: Device) -> None:
    _rename(device, "drums", "parameter_longname", 0, "live.text[3]")


@breaks("generic-name")
def a_number_that_max_appended(device: Device) -> None:
    _rename(device, "drums", "parameter_longname", 0, "Drums[1]")


@breaks("no-name")
def a_parameter_without_a_short_name(device: Device) -> None:
    _rename(device, "drums", "parameter_shortname", 1, "")


@breaks("enum-range")
def a_menu_whose_range_leaves_out_its_last_choice(device: Device) -> None:
    device.valueof("bars")["parameter_mmax"] -= 1


@breaks("enum-names")
def a_switch_with_the_names_that_max_gives(device: Device) -> None:
    device.valueof("drums")["parameter_enum"] = ["val1", "val2"]


@breaks("enum-names")
def two_choices_of_one_name(device: Device) -> None:
    device.valueof("bars")["parameter_enum"][1] = device.valueof("bars")["parameter_enum"][0]


@breaks("range", "initial-range")
def a_range_turned_round(device: Device) -> None:
    device.valueof("complexity")["parameter_mmin"] = 1000.0


@breaks("whole-range")
def a_whole_number_with_more_steps_than_live_has(device: Device) -> None:
    device.valueof("complexity").update(parameter_type=1, parameter_mmin=0.0, parameter_mmax=256.0)


@breaks("initial-range")
def a_dial_that_begins_beyond_its_range(device: Device) -> None:
    device.valueof("complexity").update(parameter_initial=[101], parameter_initial_enable=1)


@breaks("momentary", "bank-left-out")
def a_momentary_button_that_live_stores(device: Device) -> None:
    device.valueof("drums")["parameter_invisible"] = 0


# Banks.


@breaks("no-banks")
def automated_parameters_without_a_bank(device: Device) -> None:
    device.patcher["parameters"]["parameterbanks"] = {}


def _bank(device: Device) -> dict[str, object]:
    bank: dict[str, object] = device.patcher["parameters"]["parameterbanks"]["0"]
    return bank


def _places(device: Device) -> list[str]:
    places = _bank(device)["parameters"]
    assert isinstance(places, list)
    return places


@breaks("bank-form")
def a_bank_of_nine_places(device: Device) -> None:
    _places(device).append("-")


@breaks("bank-form")
def a_bank_with_the_number_of_another(device: Device) -> None:
    _bank(device)["index"] = 3


@breaks("bank-title")
def a_bank_without_a_name(device: Device) -> None:
    _bank(device)["name"] = " "


@breaks("bank-name", "bank-left-out")
def a_bank_with_a_name_that_is_no_parameters(device: Device) -> None:
    _places(device)[0] += "x"


@breaks("bank-hidden", "bank-left-out")
def a_bank_with_a_button_that_push_cannot_press(device: Device) -> None:
    _places(device)[0] = str(device.valueof("drums")["parameter_longname"])


@breaks("bank-twice", "bank-left-out")
def one_parameter_twice_in_a_bank(device: Device) -> None:
    _places(device)[0] = _places(device)[1]


@breaks("bank-left-out")
def an_automated_parameter_in_no_bank(device: Device) -> None:
    _places(device)[0] = "-"


# Texts.


@breaks("no-info")
def a_button_without_an_info_text(device: Device) -> None:
    device.face("drums")["annotation"] = ""


@breaks("no-info")
def a_button_without_an_info_title(device: Device) -> None:
    del device.face("drums")["annotation_name"]


@breaks("info-length")
def an_info_text_that_nobody_reads(device: Device) -> None:
    for said in (device.face("drums"), device.valueof("drums")):
        said.update({key: "word " * 100 for key in ("annotation", "parameter_info") if key in said})


@breaks("info-differs")
def an_info_text_that_is_another_for_live(device: Device) -> None:
    device.valueof("drums")["parameter_info"] = "Something else."


@breaks("tab-stop", "text-overflow")
def a_label_with_a_tab(device: Device) -> None:
    device.face("song_label")["text"] = "Song\tto"


@breaks("text-overflow")
def a_label_wider_than_its_button(device: Device) -> None:
    device.face("drums").update(text="Drums and percussion", texton="Drums and percussion")


@breaks("text-overflow")
def a_choice_wider_than_its_menu(device: Device) -> None:
    device.valueof("style")["parameter_enum"][3] = "Something that no menu of this width can show"


@breaks("unmeasured", "theme-colour")
def a_face_that_cannot_be_drawn(device: Device) -> None:
    device.face("drums")["saved_attribute_attributes"]["activetextcolor"] = {"expression": "themecolor.red"}


# Habits.


@breaks("console", "never-fed")
def a_print(device: Device) -> None:
    device.add_object("print", 1, ())
    _lead(device, "freebang")


@breaks("sound-card")
def sound_that_goes_past_live(device: Device) -> None:
    device.add_object("dac~", 2, (), "count~")


@breaks("heavy-object")
def a_process_of_its_own(device: Device) -> None:
    device.add_object("node.script", 1, ("", ""))
    _lead(device, "freebang")
    device.join(device.boxes[-1]["id"], 0, device.box("closing")["id"])


@breaks("shared-name")
def a_ring_that_all_devices_share(device: Device) -> None:
    device.box("buffer~")["text"] = device.box("buffer~")["text"].replace("---ring", "ring")


@breaks("order-by-time")
def an_order_made_by_waiting(device: Device) -> None:
    device.add_object("delay 100", 2, ("bang",))
    _lead(device, "freebang")
    device.join(device.boxes[-1]["id"], 0, device.box("closing")["id"])


@breaks("scheduler")
def a_reply_that_is_handled_in_the_scheduler(device: Device) -> None:
    device.box("udpreceive")["text"] = "udpreceive 24700"


@breaks("scheduler", "fan-out")
def a_text_that_the_notes_set(device: Device) -> None:
    device.add_object("notein", 1, ("int", "int", "int"))
    device.join(device.boxes[-1]["id"], 0, device.face("progress")["id"])
    device.join(device.box("prepend counter")["id"], 0, device.boxes[-1]["id"])


@breaks("fixed-colour")
def a_colour_that_is_the_same_in_every_theme(device: Device) -> None:
    device.face("complexity")["needlecolor"] = [1.0, 0.0, 0.0, 1.0]


@breaks("fixed-colour")
def a_text_in_the_colour_that_max_gives_it(device: Device) -> None:
    status = device.face("status")
    del status["saved_attribute_attributes"]["textcolor"], status["textcolor"]


@breaks("theme-colour", "unmeasured")
def a_theme_colour_that_max_does_not_have(device: Device) -> None:
    device.face("status")["saved_attribute_attributes"]["textcolor"] = {"expression": "themecolor.live_lcd_titel"}


@breaks("font")
def a_font_that_is_not_lives(device: Device) -> None:
    device.face("drums")["fontname"] = "Comic Sans MS"


# The device as a whole.


@breaks("patcher-key")
def a_key_that_patchers_do_not_have(device: Device) -> None:
    device.patcher["openinpresentationn"] = 1


@breaks("project")
def a_device_without_a_project(device: Device) -> None:
    del device.patcher["project"]


@breaks("device-kind")
def a_project_of_another_kind(device: Device) -> None:
    device.patcher["project"]["amxdtype"] = int.from_bytes(b"iiii", "big")


@breaks("presentation")
def a_device_that_opens_as_a_patch(device: Device) -> None:
    device.patcher["openinpresentation"] = 0


@breaks("device-size")
def a_device_that_opens_in_another_width(device: Device) -> None:
    device.patcher["openrect"][2] -= 40.0


@breaks("device-size")
def a_device_that_opens_in_another_height(device: Device) -> None:
    device.patcher["openrect"][3] = 200.0


@breaks("missing-file")
def a_script_that_is_not_in_the_container(device: Device) -> None:
    device.files.clear()


@breaks("missing-file", "stray-file")
def a_script_by_another_name(device: Device) -> None:
    device.box("js MuseAroo.js")["text"] = "js Musearoo.js audio"


@breaks("stray-file")
def a_file_that_nothing_names(device: Device) -> None:
    device.files["old.svg"] = b"<svg/>"


@breaks("external", "stray-file")
def an_external_in_the_container(device: Device) -> None:
    device.files["roo.mxe64"] = b"MZ"


# The script in its box.


def _script(device: Device, source: str) -> None:
    device.files["MuseAroo.js"] = source.encode()


@breaks("script-ports", "script-outlet")
def a_script_with_fewer_outlets_than_its_box(device: Device) -> None:
    _script(device, "inlets = 1;\noutlets = 3;\n\nfunction anything() {\n  outlet(3, messagename);\n}\n")


@breaks("script-outlet")
def a_script_that_speaks_beside_its_outlets(device: Device) -> None:
    _script(device, "outlets = 4;\n\nfunction anything() {\n  outlet(4, messagename);\n}\n")


@breaks("script-callable")
def a_function_that_a_message_could_call(device: Device) -> None:
    source = "outlets = 4;\n\nfunction wipe() {\n  outlet(0, 0);\n}\n\nfunction anything() {\n  wipe();\n}\n"
    _script(device, source)


@breaks("script-bytes")
def a_script_in_another_encoding(device: Device) -> None:
    device.files["MuseAroo.js"] = "// größer\noutlets = 4;\n".encode("latin-1")


@breaks("script-syntax")
def a_script_that_cannot_be_read(device: Device) -> None:
    _script(device, "outlets = 4;\n\nfunction anything( {\n}\n")
