"""The bones of a groove: kick and snare, what is layered on them, and their time against the tempo."""

from __future__ import annotations

from typing import Final

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.drums.microtiming import swung_position
from musearoo.engines.players.drums.playing import play_row
from musearoo.engines.players.drums.take import CLOSE, PHRASE_BARS, Hit, Hits, Take
from musearoo.engines.styles.rows import GHOST

MODULATED_BARS: Final = 3
"""Bars of a phrase that imply another tempo; the fourth leads home."""
FASTEST_IMPLIED_BPM: Final = 190.0
"""Up to this implied tempo three bars hold four of the faster one; beyond it, two of the slower."""


def lay_skeleton(hits: Hits, take: Take) -> Hits:
    """The kick, and the snare or what stands in for it: the part of a groove that one would beatbox."""
    groove = take.groove
    rows = (("kick", groove.kick), ("snare", groove.snare), ("cross_stick", groove.cross_stick), ("clap", groove.clap))
    added = list(hits)
    for voice, row in rows:
        for bar in take.bars:
            added += play_row(take, bar, voice, voice, row, take.complexity)
    return added


def add_layers(hits: Hits, take: Take) -> Hits:
    """Claves, cowbell, congas, toms: the sounds that make a groove one of its style beyond kick and snare."""
    added = list(hits)
    for layer in take.groove.layers:
        for bar in take.bars:
            added += play_row(take, bar, "layer " + layer.voice, layer.voice, layer.hits, take.complexity)
    return added


def add_ghost_notes(hits: Hits, take: Take) -> Hits:
    """Ghost notes of the left hand between the backbeats: they are felt, and give the sixteenths their flow."""
    row = take.groove.ghosts
    taken = {round(hit.at * 96) for hit in hits if KIT[hit.voice].group == "snare"}
    amount = 0.5 * (take.complexity + take.density)
    ghosts = [
        Hit(hit.at, "snare", GHOST)
        for bar in take.bars
        for hit in play_row(take, bar, "ghosts", "snare", row, amount)
        if round(hit.at * 96) not in taken
    ]
    return hits + ghosts


def halve_time(hits: Hits, take: Take) -> Hits:
    """Half time: what was one bar of kick and snare lasts two, so that the same tempo walks instead of runs.

    The timekeeper comes later and keeps its own pace.
    """
    if take.time_feel != "half":
        return hits
    return [hit._replace(at=2.0 * hit.at) for hit in hits if 2.0 * hit.at < take.length - CLOSE]


def double_time(hits: Hits, take: Take) -> Hits:
    """Double time: each bar of kick and snare played twice within itself, with what would be too fine left out.

    That is all that falls between the eighths, and at high complexity only between the sixteenths. In bars that do not
    halve into eighths the second time begins an eighth early.
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
            doubled.append(hit._replace(at=start + inside))
            doubled.append(hit._replace(at=start + again + inside))
    return doubled


def imply_another_tempo(hits: Hits, take: Take) -> Hits:
    """A metric modulation: three bars of a phrase sound like four faster ones, or two slower, and the fourth is home.

    The listener loses the beat and finds it again where the bass never left it.
    """
    ratio = 4.0 / 3.0 if take.bpm * 4.0 / 3.0 <= FASTEST_IMPLIED_BPM else 2.0 / 3.0
    bar_beats = take.meter.bar_beats
    starts = [index * bar_beats for index in take.modulated]
    modulated: Hits = []
    for hit in hits:
        start = next((start for start in starts if start <= hit.at + CLOSE < start + PHRASE_BARS * bar_beats), None)
        if start is None:
            modulated.append(hit)
            continue
        # What swings swings in the implied tempo, so it is the played places that are drawn together.
        inside = (swung_position(hit.at, take.swing) - start) / ratio
        if inside < MODULATED_BARS * bar_beats - CLOSE:
            modulated.append(hit._replace(at=take.swing.unwarp(start + inside)))
        if hit.at + CLOSE >= start + MODULATED_BARS * bar_beats:
            modulated.append(hit)
    return modulated


def play_across_the_rim(hits: Hits, take: Take) -> Hits:
    """The snare as a cross-stick in a quiet section: the same backbeat, spoken instead of shouted. No ghosts there."""
    if take.section.energy >= take.style.drums.cross_stick_below:
        return hits
    return [
        hit._replace(voice="cross_stick") if hit.voice == "snare" else hit
        for hit in hits
        if hit.voice != "snare" or hit.strength != GHOST
    ]
