"""Controls that change a part, undo it, or cancel what is in progress."""

from musearoo.max_for_live.table.face import DISPLAY_TOP, GAP, LARGE, PLAY_TOP, right_cell
from musearoo.max_for_live.table.records import Control
from musearoo.max_for_live.table.shaping import button

_SECOND = PLAY_TOP + LARGE + GAP
_GOES = "It goes into the next empty slot below, or in its place where Goes To says Replace."

CHANGING: tuple[Control, ...] = (
    button(
        "again",
        "Again",
        right_cell(0, PLAY_TOP, height=LARGE),
        "Again",
        f"Plays another take of the last clip that this device made, or of the one in Clip View. {_GOES}",
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
        f"Plays that clip once more with less in it: fewer notes, plainer rhythms. {_GOES}",
        role="large",
    ),
    button(
        "busier",
        "Busier",
        right_cell(1, _SECOND, height=LARGE),
        "Busier",
        f"Plays that clip once more with more in it: fills, passing notes, finer rhythms. {_GOES}",
        role="large",
    ),
    button(
        "cancel",
        "Cancel",
        right_cell(0, DISPLAY_TOP),
        "Cancel",
        "Stops the last press that is still under way. Nothing of it stays in the set.",
    ),
)
