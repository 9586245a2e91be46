"""The judges on cases whose verdict is known, and the report that they end in."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.tools.bench.engines.distances import overlap_and_divergence
from musearoo.tools.bench.engines.excerpts import known_progressions
from musearoo.tools.bench.engines.fit import REMOVED, Scene, compare, complementarity, kick_coincidence, spacing
from musearoo.tools.bench.engines.human import human_values
from musearoo.tools.bench.engines.measures.likeness import distance, notes_of, similarity_of_bars
from musearoo.tools.bench.engines.measures.parts import MEASURES
from musearoo.tools.bench.engines.measures.playability import find_melody_faults
from musearoo.tools.bench.engines.ranges import share_within
from musearoo.tools.bench.engines.recognition import judge_recognition
from musearoo.tools.bench.engines.runner import run
from musearoo.tools.bench.engines.takes import parts_of, play_alone, play_together
from musearoo.tools.bench.options import add_engines_options
from musearoo.tools.bench.rows import Results, Row, make_report, show_report
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES


def clip(*notes: tuple[float, int], length: float = 8.0) -> Clip:
    return Clip.of("clip", length, [Note(start, pitch, 0.5, 90.0) for start, pitch in notes])


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_engines_options(parser)
    return parser.parse_args(words)


@each_case("part", MEASURES)
def test_people_are_within_their_own_quartiles(part: str) -> None:
    human = human_values()[part]
    assert set(human) == {measure.name for measure in MEASURES[part]}
    for values in human.values():
        assert list(values.quantiles) == sorted(values.quantiles)
    assert share_within(part, {name: values.quantiles for name, values in human.items()}) == 1.0
    assert share_within(part, {name: [values.quantiles[-1] + 1.0] for name, values in human.items()}) == 0.0


def test_the_same_spread_overlaps_and_another_does_not() -> None:
    people, like, unlike = ([float(n % 10) + far for n in range(40)] for far in (0.0, 0.05, 40.0))
    near, far = overlap_and_divergence(people, like), overlap_and_divergence(people, unlike)
    assert near[0] > 0.9 > 0.1 > far[0]
    assert near[1] < 0.1 < 1.0 < far[1]


def test_takes_and_bars_are_as_far_apart_as_the_notes_they_do_not_share() -> None:
    one, other = clip((0.0, 36), (2.0, 38)), clip((0.0, 36), (4.0, 36))
    assert distance(notes_of(one), notes_of(other)) == pytest.approx(2 / 3)
    assert similarity_of_bars(clip((0.0, 36), (4.0, 36))) == 1.0
    assert similarity_of_bars(clip((0.0, 36), (4.0, 38))) == 0.0


def test_fit_measures_what_meets_what_is_apart_and_how_far() -> None:
    rest: dict[Role, Clip] = {"drums": clip((0.0, 36), (1.0, 38), (2.0, 36)), "melody": clip((0.0, 72), (3.0, 72))}
    bass = clip((0.05, 36), (1.0, 36))
    assert kick_coincidence(bass, rest, ()) == 0.5
    assert complementarity(bass, rest, ()) == pytest.approx(2 / 3)
    assert spacing(bass, rest, ()) == -36.0


def test_a_folder_without_songs_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no song"):
        run(options("--only", "fit", "--corpora", str(tmp_path)))


@each_case("role", REMOVED)
def test_a_part_that_is_what_the_engine_plays_on_hearing_the_rest_is_met(role: Role) -> None:
    """The part taken away was made by the same engine from the same context: hearing finds it again, deafness not."""
    scenes = []
    for seed, excerpt in enumerate(known_progressions()[:4]):
        style = STYLES["pop"]
        parts = parts_of(play_together(style, excerpt.context, seed))
        parts.pop("atmosphere")
        scene = Scene(excerpt, style, parts)
        take = play_alone(find_engine(role), style, scene.context(role), seed)
        scenes.append(replace(scene, parts={**parts, role: take}))
    verdicts = [verdict["in all"] for verdict in compare(role, scenes)]
    assert sum(verdicts) >= 3.0


def test_styles_that_differ_are_told_apart_and_scattered_notes_are_not() -> None:
    styles = {name: STYLES[name] for name in ("pop", "rock", "soul", "country", "funk")}
    rows = {row.name: row for row in judge_recognition(styles, range(4))}
    assert rows["band, named right"].met
    drums = rows["drums, named right"]
    assert drums.ours is not None
    assert drums.peer is not None
    assert drums.ours > 0.7 > drums.peer


@each_case(
    "notes, faults",
    [
        (((0.0, 60), (0.5, 72)), []),
        (((0.0, 60), (0.5, 74)), ["a leap of 14 semitones"]),
        (((0.0, 60), (2.0, 74)), []),
        (((0.0, 60), (0.25, 62)), ["two notes at once"]),
    ],
)
def test_a_melody_has_one_voice_and_leaps_after_a_breath(notes: Sequence[tuple[float, int]], faults: list[str]) -> None:
    assert [what for _, what in find_melody_faults(clip(*notes))] == faults


def test_the_bench_gives_rows_in_the_shape_of_the_others() -> None:
    calls: list[str] = []
    asked = options("--only", "ranges", "faults", "variety", "song", "fit", "--takes", "2", "--styles", "pop")
    results = run(asked, lambda what, _done, _of: calls.append(what))
    report = json.loads(json.dumps(make_report(results)))
    assert calls == ["ranges", "faults", "variety", "song", "fit"]
    assert {"name", "unit", "ours", "peer", "ratio"} <= report["rows"][0].keys()
    assert {row["name"].split(":")[0] for row in report["rows"]} == {"ranges", "faults", "variety", "song"}
    assert any("--corpora" in sentence for sentence in report["notes"])


def test_lean_takes_stand_beside_full_ones_wherever_there_is_a_target() -> None:
    rows = {
        row.name: row for row in run(options("--only", "variety", "speed", "--takes", "4", "--styles", "funk")).rows
    }
    lean = {name: row for name, row in rows.items() if name.startswith("lean, ")}
    judged = {name for name, row in rows.items() if row.met is not None and name not in lean}
    assert judged <= {name.removeprefix("lean, ") for name in lean}
    assert all(row.met is not None or row.part == "speed" for row in lean.values())
    apart = "melodyroo, takes apart, closest style"
    assert lean[f"lean, {apart}"].ours != rows[apart].ours


def test_the_report_says_what_is_missed() -> None:
    rows = [
        Row("speed", "p99", "ms", 12.0, 10.0, False),
        Row("speed", "p50", "ms", 1.0),
        Row("ranges", "x", "", 1, 1, True),
    ]
    console = Console(width=120, record=True, file=StringIO())
    show_report(Results(rows), console)
    shown = console.export_text()
    assert "1 of 2 targets met" in shown
    assert "Missed: speed: p99" in shown


@pytest.mark.parametrize("words", [("--takes", "1"), ("--takes", "x"), ("--only", "tempo")])
def test_options_that_mean_nothing_are_refused(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(*words)
    assert "error" in capsys.readouterr().err
