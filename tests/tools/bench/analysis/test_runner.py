"""The bench of hearing: measures on cases whose value is known, its small set, and the shape of its report."""

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import soundfile
from rich.console import Console

from musearoo.bridge.audio.files import read_audio
from musearoo.engines.analysis.fast.stems import ROUGH
from musearoo.engines.audio.synthesis.stem import RATE
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, DetectedChord, DrumOnset, Rhythm
from musearoo.tools.bench.analysis.answers import Answer, answer_of, decode_answer, encode_answer
from musearoo.tools.bench.analysis.listening import ListenerError, listen_as
from musearoo.tools.bench.analysis.measures import COLUMNS, Column, Tally, mean, measure
from musearoo.tools.bench.analysis.report import Results, make_report, show_report
from musearoo.tools.bench.analysis.runner import default_listeners
from musearoo.tools.bench.analysis.small_set import EXCERPT_SPECS, compose, synthesise
from musearoo.tools.bench.analysis.stems import read_stems, split
from musearoo.tools.bench.analysis.timing import Timing, cut_clips
from musearoo.tools.bench.analysis.truths import Excerpt, Truth, read_set
from musearoo.tools.bench.corpora.stems import stem_path
from musearoo.tools.bench.corpora.truth import truth_of
from musearoo.tools.bench.options import ANALYSIS_LISTENERS
from tests.each_case import each_case
from tests.tools.bench.corpora.pieces import four_bars

BEATS = [0.5 * number for number in range(16)]
TRUTH = Truth(
    duration=8.0,
    tempo=120.0,
    beats=BEATS,
    downbeats=BEATS[::4],
    meter="4/4",
    key="A minor",
    chords=[(0.0, 4.0, "A:min7"), (4.0, 8.0, "D:7")],
    sections=[(0.0, 4.0, "A"), (4.0, 8.0, "B")],
    drums=[(beat, "kick", 100.0) for beat in BEATS],
    swing=1.6,
    microtiming_rms_ms=10.0,
    loop_bars=4,
)
PERFECT = Answer(
    tempo=120.0,
    beats=tuple(BEATS),
    downbeats=tuple(BEATS[::4]),
    meter="4/4",
    key="A minor",
    chords=((0.0, 4.0, "A:min7"), (4.0, 8.0, "D:7")),
    sections=((0.0, 4.0, "A"), (4.0, 8.0, "B")),
    swing=1.6,
    microtiming_rms_ms=10.0,
    drums=tuple((beat, "kick") for beat in BEATS),
)
BY_NAME = {column.name: column for column in COLUMNS}


def value(name: str, answer: Answer, truth: Truth = TRUTH, listener: str = "fast") -> float | None:
    """What a column shows for one excerpt."""
    return mean([measure(BY_NAME[name], listener, Excerpt(Path("one.wav"), "pop", truth), answer)])


@each_case("column", [column for column in COLUMNS if column.name != "rare meters"])
def test_a_perfect_answer_is_best_in_every_column(column: Column) -> None:
    found = value(column.name, PERFECT)
    drums_that_are_not_there = column.name in ("snare F", "hat F", "tom F", "cymbal F")
    assert found == (None if drums_that_are_not_there else 1.0 if column.higher_is_better else 0.0)


@each_case("column", COLUMNS)
def test_knowing_nothing_is_worst_wherever_truth_is_known(column: Column) -> None:
    assert value(column.name, Answer()) in (None, 0.0)


def test_twice_the_tempo_is_right_but_for_the_octave() -> None:
    double = replace(PERFECT, tempo=240.0, beats=tuple(0.25 * number for number in range(32)))
    assert value("tempo Acc1", double) == 0.0
    assert value("tempo Acc2", double) == 1.0
    assert value("CMLt", double) == 0.0
    assert value("AMLt", double) == pytest.approx(1.0, abs=0.05)
    assert value("beat F", double) == pytest.approx(2 / 3, abs=0.02)


