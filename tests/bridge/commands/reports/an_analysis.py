"""A small analysis in which everything was found, for the tests of its page and its picture."""

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.analysis import (
    Analysis,
    Band,
    Character,
    DetectedChord,
    DrumOnset,
    EnergyCurve,
    Harmony,
    KeySpan,
    Loudness,
    Mood,
    Onset,
    Polyrhythm,
    Rhythm,
    Section,
    StereoImage,
    StyleGuess,
    TempoPoint,
)
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key

BEAT = 0.5
CHORDS = ("Am7", "Fmaj7", "C", "G/B", "Am7")


def an_analysis(bars: int = 6) -> Analysis:
    """So many bars at 120 BPM after half a second, each with a chord but the last two, which share one."""
    duration = 0.5 + bars * 2.0
    beats = tuple(0.5 + number * BEAT for number in range(bars * 4))
    downbeats = beats[::4]
    starts = [*downbeats[:-1], duration]
    chords = [DetectedChord(0.0, 0.5, None, 0.9)]
    for number in range(bars - 1):
        end = starts[number + 1] if number < bars - 2 else duration
        chords.append(DetectedChord(starts[number], end, Chord.parse(CHORDS[number % len(CHORDS)]), 0.7))
    hits = tuple(DrumOnset(beat, "snare" if number % 2 else "kick", 90.0, 0.8) for number, beat in enumerate(beats))
    middle = downbeats[bars // 2]
    return Analysis(
        duration,
        "deep",
        Rhythm(
            Estimate(120.0, 0.95, "clip"),
            beats,
            downbeats,
            Estimate(Meter(4, 4), 0.62, "clip"),
            (TempoPoint(0.0, 119.0), TempoPoint(4.0, 121.0)),
        ),
        Harmony(
            Estimate(Key(9, "Minor"), 0.41, "clip"),
            (KeySpan(0.0, middle, Key(9, "Minor"), 0.5), KeySpan(middle, duration, Key(0, "Major"), 0.5)),
            tuple(chords),
            tuning_cents=-14.0,
        ),
        _groove(),
        tuple(Onset(hit.time, 0.7) for hit in hits),
        hits,
        (Polyrhythm(3, 2, 0.6),),
        Character(
            EnergyCurve(0.5, tuple(0.2 + 0.6 * number / (bars * 4) for number in range(bars * 4 + 1)), 0.5, 10.0, 0.8),
            (Section(0.0, middle, "A", 0.6), Section(middle, duration, "B", 0.6)),
            (StyleGuess("funk", 0.6), StyleGuess("disco", 0.3), StyleGuess("rock", 0.1)),
            Mood(-0.3, 0.5, 0.5, ("minor key", "quick tempo", "dense drums", "bright sound", "loud and steady")),
            Estimate(0.47, 0.6, "clip"),
            Estimate((28, 79), 0.7, "clip"),
            (Band("sub", 20.0, 60.0, -14.0, 1.0), Band("mid", 500.0, 2000.0, -6.0, 3.0)),
            Loudness(-13.4, -0.6, 5.2),
            StereoImage(0.42, 0.01, 0.63),
        ),
    )


def _groove() -> Groove:
    sixteenths = tuple(number / 4 for number in range(16))
    late = tuple(0.03 if number % 4 == 2 else 0.0 for number in range(16))
    whole = GrooveProfile(sixteenths, late, (90.0,) * 16, tuple(6 if number % 2 == 0 else 0 for number in range(16)))
    drums: dict[str, GrooveProfile] = {
        "kick": GrooveProfile((0.0, 2.0, 2.5), (0.0, 0.004, -0.01), (112.0, 90.0, 70.0), (6, 6, 2)),
        "snare": GrooveProfile((1.0, 3.0, 3.75), (0.02, 0.02, 0.0), (95.0, 101.0, 35.0), (6, 6, 4)),
    }
    return Groove(Estimate(1.34, 0.7, "clip"), 7.3, 4.0, whole, drums, 0.8)  # type: ignore[arg-type]
