"""Parse a sentence: find the intent that explains its words best, and fill its slots.

Each intent has cues ("turn … down"), found in order with anything between them that is no cue, and phrases that may
occur anywhere ("on track three"). Of all ways to cover the words with cues, phrases and fillers, the cheapest wins;
unexplained words cost most. The context thus resolves ambiguous words, and the share of unexplained words lowers the
confidence.
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
"""Cost of an unexplained word."""
FILLER: Final = 0.1
"""Cost of a filler, so that anything with a meaning is preferred."""
PHRASE: Final = 0.05
"""Cost of a phrase, so that one long phrase is preferred to two short ones."""
REST: Final = 0.3
"""Cost of a word within a prompt, so that a phrase at the prompt's end is preferred."""
CONFLICT: Final = 0.5
"""Cost of a second value for a slot that has only one."""
CONFLICTING: Final = 2
"""Unexplained words that a conflict counts as for the confidence: one of the values would be ignored."""
DISTRUST: Final = 2.2
"""Explained words that outweigh one unexplained: one unexplained word of five leaves more than 0.5."""
_WORST: Final = 0.4
"""Above this cost per word so much is unexplained that the confidence is below LEAST."""
LEAST: Final = 0.25
"""Confidence below which nothing is understood: not even worth a question."""
_MANY: Final = frozenset(("parts", "targets", "changes", "degree", ""))
_BEFORE_A_PROMPT: Final = frozenset(("me", "us", "of"))
_HESITATION: Final = re.compile(r"\b(?:um|uh|erm|er|hmm)\b,?\s*")
LONGEST: Final = 60
"""Longer sentences, in words, are no requests, and would take too long."""


class _End(NamedTuple):
    """The slots a complete cue pattern sets, and those of which it needs one."""

    bindings: Bindings
    needs: tuple[str, ...]


class _Cues:
    """A node in an intent's prefix tree of cues. If `open`, phrases and fillers may precede the next cue."""

    __slots__ = ("ends", "open", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Cues] = {}
        self.open = False
        self.ends: list[_End] = []

    def step(self, token: Word | Reference) -> _Cues:
        """Return the node after one word; a reference or a gap stays here and marks this node as open."""
        if isinstance(token, Reference) or token == GAP:
            self.open = True
            return self
        cues = self
        for word in plain_words(token.text):
            cues = cues.words.setdefault(word, _Cues())
        return cues


class _Path(NamedTuple):
    """The cheapest partial reading up to a word."""

    cost: float
    last: tuple[_Path, int, Spot | None, str] | None
    """Previous path, its end word, the phrase or None, and the type: "cue", "phrase", "filler", "unknown"."""


_START: Final = _Path(0.0, None)


class Understander:
    """Parses sentences by a table and the available styles."""

    def __init__(self, table: VoiceTable, styles: Mapping[str, Style]) -> None:
        self._book = Phrasebook(table, styles)
        self._intents = tuple((intent, words, _build_cues(words)) for intent, words in table.intents.items())
        self._fillers, self._turns = Node(), frozenset(word for turn in table.turns for word in cut(turn).words)
        for filler in table.fillers:
            self._fillers.add(filler, (), 0.0)
        self._ignored = {intent: frozenset(words.ignores) for intent, words in table.intents.items()}

    def understand(self, text: str, names: Collection[str] = ()) -> Command:
        """Return the command of a sentence, in a set with tracks of these names; Intent.NONE if there is none."""
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
        confidence = self._rate_confidence(sentence, path)
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
        """Yield the cheapest readings of a sentence as this intent, one for each complete cue pattern.

        Paths that cost `limit` or more are dropped: another reading is already better.
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
                    again = root.words.get(word)  # another of its patterns follows: "that's lovely, keep it"
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
            ends.append(at + 1)  # "no, the one before": it answers something and negates nothing
        for place in range(at, len(sentence)):
            following = node.words.get(sentence.words[place])
            if following is None:
                break
            node = following
            if node.ends:
                ends.append(place + 1)
        return tuple(ends)

    def _rate_confidence(self, sentence: Sentence, path: _Path) -> float:
        """Return the confidence 0..1: 1 if every word is explained and no slot conflicts."""
        explained = unexplained = 0
        for start, end, _, what in _segments(path, len(sentence)):
            if what in ("cue", "phrase", "rest"):
                explained += end - start
            elif what == "unknown":
                unexplained += 3 if sentence.words[start] in self._turns else 1
        unexplained += CONFLICTING * _conflicts(_bound(path))
        total = explained + unexplained
        return max(0.0, 1.0 - DISTRUST * unexplained / total) if total else 0.0


def _build_cues(words: IntentWords) -> _Cues:
    """Build the prefix tree of an intent's cues. References separate them and match anywhere."""
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


def _segments(path: _Path, count: int) -> list[tuple[int, int, Spot | None, str]]:
    """Return the segments of a reading: start, end, phrase or None, and type."""
    segments = []
    end = count
    while path.last is not None:
        path, start, spot, what = path.last
        segments.append((start, end, spot, what))
        end = start
    return segments[::-1]


def _bound(path: _Path) -> tuple[tuple[str, Any], ...]:
    bindings: list[Bindings] = []
    while path.last is not None:
        path, _, spot, _ = path.last
        if spot is not None:
            bindings.append(spot.bindings)
    return tuple(binding for bound in reversed(bindings) for binding in bound)


def _conflicts(bound: Bindings) -> int:
    """Count the slots with conflicting values, including targets."""
    values: dict[str, Any] = {}
    again: int = sum(values.setdefault(slot, value) != value for slot, value in bound if slot not in _MANY)
    several = any(slot == "targets" for slot, _ in bound)
    return again + (several and not values.keys().isdisjoint(("target", "track")))


def _with_prompt(sentence: Sentence, path: _Path, sets: Bindings) -> Slots:
    """Return the slots with the prompt: the words after the cues, up to the phrases at the end.

    Phrases right after the cues ("imagine four bars of rain") and the words that join them are not part of it.
    """
    segments = _segments(path, len(sentence))
    first = max((index for index, (_, _, _, what) in enumerate(segments) if what == "cue"), default=-1) + 1
    low, high = first, len(segments)
    while low < high and (segments[low][2] is not None or sentence.words[segments[low][0]] in _BEFORE_A_PROMPT):
        low += 1
    while high > low and segments[high - 1][3] in ("phrase", "filler"):
        high -= 1
    outside = (*segments[:low], *segments[high:])
    bound = tuple(binding for _, _, spot, _ in outside if spot is not None for binding in spot.bindings)
    prompt = sentence.between(segments[low][0], segments[high - 1][1]).lower() if low < high else ""
    prompt = _HESITATION.sub("", prompt)
    return assemble(Intent.IMAGINE, (*bound, ("prompt", prompt), *sets))
