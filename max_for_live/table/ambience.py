"""Controls for endless music: begin and end it, choose its kind, and steer it while it plays."""

from musearoo.max_for_live.table.face import DISPLAY_TOP, GAP, PLAY_TOP, ROW, WORK_TOP, ambient_cell, row
from musearoo.max_for_live.table.records import Control, Kind, Parameter, Rect, Visibility
from musearoo.max_for_live.table.shaping import OFF_ON, dial, menu

PRESETS = ("Drift", "Glass", "Tape", "Choir", "Rain", "Night bus", "Cathedral", "Embers")
"""The presets of endless music, in the order of the manual."""

_DIAL = 48


def _dial(column: int, line: int) -> Rect:
    return ambient_cell(column, PLAY_TOP + line * _DIAL, height=_DIAL)


AMBIENCE: tuple[Control, ...] = (
    Control(
        "ambience",
        Kind.TOGGLE,
        ambient_cell(0, DISPLAY_TOP, columns=2, height=2 * ROW + GAP),
        "Ambience",
        "Ambience",
        "Ambience",
        "Music that goes on without an end and never repeats, through the sound card or, where the settings say so, "
        "at MuseAroo Out. It is lit while it plays, in all devices. It is off whenever a set is opened.",
        # Hidden, and so not stored in the set: opening a set never starts to play.
        Parameter("Ambience", "Ambience", Visibility.HIDDEN, choices=OFF_ON),
        speaks=True,
        shown=True,
        role="large",
    ),
    menu(
        "ambience_preset",
        PRESETS,
        ambient_cell(0, row(DISPLAY_TOP, 2), columns=2),
        "Ambience Preset",
        "Preset",
        "The kind of endless music: its layers, scale, tempo and sounds. It may be changed while it plays.",
    ),
    dial(
        "ambience_density",
        "Density",
        _dial(0, 0),
        "Ambience Density",
        "How much happens in the endless music. 50 % is as the preset has it.",
        initial=50,
    ),
    dial(
        "ambience_brightness",
        "Bright",
        _dial(1, 0),
        "Ambience Brightness",
        "How bright the endless music sounds. 50 % is as the preset has it.",
        initial=50,
    ),
    dial(
        "ambience_motion",
        "Motion",
        _dial(0, 1),
        "Ambience Motion",
        "How much the sound of the endless music moves. 50 % is as the preset has it.",
        initial=50,
    ),
    dial(
        "ambience_space",
        "Space",
        _dial(1, 1),
        "Ambience Space",
        "How large the room of the endless music is. 50 % is as the preset has it.",
        initial=50,
    ),
    menu(
        "ambience_follow",
        ("Own key", "Follow set"),
        ambient_cell(0, row(WORK_TOP, 3), columns=2),
        "Ambience Follows",
        "Follows",
        "Whether the endless music is in the preset's key and tempo, or follows key, tempo and chords of the set.",
    ),
)
