"""Understand a sentence: find the intent that explains its words best, and fill its slots.

Each intent has its cues ("turn … down"), found in their order with anything between them that is not cue, and phrases
that may stand anywhere ("on track three"). Of all ways to lay cues, phrases and fillers over the words, the cheapest
is meant: a word that nothing explains is dear. Words of several meanings are thus settled by all the others, and how
much of the sentence stays unexplained is how little it is trusted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from musearoo.engines.language.grammar.assembling import assemble
from musearoo.engines.language.grammar.patterns import GAP, Reference, Word, grow, parse_pattern
from musearoo.engines.language.grammar.sentence import Sentence, cut, plain_words
from musearoo.engines.language.grammar.spotting import Bindings, Node, Phrasebook, Spot
from musearoo.engines.language.grammar.table import IntentWords, VoiceTable
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.engines.styles.schema import Style

UNKNOWN: Final = 1.0
"""What a word costs that nothing explains."""
FILLER: Final = 0.1
"""What a filler costs: anything that means something goes before it."""
PHRASE: Final = 0.05
"""What a phrase costs, so that one long one goes before two short ones."""
REST: Final = 0.3
"""What a word costs that is taken as part of a prompt: a phrase at the prompt's end goes before it."""
CONFLICT: Final = 0.5
"""What it costs when a slot that holds one value is given two."""
CONFLICTING: Final = 2
"""As so many unexplained words it counts for the confidence: the one or the other would be left out."""
DISTRUST: Final = 2.2
"""How many explained words outweigh one unexplained: of five words, one unexplained leaves more than one half."""
_WORST: Final = 0.4
"""A reading that costs more than this a word leaves so much unexplained that it is not trusted (LEAST)."""
LEAST: Final = 0.25
"""Below this confidence nothing is understood: what is left would not even be worth a question."""
_MANY: Final = frozenset(("parts", "targets", "changes", "degree", ""))
_BEFORE_A_PROMPT: Final = frozenset(("me", "us", "of"))
_HESITATION: Final = re.compile(r"\b(?:um|uh|erm|er|hmm)\b,?\s*")
LONGEST: Final = 60
"""Sentences with more words are no orders, and would take their time."""


class _End(NamedTuple):
    """What a pattern of cues sets when it has been found whole, and of which slots it needs one."""

    bindings: Bindings
    needs: tuple[str, ...]


class _Cues:
    """A place in an intent's tree of cues. Where it is `open`, phrases and fillers may stand before the next cue."""

    __slots__ = ("ends", "open", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Cues] = {}
        self.open = False
        self.ends: list[_End] = []

    def step(self, token: Word | Reference) -> _Cues:
        """Where one word leads from here; a reference, or a gap, leads nowhere but opens this place."""
        if isinstance(token, Reference) or token == GAP:
            self.open = True
            return self
        cues = self
        for word in plain_words(token.text):
            cues = cues.words.setdefault(word, _Cues())
        return cues


class _Path(NamedTuple):
    """The cheapest way so far to a word: what was laid over the words before it."""

    cost: float
    last: tuple[_Path, int, Spot | None, str] | None
    """The way before, from which word, the phrase or None, and what it was: "cue", "phrase", "filler", "unknown"."""


_START: Final = _Path(0.0, None)


