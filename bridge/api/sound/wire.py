"""The frames of a sound stream: text that is JSON, and binary ones with the sound. Subprotocol `musearoo.sound.v1`.

A binary frame has a header of 16 bytes, little-endian (`<IQHH`), and the parts:

    u32  sequence: counts the frames of the connection
    u64  position: the sample of the stream at which it begins; goes on growing where a piece loops
    u16  samples: of each part, mostly 960
    u16  flags: 1 pre-roll (for the decoder alone), 2 skipped (the client was too slow: what is between is left out),
         4 last; the upper 8 bits are the number of the request modulo 256
    then for each part, in the order of `playing`: u16 bytes, and that many: 16 bits, little-endian, left and right in
    turn; or one packet of Opus. 0 bytes are silence.

Opus starts with ten frames of pre-roll, and comes 312 samples late (`preskip`): a decoder drops what is before `from`.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.sound.endless import Wishes
from musearoo.bridge.api.types.answers import Problem

PROTOCOL: Final = "musearoo.sound.v1"
PREROLL, SKIPPED, LAST = 1, 2, 4
MOST_PARTS: Final = 16
LONGEST: Final = 3600.0
"""Seconds of a piece."""

_HEADER: Final = Struct("<IQHH")
_SIZE: Final = Struct("<H")

Codec = Literal["pcm", "opus"]


class _FromClient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    pass


class Hello(_FromClient, frozen=True, kw_only=True, tag="hello"):
    """The first frame, within two seconds."""

    token: Annotated[str, Meta(max_length=256)] = ""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part to play: a take, a clip of the session's set, or a file; one of them. Or, alone, endless music.

    Endless music is one for all who listen to a session: the first begins it, others join where it is. It needs no
    length: `start` 0 is where it is now.
    """

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    take: Annotated[str, Meta(max_length=64)] | None = None
    clip: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    file: Annotated[str, Meta(max_length=64)] | None = None
    endless: Wishes | None = None


class Play(_FromClient, frozen=True, kw_only=True, tag="play"):
    """Play parts together, in place of what plays now; answered by `playing`, then frames.

    A piece has `beats` at `bpm`; clips that are shorter repeat. `start` is the first sample that is wanted, `ahead` how
    much sound the client keeps, in milliseconds: so much comes at once, then it comes as it is played.
    """

    number: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=MOST_PARTS)]
    bpm: Annotated[float, Meta(ge=20, le=999)]
    beats: Annotated[float, Meta(ge=0.25, le=60_000)]
    loop: bool = True
    time_signature: Annotated[str, Meta(max_length=8)] | None = None
    metronome: bool = True
    codec: Codec = "pcm"
    ahead: Annotated[int, Meta(ge=20, le=4000)] = 200
    start: Annotated[int, Meta(ge=0, le=2**48)] = 0


class Played(_FromClient, frozen=True, kw_only=True, tag="played"):
    """The sample of a request's stream that is heard now; a few times a second, so that a slow client is noticed."""

    number: int
    at: Annotated[int, Meta(ge=0, le=2**53)]


class SteerEndless(_FromClient, frozen=True, kw_only=True, tag="steer"):
    """Have the session's endless music follow other wishes: sound at once, notes from the next beat on."""

    endless: Wishes


class Stop(_FromClient, frozen=True, kw_only=True, tag="stop"):
    """Send nothing more."""


FromClient = Hello | Play | Played | SteerEndless | Stop


class _FromServer(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    pass


class Welcome(_FromServer, frozen=True, kw_only=True, tag="welcome"):
    """The answer to `hello`."""


class PartGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the frames that come; its gain in the mix is the client's to apply."""

    id: str
    gain: float


class Playing(_FromServer, frozen=True, kw_only=True, tag="playing"):
    """What is played: frames follow. `length` is the piece's in samples, without what rings on after it."""

    number: int
    codec: Codec
    rate: int
    length: int
    start: int
    loop: bool
    preskip: int
    parts: tuple[PartGiven, ...]


class Trouble(_FromServer, frozen=True, kw_only=True, tag="problem"):
    """Why a request cannot be done, or why the connection ends."""

    problem: Problem
    number: int | None = None


class Endless(_FromServer, frozen=True, kw_only=True, tag="endless"):
    """How endless music goes, a few times a second: its layers with how many notes each has in this phrase, and its
    chords with the seconds in which each begins, from what was rendered last. `wishes` are what it was steered by last.
    """

    at: int
    preset: str
    key: str
    bpm: float
    layers: tuple[tuple[str, int], ...]
    chords: tuple[tuple[float, str], ...]
    wishes: Wishes


FromServer = Welcome | Playing | Endless | Trouble

_DECODER: Final = msgspec.json.Decoder(FromClient)


def decode_frame(data: bytes | str) -> FromClient:
    """Return a client's frame. Raises ApiError for anything else."""
    try:
        frame: FromClient = _DECODER.decode(data)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".")
        raise ApiError(422, "bad_parameter", f"{field + ': ' if field else ''}{sentence}.", field) from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise ApiError(400, "bad_frame", f"A frame must be a JSON object with its type: {error}.") from error
    if isinstance(frame, Play):
        if frame.beats * 60.0 / frame.bpm > LONGEST:
            raise ApiError(422, "bad_parameter", f"beats: at most {LONGEST / 60:g} minutes can be played.", "beats")
        for part in frame.parts:
            if [part.take, part.clip, part.file, part.endless].count(None) != 3:
                sentence = f"The part {part.id} must be a take, a clip or a file: name one of them."
                raise ApiError(422, "bad_parameter", sentence, "parts")
            if part.endless is not None and len(frame.parts) > 1:
                raise ApiError(422, "bad_parameter", "Endless music plays alone.", "parts")
    return frame


def encode_frame(sequence: int, position: int, samples: int, flags: int, number: int, parts: Sequence[bytes]) -> bytes:
    """Return a binary frame; see the module."""
    pieces = [_HEADER.pack(sequence & 0xFFFFFFFF, position, samples, flags | (number & 0xFF) << 8)]
    for data in parts:
        pieces += (_SIZE.pack(len(data)), data)
    return b"".join(pieces)
