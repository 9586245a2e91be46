"""The report that `musearoo analyze` prints: what was found, with its confidence, and what is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from musearoo.bridge.commands.reports.analysis_grid import LABEL, WIDTH, clock, draw_bars, draw_groove
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.analysis import Analysis, Band, Character, Section, StyleGuess
from musearoo.engines.music.pitch import USUAL_NAMES, pitch_name
from musearoo.engines.music.scale import Key

UNKNOWN_WORD: Final = "unknown"
STRIP: Final = WIDTH - LABEL - 1
"""Columns of the whole clip in the rows of form and energy."""

STEPS: Final = "▁▂▃▄▅▆▇█"
MOST_LINES: Final = 4
"""Most lines of a list, such as that of the sections."""

GAUGE: Final = 10
"""Columns of a confidence bar."""

WORDS_OF_CONFIDENCE: Final = ((0.8, "sure"), (0.5, "likely"), (0.2, "perhaps"), (0.0, "a guess"))
DEPTHS: Final = {"fast": "fast pass", "deep": "deep pass", "exact": "read off its notes"}
LIKELY_STYLE: Final = 0.25
"""Least likelihood of a style in the headline: with a dozen styles, three times chance."""


def print_analysis(analysis: Analysis, name: str, console: Console) -> None:
    """Print the page for one clip, 80 columns wide, readable without colours."""
    for line in draw_page(analysis, name):
        line.rstrip()
        console.print(line, no_wrap=True, overflow="crop", highlight=False)


def draw_page(analysis: Analysis, name: str) -> Iterator[Text]:
    """Yield the lines of the page."""
    yield _title(analysis, name)
    yield Text("─" * WIDTH, style="dim")
    yield from _headline(analysis)
    sections = (
        draw_bars(analysis),
        _groove(analysis),
        _form(analysis),
        _sound(analysis.character, analysis.harmony.key.value),
    )
    for section in sections:
        lines = list(section)
        if lines:
            yield Text()
            yield from lines


def _title(analysis: Analysis, name: str) -> Text:
    right = _extent(analysis)
    room = WIDTH - len(right) - 2
    shown = name if len(name) <= room else "…" + name[1 - room :]
    line = Text(shown.ljust(room + 2), style="bold")
    line.append(right, style="dim")
    return line


def headline(analysis: Analysis) -> str:
    """Return the findings in one line, such as "118.0 BPM · 4/4 · A minor · funk"; "unknown" for what is not known.

    >>> from musearoo.engines.music.knowledge.analysis import UNKNOWN, Rhythm
    >>> headline(Analysis(1.5, "fast", Rhythm(Estimate(118.0, 0.9, "clip"))))
    '118.0 BPM · meter unknown · key unknown · 1.50 s · fast pass'
    """
    meter, key = analysis.rhythm.meter.value, analysis.harmony.key.value
    words = [
        _tempo(analysis) or "tempo unknown",
        str(meter or "meter unknown"),
        str(key or "key unknown"),
    ]
    likeliest = max(analysis.character.styles, key=lambda style: style.likelihood, default=None)
    if likeliest is not None and likeliest.likelihood >= LIKELY_STYLE:
        words.append(likeliest.name)
    return " · ".join([*words, _extent(analysis)])


def _extent(analysis: Analysis) -> str:
    """Return the clip's length, and the kind of analysis."""
    duration = analysis.duration
    length = f"{duration:.2f} s" if duration < 60.0 else clock(duration)
    return f"{length} · {DEPTHS[analysis.depth]}"


# --- headline --------------------------------------------------------------------------------------------------------


def _headline(analysis: Analysis) -> Iterator[Text]:
    rhythm, harmony = analysis.rhythm, analysis.harmony
    yield _fact("tempo", _tempo(analysis), rhythm.tempo.confidence, _pace(analysis))
    meter = rhythm.meter
    loop = rhythm.loop_bars.value
    bars = f"a loop of {_count(loop, 'bar')}" if loop else ""
    yield _fact("meter", str(meter.value) if meter.value else "", meter.confidence, bars)
    yield _fact("key", str(harmony.key.value) if harmony.key.value else "", harmony.key.confidence, _tuning(analysis))
    if len(harmony.keys) > 1:
        yield from _wrapped("", [f"{span.key} {clock(span.start)}" for span in harmony.keys], " → ")
    yield _styles(analysis.character.styles)


