"""Song form: intros that grow, breakdowns that empty, builds that rise, and endings."""

from __future__ import annotations

from typing import Final

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.drums.take import CLOSE, Bar, Hit, Hits, Take
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL, SOFT

FULL: Final = 0.5
"""The energy from which a section uses the whole kit, whatever its kind."""
TIME: Final = ("cymbals", "percussion", "toms")


def thin_out(hits: Hits, take: Take) -> Hits:
    """Thin out intros, breakdowns, outros and quiet sections.

    An intro brings in kick and snare one after the other; an outro drops them in reverse order; a breakdown keeps only
    the timekeeping and a kick at the start of each phrase.
    """
    section = take.section
    if section.kind == "loop" or section.energy >= FULL or section.kind in take.style.drums.section_time:
        return hits
    gone = [_silent_groups(take, bar) for bar in take.bars]
    kept = []
    for hit in hits:
        bar = take.bar_of(hit)
        out = gone[bar.index]
        group = KIT[hit.voice].group
        ghost = group == "snare" and hit.strength == GHOST
        starts_phrase = bar.index % 4 == 0 and hit.at < bar.start + CLOSE and group == "kick"
        if starts_phrase or not ("ghosts" in out if ghost else group in out):
            kept.append(hit)
    return kept


def build_up(hits: Hits, take: Take) -> Hits:
    """Build up to a drop: a snare roll of doubling speed over a kick that may drop out.

    The first half only adds the roll; the second half also drops the backbeat and the open hats.
    """
    if take.section.kind != "build":
        return hits
    build = take.style.drums.build
    length = take.length
    end = length - min(build.gap, 0.5 * length)
    rolled: Hits = []
    for hit in hits:
        group = KIT[hit.voice].group
        late = hit.at >= 0.5 * length - CLOSE
        on_quarter = abs(hit.at - round(hit.at)) < CLOSE
        if (
            hit.at >= end - CLOSE
            or group == "snare"
            or hit.voice == build.voice
            or (late and group in TIME)
            or (group == "kick" and (build.kick == "out" or (build.kick == "quarters" and not on_quarter)))
        ):
            continue
        rolled.append(hit)
    if build.kick == "quarters":
        struck = {round(hit.at) for hit in rolled if hit.voice == "kick"}
        rolled += (Hit(float(beat), "kick", NORMAL) for beat in range(round(end)) if beat not in struck)
    return rolled + _roll(take, end)


def end_song(hits: Hits, take: Take) -> Hits:
    """End the song on one hit, ringing or choked; an outro may also play its groove to the end."""
    ending = take.style.drums.ending
    if not take.section.ends_song or (ending == "groove" and take.section.kind == "outro"):
        return hits
    start = take.bars[-1].start
    ended = [hit for hit in hits if hit.at < start - CLOSE]
    snare = "cross_stick" if take.section.energy < take.style.drums.cross_stick_below else "snare"
    if take.section.energy >= 0.3:
        ended += (Hit(start, "kick", ACCENT), Hit(start, "crash", ACCENT))
        if ending == "choke":
            ended.append(Hit(start, snare, ACCENT))
    else:
        ended += (Hit(start, "kick", SOFT), Hit(start, "ride", SOFT))
    return ended


def _silent_groups(take: Take, bar: Bar) -> frozenset[str]:
    """Return the voice groups that are silent in a bar; "ghosts" are the snare's ghost notes."""
    section, done = take.section, bar.index / len(take.bars)
    energy = section.energy
    out = {"ghosts"} if energy < 0.3 else set[str]()
    if section.kind == "intro":
        if done < 0.25 and energy < 0.15:
            out |= {"snare", "ghosts", "kick", "cymbals", "percussion"}
        elif done < 0.5:
            out |= {"snare", "ghosts", "kick"} if energy < 0.3 else {"snare", "ghosts"}
        elif done < 0.75 and energy < 0.3:
            out |= {"snare", "ghosts"}
    elif section.kind == "outro":
        if done >= 0.75 and take.style.drums.ending == "groove":
            out |= {"snare", "ghosts", "kick"}
        elif done >= 0.5:
            out |= {"snare", "ghosts"} if take.style.drums.ending == "groove" else {"ghosts"}
    elif section.kind == "breakdown":
        out |= {"kick", "ghosts"}
        if energy < 0.3:
            out |= {"snare"}
        if energy < 0.12:
            out |= {"cymbals"}
    elif energy < 0.2:
        out |= {"snare", "ghosts"}
    return frozenset(out)


def _roll(take: Take, end: float) -> Hits:
    """Return the hits of a build's roll: the speed doubles until the fastest rate fills the last eighth of the roll."""
    build = take.style.drums.build
    speeds = [speed for speed in (1, 2, 4, 8) if build.slowest <= speed <= build.fastest]
    strokes, start = [], 0.0
    for index, speed in enumerate(speeds):
        until = end if index == len(speeds) - 1 else float(round(end * (1.0 - 0.5 ** (index + 1))))
        count = max(0, round((until - start) * speed))
        for number in range(count):
            at = start + number / speed
            if at < until - CLOSE:
                strokes.append(Hit(at, build.voice, ACCENT if number % speed == 0 else NORMAL))
        start = max(start, until)
    return strokes
