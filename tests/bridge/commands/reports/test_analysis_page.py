"""The page of an analysis: its text as a whole, within 80 columns whatever was found, and what is unknown said so."""

import io
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from musearoo.bridge.commands.reports.analysis_grid import WIDTH, bars_of, draw_bars, draw_groove
from musearoo.bridge.commands.reports.analysis_page import draw_page, print_analysis
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.analysis import (
    Analysis,
    Character,
    DetectedChord,
    Harmony,
    Loudness,
    Rhythm,
    Section,
)
from musearoo.engines.music.meter import Meter
from tests.bridge.commands.reports.an_analysis import an_analysis
from tests.each_case import each_case

PAGE = """\
take one.wav                                                 12.50 s · deep pass
────────────────────────────────────────────────────────────────────────────────
  tempo   120.0 BPM       ▮▮▮▮▮▮▮▮▮▮ sure     119 to 121
  meter   4/4             ▮▮▮▮▮▮▯▯▯▯ likely
  key     A minor         ▮▮▮▮▯▯▯▯▯▯ perhaps  tuned 14 cents flat
          A minor 0:00 → C major 0:06
  style   funk            funk 60%, disco 30%, rock 10%

   1 0:00 │Am7             │Fmaj7           │C               │G/B             │
          │●   ·   ·   ·   │●   ·   ·   ·   │●   ·   ·   ·   │●   ·   ·   ·   │
   5 0:08 │Am7             │%               │
          │●   ·   ·   ·   │●   ·   ·   ·   │

  groove  light swing 1.34 : 1 (likely) · 7 ms around the grid · 3 against 2
            1   e   &   a   2   e   &   a   3   e   &   a   4   e   &   a
  snare     -   -   -   -   x   -   -   -   -   -   -   -   X   -   -   o
  kick      X   -   -   -   -   -   -   -   x   - (x)   -   -   -   -   -
  ms late   0     +15       0     +15       0     +15       0     +15

  form    A──────────────────────────────────B─────────────────────────────────
          A 0:00 3 bars · B 0:06 3 bars
  energy  ▂▂▂▂▂▂▃▃▃▃▃▃▃▃▃▃▃▃▃▃▄▄▄▄▄▄▄▄▄▄▄▄▄▄▅▅▅▅▅▅▅▅▅▅▅▅▅▆▆▆▆▆▆▆▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇
                                       climax at 0:10, mean 0.50 ▲

  mood    tense (valence -0.3, arousal +0.5): minor key, quick tempo, dense
          drums, bright sound, loud and steady
  sound   -13.4 LUFS · peak -0.6 dB · range 5.2 LU · E1 to G5 · complexity 0.47
  stereo  width 42%, centred, correlation +0.63
  bands   sub ▆  mid ▇
"""


def page(analysis: Analysis, name: str = "take one.wav") -> str:
    """The page as a terminal without colours shows it."""
    out = io.StringIO()
    print_analysis(analysis, name, Console(file=out, width=WIDTH, no_color=True, force_terminal=False))
    return out.getvalue()


def test_the_page_as_a_whole() -> None:
    assert page(an_analysis()) == PAGE


def test_it_reads_the_same_in_colour() -> None:
    out = io.StringIO()
    print_analysis(
        an_analysis(), "take one.wav", Console(file=out, width=120, force_terminal=True, color_system="truecolor")
    )
    assert "\x1b[" in out.getvalue()
    plain = "\n".join(line.plain.rstrip() for line in draw_page(an_analysis(), "take one.wav"))
    assert plain + "\n" == PAGE


def test_missing_findings_are_reported_line_by_line() -> None:
    text = page(Analysis(0.05, "fast", Rhythm(UNKNOWN)), "click.wav")
    for what in ("tempo", "meter", "key", "style", "groove", "form", "mood", "sound"):
        assert f"  {what:<8}unknown\n" in text
    assert "0.05 s · fast pass" in text


