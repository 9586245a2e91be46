"""Controls for analysis, stems, and the track's own audio."""

from musearoo.max_for_live.table.face import GAP, ROW, WORK_TOP, right_cell, row
from musearoo.max_for_live.table.records import Control, Kind, Parameter, Twin, Visibility
from musearoo.max_for_live.table.shaping import OFF_ON, button, menu

_SOUND = (Twin.AUDIO,)
_LISTEN = row(WORK_TOP, 2)

HEARING: tuple[Control, ...] = (
    button(
        "analyse",
        "Analyse",
        right_cell(0, WORK_TOP),
        "Analyse",
        "Hears the clip in Clip View and says its tempo, key and chords. The menu beside it says what is written into "
        "the set.",
    ),
    menu(
        "analyse_for",
        ("Look", "Warp", "Set"),
        right_cell(1, WORK_TOP),
        "Analyse For",
        "Writes",
        "What Analyse writes. Look: nothing; Warp: the clip's warp markers and name; Set: these, locators, and tempo, "
        "time signature and scale of the Live Set. Undo takes it back.",
    ),
    button(
        "split",
        "Split",
        right_cell(0, row(WORK_TOP, 1)),
        "Split",
        "Takes the audio clip in Clip View apart into drums, bass, voice and the rest, each on a new track. Undo takes "
        "the tracks away again.",
    ),
    Control(
        "auto_split",
        Kind.TOGGLE,
        right_cell(1, row(WORK_TOP, 1)),
        "Auto",
        "Auto",
        "Auto Split",
        "While it is on, every audio clip that is dropped onto this track is split by itself.",
        Parameter("Auto Split", "Auto", Visibility.AUTOMATED, choices=OFF_ON),
        speaks=True,
        # Set by the script only on a voice command: like a click, with an undo step.
        shown=True,
        role="toggle",
    ),
    button(
        "listen",
        "Listen",
        right_cell(0, _LISTEN),
        "Listen",
        "Takes the last bars that this track has played, exactly on the beat. Start Live, let it play, press Listen.",
        twins=_SOUND,
    ),
    menu(
        "listen_bars",
        ("1 bar", "2 bars", "4 bars", "8 bars"),
        right_cell(1, _LISTEN),
        "Listen Bars",
        "Listen",
        "How many of the last bars Listen takes.",
        initial=2,
        twins=_SOUND,
    ),
    menu(
        "listen_for",
        ("To analyse", "To continue"),
        right_cell(0, row(WORK_TOP, 3), columns=2),
        "Listen For",
        "For",
        "What Listen does with them: hear their key and chords, for what is played next, or continue them as a new "
        "audio loop.",
        twins=_SOUND,
    ),
    Control(
        "listen_hint",
        Kind.TEXT,
        right_cell(0, _LISTEN, columns=2, height=2 * ROW + GAP),
        "Listen: on audio tracks only",
        title="Listen",
        info="A MIDI effect hears no sound. Put the audio effect MuseAroo on a track with sound to listen to it.",
        role="hint",
        twins=(Twin.MIDI,),
    ),
)