def test_tempo_within_four_percent_is_right() -> None:
    assert value("tempo Acc1", replace(PERFECT, tempo=124.0)) == 1.0
    assert value("tempo Acc1", replace(PERFECT, tempo=126.0)) == 0.0


def test_rare_meters_leave_common_ones_out() -> None:
    odd = Truth(duration=8.0, meter="7/8")
    assert value("rare meters", PERFECT) is None
    assert value("rare meters", replace(PERFECT, meter="7/8"), odd) == 1.0
    assert value("rare meters", PERFECT, odd) == 0.0


def test_keys_near_by_count_in_part() -> None:
    assert value("key", replace(PERFECT, key="C major")) == 0.3
    assert value("key", replace(PERFECT, key="A dorian")) == 1.0  # its third is minor, which is all that truth tells
    assert value("key", replace(PERFECT, key="E minor")) == 0.5


def test_triads_are_right_as_triads_but_not_as_sevenths() -> None:
    triads = replace(PERFECT, chords=((0.0, 4.0, "A:min"), (4.0, 8.0, "D:maj")))
    assert value("chords majmin", triads) == 1.0
    assert value("sevenths", triads) == 0.0
    half = replace(PERFECT, chords=((0.0, 8.0, "A:min7"),))
    assert value("sevenths", half) == pytest.approx(0.5)


def test_a_chord_on_the_wrong_note_is_right_but_for_its_bass() -> None:
    inverted = replace(PERFECT, chords=((0.0, 4.0, "A:min7/b3"), (4.0, 8.0, "D:7")))
    assert value("chords majmin", inverted) == 1.0
    assert value("with their basses", inverted) == pytest.approx(0.5)
    assert value("with their basses", inverted, listener="librosa") is None


def test_sevenths_are_measured_only_where_there_are_some() -> None:
    triads = Truth(duration=8.0, chords=[(0.0, 8.0, "A:min")])
    assert value("sevenths", PERFECT, triads) is None


def test_drums_are_counted_over_all_excerpts() -> None:
    excerpt = Excerpt(Path("one.wav"), "drums", TRUTH)
    quiet = Excerpt(Path("two.wav"), "drums", Truth(duration=8.0, drums=[(0.0, "hat", 1.0)]))
    half = replace(PERFECT, drums=tuple((beat + 0.04, "kick") for beat in BEATS[:8]))
    tallies = [measure(BY_NAME["kick F"], "fast", excerpt, half), measure(BY_NAME["kick F"], "fast", quiet, half)]
    assert tallies == [Tally(16.0, 24.0), Tally(0.0, 8.0)]
    assert mean(tallies) == 0.5


def test_who_does_not_know_the_swing_is_taken_to_say_straight() -> None:
    straight = Truth(duration=8.0, swing=1.05)
    assert value("swing class", Answer(), straight) == 1.0
    assert value("swing within .12", Answer(), straight) == 0.0
    assert value("swing error", Answer(), straight) is None


def test_peers_are_not_measured_by_what_they_never_say() -> None:
    assert value("swing class", Answer(), listener="librosa") is None
    assert value("kick F", Answer(), listener="madmom") is None
    assert value("beat F", Answer(), listener="madmom") == 0.0


def test_sections_want_boundaries_not_ends() -> None:
    whole = replace(PERFECT, sections=((0.0, 8.0, "A"),))
    assert value("sections F", whole) == 0.0
    assert value("sections F", replace(PERFECT, sections=((0.0, 6.5, "A"), (6.5, 8.0, "B")))) == 1.0


def test_our_analysis_becomes_an_answer() -> None:
    analysis = Analysis(
        duration=2.0,
        depth="fast",
        rhythm=Rhythm(Estimate(99.0, 0.9, "clip"), beats=(0.1, 0.7)),
        hits=(DrumOnset(0.1, "kick", 90.0, 0.8),),
    )
    harmony = replace(
        analysis.harmony, chords=(DetectedChord(0.0, 1.0, Chord(9, "min7"), 0.5), DetectedChord(1.0, 2.0, None, 0.5))
    )
    answer = answer_of(replace(analysis, harmony=harmony))
    assert (answer.tempo, answer.beats, answer.meter, answer.key) == (99.0, (0.1, 0.7), None, None)
    assert answer.chords == ((0.0, 1.0, "A:min7"), (1.0, 2.0, "N"))
    assert answer.drums == ((0.1, "kick"),)
    assert decode_answer(json.loads(json.dumps(encode_answer(answer)))) == answer