def _fact(label: str, value: str, confidence: float, more: str = "") -> Text:
    """Return a row: label, value, confidence as a bar and a word, and further facts."""
    line = _label(label)
    if not value:
        return line.append(UNKNOWN_WORD, style="dim")
    line.append(f"{value:<16}", style="bold")
    filled = min(GAUGE, max(0, round(confidence * GAUGE)))
    line.append("▮" * filled, style="green").append("▯" * (GAUGE - filled), style="dim")
    line.append(f" {_certainty(confidence):<8} ")
    return line.append(more, style="dim")


def _certainty(confidence: float) -> str:
    return next(word for least, word in WORDS_OF_CONFIDENCE if confidence >= least)


def _label(label: str) -> Text:
    return Text(f"  {label:<{LABEL - 2}}", style="dim")


def _tempo(analysis: Analysis) -> str:
    bpm = analysis.rhythm.tempo.value
    return "" if bpm is None else f"{bpm:.1f} BPM"


def _pace(analysis: Analysis) -> str:
    """Return how the tempo changes, and Live's tempo if it counts the beats differently."""
    rhythm = analysis.rhythm
    words = []
    if rhythm.live_bpm is not None and rhythm.quarters_per_beat != 1.0:
        words.append(f"{rhythm.live_bpm:.1f} in Live")
    if len(rhythm.curve) > 1:
        slowest, fastest = min(point.bpm for point in rhythm.curve), max(point.bpm for point in rhythm.curve)
        words.append(f"{slowest:.0f} to {fastest:.0f}")
    return ", ".join(words)


def _tuning(analysis: Analysis) -> str:
    cents = round(analysis.harmony.tuning_cents)
    return f"tuned {abs(cents)} cents {'sharp' if cents > 0 else 'flat'}" if abs(cents) >= 5 else ""


def _styles(styles: Sequence[StyleGuess]) -> Text:
    line = _label("style")
    ranked = sorted(styles, key=lambda style: -style.likelihood)
    if not ranked or ranked[0].likelihood < LIKELY_STYLE:
        return line.append(UNKNOWN_WORD, style="dim")
    line.append(f"{ranked[0].name:<16}", style="bold")
    named = [f"{style.name} {style.likelihood:.0%}" for style in ranked[:3] if style.likelihood >= 0.05]
    return line.append(", ".join(named), style="dim")


# --- groove ----------------------------------------------------------------------------------------------------------


def _groove(analysis: Analysis) -> Iterator[Text]:
    groove = analysis.groove
    words = [word for word in (_swing(groove.swing), _microtiming(groove)) if word]
    words += [f"{found.against} against {found.beats}" for found in analysis.polyrhythms]
    yield _label("groove").append(" · ".join(words) or UNKNOWN_WORD, style="" if words else "dim")
    yield from draw_groove(groove, analysis.rhythm.tempo.value)


def _swing(swing: Estimate[float | None]) -> str:
    if swing.value is None:
        return ""
    feel = "straight" if swing.value < 1.1 else "triplet swing" if swing.value > 1.75 else "light swing"
    return f"{feel} {swing.value:.2f} : 1 ({_certainty(swing.confidence)})"


def _microtiming(groove: Groove) -> str:
    return "" if groove.microtiming_rms_ms is None else f"{groove.microtiming_rms_ms:.0f} ms around the grid"


# --- form and energy -------------------------------------------------------------------------------------------------


def _form(analysis: Analysis) -> Iterator[Text]:
    """Draw sections and energy on the same scale: the strip is the whole clip."""
    character, duration = analysis.character, analysis.duration
    if not character.sections:
        yield _label("form").append(UNKNOWN_WORD, style="dim")
    elif len(character.sections) > 1:
        yield _label("form").append(_strip(character.sections, duration), style="bold magenta")
        yield from _wrapped("", [_length(section, analysis) for section in character.sections], " · ")
    energy = character.energy
    if energy is not None and energy.values:
        yield _label("energy").append(_sparkline(energy.values), style="yellow")
        words = f"climax at {clock(energy.climax)}, mean {energy.mean:.2f}"
        at = min(STRIP - 1, max(0, int(energy.climax / duration * STRIP)))
        fits = at + 2 + len(words) <= STRIP
        yield Text("".ljust(LABEL) + (f"{'':{at}}▲ {words}" if fits else f"{words} ▲".rjust(at + 1)), style="dim")


def _strip(sections: Sequence[Section], duration: float) -> str:
    """Return one column for each part of the clip: a section's label where it begins, then dashes.

    >>> _strip((Section(0.0, 5.0, "A", 1.0), Section(5.0, 10.0, "B", 1.0)), 10.0)[30:40]
    '────B─────'
    """
    columns = ["─"] * STRIP
    for section in sections:
        columns[min(STRIP - 1, int(section.start / duration * STRIP))] = section.label[:1]
    return "".join(columns)


