"""Plan a capture: cut the last whole bars out of the device's ring buffer, with sample-exact beat times."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from musearoo.bridge.audio.drafts import Draft, create_file, explain_disk, require_space
from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.audio.folders import RECORDINGS, SoundFolder, clean_title, place_files
from musearoo.bridge.capture.folder import CaptureFolder
from musearoo.bridge.capture.ring_file import read_ring
from musearoo.bridge.protocol import Listen, Refusal
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.audio.capture.errors import CaptureError
from musearoo.engines.errors import EngineError
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove_template import beat_quarters
from musearoo.engines.music.knowledge.analysis import Rhythm, TempoPoint
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import mean_bpm

if TYPE_CHECKING:
    from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
    from musearoo.engines.audio.capture.bars import Bars

GUESSED: Final = 0.3
"""Confidence of bar lines that are guessed, because the song's position does not give them."""

SAME_TEMPO: Final = 0.05
"""BPM within which bars count as one tempo: Live shows two decimals, and one sample makes less of a difference."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Whole bars that a device recorded on its track: `sound` is the content of `path`, from first to last bar line.

    `points` are pairs (second, quarter note) for each counted beat and for the end; `notices` are sentences for the
    user.
    """

    path: Path
    title: str
    sound: Sound
    bars: int
    meter: Meter
    bpm: float
    rhythm: Rhythm
    points: tuple[tuple[float, float], ...]
    notices: tuple[str, ...]

    @property
    def length(self) -> float:
        """The length in quarter notes."""
        return self.bars * self.meter.bar_beats


def cut_recording(captures: CaptureFolder, listen: Listen, meter: Meter, where: SoundFolder) -> Recording:
    """Cut the last bars before the request out of a device's ring file, and remove that file.

    `meter` is the set's, used if the device did not record it; `where` is the folder for the recording. Reads and
    writes disks, so run it in a thread. Raises RequestError.
    """
    try:
        return _take(captures, listen, meter, where)
    except (CaptureError, AudioFileError) as error:
        raise RequestError(Refusal.NOT_HEARD, str(error)) from error
    except EngineError as error:
        raise RequestError(Refusal.ENGINE_FAILED, str(error)) from error
    finally:
        captures.remove(listen.file)


def _take(captures: CaptureFolder, listen: Listen, meter: Meter, where: SoundFolder) -> Recording:
    # These import NumPy, without which the daemon starts.
    import numpy as np

    from musearoo.bridge.audio.decoding import replace_unusable
    from musearoo.engines.analysis.fast.activation.sound import SILENCE_PEAK, Sound
    from musearoo.engines.audio.capture.bars import choose_bars
    from musearoo.engines.audio.capture.beats import find_stretches
    from musearoo.engines.audio.capture.ring import unroll

    ring = read_ring(captures.find(listen.file), captures.path)
    if listen.numerator and listen.denominator:
        meter = Meter(listen.numerator, listen.denominator)
    song_beat = listen.beat + listen.hundredths / 100.0 if listen.beat >= 0 else None
    unrolled = unroll(ring.samples, listen.counter)
    stretches = find_stretches(unrolled.phase, ring.rate)
    bars = choose_bars(stretches, unrolled.press, song_beat, meter.bar_beats, listen.bars)
    beat_samples = bars.samples_at(beat_quarters(meter))
    first, last = max(0, round(float(beat_samples[0]))), round(float(beat_samples[-1]))
    audio = np.ascontiguousarray(unrolled.audio[:, first:last])
    replace_unusable(audio)
    if float(np.abs(audio).max(initial=0.0)) < SILENCE_PEAK:
        sentence = f"Nothing sounded on this track in the last {_count(bars.count)}: play something, then press Listen."
        raise RequestError(Refusal.NOT_HEARD, sentence)
    seconds = np.maximum(0.0, (beat_samples - first) / ring.rate)
    bpm = bars.bpm(ring.rate)
    path = _write(audio, ring.rate, f"Listen {_count(bars.count)} {bpm:.0f} BPM", where, captures.home)
    return Recording(
        path=path,
        title=path.stem,
        sound=Sound.of(audio, ring.rate),
        bars=bars.count,
        meter=meter,
        bpm=bpm,
        rhythm=_rhythm(tuple(seconds.tolist()), bars, meter, bpm),
        points=tuple((float(second), beat * beat_quarters(meter)) for beat, second in enumerate(seconds)),
        notices=_explain(bars, listen.bars, where),
    )


def _rhythm(seconds: tuple[float, ...], bars: Bars, meter: Meter, bpm: float) -> Rhythm:
    """Return the rhythm of bars with known beats: `seconds` of each, and of the end."""
    unit = beat_quarters(meter)
    per_bar = round(meter.bar_beats / unit)
    lines = seconds[::per_bar]
    curve: list[TempoPoint] = []
    for begin, end in pairwise(lines):
        tempo = mean_bpm(per_bar, end - begin)
        if not curve or abs(tempo - curve[-1].bpm) > SAME_TEMPO:
            curve.append(TempoPoint(begin, tempo))
    return Rhythm(
        tempo=Estimate(bpm / unit, 1.0, "set"),
        beats=seconds[:-1],
        downbeats=lines[:-1],
        meter=Estimate(meter, 1.0, "set"),
        curve=tuple(curve),
        beats_confidence=1.0,
        downbeats_confidence=1.0 if bars.is_one_known else GUESSED,
        loop_bars=Estimate(bars.count, 1.0, "set"),
    )


def _write(audio: FloatArray, rate: int, title: str, where: SoundFolder, home: Path) -> Path:
    """Write the bars to a file and return its path; raises EngineError if the disk does not take it."""
    from musearoo.bridge.audio.wave_files import encode_wave

    # As floats, so that levels above full scale are not clipped.
    data = encode_wave(audio, rate, "FLOAT")
    title = clean_title(title)
    try:
        with Draft(where.path, home) as draft:
            require_space(draft.folder, len(data), RECORDINGS)
            sound = draft.folder / "sound.wav"
            with create_file(sound) as file:
                file.write(data)
            return place_files({"sound": sound}, where.path, lambda number: {"sound": _name(title, number)})["sound"]
    except OSError as error:
        raise explain_disk(error, where.path, RECORDINGS) from error


def _name(title: str, number: int) -> str:
    return f"{title} ({number}).wav" if number > 1 else f"{title}.wav"


def _explain(bars: Bars, wanted: int, where: SoundFolder) -> tuple[str, ...]:
    """Return sentences about the bars that were cut."""
    notices = []
    if bars.count < wanted:
        why = "Live had played no more without a break" if bars.stretch.first else "the device has heard no more"
        notices.append(f"That is {_count(bars.count)}, not {wanted}: {why}.")
    if not bars.is_one_known:
        notices.append("Where bars begin is a guess, for Live does not tell its place in the song.")
    return (*notices, *filter(None, [where.note]))


def _count(bars: int) -> str:
    return "1 bar" if bars == 1 else f"{bars} bars"