class Understander:
    """Understands sentences by a table and the styles there are."""

    def __init__(self, table: VoiceTable, styles: Mapping[str, Style]) -> None:
        self._book = Phrasebook(table, styles)
        self._intents = tuple((intent, words, _lay_out(words)) for intent, words in table.intents.items())
        self._fillers, self._turns = Node(), frozenset(word for turn in table.turns for word in cut(turn).words)
        for filler in table.fillers:
            self._fillers.add(filler, (), 0.0)
        self._ignored = {intent: frozenset(words.ignores) for intent, words in table.intents.items()}

    def understand(self, text: str, names: Collection[str] = ()) -> Command:
        """What a sentence asks for in a set whose tracks have these names; Intent.NONE where it asks for nothing."""
        sentence = cut(text)
        nothing = Command(text=text, intent=Intent.NONE, confidence=0.0)
        if len(sentence) > LONGEST:
            return nothing
        spotter = self._book.spotter(sentence, names)
        fillers = tuple(self._fillers_at(sentence, at) for at in range(len(sentence)))
        spots = tuple(spotter.all_at(at) for at in range(len(sentence)))
        here = frozenset(sentence.words)
        best: tuple[float, Intent, _Path, _End] | None = None
        for intent, words, root in self._intents:
            if not root.ends and here.isdisjoint(root.words):
                continue
            limit = _WORST * len(sentence) + 1.0 if best is None else best[0]
            for cost, path, end in self._readings(sentence, spots, fillers, intent, words, root, limit):
                if best is None or cost < best[0] - 1e-9:
                    best = cost, intent, path, end
        if best is None:
            return nothing
        _, intent, path, end = best
        confidence = self._trust(sentence, path)
        if confidence < LEAST:
            return nothing
        if intent is Intent.IMAGINE:
            slots = _with_prompt(sentence, path, end.bindings)
        else:
            slots = assemble(intent, _bound(path) + end.bindings)
        return Command(text=text, intent=intent, slots=slots, confidence=round(confidence, 3))

    def _readings(
        self,
        sentence: Sentence,
        spots: tuple[list[tuple[str, tuple[Spot, ...]]], ...],
        fillers: tuple[tuple[int, ...], ...],
        intent: Intent,
        words: IntentWords,
        root: _Cues,
        limit: float,
    ) -> Iterator[tuple[float, _Path, _End]]:
        """The cheapest readings of a sentence as this intent, one for each end of its cues that is reached.

        What costs as much as `limit` is not followed: something else is meant already.
        """
        count, ignored, allowed = len(sentence), self._ignored[intent], words.phrases
        alternatives: list[dict[_Cues, _Path]] = [{} for _ in range(count + 1)]
        alternatives[0][root] = _START

        def reach(at: int, cues: _Cues, path: _Path, start: int, cost: float, spot: Spot | None, what: str) -> None:
            cost += path.cost
            if cost >= limit:
                return
            known = alternatives[at].get(cues)
            if known is None or cost < known.cost - 1e-9:
                alternatives[at][cues] = _Path(cost, (path, start, spot, what))

        for at, word in enumerate(sentence.words):
            if not alternatives[at]:
                continue
            here = [spot for name, found in spots[at] if name in allowed for spot in found]
            for cues, path in tuple(alternatives[at].items()):
                following = cues.words.get(word)
                if following is not None:
                    reach(at + 1, following, path, at, 0.0, None, "cue")
                if cues.ends and cues is not root:
                    again = root.words.get(word)  # another of its patterns: "that's lovely, keep it"
                    if again is not None:
                        first = _Path(path.cost + FILLER, (path, at, Spot(at, cues.ends[0].bindings, 0.0), "joint"))
                        reach(at + 1, again, first, at, 0.0, None, "cue")
                if not cues.open:
                    continue
                for spot in here:
                    reach(spot.end, cues, path, at, PHRASE + spot.costs, spot, "phrase")
                for end in fillers[at]:
                    reach(end, cues, path, at, FILLER, None, "filler")
                if word in ignored:
                    reach(at + 1, cues, path, at, FILLER, None, "filler")
                rest = intent is Intent.IMAGINE and cues is not root
                cost = REST if rest else 3 * UNKNOWN if word in self._turns else UNKNOWN
                reach(at + 1, cues, path, at, cost, None, "rest" if rest else "unknown")
        for cues, path in alternatives[count].items():
            if not cues.ends:
                continue
            bound = _bound(path)
            filled = {slot for slot, _ in bound}
            cost = path.cost + words.costs + CONFLICT * _conflicts(bound)
            for meant in cues.ends:
                if not meant.needs or not filled.isdisjoint(meant.needs):
                    yield cost, path, meant
                    break

    def _fillers_at(self, sentence: Sentence, at: int) -> tuple[int, ...]:
        ends, node = [], self._fillers
        if sentence.words[at] in self._turns and sentence.pause[at + 1] and (at == 0 or sentence.pause[at]):
            ends.append(at + 1)  # "no, the one before": it answers something, and turns nothing round
        for place in range(at, len(sentence)):
            following = node.words.get(sentence.words[place])
            if following is None:
                break
            node = following
            if node.ends:
                ends.append(place + 1)
        return tuple(ends)

    def _trust(self, sentence: Sentence, path: _Path) -> float:
        """The confidence 0..1: one where every word is explained, and nothing is said twice in two ways."""
        explained = unexplained = 0
        for start, end, _, what in _laid(path, len(sentence)):
            if what in ("cue", "phrase", "rest"):
                explained += end - start
            elif what == "unknown":
                unexplained += 3 if sentence.words[start] in self._turns else 1
        unexplained += CONFLICTING * _conflicts(_bound(path))
        total = explained + unexplained
        return max(0.0, 1.0 - DISTRUST * unexplained / total) if total else 0.0


