"""Fills: setup, fill, and the crash that resolves it."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from musearoo.engines.music.drum_kit import FILL_LETTERS, FLOURISHES, HAND, KIT
from musearoo.engines.players.drums.take import CLOSE, Hit, Hits, Take
from musearoo.engines.styles.row_fitting import fit_row_at_end
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL

SET_UP_BEATS: Final = 0.5


def set_up_fills(hits: Hits, take: Take) -> Hits:
    """Clear the half beat before a fill: open the hat and drop ghost notes.

    Fills of a whole bar and takes of low complexity get no setup.
    """
    if take.complexity < 0.3:
        return hits
    clear = {
        bar.index: bar.fill_start for bar in take.bars if bar.fill is not None and bar.fill_start > bar.start + 1.0
    }
    bar_beats = take.meter.bar_beats
    prepared = []
    for hit in hits:
        if hit.voice in ("snare", "closed_hat"):
            ahead = clear.get(int((hit.at + CLOSE) / bar_beats), 0.0) - hit.at
            if CLOSE < ahead <= SET_UP_BEATS + CLOSE:
                if hit.strength == GHOST and hit.voice == "snare":
                    continue
                if hit.voice == "closed_hat" and ahead > SET_UP_BEATS - CLOSE:
                    hit = replace(hit, voice="open_hat")
        prepared.append(hit)
    return prepared


def play_fills(hits: Hits, take: Take) -> Hits:
    """Replace the groove by the fill from the fill's first beat to the end of the phrase."""
    until = [bar.fill_start - CLOSE for bar in take.bars]
    bar_beats = take.meter.bar_beats
    filled = [hit for hit in hits if hit.at < until[int((hit.at + CLOSE) / bar_beats)]]
    for bar in take.bars:
        if bar.fill is None:
            continue
        for row in (bar.fill.hands, bar.fill.left, bar.fill.feet):
            for at, mark in fit_row_at_end(row, take.meter)[0]:
                letter = mark.lower()
                strength = ACCENT if mark.isupper() else NORMAL
                hit = Hit(bar.start + at, FILL_LETTERS[letter], strength, ornament=FLOURISHES.get(letter, ""))
                filled.append(hit)
    return filled


def crash_on_one(hits: Hits, take: Take) -> Hits:
    """Add a crash after each fill, with a kick under it: a crash without a kick sounds thin."""
    starts = {bar.start for bar in take.bars if bar.crash}
    kicked = {hit.at for hit in hits if hit.voice == "kick"}
    # The hand that crashes is not on the hat or the ride.
    crashed = [hit for hit in hits if hit.at not in starts or not _keeps_time(hit)]
    for start in sorted(starts):
        crashed.append(Hit(start, "crash", ACCENT))
        if start not in kicked:
            crashed.append(Hit(start, "kick", ACCENT))
    return crashed


def _keeps_time(hit: Hit) -> bool:
    return KIT[hit.voice].group == "cymbals" and KIT[hit.voice].limb == HAND
