"""Plain librosa and plain madmom, used as in their documentation: the baseline without BrainAroo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import soundfile

from musearoo.bridge.settings.library_environment import private_cache
from musearoo.tools.bench.analysis.answers import Answer, Span

NOTES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
# Krumhansl and Kessler, "Tracing the dynamic changes in perceived tonal organization" (1982).
MAJOR_PROFILE: Final = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR_PROFILE: Final = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
MADMOM_RATE: Final = 44_100
"""The only sample rate that madmom's networks support; other rates are resampled first."""

LEAST_KEY_SECONDS: Final = 1.6
"""madmom's key network fails for shorter sounds: its last layer is wider than their output."""


def librosa_listener() -> Callable[[Path], Answer]:
    """Return plain librosa: `beat_track`, every fourth beat a downbeat, Krumhansl's profiles and triads on its
    chroma.
    """
    with private_cache("NUMBA_CACHE_DIR"):
        import librosa
        from librosa.beat import beat_track

    def listen(path: Path) -> Answer:
        audio, rate = librosa.load(path, sr=22_050)
        tempo, beats = beat_track(y=audio, sr=rate, units="time")
        chroma = librosa.feature.chroma_cqt(y=audio, sr=rate)
        frames = librosa.time_to_frames(beats, sr=rate)
        return Answer(
            tempo=float(np.atleast_1d(tempo)[0]),
            beats=tuple(map(float, beats)),
            downbeats=tuple(map(float, beats[::4])),
            meter="4/4",
            key=krumhansl_key(chroma.mean(axis=1)),
            chords=triads(librosa.util.sync(chroma, frames), [0.0, *map(float, beats), len(audio) / rate]),
        )

    return listen


def krumhansl_key(chroma: npt.NDArray[np.floating[Any]]) -> str:
    """Return the key whose profile correlates best with a chroma (12,)."""
    scores = {
        f"{NOTES[tonic]} {mode}": float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1])
        for mode, profile in (("major", MAJOR_PROFILE), ("minor", MINOR_PROFILE))
        for tonic in range(12)
    }
    return max(scores, key=lambda key: scores[key])


def triads(chroma: npt.NDArray[np.floating[Any]], edges: list[float]) -> tuple[Span, ...]:
    """Return the triad that best fits each column of a chroma (12, spans); `edges` are the span boundaries."""
    templates = np.zeros((24, 12))
    for root in range(12):
        templates[root, [root, (root + 4) % 12, (root + 7) % 12]] = 1.0
        templates[12 + root, [root, (root + 3) % 12, (root + 7) % 12]] = 1.0
    best = (templates @ chroma).argmax(axis=0)
    spans: list[Span] = []
    for start, end, number in zip(edges, edges[1:], best, strict=False):
        label = f"{NOTES[number % 12]}:{'maj' if number < 12 else 'min'}"
        if spans and spans[-1][2] == label:
            spans[-1] = (spans[-1][0], end, label)
        elif end > start:
            spans.append((start, end, label))
    return tuple(spans)


def madmom_listener() -> Callable[[Path], Answer]:
    """Return plain madmom: its networks with their own decoders, for bars of three or four beats."""
    from musearoo.tools.bench.analysis.plain_madmom import import_madmom

    import_madmom()
    from madmom.audio.signal import Signal
    from madmom.features.beats import RNNBeatProcessor
    from madmom.features.chords import CNNChordFeatureProcessor, CRFChordRecognitionProcessor
    from madmom.features.downbeats import DBNDownBeatTrackingProcessor, RNNDownBeatProcessor
    from madmom.features.key import CNNKeyRecognitionProcessor, key_prediction_to_label
    from madmom.features.tempo import TempoEstimationProcessor

    downbeat_network, beat_network = RNNDownBeatProcessor(), RNNBeatProcessor()
    downbeat_decoder = DBNDownBeatTrackingProcessor(beats_per_bar=[3, 4], fps=100)
    tempo_decoder = TempoEstimationProcessor(fps=100)
    key_network = CNNKeyRecognitionProcessor()
    chord_network, chord_decoder = CNNChordFeatureProcessor(), CRFChordRecognitionProcessor()

    def listen(path: Path) -> Answer:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        mono = samples.mean(axis=1)
        if rate != MADMOM_RATE:
            import librosa

            mono = librosa.resample(mono, orig_sr=rate, target_sr=MADMOM_RATE, res_type="polyphase")
        signal = Signal(mono, sample_rate=MADMOM_RATE, num_channels=1)
        bars = np.asarray(downbeat_decoder(downbeat_network(signal))).reshape(-1, 2)
        tempos = tempo_decoder(beat_network(signal))
        chords = chord_decoder(chord_network(signal))
        beats = int(bars[:, 1].max()) if len(bars) else 0
        return Answer(
            tempo=float(tempos[0][0]) if len(tempos) else None,
            beats=tuple(map(float, bars[:, 0])),
            downbeats=tuple(map(float, bars[bars[:, 1] == 1, 0])),
            meter=f"{beats}/4" if beats in (3, 4) else None,
            key=key_prediction_to_label(key_network(signal)) if len(mono) >= LEAST_KEY_SECONDS * MADMOM_RATE else None,
            chords=tuple((float(start), float(end), str(label)) for start, end, label in chords),
        )

    return listen