def _lay_out(words: IntentWords) -> _Cues:
    """The tree of an intent's cues. References part them, and may stand anywhere."""
    root = _Cues()
    root.open = True
    for spoken in (True, False):
        for pattern, sets, needs in words.alternatives(spoken):
            for cues in grow([root], parse_pattern(pattern), _Cues.step):
                cues.open = True
                end = _End(sets, needs)
                if end not in cues.ends:
                    cues.ends.append(end)
    return root


def _laid(path: _Path, count: int) -> list[tuple[int, int, Spot | None, str]]:
    """What was laid over the words: from which word to which, the phrase, and what it was."""
    laid = []
    end = count
    while path.last is not None:
        path, start, spot, what = path.last
        laid.append((start, end, spot, what))
        end = start
    return laid[::-1]


def _bound(path: _Path) -> tuple[tuple[str, Any], ...]:
    bindings: list[Bindings] = []
    while path.last is not None:
        path, _, spot, _ = path.last
        if spot is not None:
            bindings.append(spot.bindings)
    return tuple(binding for bound in reversed(bindings) for binding in bound)


def _conflicts(bound: Bindings) -> int:
    """How many slots of one value are given another one, what an order is about among them."""
    values: dict[str, Any] = {}
    again: int = sum(values.setdefault(slot, value) != value for slot, value in bound if slot not in _MANY)
    several = any(slot == "targets" for slot, _ in bound)
    return again + (several and not values.keys().isdisjoint(("target", "track")))


def _with_prompt(sentence: Sentence, path: _Path, sets: Bindings) -> Slots:
    """The slots of a prompt: it begins behind the cues and ends before the phrases at the end; those within are its.

    A phrase right behind the cues is none of it either ("imagine four bars of rain"), nor are the words that join it.
    """
    laid = _laid(path, len(sentence))
    first = max((index for index, (_, _, _, what) in enumerate(laid) if what == "cue"), default=-1) + 1
    low, high = first, len(laid)
    while low < high and (laid[low][2] is not None or sentence.words[laid[low][0]] in _BEFORE_A_PROMPT):
        low += 1
    while high > low and laid[high - 1][3] in ("phrase", "filler"):
        high -= 1
    outside = (*laid[:low], *laid[high:])
    bound = tuple(binding for _, _, spot, _ in outside if spot is not None for binding in spot.bindings)
    prompt = sentence.between(laid[low][0], laid[high - 1][1]).lower() if low < high else ""
    prompt = _HESITATION.sub("", prompt)
    return assemble(Intent.IMAGINE, (*bound, ("prompt", prompt), *sets))
