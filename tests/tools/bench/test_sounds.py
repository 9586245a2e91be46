"""The table of sounds: what each part of a style got, by the real script in the simulated Live."""

from __future__ import annotations

import argparse

from musearoo.tools.bench.sounds import run


def test_each_part_of_a_style_is_listed_with_its_sound() -> None:
    options = argparse.Namespace(profiles=["12.0.0"], editions=["Intro"], styles=["house"])
    told: list[str] = []
    results = run(options, lambda what, _done, _of: told.append(what))
    rows = {row.name: row for row in results.rows}
    assert set(rows) == {"drums", "bass", "harmony", "melody", "atmosphere"}
    assert all(row.met and row.ours == 0 for row in rows.values())
    assert rows["drums"].note == "909 Core Kit 1"
    assert results.notes[0].startswith("Live 12.0.0 Intro, house: drums 909 Core Kit, bass Basic Organ Bass")
    assert told == ["Live 12.0.0 Intro"]
