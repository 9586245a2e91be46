"""A user's habits: what follows what, counted, and backed by what producers do in general. Pure.

The probability of a move is read from four tables, each backed by the one before: after anything; after the last move;
after the last move while these engines play; after the last two moves. A table that has seen N moves counts N, its back
counts its `TRUST` (Dirichlet smoothing, as in MacKay and Peto, "A Hierarchical Dirichlet Language Model", 1995). The
first back is the prior, which `docs/prediction.md` explains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from musearoo.bridge.prediction.moves import AGAIN, CHANGE, NOTHING, PLAY, SAY, Move, Situation
from musearoo.bridge.requests.band import BAND
from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.players.refining.modifiers import Modifier

TRUST: Final = (30.0, 4.0, 4.0, 4.0)
"""Moves that each of the four tables must have seen to count as much as its back."""
FADING: Final = 0.98
"""Weight of earlier moves of a table after each new one: about the last fifty count."""
FORGOTTEN: Final = 0.05
"""Below this weight a move is forgotten."""
MOST_TABLES: Final = 400
"""Tables that are kept, those with the most moves: some 40 kB."""

_Weight = Annotated[float, Meta(ge=0.0, le=100.0)]
_Move = Annotated[str, Meta(max_length=100)]
_Table = dict[_Move, _Weight]

_NEXT_PART: Final = 0.4
_BAND_FIRST: Final = 0.3
_SAME_PART: Final = 0.08
_BUTTONS: Final = {AGAIN: 0.16, f"{CHANGE}busier": 0.12, f"{CHANGE}simpler": 0.07}
_WORDS: Final = {f"{SAY}{CHANGE}{modifier}": 0.01 for modifier in Modifier}
_MORE_OF_IT: Final = 0.12
"""What is added to a change that was asked for just before."""
_RARELY: Final = 0.02


class Habits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Moves by what came before them, with weights that fade. The key "" is the table after anything."""

    tables: dict[Annotated[str, Meta(max_length=400)], _Table] = {}


NO_HABITS: Final = Habits()


class Likely(msgspec.Struct, frozen=True):
    """A move, and how likely it is to be the next, 0..1."""

    move: Move
    likely: float


def learn_move(habits: Habits, situation: Situation, move: Move) -> Habits:
    """Return the habits after a move.

    >>> learn_move(NO_HABITS, Situation(), "undo").tables[""]
    {'undo': 1.0}
    """
    tables = dict(habits.tables)
    for key in _keys(situation):
        faded = {other: round(FADING * weight, 4) for other, weight in tables.get(key, {}).items()}
        faded[move] = round(faded.get(move, 0.0) + 1.0, 4)
        tables[key] = {other: weight for other, weight in faded.items() if weight >= FORGOTTEN}
    if len(tables) > MOST_TABLES:
        kept = sorted(tables, key=lambda key: sum(tables[key].values()), reverse=True)[: MOST_TABLES * 3 // 4]
        tables = {key: table for key, table in tables.items() if key in set(kept)}
    return Habits(tables)


def rank_moves(habits: Habits, situation: Situation, engines: Sequence[str]) -> tuple[Likely, ...]:
    """Return the moves that may be next, the likeliest first. `engines` are those installed, in the order of a band."""
    likely = dict(_prior(situation, engines))
    for key, trust in zip(_keys(situation), TRUST, strict=True):
        table = habits.tables.get(key, {})
        seen = sum(table.values())
        likely = {
            move: (table.get(move, 0.0) + trust * likely.get(move, 0.0)) / (seen + trust) for move in {*likely, *table}
        }
    ranked = sorted(likely.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Likely(move, probability) for move, probability in ranked)


def describe_habits(habits: Habits) -> str:
    """Return a line for people on what was counted, "" where nothing was.

    >>> describe_habits(learn_move(NO_HABITS, Situation(), "play drummaroo"))
    'Next presses: play drummaroo (100 %)'
    """
    table = habits.tables.get("", {})
    total = sum(table.values())
    most = sorted(table.items(), key=lambda item: (-item[1], item[0]))[:5]
    shares = ", ".join(f"{move} ({100 * weight / total:.0f} %)" for move, weight in most)
    return f"Next presses: {shares}" if shares else ""


def parse_habits(text: str | bytes, source: str) -> Habits:
    """Parse habits from JSON; raises PresetError naming `source` and what is wrong."""
    return parse_json(text, source, Habits)


def format_habits(habits: Habits) -> str:
    """Return the JSON text for `parse_habits`."""
    return msgspec.json.format(msgspec.json.encode(habits), indent=1).decode() + "\n"


def _keys(situation: Situation) -> Iterator[str]:
    yield ""
    yield situation.last or "start"
    yield f"{situation.last} | {' '.join(situation.playing)}"
    yield f"{situation.before} > {situation.last}"


def _prior(situation: Situation, engines: Sequence[str]) -> Iterator[tuple[Move, float]]:
    """Yield what producers do in general, as probabilities that add up to 1."""
    weights = dict.fromkeys((f"{PLAY}{BAND}", "undo", *(f"{PLAY}{engine}" for engine in engines)), _RARELY)
    missing = [engine for engine in engines if engine not in situation.playing]
    for place, engine in enumerate(missing):
        # The first part that is missing is as likely as all that come after it.
        weights[f"{PLAY}{engine}"] += _NEXT_PART * 0.5 ** (place + 1)
    if not situation.playing:
        weights[f"{PLAY}{BAND}"] += _BAND_FIRST
    if situation.last != NOTHING:
        weights |= _BUTTONS | _WORDS
        weights["undo"] += _SAME_PART
    if situation.last.startswith(PLAY):
        weights[situation.last] = weights.get(situation.last, 0.0) + _SAME_PART
    elif situation.last in weights and situation.last.startswith(CHANGE):
        weights[situation.last] += _MORE_OF_IT
    total = sum(weights.values())
    yield from ((move, weight / total) for move, weight in weights.items())
