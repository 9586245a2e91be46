"""Controls for how to play: style, key, length, place and feel."""

from musearoo.max_for_live.table.face import (
    PLAY_TOP,
    ROW,
    WORK_TOP,
    broad_cell,
    left_cell,
    middle_cell,
    narrow_cell,
    row,
)
from musearoo.max_for_live.table.records import Control
from musearoo.max_for_live.table.shaping import dial, menu

STYLE_NAMES: tuple[str, ...] = (
    *("afrobeat", "ambient", "ballad", "blues", "bossa nova", "cinematic", "classical", "country", "deep house"),
    *("disco", "drill", "drum and bass", "dub", "dubstep", "folk", "funk", "hip-hop", "house", "jazz swing", "lo-fi"),
    *("metal", "pop", "R&B", "reggae", "rock", "salsa", "soul", "techno", "trance", "trap"),
)
"""The styles included in MuseAroo, in alphabetical order.

Sets store the index of a choice, not its name, so a new style is appended, whatever its name.
"""

_DIALS_TOP = WORK_TOP + ROW
_DIAL = 48
"""Height of Live's dial with its name and its value."""

SETTING: tuple[Control, ...] = (
    menu(
        "style",
        ("Auto style", *STYLE_NAMES),
        middle_cell(PLAY_TOP),
        "Style",
        "Style",
        "The style to play in. Auto style takes the one that suits the set: what plays in it, its tempo and its key.",
    ),
    menu(
        "key_root",
        ("Set key", "C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
        narrow_cell(row(PLAY_TOP, 1)),
        "Key Root",
        "Root",
        "The key's root. Set key follows the scale of the Live Set, or what is heard in it.",
    ),
    menu(
        "key_mode",
        ("Major", "Minor", "Dorian", "Phrygian", "Lydian", "Mixolydian", "Locrian"),
        broad_cell(row(PLAY_TOP, 1)),
        "Key Mode",
        "Mode",
        "The key's mode. It counts only while a root is chosen on its left.",
        initial=1,
    ),
    menu(
        "bars",
        ("1 bar", "2 bars", "4 bars", "8 bars", "12 bars", "16 bars", "24 bars", "32 bars"),
        narrow_cell(row(PLAY_TOP, 2)),
        "Bars",
        "Bars",
        "How long new clips are.",
        initial=3,
    ),
    menu(
        "where",
        ("Own track", "This track", "Replace"),
        broad_cell(row(PLAY_TOP, 2)),
        "Goes To",
        "Goes To",
        "Where a new clip goes. Own track: the player's own, made when it is missing; This track: the next empty slot "
        "of the track that MuseAroo sits on; Replace: the place of its clip in the selected scene. Notes for an audio "
        "track go to the player's own.",
    ),
    dial(
        "complexity",
        "Complex",
        left_cell(0, _DIALS_TOP, height=_DIAL),
        "Complexity",
        "From plain to busy: how much happens in what is played next.",
        initial=50,
    ),
    dial(
        "density",
        "Density",
        left_cell(1, _DIALS_TOP, height=_DIAL),
        "Density",
        "How finely time is divided: fewer and longer notes to the left, more and shorter ones to the right; 50 % is "
        "as the style has it.",
        initial=50,
    ),
    dial(
        "swing",
        "Swing",
        left_cell(2, _DIALS_TOP, height=_DIAL),
        "Swing",
        "How long the first of two notes is beside the second. 0 % follows the set and the style, 1 % is straight, "
        "50 % is triplets, 100 % is three to one.",
        initial=0,
    ),
    dial(
        "humanise",
        "Human",
        left_cell(3, _DIALS_TOP, height=_DIAL),
        "Humanise",
        "From the grid to loose hands: 0 % is exactly on the grid, 50 % is as people of the style play.",
        initial=50,
    ),
)
