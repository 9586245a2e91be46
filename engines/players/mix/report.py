"""The report on a mix: loudness and balance before and after, by track and section, in figures and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.engines.players.mix.faders import LOUDEST_DB
from musearoo.engines.players.mix.levels import estimated_peak, mix_lufs, target_lufs
from musearoo.engines.players.mix.tracks import Measured, MixTrack
from musearoo.engines.styles.mix import MixStyle

WORTH_A_WORD: Final = 1.0
"""The deviation of the mix's loudness in LU from which it is reported."""
RINGING: Final = 36.0
"""The LU below a section's loudest track from which a track does not count as playing."""
OUT_OF_BALANCE: Final = 4.0
"""The deviation in LU from which a track's balance in a section is reported."""


@dataclass(frozen=True, slots=True)
class TrackReport:
    """One track: its planned fader (dB), and its loudness after the fader (LUFS): before, after, and the style's
    target."""

    id: int
    name: str
    volume_db: float
    before: float
    after: float
    target: float
    measured: Measured


@dataclass(frozen=True, slots=True)
class SectionReport:
    """One section after the moves: its loudness (LUFS), and each track's deviation from its balance in the whole song
    (LU), by name."""

    name: str
    lufs: float
    tracks: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class MixState:
    """The mix at one moment: faders in dB and loudness after them (LUFS) by track id, and masking 0..1."""

    volumes: Mapping[int, float]
    loudness: Mapping[int, float]
    masking: float


@dataclass(frozen=True, slots=True)
class Overall:
    """The whole mix: loudness (LUFS), estimated peak (dBFS), and masking, 0..1."""

    lufs: float
    peak_db: float
    masking: float


@dataclass(frozen=True, slots=True)
class MixReport:
    """The mix before and after (None if nothing was measured), its tracks, its sections, and sentences about it."""

    before: Overall | None
    after: Overall | None
    tracks: tuple[TrackReport, ...] = ()
    sections: tuple[SectionReport, ...] = ()
    sentences: tuple[str, ...] = ()


def write_report(tracks: Sequence[MixTrack], style: MixStyle, before: MixState, after: MixState) -> MixReport:
    """Return the report on the moves."""
    known = [track for track in tracks if track.sound is not None]
    targets = target_lufs(known, style)
    rows = [
        TrackReport(
            track.id,
            track.name,
            after.volumes[track.id],
            before.loudness[track.id],
            after.loudness[track.id],
            targets[track.id],
            track.sound.measured,
        )
        for track in tracks
        if track.sound is not None
    ]
    sections = _sections(known, after)

    def overall(state: MixState) -> Overall | None:
        if not rows:
            return None
        return Overall(mix_lufs(list(state.loudness.values())), estimated_peak(known, state.volumes), state.masking)

    sentences = tuple(_sentences(tracks, style, rows, sections))
    return MixReport(overall(before), overall(after), tuple(rows), sections, sentences)


def _sections(tracks: Sequence[MixTrack], after: MixState) -> tuple[SectionReport, ...]:
    """Return each section's loudness, and its tracks' deviations from their balance in the whole song."""
    names = dict.fromkeys(name for track in tracks for name, _ in track.sections)
    reports = []
    for name in names:
        levels = {}
        for track in tracks:
            level = dict(track.sections).get(name)
            if level is not None and track.sound is not None:
                # EQ cuts lower every section equally.
                levels[track.id] = level + after.loudness[track.id] - track.sound.lufs
        # A track far below the loudest only rings on from the section before.
        top = max(levels.values(), default=0.0)
        levels = {track: level for track, level in levels.items() if level > top - RINGING}
        if levels:
            loud, usual = mix_lufs(list(levels.values())), mix_lufs([after.loudness[track] for track in levels])
            rows = tuple(
                (track.name, (levels[track.id] - loud) - (after.loudness[track.id] - usual))
                for track in tracks
                if track.id in levels
            )
            reports.append(SectionReport(name, loud, rows))
    return tuple(reports)


def _sentences(
    tracks: Sequence[MixTrack], style: MixStyle, rows: Sequence[TrackReport], sections: Sequence[SectionReport]
) -> list[str]:
    sentences = []
    unknown = [track.name for track in tracks if track.sound is None]
    if unknown:
        sentences.append(f"Not measured, so left as they are: {', '.join(unknown)}.")
    rendered = [row.name for row in rows if row.measured == "rendered"]
    if rendered:
        sentences.append(
            f"Measured on our own synthesiser's sound, not on the instrument in Live: {', '.join(rendered)}."
            " Trust these levels within a few dB."
        )
    # Subtract the deviation of the whole mix, which every track shares.
    least = min((row.target - row.after for row in rows), default=0.0)
    too_soft = [row for row in rows if row.volume_db >= LOUDEST_DB and row.target - row.after > least + WORTH_A_WORD]
    for row in too_soft:
        lacking = row.target - row.after - least
        sentences.append(f"{row.name} is too soft for its fader: raise its clip or instrument by {lacking:.0f} dB.")
    if least > WORTH_A_WORD and all(track.may_move("volume") for track in tracks):
        sentences.append(
            f"All faders come down by about {least:.0f} LU, so that no peak clips: the loudness of this style"
            f" ({style.loudness:g} LUFS) is then a matter of mastering."
        )
    for section in sections:
        for name, off in section.tracks:
            if off > OUT_OF_BALANCE:
                sentences.append(f"{name} stands {off:.0f} LU further out in {section.name} than in the whole song.")
    if len(sections) > 1:
        loudest, quietest = (pick(sections, key=lambda section: section.lufs) for pick in (max, min))
        contrast = loudest.lufs - quietest.lufs
        if contrast < style.contrast - 1.0:
            sentences.append(
                f"{loudest.name} is only {contrast:.1f} LU louder than {quietest.name}, where this style has about"
                f" {style.contrast:g}: thin out {quietest.name}, or let more play in {loudest.name}."
            )
    return sentences
