"""Velocity levels learned from played notes."""

from __future__ import annotations

from musearoo.engines.players.learning.velocity_levels import learn_levels


def test_the_spread_of_a_voice_is_what_was_measured_up_to_thirty() -> None:
    for measured, kept in ((0.0, 0.0), (7.4, 7.0), (29.6, 30.0), (30.0, 30.0), (55.0, 30.0)):
        assert learn_levels([80.0, 90.0, 100.0], spread=measured)["spread"] == kept, measured


def test_levels_rise_from_ghost_notes_to_accents_within_midis_bounds() -> None:
    for velocities in ([1.0], [127.0] * 4, [20.0, 60.0, 61.0, 62.0, 126.0]):
        levels = learn_levels(velocities)
        ordered = [levels[name] for name in ("ghost", "soft", "normal", "accent")]
        assert ordered == sorted(ordered), velocities
        assert all(1.0 <= level <= 127.0 for level in ordered), velocities
