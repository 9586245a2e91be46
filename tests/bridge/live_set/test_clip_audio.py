"""The region of a file that a clip plays, and the way between its seconds and the clip's beats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.live_set.clip_audio import LOWEST_RATE, ClipRegion, WarpMap
from musearoo.bridge.protocol import ClipAudio, ClipState
from musearoo.engines.errors import ParamError
from tests.each_case import each_case

MARKERS = ((0.5, 0.0), (2.5, 4.0), (4.0, 8.0), (4.5, 9.0))


def make_clip(
    looping: bool = True, loop: tuple[float, float] = (0.0, 8.0), markers: tuple[float, float] | None = None
) -> ClipState:
    """An audio clip in the Session; `markers` are start and end marker, the loop's own ends unless given."""
    start, end = markers or loop
    return ClipState(
        id=1,
        track=2,
        scene=3,
        start=0.0,
        is_audio=1,
        name="clip",
        color=0,
        length=loop[1] - loop[0],
        looping=int(looping),
        loop_start=loop[0],
        loop_end=loop[1],
        start_marker=start,
        end_marker=end,
        numerator=4,
        denominator=4,
        muted=0,
        is_playing=0,
    )


def make_audio(seconds: float = 10.0, warping: bool = True, rate: float = 48_000.0) -> ClipAudio:
    """A file of so many seconds at 48 kHz."""
    return ClipAudio(1, "/music/loop.wav", seconds * 48_000.0, rate, int(warping), 0, 0.4)


@st.composite
def rising_markers(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    """Two to twelve markers at paces from 12 to 1200 BPM."""
    place = (draw(st.floats(-10, 100)), draw(st.floats(-100, 100)))
    markers = [place]
    for _ in range(draw(st.integers(1, 11))):
        beats, pace = draw(st.floats(0.01, 64.0)), draw(st.floats(0.05, 5.0))
        place = (place[0] + beats * pace, place[1] + beats)
        markers.append(place)
    return tuple(markers)


@given(rising_markers(), st.floats(-500, 500))
def test_there_and_back(markers: tuple[tuple[float, float], ...], place: float) -> None:
    warp = WarpMap(markers)
    assert warp.seconds_at(warp.beats_at(place)) == pytest.approx(place, abs=1e-6)
    assert warp.beats_at(warp.seconds_at(place)) == pytest.approx(place, abs=1e-6)
    for seconds, beats in markers:
        assert warp.beats_at(seconds) == pytest.approx(beats, abs=1e-7)


@given(rising_markers(), st.floats(-500, 500), st.floats(0.001, 50))
def test_later_is_later(markers: tuple[tuple[float, float], ...], place: float, step: float) -> None:
    warp = WarpMap(markers)
    assert warp.beats_at(place + step) > warp.beats_at(place)


def test_beyond_the_markers_the_nearest_pace_goes_on() -> None:
    warp = WarpMap(MARKERS)
    assert warp.beats_at(-0.5) == -2.0
    assert warp.beats_at(5.5) == 11.0
    assert [warp.bpm_at(seconds) for seconds in (-3.0, 1.0, 3.0, 99.0)] == pytest.approx([120.0, 120.0, 160.0, 120.0])


@each_case("markers", [(), ((0.0, 0.0),), ((0.0, 0.0), (1.0, 0.0)), ((1.0, 0.0), (0.0, 1.0))])
def test_markers_that_tell_no_pace(markers: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ParamError, match="markers must be two or more pairs"):
        WarpMap(markers)
    assert WarpMap.of(markers[:1]) is None


def test_markers_in_any_order_and_twins() -> None:
    warp = WarpMap.of([MARKERS[2], MARKERS[0], MARKERS[0], MARKERS[1], MARKERS[3]])
    assert warp == WarpMap(MARKERS)


def test_a_steady_pace() -> None:
    warp = WarpMap.steady(90.0, 1.0)
    assert warp.beats_at(1.0) == 0.0
    assert warp.beats_at(3.0) == pytest.approx(3.0)
    with pytest.raises(ParamError, match="bpm must be 20 to 999 BPM"):
        WarpMap.steady(0.0)


def test_a_warped_loop() -> None:
    region = ClipRegion.of(make_clip(loop=(4.0, 8.0)), make_audio(), MARKERS)
    assert (region.start, region.end, region.repeats) == (2.5, 4.0, True)
    assert region.beats_at(0.0) == 4.0
    assert region.beats_at(1.5) == 8.0
    assert region.seconds_at(6.0) == pytest.approx(0.75)


def test_a_loop_with_a_lead_in_is_no_loop_as_a_whole() -> None:
    region = ClipRegion.of(make_clip(loop=(4.0, 8.0), markers=(0.0, 8.0)), make_audio(), MARKERS)
    assert (region.start, region.end, region.repeats) == (0.5, 4.0, False)


def test_a_loop_that_is_entered_late_repeats() -> None:
    region = ClipRegion.of(make_clip(loop=(0.0, 8.0), markers=(2.0, 8.0)), make_audio(), MARKERS)
    assert (region.start, region.end, region.repeats) == (0.5, 4.0, True)


def test_without_a_loop_the_markers_count() -> None:
    region = ClipRegion.of(make_clip(False, loop=(0.0, 4.0), markers=(2.0, 6.0)), make_audio(), MARKERS)
    assert (region.start, region.end, region.repeats) == (1.5, 3.25, False)


def test_what_lies_outside_the_file_is_left_out() -> None:
    region = ClipRegion.of(make_clip(loop=(-4.0, 40.0)), make_audio(10.0), MARKERS)
    assert (region.start, region.end) == (0.0, 10.0)
    assert region.beats_at(0.0) == -1.0
    nothing = ClipRegion.of(make_clip(loop=(40.0, 44.0)), make_audio(10.0), MARKERS)
    assert nothing.duration == 0.0


def test_what_is_not_warped_counts_in_seconds() -> None:
    region = ClipRegion.of(make_clip(False, markers=(1.0, 3.0)), make_audio(warping=False), (), bpm=90.0)
    assert (region.start, region.end, region.repeats) == (1.0, 3.0, False)
    assert region.beats_at(0.0) == 0.0
    assert region.beats_at(2.0) == pytest.approx(3.0)
    assert region.seconds_at(3.0) == pytest.approx(2.0)


def test_a_warped_clip_of_unknown_markers_is_the_whole_file() -> None:
    region = ClipRegion.of(make_clip(), make_audio(10.0), [(0.0, 0.0)])
    assert (region.start, region.end, region.repeats) == (0.0, 10.0, False)
    assert region.beats_at(1.0) is None
    assert region.seconds_at(1.0) is None


def test_without_a_rate_the_region_may_end_behind_the_file() -> None:
    region = ClipRegion.of(make_clip(), make_audio(10.0, rate=0.0))
    assert region.end == 10.0 * 48_000.0 / LOWEST_RATE
