"""Controls for playing along: audition a take before keeping it, capture playing, answer it, jam."""

from musearoo.max_for_live.table.face import GAP, LIVE, PLAY_TOP, ROW, WORK_TOP, broad_cell, live_cell, narrow_cell, row
from musearoo.max_for_live.table.records import Control, Kind, Parameter, Visibility
from musearoo.max_for_live.table.shaping import OFF_ON, button, menu

_TWO_ROWS = 2 * ROW + GAP

PLAYING_ALONG: tuple[Control, ...] = (
    Control(
        "hear",
        Kind.TOGGLE,
        live_cell(0, PLAY_TOP, height=_TWO_ROWS),
        "Hear",
        "Hear",
        "Hear First",
        "While it is on, takes of Band, the players, Again, Simpler and Busier are on trial: they sound in their slot "
        "in Live until you press Keep or Drop, or the next one comes. The settings can choose a MIDI port instead.",
        Parameter("Hear First", "Hear", Visibility.AUTOMATED, choices=OFF_ON),
        speaks=True,
        role="large",
    ),
    button(
        "keep",
        "Keep",
        live_cell(1, PLAY_TOP, height=_TWO_ROWS),
        "Keep",
        "Keeps the take that you hear in the set. When none is heard, it writes what you have just played into "
        "MuseAroo In, as the menus below say. Undo takes it away again.",
        role="large",
    ),
    button(
        "drop",
        "Drop",
        live_cell(2, PLAY_TOP, height=_TWO_ROWS),
        "Drop",
        "Silences the take that you hear, and takes it out of the set again.",
        role="large",
    ),
    menu(
        "keep_bars",
        ("Last phrase", "1 bar", "2 bars", "4 bars", "8 bars", "16 bars", "32 bars"),
        broad_cell(row(PLAY_TOP, 2), left=LIVE),
        "Keep Bars",
        "Keep",
        "How much of what you have just played Keep takes: the last phrase, from rest to rest, or so many of the last "
        "bars.",
    ),
    menu(
        "keep_tight",
        ("As is", "Half", "Tight"),
        narrow_cell(row(PLAY_TOP, 2), left=LIVE),
        "Keep Tight",
        "Tight",
        "How Keep moves what you played to the beat. As is: not at all; Half: half of the way; Tight: wholly, though "
        "your feel, such as swing or playing behind the beat, stays in each case.",
        initial=2,
    ),
    Control(
        "to_played_label",
        Kind.TEXT,
        live_cell(0, WORK_TOP, columns=3),
        "To what I just played:",
        title="To What I Played",
        info="What the next new clips are to what you have just played into MuseAroo In.",
        role="label",
    ),
    menu(
        "to_played",
        ("Nothing special", "Answer it", "Continue it", "Add thirds", "Add sixths", "Four parts", "Accompany it"),
        live_cell(0, row(WORK_TOP, 1), columns=3),
        "To What I Played",
        "To Played",
        "What the players do with what you have just played into MuseAroo In: answer or continue it, lie under it as "
        "thirds, sixths or in four parts, or accompany it. Nothing special: they fit the set, as always.",
    ),
    Control(
        "jam",
        Kind.TOGGLE,
        narrow_cell(row(WORK_TOP, 2), left=LIVE, height=_TWO_ROWS),
        "Jam",
        "Jam",
        "Jam",
        "You play some bars, then MuseAroo answers for as many, turn by turn, until it is off. Map a pad or a pedal to "
        "it. It is off whenever a set is opened.",
        # Hidden, and so not stored in the set: opening a set never starts to play.
        Parameter("Jam", "Jam", Visibility.HIDDEN, choices=OFF_ON),
        speaks=True,
        shown=True,
        role="large",
    ),
    menu(
        "jam_bars",
        ("1 bar each", "2 bars each", "4 bars each", "8 bars each", "16 bars each"),
        broad_cell(row(WORK_TOP, 2), left=LIVE),
        "Jam Bars",
        "Jam",
        "How long a turn of the jam is. It may be changed while you jam, and counts from the next turn.",
        initial=2,
    ),
    menu(
        "jam_with",
        ("RooAroo", "Drums", "Bass", "Chords", "Melody", "Atmos"),
        broad_cell(row(WORK_TOP, 3), left=LIVE),
        "Jam With",
        "With",
        "Who answers in the jam. RooAroo: it decides by what you play.",
    ),
)
