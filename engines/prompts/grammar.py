"""Negation and scope in prompts: what "no" and "only" apply to, and whether a style word names the music."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from musearoo.engines.prompts.lexicon import Lexicon, Meaning, Phrase, Token, split_words

Mention = Literal["wanted", "without", "only"]
"""How an instrument is mentioned."""

REACH: Final = 3
"""Maximum words between "no" or "only" and its instrument."""
_ALTERNATIVES: Final = frozenset(("or", "nor"))
_JOINING: Final = _ALTERNATIVES | frozenset(("and", "plus", "any", "the", "a", "an", "some"))
_LINKS: Final = _JOINING | frozenset(
    ("with", "over", "on", "in", "for", "of", "featuring", "feat", "using", "by", "from")
)
"""Words that start a new clause."""
_SOLO: Final = "solo"
_DEGREES: Final = ("too", "so", "very", "any")


class NamedStyle(NamedTuple):
    """A word for a style: its meaning, the word, and whether it names the style of the music, as in "dub with a warm
    bass", rather than of one instrument, as in "dub bass".
    """

    meaning: Meaning
    word: str
    leads: bool


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A text as words, with the dictionary phrases found in it."""

    tokens: tuple[Token, ...]
    phrases: tuple[Phrase, ...]

    @classmethod
    def of(cls, text: str, lexicon: Lexicon) -> Sentence:
        """Parse a text."""
        tokens = split_words(text)
        return cls(tokens, lexicon.find(tokens))

    def find_style(self) -> NamedStyle | None:
        """Return the style of a text: the last of the first run of adjacent style words, in English the noun.

        Weak words count only if there is no other, and descriptive ones not before an instrument.
        """
        runs: list[list[tuple[Phrase, Meaning]]] = []
        last = -1
        for phrase in self.phrases:
            meaning = phrase.of("style", "near")
            if meaning is None or self.is_refused(phrase):
                continue
            if meaning.describing and self._instrument_at(phrase.last):
                continue
            if phrase.first != last or self._has_stop(phrase.first, phrase.first + 1):
                runs.append([])
            runs[-1].append((phrase, meaning))
            last = phrase.last
        strong = [[named for named in run if not named[1].weak] for run in runs]
        run = next(filter(None, strong), runs[0] if runs else [])
        if not run:
            return None
        phrase, meaning = run[-1]
        word = " ".join(token.word for token in self.tokens[phrase.first : phrase.last])
        return NamedStyle(meaning, word, not self._describes(phrase))

    def is_refused(self, phrase: Phrase) -> bool:
        """Return whether a "no" or "not" directly precedes a phrase, ignoring "too" or "so"."""
        before = phrase.first
        while before > 0 and self.tokens[before - 1].word in _DEGREES:
            before -= 1
        together = not self._has_stop(before, phrase.first + 1)
        return together and any(other.last == before and other.of("without") for other in self.phrases)

    def is_of_an_instrument(self, phrase: Phrase) -> bool:
        """Return whether a phrase precedes an instrument, with at most one word between."""
        return any(self._instrument_at(phrase.last + between) for between in (0, 1))

    def find_mentions(self) -> dict[str, Mention]:
        """Return the instruments of a text in order, with how each is mentioned.

        "No" and "only" extend over a list: "without drums or bass", "only drums and bass". The first mention of an
        instrument counts.
        """
        found: dict[str, Mention] = {}
        listed: list[str] = []
        mention: Mention = "wanted"
        word, since = "", 0
        for phrase in self.phrases:
            lack, instrument = phrase.of("lack"), phrase.of("instrument")
            follows = since == phrase.first and not self._has_stop(since, phrase.last)
            if lack is not None:
                found.setdefault(lack.name, "without")
            elif follows and listed and phrase.of("only_after"):
                found.update(dict.fromkeys(listed, "only"))
                mention, listed = "wanted", []
            elif follows and listed and self.tokens[phrase.first].word == _SOLO:
                since = phrase.last  # a guitar solo does not mean a guitar alone
            elif phrase.of("without", "only") and not (follows and instrument and mention == "without"):
                mention = "without" if phrase.of("without") else "only"
                word, since, listed = self.tokens[phrase.first].word, phrase.last, []
                if instrument is not None:
                    found.setdefault(instrument.name, mention)
            elif instrument is not None:
                if mention == "wanted":
                    if not self._joins(since, phrase.first):
                        listed = []
                elif not self._reaches(word, len(listed), since, phrase):
                    mention, listed = "wanted", []
                if found.setdefault(instrument.name, mention) == mention:
                    listed.append(instrument.name)
                since = phrase.last
        return found

    def _reaches(self, word: str, listed: int, since: int, phrase: Phrase) -> bool:
        """Return whether a "no" or "only" also applies to an instrument after others in its list.

        `since` is the token after the last of these, or after "no" or "only" itself.
        """
        stops = self._has_stop(since, phrase.first + 1)
        if not listed:
            return phrase.first - since <= REACH and not stops
        joiners = {token.word for token in self.tokens[since : phrase.first]}
        if joiners and not self._joins(since, phrase.first):
            return False
        if joiners:
            return not stops or listed > 1 or bool(joiners & _ALTERNATIVES)
        # After a bare comma the list continues if its last "or" is still to come; its last "and" may also begin what is
        # wanted: "no drums, bass and keys", but "without drums, bass and keys".
        closing = self._closing_word(phrase)
        return stops and (closing in _ALTERNATIVES or (closing == "and" and word != "no"))

    def _closing_word(self, phrase: Phrase) -> str:
        """Return the "and" or "or" before the last instrument of a list; "" for none."""
        at = phrase.last
        while at < len(self.tokens):
            following = self._instrument_at(at)
            if following is None:
                closes = self.tokens[at].word in ("and", *_ALTERNATIVES) and self._instrument_at(at + 1)
                return self.tokens[at].word if closes else ""
            at = following.last
        return ""

    def _describes(self, phrase: Phrase) -> bool:
        """Return whether a phrase describes how an instrument plays: it is one itself, or precedes one by two words at
        most."""
        if phrase.of("instrument"):
            return True
        following = next(
            (other for other in self.phrases if other.first >= phrase.last and other.of("instrument")), None
        )
        if following is None or following.first > phrase.last + 2 or self._has_stop(phrase.last, following.first + 1):
            return False
        return not any(token.word in _LINKS for token in self.tokens[phrase.last : following.first])

    def _instrument_at(self, at: int) -> Phrase | None:
        return next((phrase for phrase in self.phrases if phrase.first == at and phrase.of("instrument")), None)

    def _joins(self, first: int, last: int) -> bool:
        """Return whether the tokens between two instruments only join them."""
        return all(token.word in _JOINING for token in self.tokens[first:last])

    def _has_stop(self, first: int, last: int) -> bool:
        """Return whether punctuation precedes one of these tokens."""
        return any(token.after_stop for token in self.tokens[first:last])
