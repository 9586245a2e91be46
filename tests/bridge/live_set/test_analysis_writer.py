"""What was heard becomes edits: tempo, meter and scale, warp markers on the beats, locators for sections, a name."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.live_set.analysis_writer import ClipInSet, RequestedEdits, analysis_transaction
from musearoo.bridge.live_set.clip_audio import ClipRegion, WarpMap
from musearoo.bridge.live_set.warp_line import TOLERANCE, is_rising, pin_beats
from musearoo.bridge.protocol import (
    Analyze,
    ClipAudio,
    ClipState,
    CreateLocator,
    Rename,
    SetLoop,
    SetMeter,
    SetScale,
    SetTempo,
    SetWarping,
    SetWarpMarkers,
    Transaction,
)
from musearoo.bridge.protocol.codec import decode_warp_markers, encode_bundle
from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, Character, Harmony, Rhythm, Section
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from tests.each_case import each_case

ALL = RequestedEdits(tempo=True, meter=True, scale=True, warp=True, locators=True, name=True)
RATE = 44_100.0


def steady(bpm: float, bars: int, meter: Meter | None = None, start: float = 0.0, loop: bool = False) -> Rhythm:
    """The rhythm of so many bars from `start` on, at so many beats a minute."""
    meter = meter or Meter()
    in_bar = meter.numerator // 3 if meter.is_compound else meter.numerator
    beats = tuple(start + number * 60.0 / bpm for number in range(bars * in_bar))
    bars_found: Estimate[int | None] = Estimate(bars, 0.9, "clip") if loop else UNKNOWN
    return Rhythm(
        Estimate(bpm, 0.9, "clip"), beats, beats[::in_bar], Estimate(meter, 0.8, "clip"), loop_bars=bars_found
    )


def heard(rhythm: Rhythm, duration: float) -> Analysis:
    sections = (Section(0.0, duration / 2, "A", 0.7), Section(duration / 2, duration, "B", 0.7))
    harmony = Harmony(key=Estimate(Key(9, "Minor"), 0.8, "clip"))
    return Analysis(duration, "fast", rhythm, harmony, character=Character(sections=sections))


def audio_clip(
    seconds: float, warping: bool = True, scene: int = 5, looping: bool = True, start: float = 0.0
) -> ClipInSet:
    """A clip of a file at 120 BPM; `start` is its place in the Arrangement where `scene` is 0."""
    end = seconds * 2.0 if warping else seconds
    state = ClipState(7, 3, scene, start, 1, "old", 0, end, int(looping), 0.0, end, 0.0, end, 4, 4, 0, 0)
    audio = ClipAudio(7, "/a.wav", round(seconds * RATE), RATE, int(warping), 0, 0.4)
    markers = ((0.0, 0.0), (0.015625, 0.03125))
    return ClipInSet(state, audio, ClipRegion.of(state, audio, markers, 120.0), 120.0)


def write(analysis: Analysis, clip: ClipInSet, wanted: RequestedEdits = ALL) -> dict[type[Message], Message]:
    """The edits by their kind; each kind may come once."""
    messages = analysis_transaction(analysis, clip, wanted, "r", 9.0).messages
    assert messages[0] == Transaction("r", 9.0)
    encode_bundle(messages)
    kinds = {type(message): message for message in messages[1:]}
    assert len(kinds) == len(messages) - 1
    return kinds


def markers_of(edits: dict[type[Message], Message]) -> list[tuple[float, float]]:
    edit = edits[SetWarpMarkers]
    assert isinstance(edit, SetWarpMarkers)
    return [(marker.seconds, marker.beats) for marker in decode_warp_markers(edit.markers)]


def tempo_of(edits: dict[type[Message], Message]) -> float:
    edit = edits[SetTempo]
    assert isinstance(edit, SetTempo)
    return edit.tempo


def test_a_loop_becomes_exactly_as_long_as_its_bars() -> None:
    rhythm = steady(92.0, 4, loop=True)
    seconds = 16 * 60.0 / 92.0
    # Networks hear beats a little off; the loop's length does not care.
    rhythm = replace(rhythm, beats=tuple(beat + 0.004 for beat in rhythm.beats))
    edits = write(heard(rhythm, seconds), audio_clip(seconds))
    assert tempo_of(edits) == pytest.approx(92.0)
    assert (edits[SetMeter], edits[SetScale]) == (SetMeter(4, 4), SetScale(9, "Minor"))
    (first, (second, beat)) = markers_of(edits)
    assert first == (0.0, 0.0)
    assert abs(second - seconds) <= 1 / RATE
    assert beat == pytest.approx(16.0, abs=1e-3)
    assert edits[SetLoop] == SetLoop(7, 1, 0.0, 16.0, 0.0)
    assert edits[Rename] == Rename(7, "Am · 92 BPM", -1)
    assert SetWarping not in edits


def test_a_loop_with_an_upbeat_starts_on_the_one_and_plays_the_upbeat_before_each_repeat() -> None:
    rhythm = replace(steady(120.0, 2, loop=True), downbeats=(0.5, 2.5))
    edits = write(heard(rhythm, 4.0), audio_clip(4.0))
    assert markers_of(edits) == [(0.0, -1.0), (4.0, 7.0)]
    assert edits[SetLoop] == SetLoop(7, 1, -1.0, 7.0, 0.0)


@each_case("meter, quarters", [(Meter(3, 4), 3.0), (Meter(6, 8), 3.0), (Meter(7, 8), 3.5), (Meter(5, 4), 5.0)])
def test_beats_of_any_meter_become_lives_quarters(meter: Meter, quarters: float) -> None:
    rhythm = steady(110.0, 8, meter, start=0.5)
    bar = quarters / rhythm.quarters_per_beat * 60.0 / 110.0
    seconds = 0.5 + 8 * bar
    edits = write(heard(rhythm, seconds), audio_clip(seconds, looping=False))
    warp = WarpMap(tuple(markers_of(edits)))
    for number, second in enumerate(rhythm.downbeats):
        assert warp.beats_at(second) == pytest.approx(number * quarters, abs=1e-3)
    assert edits[SetMeter] == SetMeter(meter.numerator, meter.denominator)
    assert tempo_of(edits) == pytest.approx(110.0 * rhythm.quarters_per_beat)


def test_a_steady_song_gets_two_markers_and_starts_on_its_first_downbeat() -> None:
    rhythm = steady(100.0, 60, start=0.35)
    jitter = tuple(beat + (0.005 if number % 3 else -0.004) for number, beat in enumerate(rhythm.beats))
    edits = write(heard(replace(rhythm, beats=jitter, downbeats=jitter[::4]), 150.0), audio_clip(150.0))
    assert len(markers_of(edits)) == 2
    loop = edits[SetLoop]
    assert isinstance(loop, SetLoop)
    assert (loop.start_marker, (loop.loop_end - loop.loop_start) % 4) == (0.0, 0.0)


def test_a_drifting_song_gets_a_marker_where_its_tempo_changes_and_at_most_one_a_bar() -> None:
    beats, second = [], 0.2
    for number in range(400):
        beats.append(second)
        second += 60.0 / (100.0 if number < 200 else 112.0)
    rhythm = Rhythm(Estimate(106.0, 0.5, "clip"), tuple(beats), tuple(beats[::4]), Estimate(Meter(), 0.9, "clip"))
    markers = pin_beats(rhythm, second)
    assert 3 <= len(markers) <= 5
    assert markers[0] == (0.2, 0.0)
    wild = tuple(beat + 0.2 * (number % 7) / 7 for number, beat in enumerate(beats))
    markers = pin_beats(replace(rhythm, beats=wild, downbeats=wild[::4]), second)
    assert 50 < len(markers) <= 102
    assert {quarter % 4 for _, quarter in markers[:-1]} == {0.0}


@given(
    steps=st.lists(st.floats(0.25, 1.5), min_size=2, max_size=200),
    bar=st.sampled_from([2, 3, 4, 5]),
    upbeat=st.integers(0, 4),
)
def test_markers_always_rise_and_hold_every_bar_line_they_can(steps: list[float], bar: int, upbeat: int) -> None:
    beats = [0.1]
    for step in steps:
        beats.append(beats[-1] + step)
    downbeats = tuple(beats[upbeat::bar])
    rhythm = Rhythm(Estimate(120.0, 0.5, "clip"), tuple(beats), downbeats, Estimate(Meter(bar, 4), 0.5, "clip"))
    markers = pin_beats(rhythm, beats[-1] + 0.3)
    assert is_rising(markers)
    # Where no downbeat is known, every beat may be a bar line.
    assert len(markers) <= (len(downbeats) or len(beats)) + 3
    warp = WarpMap(markers)
    first = beats.index(downbeats[0]) if downbeats else 0
    for number, second in enumerate(beats):
        if second in downbeats:
            assert abs(warp.seconds_at(number - first) - second) <= 2 * TOLERANCE


def test_audio_that_is_not_warped_is_warped_first() -> None:
    kinds = list(write(heard(steady(100.0, 8), 19.2), audio_clip(19.2, warping=False, looping=False)))
    assert kinds.index(SetWarping) < kinds.index(SetWarpMarkers) < kinds.index(SetLoop)


def test_locators_stand_where_the_sections_of_an_arranged_clip_begin() -> None:
    clip = audio_clip(48.0, scene=0, looping=False, start=32.0)
    writing = analysis_transaction(
        heard(steady(100.0, 20), 48.0), clip, RequestedEdits(warp=True, locators=True), "r", 0.0
    )
    assert writing.left_out == ()
    locators = [(edit.time, edit.name) for edit in writing.messages if isinstance(edit, CreateLocator)]
    assert locators == [(32.0, "A"), (72.0, "B")]
    # Without a new warp the audio stays on the beats on which it is.
    writing = analysis_transaction(heard(steady(100.0, 20), 48.0), clip, RequestedEdits(locators=True), "r", 0.0)
    assert [edit.time for edit in writing.messages if isinstance(edit, CreateLocator)] == [32.0, 80.0]


def test_an_arranged_clip_does_not_run_over_its_neighbour() -> None:
    clip = audio_clip(48.0, scene=0, looping=False, start=32.0)
    loop = write(heard(steady(150.0, 30, start=0.4), 48.0), clip, RequestedEdits(warp=True))[SetLoop]
    assert isinstance(loop, SetLoop)
    assert loop.loop_start == pytest.approx(-1.0, abs=1e-3)
    assert loop.loop_end - loop.loop_start == pytest.approx(96.0)


def test_missing_findings_are_left_out_and_reported() -> None:
    nothing = Analysis(3.0, "fast", Rhythm(UNKNOWN))
    writing = analysis_transaction(nothing, audio_clip(3.0), ALL, "r", 0.0)
    assert writing.messages == ()
    assert writing.left_out == (
        "tempo: none was found",
        "time signature: none was found",
        "scale: no key was found",
        "warp: no beats were found",
        "locators: they stand in the Arrangement, and the clip lies in the Session",
        "name: neither key nor tempo was found",
    )


def test_without_knowing_what_the_clip_plays_of_its_file_no_warp_is_written() -> None:
    clip, analysis = audio_clip(4.0), heard(steady(120.0, 2), 4.0)
    assert clip.audio is not None
    writings = [
        analysis_transaction(analysis, unknown, RequestedEdits(warp=True), "r", 9.0)
        for unknown in (replace(clip, region=None), replace(clip, audio=replace(clip.audio, sample_length=0.0)))
    ]
    assert writings[0] == writings[1], "for the same reason"
    assert (writings[0].messages, len(writings[0].left_out)) == ((), 1)


def test_a_midi_clip_has_no_warp() -> None:
    audio = audio_clip(8.0)
    clip = ClipInSet(replace(audio.state, is_audio=0), None, None, 120.0)
    writing = analysis_transaction(heard(steady(120.0, 4), 8.0), clip, ALL, "r", 0.0)
    assert [type(message) for message in writing.messages] == [Transaction, SetTempo, SetMeter, SetScale, Rename]
    assert writing.left_out[0] == "warp: a MIDI clip has none"


def test_locators_of_an_arranged_midi_clip_stand_on_its_beats() -> None:
    state = replace(audio_clip(8.0, scene=0, looping=False, start=4.0).state, is_audio=0)
    writing = analysis_transaction(
        heard(steady(120.0, 4), 8.0), ClipInSet(state, None, None, 120.0), RequestedEdits(locators=True), "r", 0.0
    )
    locators = [edit.time for edit in writing.messages if isinstance(edit, CreateLocator)]
    assert (locators, writing.left_out) == ([4.0, 12.0], ())


def test_only_requested_edits_are_written() -> None:
    analysis, clip = heard(steady(120.0, 4), 8.0), audio_clip(8.0)
    assert set(write(analysis, clip, RequestedEdits(scale=True))) == {SetScale}
    assert analysis_transaction(analysis, clip, RequestedEdits(), "r", 0.0).messages == ()
    press = Analyze(1, 1, -1, -1, 0, 1, 0, 1, 0, 1, 0)
    assert RequestedEdits.of(press) == RequestedEdits(tempo=True, scale=True, locators=True)


@each_case("tempo", [12.0, 1200.0])
def test_a_tempo_that_live_does_not_have_is_left_out(tempo: float) -> None:
    rhythm = Rhythm(Estimate(tempo, 0.5, "clip"))
    writing = analysis_transaction(heard(rhythm, 8.0), audio_clip(8.0), RequestedEdits(tempo=True), "r", 0.0)
    assert (writing.messages, writing.left_out) == ((), ("tempo: none was found",))
