"""Talk, by the mouse or by a pad, and the device's test of itself: what stands beside the display."""

from max_for_live.table.face import BLOCK, DISPLAY_TOP, right_cell, row
from max_for_live.table.records import Control, Kind, Parameter, Visibility
from max_for_live.table.shaping import OFF_ON, button

TALKING: tuple[Control, ...] = (
    Control(
        "talk_face",
        Kind.TOGGLE,
        right_cell(1, DISPLAY_TOP, height=BLOCK),
        "Talk",
        "Talk",
        "Talk Light",
        "Lit while MuseAroo hears you.",
        # Live makes a parameter of every switch; this one is nobody's business but the script's.
        Parameter("Talk Light", "Light", Visibility.HIDDEN, choices=OFF_ON),
        shown=True,
        role="talk_face",
    ),
    Control(
        "talk",
        Kind.HOLD,
        right_cell(1, DISPLAY_TOP, height=BLOCK),
        title="Talk",
        info="Hold it and say what you want, such as: a slow funk bass, eight bars. Let go when you are done. It hears "
        "the computer's microphone, not the track. This version understands no speech yet and says so.",
        speaks=True,
        role="talk",
        over="talk_face",
    ),
    Control(
        "talk_latch",
        Kind.TOGGLE,
        right_cell(0, row(DISPLAY_TOP, 1)),
        "Latch",
        "Latch",
        "Talk Latch",
        "Talk without holding: on to begin, off to end. Map a pad or a pedal to it.",
        Parameter("Talk Latch", "Latch", Visibility.HIDDEN, choices=OFF_ON),
        speaks=True,
        shown=True,
        role="toggle",
    ),
    button(
        "self_test",
        "Test",
        right_cell(0, row(DISPLAY_TOP, 2)),
        "Self-test",
        "Tests whether device, daemon and Live understand one another, and says in the display what does not work.",
    ),
)
