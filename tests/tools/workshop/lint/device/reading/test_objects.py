"""The table of Max's objects and the rules for ports, held against what Max saved."""

from musearoo.tools.workshop.lint.device.reading.objects import class_of, known_ports, table
from musearoo.tools.workshop.lint.device.reading.patch import Box, read_patches, split_text
from musearoo.tools.workshop.lint.device.reading.ports import Ports
from tests.each_case import each_case

# Read off public devices; the first of each pair is the text of a box, the second its inlets and outlets.
SAVED: tuple[tuple[str, Ports], ...] = (
    ("route a", Ports(2, 2, ("", ""))),
    ("route a b c", Ports(4, 4, ("", "", "", ""))),
    ("sel 0 1", Ports(3, 3, ("bang", "bang", ""))),
    ("t b i f l s a clear 7 0.5", Ports(1, 9, ("bang", "int", "float", "", "", "", "clear", "int", "float"))),
    ("t getpath l", Ports(1, 2, ("", ""))),
    ("b 3", Ports(1, 3, ("bang", "bang", "bang"))),
    ("unpack 0 0. s", Ports(1, 3, ("int", "float", ""))),
    ("pack 0 0 0", Ports(3, 1, ("",))),
    ("gate 0", Ports(2, 1, ("",))),
    ("gate 2", Ports(2, 2, ("", ""))),
    ("switch 3", Ports(4, 1, ("",))),
    ("join 4", Ports(4, 1, ("",))),
    ("record~ mic 2", Ports(4, 1, ("signal",))),
    ("plugin~", Ports(2, 2, ("signal", "signal"))),
    ("plugin~ @chans 8", Ports(8, 8, ("signal",) * 8)),
    ("buffer~ mic 2000 2", Ports(1, 2, ("float", "bang"))),
    ("udpsend 127.0.0.1 7400", Ports(1, 0, ())),
    ("udpreceive 7401", Ports(1, 1, ("",))),
    ("live.thisdevice", Ports(1, 3, ("bang", "int", "int"))),
    ("plugphasor~", Ports(1, 2, ("signal", "list"))),
    ("snapshot~ 100", Ports(2, 1, ("float",))),
)


def _box(text: str) -> Box:
    data = {"id": "obj-1", "maxclass": "newobj", "text": text}
    return next(read_patches({"boxes": [{"box": data}]})).boxes[0]


@each_case("text, saved", SAVED)
def test_ports_are_those_that_max_saved(text: str, saved: Ports) -> None:
    box = _box(text)
    channels = int(dict(box.typed).get("chans", ("0",))[0])
    assert any(ports.allows(saved) for ports in known_ports(class_of(box), box.arguments, channels))


@each_case("text, saved", SAVED)
def test_other_ports_are_not_allowed(text: str, saved: Ports) -> None:
    box = _box(text)
    channels = int(dict(box.typed).get("chans", ("0",))[0])
    more = Ports(saved.inlets, saved.outlets + 1, (*saved.types, ""))
    assert not any(ports.allows(more) for ports in known_ports(class_of(box), box.arguments, channels))


def test_ports_that_nobody_has_seen_are_not_guessed() -> None:
    assert known_ports("plugphasor~", ("3",)) == ()


def test_the_table_knows_max() -> None:
    known = table()
    assert len(known.names) > 1200
    assert {"live.dial", "textedit", "panel", "ubutton"} <= known.faces
    assert "prepend" in known.names - known.faces
    assert "live_control_selection" in known.theme_colours
    assert "parameter_longname" in known.parameter_keys
    assert set(known.aliases.values()) <= known.names


@each_case(
    "text, words",
    [
        ("", ()),
        ("  route   a ", ("route", "a")),
        ('route "two words" b', ("route", "two words", "b")),
        (r"route two\ words b", ("route", "two words", "b")),
        ('route ""', ("route", "")),
    ],
)
def test_texts_are_split_as_max_does(text: str, words: tuple[str, ...]) -> None:
    assert split_text(text) == words


def test_attributes_are_told_from_arguments() -> None:
    box = _box("buffer~ ---ring 1000 4 @format float32 @samps 3 4")
    assert box.arguments == ("---ring", "1000", "4")
    assert box.typed == (("format", ("float32",)), ("samps", ("3", "4")))


def test_boxes_of_subpatchers_are_read_by_their_place() -> None:
    inner = {"boxes": [{"box": {"id": "obj-1", "maxclass": "inlet"}}]}
    outer = {"boxes": [{"box": {"id": "obj-2", "maxclass": "newobj", "text": "p inner", "patcher": inner}}]}
    assert [box.place for patch in read_patches(outer) for box in patch.boxes] == ["obj-2", "obj-2::obj-1"]