def test_long_music_is_shortened_with_a_note() -> None:
    text = page(an_analysis(200))
    assert "… and 152 more bars, to 6:40" in text
    assert len(text.splitlines()) < 60


def test_a_long_name_keeps_its_end() -> None:
    first, *_ = page(an_analysis(), "/a/very/long/path" * 8 + "/take 3.wav").splitlines()
    assert len(first) == WIDTH
    assert first.startswith("…")
    assert "/take 3.wav" in first


@each_case("meter", ["3/4", "4/4", "5/4", "6/8", "7/8", "15/8", "16/4"])
def test_every_meter_fits(meter: str) -> None:
    signature = Meter.parse(meter)
    beats_a_bar = signature.numerator // 3 if signature.is_compound else signature.numerator
    beats = tuple(number * 0.4 for number in range(beats_a_bar * 5))
    rhythm = Rhythm(Estimate(150.0, 0.9, "clip"), beats, beats[::beats_a_bar], Estimate(signature, 0.9, "clip"))
    chords = tuple(
        DetectedChord(beat, beat + 0.4, Chord.parse("F#m7b5/C"), 0.5) for beat in beats[:: max(1, beats_a_bar // 2)]
    )
    lines = [line.plain for line in draw_bars(Analysis(beats[-1] + 0.4, "fast", rhythm, Harmony(chords=chords)))]
    assert max(map(len, lines)) <= WIDTH
    assert sum(line.count("●") for line in lines) == 5
    assert any("F#" in line for line in lines)


def test_an_upbeat_is_bar_0_and_bars_without_downbeats_are_rows_of_four() -> None:
    beats = (0.0, 0.5, 1.0, 1.5, 2.0)
    assert [(bar.number, len(bar.beats)) for bar in bars_of(beats, (0.5,))] == [(0, 1), (1, 4)]
    assert [(bar.number, bar.begins_with_downbeat) for bar in bars_of(beats, ())] == [(1, False), (2, False)]
    assert bars_of((), ()) == []


def test_the_groove_of_a_waltz_in_triplets_is_counted() -> None:
    places = tuple(number / 3 for number in range(9))
    groove = Groove(whole=GrooveProfile(places, (0.0, 0.02, -0.02) * 3, (90.0,) * 9, (4,) * 9), bar_beats=3.0)
    count, late = [line.plain for line in draw_groove(groove, 60.0)]
    assert count.split() == ["1", "·", "·", "2", "·", "·", "3", "·", "·"]
    assert late.split()[2:] == ["0", "+20", "-20"] * 3


times = st.lists(st.floats(0.0, 100.0), max_size=60, unique=True).map(sorted)


@given(beats=times, every=st.integers(1, 7), starts=times, duration=st.floats(0.05, 2000.0))
def test_no_line_is_wider_than_the_page(beats: list[float], every: int, starts: list[float], duration: float) -> None:
    rhythm = Rhythm(Estimate(120.0, 0.5, "clip"), tuple(beats), tuple(beats[::every]))
    chords = tuple(DetectedChord(start, start + 1.0, Chord.parse("Bbmaj7/D"), 0.5) for start in starts)
    sections = tuple(Section(start, start + 5.0, "verse", 0.5) for start in starts if start < duration)
    analysis = replace(an_analysis(), duration=duration, rhythm=rhythm, harmony=Harmony(chords=chords))
    character = replace(analysis.character, sections=sections, loudness=Loudness(-70.5, -60.25, 10.75))
    analysis = replace(analysis, character=replace(character, register=Estimate((18, 102), 0.5, "clip")))
    assert all(len(line.plain.rstrip()) <= WIDTH for line in draw_page(analysis, "x"))


def test_a_silent_clip_is_silent() -> None:
    loudness = an_analysis().character.loudness
    assert loudness is not None
    character = Character(loudness=replace(loudness, lufs=None, range_lu=None))
    assert "  sound   silent\n" in page(Analysis(3.0, "fast", Rhythm(UNKNOWN), character=character))
