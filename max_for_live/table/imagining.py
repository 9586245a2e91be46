"""Controls for audio generation from text."""

from musearoo.max_for_live.table.face import GAP, ROW, WORK_TOP, broad_cell, framed, middle_cell, narrow_cell, row
from musearoo.max_for_live.table.records import Control, Kind, Parameter, Visibility
from musearoo.max_for_live.table.shaping import button, menu

_TWO_ROWS = 2 * ROW + GAP

IMAGINING: tuple[Control, ...] = (
    Control(
        "prompt",
        Kind.FIELD,
        framed(middle_cell(WORK_TOP, height=_TWO_ROWS)),
        title="Prompt",
        info="What it is to sound like, in words, such as: warm dub bass with tape echo. Left empty, the set itself "
        "suggests it.",
        parameter=Parameter("Prompt", "Prompt", Visibility.STORED),
        speaks=True,
        # The script does not set it but bangs it to get its text, even during typing.
        shown=True,
        role="field",
    ),
    button(
        "imagine",
        "Imagine",
        narrow_cell(row(WORK_TOP, 2), height=_TWO_ROWS),
        "Imagine",
        "Makes an audio loop of the words above, in the tempo and key of the set, on an audio track. This takes a "
        "while; Cancel stops it.",
        role="large",
    ),
    menu(
        "imagine_from",
        ("From words", "Clip's tune", "Clip's end"),
        broad_cell(row(WORK_TOP, 2)),
        "Imagine From",
        "From",
        "What Imagine begins with: the words alone, the tune of the clip in Clip View, or the end of that clip, which "
        "it continues.",
    ),
    menu(
        "imagine_with",
        ("Best model", "MusicGen", "Stable Audio", "Sketch", "Ambient"),
        broad_cell(row(WORK_TOP, 3)),
        "Imagine With",
        "With",
        "What imagines. Best model takes the best that is installed; Sketch is quick and plain, and Ambient is "
        "a piece of endless music: both need no model.",
    ),
)
