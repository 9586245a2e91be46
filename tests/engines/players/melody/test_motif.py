"""Motif developments keep the identity of the motif."""

from __future__ import annotations

from itertools import pairwise

from musearoo.engines.players.melody.motif import (
    Motif,
    MotifNote,
    augment,
    diminish,
    fragment,
    invert,
    ornament,
    retrograde,
    sequence,
    simplify,
)
from musearoo.engines.styles.rows import NORMAL

MOTIF = Motif(
    (
        MotifNote(-0.5, 0.5, -1, NORMAL),
        MotifNote(0.0, 1.0, 0, NORMAL),
        MotifNote(1.0, 0.5, 2, NORMAL),
        MotifNote(1.5, 2.5, 1, NORMAL),
        MotifNote(4.0, 4.0, 4, NORMAL),
    ),
    8.0,
)


def test_inversion_and_retrograde_undo_themselves() -> None:
    assert invert(invert(MOTIF)) == MOTIF
    assert retrograde(retrograde(MOTIF)) == MOTIF
    assert sequence(sequence(MOTIF, 3), -3) == MOTIF


def test_only_steps_change_upside_down() -> None:
    assert [(note.at, note.length) for note in invert(MOTIF).notes] == [(note.at, note.length) for note in MOTIF.notes]
    ways = [after.step - before.step for before, after in pairwise(MOTIF.notes)]
    turned = invert(MOTIF).notes
    assert [after.step - before.step for before, after in pairwise(turned)] == [-w for w in ways]


def test_every_development_stays_in_its_time_and_in_order() -> None:
    for made in (augment(MOTIF), diminish(MOTIF), fragment(MOTIF), ornament(MOTIF, range(5)), simplify(MOTIF)):
        assert made.length == MOTIF.length
        for note, following in pairwise(made.notes):
            assert note.at + note.length <= following.at + 1e-9
        assert made.notes[-1].at + made.notes[-1].length <= MOTIF.length + 1e-9


def test_ornaments_keep_the_notes_they_adorn() -> None:
    adorned = ornament(MOTIF, range(len(MOTIF.notes)))
    assert len(adorned.notes) > len(MOTIF.notes)
    places = {(note.at, note.step) for note in adorned.notes}
    assert {(note.at, note.step) for note in MOTIF.notes} <= places
