"""Interplay with the band: kick with the bass, accents with the chords, room for the melody."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.drums.take import CLOSE, Hit, Hits, Take
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL

LEAST_GAP: Final = 0.24
"""The least distance in beats between a kick added for the bass and other kicks: it adds no sixteenth pairs."""
YIELDS: Final = 0.7
"""How often an ornament gives way to the melody."""
MORE_KICKS: Final = 2
"""The most kicks per bar added for the bass, beyond those of the groove."""


def meet_the_bass(hits: Hits, take: Take) -> Hits:
    """Follow the bass with the kick: off the beat, drop kicks the bass does not play and add kicks where it does.

    Kicks on a pulse stay, so that the beat stays danceable. No kick is added under a snare.
    """
    likely = take.style.drums.follows_bass
    if not take.band.bass or not likely:
        return hits
    chance = take.stream("bass")
    bass = set(take.band.bass)
    pulses = set(take.pulses)
    kept = []
    for hit in hits:
        lonely = hit.voice == "kick" and hit.at not in bass and hit.at not in pulses
        if not lonely or chance.random() >= 0.7 * likely:
            kept.append(hit)
    kicks = [hit.at for hit in kept if hit.voice == "kick"]
    snares = [hit.at for hit in kept if KIT[hit.voice].group == "snare"]
    room = dict.fromkeys(range(len(take.bars)), MORE_KICKS)
    for place in take.band.bass:
        index = int((place + CLOSE) / take.meter.bar_beats)
        draw = chance.random()
        if (
            room.get(index, 0)
            and draw < likely * (0.4 + 0.6 * take.complexity)
            and not any(abs(place - other) < LEAST_GAP for other in kicks)
            and not any(abs(place - other) < CLOSE for other in snares)
        ):
            kept.append(Hit(place, "kick", NORMAL))
            kicks.append(place)
            room[index] -= 1
    return kept


def accent_the_chords(hits: Hits, take: Take) -> Hits:
    """Accent off-beat chord onsets with kick and cymbal: the whole band plays the push."""
    likely = take.style.drums.follows_chords
    if not take.band.chords or not likely:
        return hits
    chance = take.stream("chords")
    pulses = set(take.pulses)
    pushed = {place for place in take.band.chords if place not in pulses and chance.random() < likely}
    accented = [replace(hit, strength=ACCENT) if hit.at in pushed and _takes_accent(hit) else hit for hit in hits]
    busy = [hit.at for hit in hits if hit.voice == "kick" or KIT[hit.voice].group == "snare"]
    for place in sorted(pushed):
        if not any(abs(place - other) < LEAST_GAP for other in busy):
            accented.append(Hit(place, "kick", NORMAL))
    return accented


def leave_room(hits: Hits, take: Take) -> Hits:
    """Remove ghost notes and open hats that coincide with melody onsets."""
    if not take.band.melody:
        return hits
    chance = take.stream("room")
    sung = set(take.band.melody)
    left = []
    for hit in hits:
        in_the_way = hit.at in sung and (hit.voice == "open_hat" or (hit.voice == "snare" and hit.strength == GHOST))
        if in_the_way and chance.random() < YIELDS:
            if hit.voice == "snare":
                continue
            hit = replace(hit, voice="closed_hat")
        left.append(hit)
    return left


def _takes_accent(hit: Hit) -> bool:
    return hit.voice == "kick" or KIT[hit.voice].group == "cymbals"
