"""Controls that create new clips: the players, the band, whole songs and the mix."""

from musearoo.max_for_live.table.face import GAP, LARGE, PLAY_TOP, WORK_TOP, left_cell
from musearoo.max_for_live.table.records import Control, Kind
from musearoo.max_for_live.table.shaping import button, menu

_SECOND = PLAY_TOP + LARGE + GAP
_TAKE_BACK = "Undo takes it away again."

PLAYING: tuple[Control, ...] = (
    button(
        "band",
        "Band",
        left_cell(0, PLAY_TOP, height=LARGE),
        "Band",
        "Plays every part of the style that is still missing in the selected scene, each on a track of its own, all in "
        f"the same key and groove. {_TAKE_BACK}",
        role="primary",
    ),
    button(
        "drums",
        "Drums",
        left_cell(1, PLAY_TOP, height=LARGE),
        "Drums",
        "Plays a new drum clip that fits what is there. It goes where the Goes To menu says, into the next empty slot. "
        f"{_TAKE_BACK}",
        role="large",
    ),
    button(
        "bass",
        "Bass",
        left_cell(2, PLAY_TOP, height=LARGE),
        "Bass",
        "Plays a new bass line that locks to the kick and follows the chords it hears. It goes where the Goes To menu "
        f"says. {_TAKE_BACK}",
        role="large",
    ),
    button(
        "harmony",
        "Chords",
        left_cell(3, PLAY_TOP, height=LARGE),
        "Chords",
        "Finds a chord progression in the key, or takes up the one that plays, and voices it for the hands. It goes "
        f"where the Goes To menu says. {_TAKE_BACK}",
        role="large",
    ),
    button(
        "song",
        "Song",
        left_cell(0, _SECOND, height=LARGE),
        "Song",
        "Writes a whole song by the band, from intro to ending. The menus below say where it goes and how long it is. "
        f"{_TAKE_BACK}",
        role="large",
    ),
    button(
        "melody",
        "Melody",
        left_cell(1, _SECOND, height=LARGE),
        "Melody",
        "Plays a new tune over the chords, made of motifs that come again and are varied. It goes where the Goes To "
        f"menu says. {_TAKE_BACK}",
        role="large",
    ),
    button(
        "atmos",
        "Atmos",
        left_cell(2, _SECOND, height=LARGE),
        "Atmosphere",
        "Plays pads, drones and sparse sounds in the room that the other parts leave. It goes where the Goes To menu "
        f"says. {_TAKE_BACK}",
        role="large",
    ),
    button(
        "mix",
        "Mix",
        left_cell(3, _SECOND, height=LARGE),
        "Mix",
        "Sets volumes, panning, sends and, where Live lets it, equalisers so that the tracks stand well together. "
        f"{_TAKE_BACK}",
        role="large",
    ),
    Control(
        "song_label",
        Kind.TEXT,
        left_cell(0, WORK_TOP),
        "Song to",
        title="Song",
        info="Where the Song button writes, and how long the song is.",
        role="label",
    ),
    menu(
        "song_to",
        ("Scenes", "Timeline"),
        left_cell(1, WORK_TOP, columns=2),
        "Song To",
        "Song To",
        "Where Song writes: one scene for each section in the Session, or the Arrangement with locators.",
    ),
    menu(
        "song_length",
        ("1:00", "2:00", "3:00", "4:00", "5:00"),
        left_cell(3, WORK_TOP),
        "Song Length",
        "Length",
        "About how many minutes a song lasts; it ends with a whole phrase.",
        initial=2,
    ),
)
