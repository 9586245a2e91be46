"""What the drummer does with what he hears: kick with the bass, accents with the chords, room for the melody."""

from __future__ import annotations

from typing import Final

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.drums.take import CLOSE, Hit, Hits, Take
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL

LEAST_GAP: Final = 0.24
"""Beats that a kick which answers the bass keeps from the kicks around it: no sixteenths that nobody asked for."""
YIELDS: Final = 0.7
"""How often an ornament gives way to the melody."""
MORE_KICKS: Final = 2
"""So many kicks a bar may come with the bass beyond those that the groove has."""


def meet_the_bass(hits: Hits, take: Take) -> Hits:
    """The kick where the bass plays: off the beat it leaves what the bass leaves, and comes where the bass comes.

    What falls on a pulse stays, for the dancer's sake; a kick is never put under a snare.
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
    """Where the band strikes a chord off the beat, kick and cymbal go with it: the push is everybody's."""
    likely = take.style.drums.follows_chords
    if not take.band.chords or not likely:
        return hits
    chance = take.stream("chords")
    pulses = set(take.pulses)
    pushed = {place for place in take.band.chords if place not in pulses and chance.random() < likely}
    accented = [hit._replace(strength=ACCENT) if hit.at in pushed and _takes_accent(hit) else hit for hit in hits]
    busy = [hit.at for hit in hits if hit.voice == "kick" or KIT[hit.voice].group == "snare"]
    for place in sorted(pushed):
        if not any(abs(place - other) < LEAST_GAP for other in busy):
            accented.append(Hit(place, "kick", NORMAL))
    return accented


def leave_room(hits: Hits, take: Take) -> Hits:
    """Ghost notes and opened hats kept from the onsets of the melody: what it says there, the left hand need not."""
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
            hit = hit._replace(voice="closed_hat")
        left.append(hit)
    return left


def _takes_accent(hit: Hit) -> bool:
    return hit.voice == "kick" or KIT[hit.voice].group == "cymbals"
