"""Arguments that several messages share, each with its bounds and its meaning."""

from musearoo.bridge.protocol.agreed import (
    LONGEST_NAME,
    LONGEST_SENTENCE,
    MAX_BEATS,
    NEW_SCENE_INDEX,
)
from musearoo.bridge.protocol.types import INT32_MAX, double, real, text, whole, words

FLAG = whole(0, 1, "0 no, 1 yes")
SENTENCE = words(LONGEST_SENTENCE, "one sentence for the user: what was wrong, where, what to do")
CODE = whole(1, 999, "one of the refusal codes")
VERSION = whole(0, INT32_MAX, "version of this table")

# The device's sessions and presses.
SESSION = whole(1, INT32_MAX, "session number from the welcome")
FOR_SESSION = whole(0, INT32_MAX, "session that it is for; a device takes nothing that is for another")
PRESS = whole(1, INT32_MAX, "number of the press, counted by the device; a repeat is the same press")
PRESS_OR_NONE = whole(0, INT32_MAX, "number of the press, 0 for what began by itself")
NUMBER = whole(1, INT32_MAX, "number to acknowledge")
LIVE = whole(0, 2, "0 Live's script is away, 1 ready, 2 Live is busy")

# What a press asks for.
STYLE = text(32, "style, such as funk; empty for the one that suits the set")
SEED = whole(-1, INT32_MAX, "same seed, same notes; -1 draws one")
TAKES = whole(1, 8, "how many, each with a seed of its own and in a slot of its own")
COMPLEXITY = real(0.0, 1.0, "0 plain to 1 busy")
ASKED_KEY = text(32, "key such as A minor; empty follows the set")
KNOWN_KEY = text(64, "key such as A minor, empty when not known")
APPLY = whole(0, 1, "1 writes it into the set, 0 only looks")
CLIP_TRACK = whole(-1, 9999, "index of the clip's track, -1 for the clip in Detail View")
CLIP_SCENE = whole(-1, 9999, "index of the clip's scene, -1 for the selected scene")
INTO_SCENE = whole(
    -1, NEW_SCENE_INDEX, f"index of the scene at the press, -1 for the selected one, {NEW_SCENE_INDEX} for a new one"
)
REPLACE = whole(0, 1, "1 replaces the clip in that slot, 0 takes the next empty slot below")

# The set in Live.
REQUEST = text(80, "request id; a repeat of the same id is answered with the first answer and changes nothing")
ID = whole(1, INT32_MAX, "object id")
REF = whole(-1000, INT32_MAX, "object id, or -k for what edit k of this transaction made")
NAME = words(LONGEST_NAME, "name as Live shows it")
COLOR = whole(-1, 0xFFFFFF, "colour 0xRRGGBB, -1 leaves it")
PATH = text(4096, "absolute path of a file")
BPM = double(20.0, 999.0, "tempo in beats a minute")
NUMERATOR = whole(1, 99, "time signature, upper number")
DENOMINATOR = whole(1, 16, "time signature, lower number", (1, 2, 4, 8, 16))
LENGTH = double(1e-3, MAX_BEATS, "length in beats")
PLACE_IN_CLIP = double(-MAX_BEATS, MAX_BEATS, "beats; seconds of the file for audio that is not warped")