def _length(section: Section, analysis: Analysis) -> str:
    bars = sum(1 for downbeat in analysis.rhythm.downbeats if section.start - 0.1 <= downbeat < section.end - 0.1)
    length = _count(bars, "bar") if bars else f"{section.end - section.start:.1f} s"
    return f"{section.label} {clock(section.start)} {length}"


def _sparkline(values: Sequence[float]) -> str:
    """Return values, 0..1, as a row of small bars, each the mean of its column."""
    bars = []
    for column in range(STRIP):
        first = int(column * len(values) / STRIP)
        last = max(first + 1, int((column + 1) * len(values) / STRIP))
        mean = sum(values[first:last]) / (last - first)
        bars.append(STEPS[min(len(STEPS) - 1, max(0, int(mean * len(STEPS))))])
    return "".join(bars)


# --- sound -----------------------------------------------------------------------------------------------------------


def _sound(character: Character, key: Key | None) -> Iterator[Text]:
    mood = character.mood
    if mood is None:
        yield _label("mood").append(UNKNOWN_WORD, style="dim")
    else:
        words = f"{_mood_word(mood.valence, mood.arousal)} (valence {mood.valence:+.1f}, arousal {mood.arousal:+.1f})"
        because = ": " + ", ".join(mood.because) if mood.because else ""
        yield from _wrapped("mood", (words + because).split(" "), " ")
    yield from _wrapped("sound", list(_sound_words(character, key)) or [UNKNOWN_WORD], " · ")
    if character.stereo is not None:
        picture = character.stereo
        width = "mono" if picture.width < 0.02 else f"width {picture.width:.0%}"
        yield _label("stereo").append(f"{width}, {_side(picture.balance)}, correlation {picture.correlation:+.2f}")
    if character.bands:
        yield _label("bands").append(_bands(character.bands))


def _sound_words(character: Character, key: Key | None) -> Iterator[str]:
    loudness = character.loudness
    if loudness is not None:
        yield "silent" if loudness.lufs is None else f"{loudness.lufs:.1f} LUFS"
        if loudness.lufs is not None:
            yield f"peak {loudness.true_peak_db:+.1f} dB"
        if loudness.range_lu is not None:
            yield f"range {loudness.range_lu:.1f} LU"
    register = character.register.value
    if register is not None:
        names = key.note_names if key else USUAL_NAMES
        yield f"{pitch_name(register[0], names)} to {pitch_name(register[1], names)}"
    if character.complexity.value is not None:
        yield f"complexity {character.complexity.value:.2f}"


def _side(balance: float) -> str:
    if abs(balance) < 0.05:
        return "centred"
    return f"{'slightly ' if abs(balance) < 0.25 else ''}to the {'left' if balance < 0 else 'right'}"


def _mood_word(valence: float, arousal: float) -> str:
    """Return a word for a point in the valence-arousal plane (Russell, "A circumplex model of affect", 1980).

    >>> _mood_word(0.6, 0.6), _mood_word(-0.5, -0.4), _mood_word(0.0, 0.05)
    ('happy', 'sad', 'neutral')
    """
    if max(abs(valence), abs(arousal)) < 0.15:
        return "neutral"
    if abs(valence) < 0.15:
        return "excited" if arousal > 0 else "calm"
    if valence > 0:
        return "happy" if arousal > 0 else "peaceful"
    return "tense" if arousal > 0 else "sad"


def _bands(bands: Sequence[Band]) -> str:
    """Return each band with its level as a small bar, from -40 to 0 dB relative to the whole."""
    words = []
    for band in bands:
        step = int((band.level_db + 40.0) / 40.0 * len(STEPS))
        words.append(f"{band.name} {STEPS[min(len(STEPS) - 1, max(0, step))]}")
    return "  ".join(words)


# --- words -----------------------------------------------------------------------------------------------------------


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _wrapped(label: str, pieces: Sequence[str], between: str) -> Iterator[Text]:
    """Wrap pieces onto further lines without splitting any; lines beyond MOST_LINES are left out."""
    lines = [""]
    for piece in pieces:
        joined = lines[-1] + between + piece if lines[-1] else piece
        if len(joined) <= STRIP:
            lines[-1] = joined
        else:
            lines.append(piece)
    if len(lines) > MOST_LINES:
        lines[MOST_LINES - 1 :] = [lines[MOST_LINES - 1][: STRIP - 2] + " …"]
    for number, line in enumerate(lines):
        yield _label("" if number else label).append(line, style="" if label else "dim")
