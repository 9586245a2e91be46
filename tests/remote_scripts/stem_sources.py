"""What the tests of stems do to a clip before it is split."""

from typing import Any

from tests.remote_scripts.studio import Studio

SAMPLE = 1.0 / 44100


def pin(room: Studio, clip: Any, *markers: tuple[float, float]) -> None:
    """Gives a clip one visible warp marker a pair; the first pair stands at second 0."""
    clip.move_warp_marker(0.0, markers[0][1])
    for second, beat in markers[1:]:
        clip.add_warp_marker(room.live.Live.Clip.WarpMarker(second, beat))


def span(clip: Any, start_name: str, end_name: str, start: float, end: float) -> None:
    """Sets both ends; Live keeps the start before the end at every moment."""
    setattr(clip, end_name, max(end, getattr(clip, end_name)))
    setattr(clip, start_name, start)
    setattr(clip, end_name, end)


def part(clip: Any, start: float, end: float) -> None:
    clip.looping = False
    span(clip, "loop_start", "loop_end", start, end)


def loop(clip: Any, start: float, end: float, first: float, last: float) -> None:
    clip.looping = True
    span(clip, "loop_start", "loop_end", start, end)
    span(clip, "start_marker", "end_marker", first, last)


def uneven_loop(room: Studio, clip: Any) -> None:
    pin(room, clip, (0.0, 0.0), (0.7, 1.0), (1.1, 2.0))
    loop(clip, 0.5, 2.25, 0.0, 4.0)


def unwarp(room: Studio, clip: Any, start: float, end: float) -> None:
    clip.warping = False
    room.step(0.2)
    part(clip, start, end)


def all_settings(clip: Any) -> None:
    clip.signature_numerator, clip.signature_denominator = 7, 8
    clip.launch_mode, clip.launch_quantization, clip.legato = 2, 5, True
    clip.velocity_amount, clip.ram_mode, clip.muted = 0.25, True, True
    clip.gain, clip.pitch_coarse, clip.pitch_fine, clip.warp_mode = 0.55, -3, 12.5, 6
