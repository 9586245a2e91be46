"""MIDI files as they were read and written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from engines.errors import ParamError
from engines.midi_files.file_context import PassageWish, read_passage
from engines.midi_files.reading import read_score
from engines.midi_files.texts import decode_text, encode_text
from engines.midi_files.writing import write_score
from tests.engines.midi_files import random_scores
from tests.engines.presets_on_disk import STYLES
from tests.kept import Outcome, check_kept


def outcomes() -> Iterator[Outcome]:
    for number in range(60):
        score = random_scores.random_score(Random(number))
        data = write_score(score)
        yield f"score {number}, bytes", data
        yield f"score {number}, read", read_score(data)
        for wish in (PassageWish(), PassageWish(bars=2), PassageWish(first_bar=2, bars=1)):
            try:
                yield f"score {number}, {wish.bars} bars", read_passage(read_score(data), wish, "file.mid", STYLES)
            except ParamError as error:
                yield f"score {number}, {wish.bars} bars", error
        spoilt = bytearray(data)
        spoilt[Random(number).randrange(14, len(data))] ^= 0x55
        try:
            yield f"score {number}, spoilt", read_score(bytes(spoilt))
        except ParamError as error:
            yield f"score {number}, spoilt", error
    for sharps in range(-9, 10):
        for mode in (0, 1, 2):
            body = b"\x00\xff\x59\x02" + bytes((sharps % 256, mode)) + b"\x00\xff\x2f\x00"
            data = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk" + len(body).to_bytes(4, "big") + body
            yield f"{sharps} sharps, mode {mode}", read_score(data)
    for raw in (b"plain", "Grüße".encode(), "Grüße".encode("latin-1"), b"\x81\x40 \xff", "音楽".encode("shift_jis")):
        yield f"text {raw!r}", decode_text(raw)
    for text in ("plain", "Grüße", "音楽"):
        yield f"text {text}", encode_text(text)


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
