"""The skeleton of a groove: kick and snare, added layers, and half or double time."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.drums.microtiming import swung_position
from musearoo.engines.players.drums.playing import play_row, play_steps
from musearoo.engines.players.drums.take import CLOSE, PHRASE_BARS, Hit, Hits, Take
from musearoo.engines.styles.rows import GHOST

MODULATED_BARS: Final = 3
"""The bars of a phrase that imply another tempo; the fourth returns to the real one."""
FASTEST_IMPLIED_BPM: Final = 190.0
"""The fastest implied tempo at which three bars hold four faster ones; beyond it they hold two slower ones."""


def lay_skeleton(hits: Hits, take: Take) -> Hits:
    """Play the kick, and the snare or what replaces it."""
    groove = take.groove
    rows = (("kick", groove.kick), ("snare", groove.snare), ("cross_stick", groove.cross_stick), ("clap", groove.clap))
    added = list(hits)
    for voice, row in rows:
        for bar in () if row.is_empty else take.bars:
            added += play_row(take, bar, voice, voice, row, take.complexity)
    return added


def add_layers(hits: Hits, take: Take) -> Hits:
    """Add the style's layers to kick and snare: claves, cowbell, congas, toms."""
    added = list(hits)
    for layer in take.groove.layers:
        for bar in take.bars:
            added += play_row(take, bar, "layer " + layer.voice, layer.voice, layer.hits, take.complexity)
    return added


def add_ghost_notes(hits: Hits, take: Take) -> Hits:
    """Add ghost notes of the left hand between the backbeats."""
    row = take.groove.ghosts
    taken = {round(hit.at * 96) for hit in hits if KIT[hit.voice].group == "snare"}
    amount = 0.5 * (take.complexity + take.density)
    ghosts = [
        Hit(bar.start + at, "snare", GHOST)
        for bar in take.bars
        for at, _, _ in play_steps(take, bar, "ghosts", row, amount)
        if round((bar.start + at) * 96) not in taken
    ]
    return hits + ghosts


def halve_time(hits: Hits, take: Take) -> Hits:
    """Half time: stretch one bar of kick and snare over two.

    The timekeeper is added later and keeps its own pace.
    """
    if take.time_feel != "half":
        return hits
    return [replace(hit, at=2.0 * hit.at) for hit in hits if 2.0 * hit.at < take.length - CLOSE]


def double_time(hits: Hits, take: Take) -> Hits:
    """Double time: play each bar of kick and snare twice within a bar, without what would be too fine.

    Left out is everything between the eighths, or at high complexity between the sixteenths. In bars that do not halve
    into eighths the second pass begins an eighth early.
    """
    if take.time_feel != "double":
        return hits
    again = int(take.meter.bar_beats * 2.0) / 4.0
    steps = 4.0 if take.complexity > 0.7 else 2.0
    doubled = []
    for hit in hits:
        start = take.bar_of(hit).start
        inside = 0.5 * (hit.at - start)
        if any(abs(inside * fine - round(inside * fine)) < CLOSE for fine in (steps, 3.0)):
            doubled.append(replace(hit, at=start + inside))
            doubled.append(replace(hit, at=start + again + inside))
    return doubled


def imply_another_tempo(hits: Hits, take: Take) -> Hits:
    """Metric modulation: three bars of a phrase sound like four faster bars or two slower ones; the fourth is normal.

    The bass keeps the real beat, which the drums rejoin.
    """
    if not take.modulated:
        return hits
    ratio = 4.0 / 3.0 if take.bpm * 4.0 / 3.0 <= FASTEST_IMPLIED_BPM else 2.0 / 3.0
    bar_beats = take.meter.bar_beats
    starts = [index * bar_beats for index in take.modulated]
    modulated: Hits = []
    for hit in hits:
        start = next((start for start in starts if start <= hit.at + CLOSE < start + PHRASE_BARS * bar_beats), None)
        if start is None:
            modulated.append(hit)
            continue
        # Swing applies in the implied tempo, so compress the swung positions, not the straight ones.
        inside = (swung_position(hit.at, take.swing) - start) / ratio
        if inside < MODULATED_BARS * bar_beats - CLOSE:
            modulated.append(replace(hit, at=take.swing.unwarp(start + inside)))
        if hit.at + CLOSE >= start + MODULATED_BARS * bar_beats:
            modulated.append(hit)
    return modulated


def play_across_the_rim(hits: Hits, take: Take) -> Hits:
    """Play the snare as a cross-stick in quiet sections, without ghost notes."""
    if take.section.energy >= take.style.drums.cross_stick_below:
        return hits
    return [
        replace(hit, voice="cross_stick") if hit.voice == "snare" else hit
        for hit in hits
        if hit.voice != "snare" or hit.strength != GHOST
    ]