def test_answers_of_peers_are_kept(tmp_path: Path) -> None:
    sound = tmp_path / "one.wav"
    sound.write_bytes(b"sound")
    lines = [{**encode_answer(PERFECT), "seconds": 1.5}, {"peak_mb": 300.0}]
    runs: list[str] = []

    def run(listener: str, _files: Sequence[Path]) -> Iterator[dict[str, Any]]:
        runs.append(listener)
        return iter(lines)

    first = listen_as("librosa", [sound], tmp_path / "cache", run=run)
    again = listen_as("librosa", [sound], tmp_path / "cache", run=run)
    assert first.answers == again.answers == (PERFECT,)
    assert (first.peak_mb, again.peak_mb) == (300.0, None)
    sound.write_bytes(b"other sound")
    listen_as("librosa", [sound], tmp_path / "cache", run=run)
    assert runs == ["librosa", "librosa"]


def test_each_time_of_a_repeated_clip_is_told(tmp_path: Path) -> None:
    sound = tmp_path / "one.wav"
    lines = [{**encode_answer(PERFECT), "seconds": 0.1 * number} for number in (1, 2, 3)]
    analyzer_run = listen_as("fast", [sound] * 3, None, run=lambda _who, _files: iter([*lines, {"peak_mb": 100.0}]))
    assert [answer.seconds for answer in analyzer_run.answers] == pytest.approx([0.1, 0.2, 0.3])


@pytest.mark.parametrize(("rate", "seconds", "channels"), [(44_100, 40, 2), (48_000, 3, 1), (22_050, 12, 2)])
def test_clips_to_be_timed_are_cut_of_anything(tmp_path: Path, rate: int, seconds: int, channels: int) -> None:
    sound = tmp_path / "one.wav"
    soundfile.write(sound, np.full((rate * seconds, channels), 0.25, np.float32), rate)
    clips = cut_clips([sound], tmp_path)
    found = {length: soundfile.info(clip) for length, clip in clips.items()}
    assert {length: (info.frames, info.samplerate, info.channels) for length, info in found.items()} == {
        8: (8 * RATE, RATE, 2),
        30: (30 * RATE, RATE, 2),
    }


def test_stems_are_those_that_lie_beside_an_excerpt_or_what_can_be_split_off(tmp_path: Path) -> None:
    mix = tmp_path / "one.flac"
    samples = np.random.default_rng(1).uniform(-0.5, 0.5, (22_050, 2)).astype(np.float32)
    soundfile.write(mix, samples, 22_050, subtype="PCM_24")
    stem_path(mix, "bass").parent.mkdir()
    soundfile.write(stem_path(mix, "bass"), 0.25 * samples, 22_050, subtype="PCM_24")
    beside, taken = read_stems(mix), split(mix)
    assert (set(beside.sounds), beside.trust) == ({"bass"}, 1.0)
    assert (set(taken.sounds), taken.trust) == ({"drums", "bass", "vocals", "other"}, ROUGH)
    total = sum(sound.samples for sound in taken.sounds.values())
    assert np.abs(total - read_audio(mix).samples).max() < 1e-3


def test_without_options_neither_deep_hearing_nor_stems_are_measured() -> None:
    assert default_listeners(Namespace(deep=False, stems=False)) == ["fast", "librosa"]
    assert default_listeners(Namespace(deep=False, stems=True)) == ["fast", "stems", "split", "librosa"]
    assert default_listeners(Namespace(deep=True, stems=True)) == list(ANALYSIS_LISTENERS)


