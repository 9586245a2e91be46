"""Drums by song section, on hand-made takes."""

from __future__ import annotations

from itertools import pairwise

from musearoo.engines.music.song_section import SectionKind, SongSection
from musearoo.engines.players.drums.form import build_up, end_song, thin_out
from musearoo.engines.players.drums.skeleton import lay_skeleton
from musearoo.engines.players.drums.take import Hits, Take
from musearoo.engines.players.drums.timekeeping import keep_time
from musearoo.engines.styles.drums import Build, Groove, Timekeeper
from musearoo.engines.styles.rows import OnsetRow
from tests.each_case import each_case
from tests.engines.players.drums.hits import places, take


def groove(there: Take) -> Hits:
    return keep_time(lay_skeleton([], there), there)


def test_a_loop_and_a_full_section_have_the_whole_kit() -> None:
    for section in (SongSection(), SongSection("intro", energy=0.6), SongSection("breakdown", energy=0.8)):
        there = take(section=section)
        assert thin_out(groove(there), there) == groove(there)


def test_an_intro_brings_kick_and_snare_one_after_the_other() -> None:
    there = take(bars=8, section=SongSection("intro", energy=0.2))
    hits = thin_out(groove(there), there)
    assert places(hits, "closed_hat") == places(groove(there), "closed_hat")
    assert [kick for kick in places(hits, "kick") if kick < 16.0] == [0.0]
    assert min(kick for kick in places(hits, "kick") if kick > 0.0) == 16.0
    assert min(places(hits, "snare")) == 25.0


def test_a_breakdown_leaves_time_and_a_kick_where_a_phrase_begins() -> None:
    there = take(bars=8, section=SongSection("breakdown", energy=0.2))
    hits = thin_out(groove(there), there)
    assert places(hits, "kick") == [0.0, 16.0]
    assert places(hits, "snare") == []
    assert places(hits, "closed_hat")


def test_a_breakdown_in_half_time_is_heavy_and_not_empty() -> None:
    there = take(section=SongSection("breakdown", energy=0.3), section_time={"breakdown": "half"})
    assert thin_out(groove(there), there) == groove(there)


def test_a_build_doubles_its_speed_and_is_silent_before_the_drop() -> None:
    build = Build(slowest=1, fastest=4, kick="quarters", gap=1.0)
    there = take(bars=4, section=SongSection("build", energy=0.6, following=1.0), build=build)
    hits = build_up(groove(there), there)
    roll = places(hits, "snare")
    gaps = [later - earlier for earlier, later in pairwise(roll)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] == 1.0
    assert gaps[-1] == 0.25
    assert max(hit.at for hit in hits) < 15.0
    assert places(hits, "kick") == [float(beat) for beat in range(15)]
    assert max(places(hits, "closed_hat")) < 8.0


@each_case("kick, kicks", [("out", 0), ("through", 8), ("quarters", 16)])
def test_the_kick_of_a_build_does_as_the_style_says(kick: str, kicks: int) -> None:
    there = take(bars=4, section=SongSection("build"), build=Build(kick=kick))  # type: ignore[arg-type]
    assert len(places(build_up(groove(there), there), "kick")) == kicks


@each_case(
    "ending, energy, voices",
    [
        ("ring", 0.6, {"kick", "crash"}),
        ("choke", 0.6, {"kick", "crash", "snare"}),
        ("ring", 0.2, {"kick", "ride"}),
        ("groove", 0.6, {"kick", "snare", "closed_hat"}),
    ],
)
def test_the_last_bar_of_a_song_ends_it(ending: str, energy: float, voices: set[str]) -> None:
    there = take(bars=2, section=SongSection("outro", energy=energy, ends_song=True), ending=ending)
    hits = [hit for hit in end_song(groove(there), there) if hit.at >= 4.0]
    assert {hit.voice for hit in hits} == voices
    assert ending == "groove" or {hit.at for hit in hits} == {4.0}


