"""Constants that all ends of the wire share: version, ports, sizes, records, and refusal codes."""

import struct
from enum import IntEnum

WIRE_VERSION = 14
"""Raised whenever an address or an argument changes; a peer of another version is refused in one sentence."""

FIRST_SCRIPT_PORT = 24610
FIRST_DEVICE_PORT = 24620
PORTS_TO_TRY = 8
"""Ports that the daemon tries, one after another, if the first is in use."""

LONGEST_FRAME = 8 * 1024 * 1024
"""Bytes of one packet on the script's stream: 20,000 notes are 720,000 bytes, a long song ten times that."""

LONGEST_DATAGRAM = 1024
"""Bytes of one packet from or to a device: what Max takes whole on every platform."""

LONGEST_NAME = 255
"""Bytes of a name; what is longer is cut."""

LONGEST_SENTENCE = 600
"""Bytes of a sentence for the user; what is longer is cut."""

NOTE_RECORD = ">BBxxffffdd"
"""One note in a blob, big-endian: pitch, mute, probability, velocity, velocity deviation, release velocity, start and
duration in beats. The last two are doubles: a single-precision beat leaves its sample after a few hundred beats."""

NOTE_BYTES = struct.calcsize(NOTE_RECORD)

WARP_RECORD = ">dd"
"""One warp marker in a blob, big-endian: the second of the audio file, and the beat on which it falls."""

MOST_WARP_MARKERS = 20_000
"""Most warp markers of a clip: half an hour with five per second has less than half as many."""

MAX_BEATS = 1_576_800.0
"""The last position that Live accepts in the Arrangement."""

NEW_SCENE_INDEX = 9999
"""The index of a scene that is to be created, below all others."""


class Refusal(IntEnum):
    """Why a request was refused: the code next to every sentence that reports it."""

    BAD_MESSAGE = 1
    WRONG_TOKEN = 2
    WRONG_VERSION = 3
    UNKNOWN_SESSION = 4
    NO_LIVE = 5
    SEVERAL_LIVES = 6
    GONE = 7
    SLOT_FILLED = 8
    WRONG_TRACK = 9
    EXPIRED = 10
    UNSUPPORTED = 11
    NOT_MINE = 12
    LIVE_ERROR = 13
    BAD_PARAMETER = 14
    ENGINE_FAILED = 15
    CANCELLED = 16
    LIVE_LOST = 17
    LIVE_BUSY = 18
    TOO_MANY = 19
    NOT_HEARD = 20


class LiveState(IntEnum):
    """The state of Live's connection, as a device shows it."""

    AWAY = 0
    READY = 1
    BUSY = 2