def test_a_listener_that_fails_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ListenerError, match="nobody failed: KeyError"):
        listen_as("nobody", [tmp_path / "none.wav"], None)


def test_sets_are_read_with_their_truth(tmp_path: Path) -> None:
    folder = tmp_path / "dev" / "drums"
    folder.mkdir(parents=True)
    for name in ("a", "b", "c"):
        (folder / f"{name}.wav").touch()
    for name in ("a", "c"):  # what has no truth yet is still being written
        (folder / f"{name}.json").write_text(json.dumps(truth_of(four_bars())), encoding="utf-8")
    excerpts = read_set(tmp_path / "dev")
    assert [(excerpt.path.stem, excerpt.kind) for excerpt in excerpts] == [("a", "drums"), ("c", "drums")]
    assert excerpts[0].truth.tempo == pytest.approx(120.0)
    assert len(read_set(tmp_path / "dev", ["drums"], limit=1)) == 1
    with pytest.raises(FileNotFoundError, match="has no jazz; it has drums"):
        read_set(tmp_path / "dev", ["jazz"])


def test_the_synthesiser_sounds_on_time() -> None:
    piece = four_bars(bpm=60.0)
    sound = synthesise(replace(piece, tones=(), strokes=piece.strokes[:1]))
    assert sound.shape == (2, round(piece.duration * RATE))
    assert int((np.abs(sound[0]) > 0.05).argmax()) / RATE < 0.005


def test_the_small_set_knows_what_it_plays() -> None:
    from musearoo.bridge.settings.presets_folder import read_styles

    styles = read_styles()
    for number, spec in enumerate(EXCERPT_SPECS, start=1):
        truth = truth_of(compose(spec, styles, number))
        assert truth["tempo"] == pytest.approx(spec.bpm, abs=0.05)
        assert truth["loop_bars"] == (spec.bars if spec.loop else None)
        assert truth["key"] == (None if spec.only_drums else spec.key)
        assert truth["drums"]


def results() -> Results:
    """Two excerpts, analyzed well by ours and half as well by librosa."""
    excerpts = [Excerpt(Path("one.wav"), "pop", TRUTH), Excerpt(Path("two.wav"), "drums", TRUTH)]
    wrong = replace(PERFECT, tempo=Random(1).uniform(150.0, 160.0))
    timings = [
        Timing(name, seconds, p50, p50 * 1.5, p50, p50 * 1.2, 200.0)
        for name, p50 in (("fast", 10.0), ("librosa", 400.0))
        for seconds in (8, 30)
    ]
    return Results(excerpts, {"fast": [PERFECT, PERFECT], "librosa": [PERFECT, wrong]}, timings, "two excerpts")


def test_the_report_has_a_row_for_each_column_and_kind() -> None:
    report = make_report(results())
    rows = {row["name"]: row for row in report["rows"]}
    assert all(set(row) == {"name", "unit", "ours", "peer", "ratio"} for row in report["rows"])
    assert rows["fast: tempo Acc1, all"] == {
        "name": "fast: tempo Acc1, all", "unit": "share", "ours": 1.0, "peer": 0.5, "ratio": 2.0,
    }  # fmt: skip
    assert rows["fast: swing class, pop"]["peer"] is None
    assert rows["fast: p95, 8 s"] == {
        "name": "fast: p95, 8 s",
        "unit": "ms",
        "ours": 15.0,
        "peer": 600.0,
        "ratio": 40.0,
    }
    assert report["excerpts"][1]["values"]["tempo Acc1"] == {"fast": 1.0, "librosa": 0.0}
    json.dumps(report)


def test_the_tables_can_be_read() -> None:
    console = Console(width=100, record=True, quiet=False, file=None, force_terminal=False)
    with console.capture() as shown:
        show_report(results(), console)
    text = shown.get()
    for words in ("pop: 1 excerpts", "all: 2 excerpts", "tempo Acc1", "librosa", "Times, ms", "two excerpts"):
        assert words in text
