"""The controls that change what was played, or take it back."""

from max_for_live.table.face import LARGE, PLAY_TOP, right_cell
from max_for_live.table.records import Control
from max_for_live.table.shaping import button

_SECOND = PLAY_TOP + LARGE + 2

CHANGING: tuple[Control, ...] = (
    button(
        "again",
        "Again",
        right_cell(0, PLAY_TOP, height=LARGE),
        "Again",
        "Plays another take of the last clip that MuseAroo made, in the slot below. Nothing is lost.",
        role="large",
    ),
    button(
        "undo",
        "Undo",
        right_cell(1, PLAY_TOP, height=LARGE),
        "Undo",
        "Takes back the last thing that MuseAroo wrote into the set, if nothing came after it. Live's own undo does "
        "the same.",
        role="large",
    ),
    button(
        "simpler",
        "Simpler",
        right_cell(0, _SECOND, height=LARGE),
        "Simpler",
        "Plays the last clip once more with less in it, in the slot below.",
        role="large",
    ),
    button(
        "busier",
        "Busier",
        right_cell(1, _SECOND, height=LARGE),
        "Busier",
        "Plays the last clip once more with more in it, in the slot below.",
        role="large",
    ),
)
