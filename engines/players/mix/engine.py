"""MixAroo: plan a mix of the set's tracks, with advice for what cannot be automated, and a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.engines.players.mix.eq_bands import Cut, find_conflicts, loudness_lost, masking, plan_cuts
from musearoo.engines.players.mix.equaliser import EQ_EIGHT, describe_cut, set_equaliser
from musearoo.engines.players.mix.faders import fader_db, fader_position
from musearoo.engines.players.mix.levels import plan_volumes, target_lufs
from musearoo.engines.players.mix.panning import plan_pans
from musearoo.engines.players.mix.report import MixReport, MixState, write_report
from musearoo.engines.players.mix.sends import plan_sends
from musearoo.engines.players.mix.tracks import MixerMove, MixTrack, Move
from musearoo.engines.styles.mix import MixStyle

AUDIBLE_DB: Final = 0.5
"""The smallest fader and pan moves worth making; smaller ones are inaudible."""
AUDIBLE_PAN: Final = 0.03
RATIO: Final = 4.0
ATTACK_MS: Final = 1.0
"""The compressor settings for ducking under a kick: fast and clear."""


@dataclass(frozen=True, slots=True)
class MixPlan:
    """The result: moves in order, the EQ cuts that they make (by track), suggestions in sentences, and the report."""

    moves: tuple[Move, ...]
    cuts: Mapping[int, tuple[Cut, ...]]
    suggestions: tuple[str, ...]
    report: MixReport


def plan_mix(
    tracks: Sequence[MixTrack],
    style: MixStyle,
    returns: Sequence[str] = (),
    bpm: float = 120.0,
    with_devices: bool = False,
) -> MixPlan:
    """Plan the mix of tracks in a style; `returns` are the names of the return tracks in send order.

    With `with_devices`, EQ cuts become moves, and faders make up for their loss; otherwise they are suggestions. Pinned
    and automated controls stay, and unmeasured tracks keep their level. Equal tracks give equal plans, and a finished
    mix needs no further moves.
    """
    known = [track for track in tracks if track.sound is not None]
    faders = {track.id: fader_db(track.volume) for track in known}
    balanced = _loudness(tracks, plan_volumes(tracks, style))
    advised = plan_cuts(known, find_conflicts(known, balanced))
    cuts = advised if with_devices else {}
    lost = {track.id: loudness_lost(track, cuts.get(track.id, ())) for track in known}
    planned = plan_volumes(tracks, style, lost)
    # Inaudible moves are left out.
    planned = {track: faders[track] if abs(db - faders[track]) < AUDIBLE_DB else db for track, db in planned.items()}
    uncut = _loudness(tracks, planned)
    pans = plan_pans(tracks, style, uncut)
    weights = {track: 10.0 ** (level / 20.0) for track, level in target_lufs(known, style).items()}
    placed = {track.id: track.pan for track in tracks}
    before = MixState(faders, _loudness(tracks, faders), masking(known, _loudness(tracks, faders), placed, weights, {}))
    after = MixState(
        planned,
        {track: level - lost[track] for track, level in uncut.items()},
        masking(known, uncut, pans, weights, cuts),
    )
    moves: list[Move] = []
    for track in tracks:
        if track.id in planned and planned[track.id] != faders[track.id]:
            why = f"{track.name} from {before.loudness[track.id]:.1f} to {after.loudness[track.id]:.1f} LUFS"
            new = round(fader_position(planned[track.id]), 4)
            moves.append(MixerMove(track.id, "volume", track.volume, new, why))
        if abs(pans[track.id] - track.pan) >= AUDIBLE_PAN:
            why = f"{track.name} {_side(pans[track.id])}"
            moves.append(MixerMove(track.id, "panning", track.pan, pans[track.id], why))
    moves += plan_sends(tracks, style, returns)
    for track in known:
        moves += set_equaliser(track, cuts.get(track.id, ()))
    return MixPlan(
        moves=tuple(moves),
        cuts=cuts,
        suggestions=(*_advise_cuts(known, advised), *_advise_ducking(known, style, planned, bpm)),
        report=write_report(tracks, style, before, after),
    )


def _loudness(tracks: Sequence[MixTrack], volumes: Mapping[int, float]) -> dict[int, float]:
    """Return the loudness of measured tracks after their faders, in LUFS by id."""
    return {track.id: track.sound.lufs + volumes[track.id] for track in tracks if track.sound is not None}


def _advise_cuts(tracks: Sequence[MixTrack], cuts: Mapping[int, Sequence[Cut]]) -> list[str]:
    """Describe the EQ cuts in words, for users who set them by hand."""
    sentences = []
    for track in tracks:
        own = cuts.get(track.id, ())
        if own:
            lost = loudness_lost(track, own)
            made_up = f", then {lost:.1f} dB more on its fader" if lost >= AUDIBLE_DB else ""
            sentences.append(f"{EQ_EIGHT}: {', '.join(describe_cut(track.name, cut) for cut in own)}{made_up}.")
    return sentences


def _advise_ducking(tracks: Sequence[MixTrack], style: MixStyle, volumes: Mapping[int, float], bpm: float) -> list[str]:
    """Describe side-chains in words: Live's API cannot set a compressor's side-chain input."""
    drums = [track for track in tracks if track.role == "drums" and track.sound is not None]
    kick = next((track for track in drums if "kick" in track.name.lower()), drums[0] if drums else None)
    if kick is None or kick.sound is None:
        return []
    sentences = []
    for track in tracks:
        duck = style.part(track.role).duck
        if not duck or track.role == "drums":
            continue
        # At ratio 4, a quarter of the level above the threshold remains.
        threshold = kick.sound.peak_db + volumes[kick.id] - duck / (1.0 - 1.0 / RATIO)
        # Release within an eighth, so that the off-beat is at full level.
        release = 0.5 * 60_000.0 / bpm
        sentences.append(
            f"Side-chain: a Compressor on {track.name} that listens to {kick.name} (post FX), ratio {RATIO:g}:1,"
            f" threshold {threshold:.0f} dB, attack {ATTACK_MS:g} ms, release {release:.0f} ms:"
            f" about {duck:g} dB under each kick."
        )
    return sentences


def _side(pan: float) -> str:
    if abs(pan) < AUDIBLE_PAN:
        return "to the middle"
    return f"{round(50 * abs(pan))} to the {'left' if pan < 0 else 'right'}"
