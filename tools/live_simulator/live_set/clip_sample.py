"""Audio clip properties: gain, pitch, warping."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.core.audio_file import AudioFile
from musearoo.tools.live_simulator.core.boost import extract
from musearoo.tools.live_simulator.core.checks import in_range
from musearoo.tools.live_simulator.core.objects import Model, Stored, reads
from musearoo.tools.live_simulator.core.values import WarpMarker
from musearoo.tools.live_simulator.core.warping import Warp, guess_beats
from musearoo.tools.live_simulator.devices.parameters import float32
from musearoo.tools.live_simulator.live_set.links import TrackLink

WARP_MODES = (0, 1, 2, 3, 4, 6)
"""Every mode except REX (5), which only .rx2 files offer."""


def _gain(_: Any, value: float) -> float:
    if not 0.0 <= value <= 1.0:
        raise RuntimeError("Gain is out of range")
    return float32(value)


def _audio_property(name: str, what: str) -> Any:
    def read(clip: Any) -> Any:
        clip._sample(what)
        return getattr(clip, "_" + name)

    def write(clip: Any, value: Any) -> None:
        clip._sample(what)
        setattr(clip, "_" + name, value)

    return property(read, write, doc=f"{what} of an audio clip.")


class SampleHolder(Model):
    """The sample of a clip. `audio` is None for a MIDI clip, where most of these members raise an error."""

    audio: AudioFile | None
    track: TrackLink
    looping: Stored[bool]
    _warping_before: bool | None = None
    """The value that `warping` still returns until the next tick."""

    _gain = Stored(float32(0.4), check=_gain)
    _pitch_coarse = Stored(0, check=in_range(-48, 48, "pitch_coarse"))
    _pitch_fine = Stored(0.0, check=in_range(-50.0, 49.0, "pitch_fine"))
    _ram_mode = Stored(False)
    _warping = Stored(True, also=("warp_markers",))
    _warp_mode = Stored(0)
    _warp: Stored[Warp] = Stored(Warp.straight(0.5), also=("warp_markers",))

    gain = _audio_property("gain", "Gain")
    pitch_coarse = _audio_property("pitch_coarse", "Pitch")
    pitch_fine = _audio_property("pitch_fine", "Pitch")
    ram_mode = _audio_property("ram_mode", "RAM mode")

    def place(self, start: float, end: float) -> None:
        """Set loop and markers to these bounds; implemented by the clip."""
        raise NotImplementedError

    def _sample(self, what: str) -> AudioFile:
        if self.audio is None:
            raise RuntimeError(f"{what} is only available for Audio Clips")
        return self.audio

    @property
    def file_path(self) -> str:
        """The absolute path of the sample."""
        return self._sample("File path").path

    @property
    def sample_length(self) -> int:
        """The sample's length in frames."""
        return self._sample("Sample length").frames

    @property
    def sample_rate(self) -> float:
        """The sample's rate in Hz."""
        return self._sample("Sample rate").sample_rate

    @property
    def available_warp_modes(self) -> tuple[int, ...]:
        """The warp modes that this sample can use."""
        self._sample("Warp mode")
        return WARP_MODES

    @property
    def gain_display_string(self) -> str:
        """The gain as the clip view shows it."""
        self._sample("Gain")
        return show_gain(self._gain)

    @property
    def warping(self) -> bool:
        """Whether the sample follows the song's tempo. A new value is visible from the next tick."""
        self._sample("Warping")
        return self._warping if self._warping_before is None else self._warping_before

    @warping.setter
    def warping(self, value: bool) -> None:
        audio = self._sample("Warping")
        if self._warping == value:
            return
        if self._warping_before is None:
            self._warping_before = self._warping
            self.track.song.transport.defer(self._show_warping)
        if not value:
            self.looping = False
        self._warping = value
        if value:
            self.looping = True
        self.place(0.0, self._warp.beat_at(audio.seconds) if value else audio.seconds)

    def _show_warping(self) -> None:
        self._warping_before = None
        self.notify("warping")

    @property
    def warp_mode(self) -> int:
        """The stretching algorithm, a value of Live.Clip.WarpMode."""
        self._sample("Warp mode")
        return self._warp_mode

    @warp_mode.setter
    def warp_mode(self, value: int) -> None:
        self._sample("Warp mode")
        if value not in WARP_MODES:
            raise RuntimeError("Invalid warp mode")
        self._warp_mode = value

    @property
    def warp_markers(self) -> tuple[Any, ...]:
        """The markers. The last one is Live's hidden one, 1/32 beat after the last visible one."""
        self._sample("Warp markers")
        return self._warp.with_phantom()

    def _warped_sample(self) -> AudioFile:
        audio = self._sample("Warp markers")
        if not self._warping:
            raise RuntimeError("Warp markers are only available for warped Audio Clips")
        return audio

    def add_warp_marker(self, marker: Any) -> None:
        """Map a position in the sample to a beat."""
        audio = self._warped_sample()
        point = extract(marker, WarpMarker, "NApiHelpers::TWarpMarker")._point
        self._warp = self._warp.added(point, audio.seconds)

    def move_warp_marker(self, beat_time: float, distance: float) -> None:
        """Move the marker at a beat by a distance in beats."""
        self._warped_sample()
        self._warp = self._warp.moved(beat_time, distance)

    def remove_warp_marker(self, beat_time: float) -> None:
        """Remove the marker at a beat."""
        self._warped_sample()
        self._warp = self._warp.removed(beat_time)

    @reads
    def beat_to_sample_time(self, beat_time: float) -> float:
        """Return the sample position, in frames, at a beat."""
        return self._warp.second_at(beat_time) * self._sample("Beat to sample time").sample_rate

    @reads
    def sample_to_beat_time(self, sample_time: float) -> float:
        """Return the beat at a sample position in frames."""
        return self._warp.beat_at(sample_time / self._sample("Sample to beat time").sample_rate)

    @reads
    def seconds_to_sample_time(self, seconds: float) -> float:
        """Return the sample position, in frames, at a time in seconds."""
        return seconds * self._sample("Seconds to sample time").sample_rate

    def adopt_sample(self, tempo: float) -> None:
        """Set the loop, markers and warp of a new audio clip from the length of its sample."""
        audio = self._sample("Warping")
        beats, self._warping = guess_beats(audio.seconds, tempo)
        self._warp = Warp.straight(audio.seconds / beats)
        self.looping = self._warping
        self.place(0.0, beats if self._warping else audio.seconds)


def show_gain(gain: float) -> str:
    """Return a clip gain formatted as in Live (0.4 = 0 dB, 40 dB per unit above, steeper below)."""
    x = gain - 0.4
    level = 40.0 * x if x >= 0 else 42.0 * x - 200.0 * x * x
    return "-inf dB" if gain < 1e-4 else "%.1f dB" % (level if abs(level) >= 0.05 else 0.0)