def test_only_an_outro_is_mixed_out() -> None:
    there = take(bars=2, section=SongSection("drop", energy=0.6, ends_song=True), ending="groove")
    hits = [hit for hit in end_song(groove(there), there) if hit.at >= 4.0]
    assert {(hit.voice, hit.at) for hit in hits} == {("kick", 4.0), ("crash", 4.0)}


def test_the_chorus_goes_to_the_ride_and_the_verse_stays_on_the_hat() -> None:
    keepers = (
        Timekeeper(name="hat", hits=OnsetRow("x.x. x.x. x.x. x.x.")),
        Timekeeper(name="ride", voice="ride", hits=OnsetRow("x.x. x.x. x.x. x.x.")),
    )

    def rides(kind: SectionKind, energy: float) -> int:
        takes = [take(seed=seed, timekeepers=keepers, section=SongSection(kind, energy)) for seed in range(40)]
        return sum(there.bars[0].timekeeper.voice == "ride" for there in takes)

    assert rides("bridge", 0.9) > rides("bridge", 0.5) > rides("bridge", 0.2)
    assert rides("chorus", 0.6) > rides("bridge", 0.6) > rides("verse", 0.6)
    only = (keepers[0], Timekeeper(name="ride", voice="ride", energy=(0.8, 1.0), hits=keepers[1].hits))
    assert take(timekeepers=only).bars[0].timekeeper.voice == "closed_hat"


def test_the_more_energy_the_more_kick_and_snare_do() -> None:
    grooves = (
        Groove(name="bare", kick=OnsetRow("x... .... .... ...."), snare=OnsetRow(".... .... x... ....")),
        Groove(name="full", kick=OnsetRow("x.x. ..x. x.x. ..x."), snare=OnsetRow(".... x..x .... x...")),
    )

    def full(energy: float) -> int:
        takes = [take(seed=seed, grooves=grooves, section=SongSection("verse", energy)) for seed in range(40)]
        return sum(there.groove.name == "full" for there in takes)

    assert full(1.0) > full(0.5) > full(0.0)


def test_the_less_energy_a_quiet_section_has_the_more_it_leaves_out() -> None:
    """Which of kick, snare and hat play in the second bar of each quarter of eight bars; borders belong to the more."""
    cases: tuple[tuple[SectionKind, float, str, tuple[str, str, str, str]], ...] = (
        ("intro", 0.14, "ring", ("", "h", "kh", "ksh")),
        ("intro", 0.15, "ring", ("h", "h", "kh", "ksh")),
        ("intro", 0.29, "ring", ("h", "h", "kh", "ksh")),
        ("intro", 0.3, "ring", ("kh", "kh", "ksh", "ksh")),
        ("intro", 0.5, "ring", ("ksh", "ksh", "ksh", "ksh")),
        ("outro", 0.4, "groove", ("ksh", "ksh", "kh", "h")),
        ("outro", 0.4, "ring", ("ksh", "ksh", "ksh", "ksh")),
        ("breakdown", 0.11, "ring", ("", "", "", "")),
        ("breakdown", 0.12, "ring", ("h", "h", "h", "h")),
        ("breakdown", 0.3, "ring", ("sh", "sh", "sh", "sh")),
        ("verse", 0.19, "ring", ("kh", "kh", "kh", "kh")),
        ("verse", 0.2, "ring", ("ksh", "ksh", "ksh", "ksh")),
    )
    letters = {"kick": "k", "snare": "s", "closed_hat": "h"}
    for kind, energy, ending, playing in cases:
        there = take(bars=8, section=SongSection(kind, energy), ending=ending)
        hits = thin_out(groove(there), there)
        for quarter, expected in enumerate(playing):
            start = 8.0 * quarter + 4.0
            heard = {letters[hit.voice] for hit in hits if start <= hit.at < start + 4.0}
            # A phrase begins with a kick even where there is none else; these bars begin no phrase.
            assert heard == set(expected), (kind, energy, ending, quarter)
