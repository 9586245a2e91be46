"""Talk by mouse or by pad, its microphone, and the device's self-test: the controls next to the display."""

from musearoo.max_for_live.table.face import DISPLAY_TOP, GAP, ROW, right_cell, row
from musearoo.max_for_live.table.records import Control, Kind, Parameter, Visibility
from musearoo.max_for_live.table.shaping import OFF_ON, button

_TALK = right_cell(1, DISPLAY_TOP, height=2 * ROW + GAP)

TALKING: tuple[Control, ...] = (
    Control(
        "talk_face",
        Kind.TOGGLE,
        _TALK,
        "Talk",
        "Talk",
        "Talk Light",
        "Lit while MuseAroo hears you. It reads Answer when MuseAroo has asked you something: press it and say your "
        "answer.",
        # Live makes a parameter of every switch; this one is only for the script.
        Parameter("Talk Light", "Light", Visibility.HIDDEN, choices=OFF_ON),
        shown=True,
        role="talk_face",
    ),
    Control(
        "talk",
        Kind.HOLD,
        _TALK,
        title="Talk",
        info="Hold it and say what you want in English, such as: give me a funk bass, eight bars in D minor. Let go, "
        "or stop speaking; say help to learn more. It hears the computer's microphone, not the track, and only while "
        "it is lit. Nothing is stored unless the settings say keep_talk.",
        speaks=True,
        role="talk",
        over="talk_face",
    ),
    Control(
        "talk_latch",
        Kind.TOGGLE,
        right_cell(0, row(DISPLAY_TOP, 2)),
        "Latch",
        "Latch",
        "Talk Latch",
        "Talk without holding: on to begin, off to end; it also goes off when you stop speaking. Map a pad or a pedal "
        "to it.",
        Parameter("Talk Latch", "Latch", Visibility.HIDDEN, choices=OFF_ON),
        speaks=True,
        shown=True,
        role="toggle",
    ),
    Control(
        "talk_arm",
        Kind.TOGGLE,
        right_cell(1, row(DISPLAY_TOP, 2)),
        "Arm",
        "Arm",
        "Talk Arm",
        "Keeps the microphone open and the last half second in memory, so that Talk loses no first syllable. Nothing "
        "older is kept, and nothing of it is understood or stored unless you talk. It is off whenever a set is opened.",
        # Hidden, and so not stored in the set: opening a set never opens the microphone.
        Parameter("Talk Arm", "Arm", Visibility.HIDDEN, choices=OFF_ON),
        speaks=True,
        shown=True,
        role="toggle",
    ),
    button(
        "self_test",
        "Test",
        right_cell(0, row(DISPLAY_TOP, 1)),
        "Self-test",
        "Tests whether device, daemon and Live understand one another, and says in the display what does not work.",
    ),
)
