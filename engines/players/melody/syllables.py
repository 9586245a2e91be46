"""Split English words into syllables with stress, by spelling rules and a table of common exceptions.

The rules follow Hammond, "The Phonology of English" (1999): heavy suffixes fix the stress; words of two syllables are
stressed on the first unless it is a prefix, longer ones on the last but two. There is no dictionary: names and loan
words are sometimes wrong, and words of other languages are split as if they were English.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

LIGHT, SECOND, MAIN = range(3)
"""The stress levels of syllables."""


class Syllable(NamedTuple):
    """A syllable: its letters, its stress, and whether it ends its word."""

    text: str
    stress: int
    ends_word: bool


_LIGHT: Final = """
    a an and are as at be been but by can could did do does for from had has have he her him his i if i'm in is it it's
    its let me my nor of on or our she should so than that the their them then there these they this those to too us was
    we were when which while will with would you you're your
"""
_LIGHT_WORDS: Final = frozenset(_LIGHT.split())
"""Unstressed words of one syllable."""

_CUT: Final = """
    EV-ery EV-ery-thing EV-ery-one EV-ery-where EV-ery-bo-dy A-ny MA-ny A-ny-thing A-ny-one SOME-thing SOME-one
    SOME-times SOME-where SOME-how NO-thing FIRE HOUR LIT-tle PEO-ple BE-ing GO-ing DO-ing cre-ATE cre-A-tion i-DE-a
    PO-et PO-em QUI-et DI-a-mond RI-ot LI-on SCI-ence RE-al be-HIND a-GAIN a-WAY a-LONE a-ROUND a-BOUT a-BOVE a-LIVE
    a-CROSS a-LONG a-PART a-SLEEP a-WAKE a-GO be-FORE be-CAUSE be-LIEVE be-TWEEN be-LOW be-SIDE be-GIN be-COME be-NEATH
    to-NIGHT to-DAY to-MOR-row to-GE-ther for-E-ver NE-ver E-ver O-ver UN-der IN-to un-TIL with-OUT with-IN good-BYE
    good-BYES hel-LO re-MEM-ber for-GET for-GIVE in-SIDE out-SIDE BA-by BO-dy MO-ney MU-sic WO-man WO-men BEAU-ti-ful
    EVE-ning HEA-ven E-ven O-pen e-NOUGH pi-A-no gui-TAR RA-di-o ho-TEL ma-CHINE po-LICE AL-ways MAY-be AL-most ON-ly
    REA-lly FI-nal-ly FA-mi-ly BUSI-ness DIF-ferent CHO-co-late IN-te-rest NA-tu-ral ME-mo-ry STO-ry GLO-ry AN-gel
    DAN-ger STRAN-ger RI-ver FLO-wer PO-wer TO-wer SHO-wer RHY-thm EYES LIVES en-TIRE de-SIRE A-re-a there-FORE
    LIKE-wise IS-n't WAS-n't DID-n't DOES-n't COULD-n't WOULD-n't SHOULD-n't HAVE-n't HAD-n't HAS-n't
"""
_EXCEPTIONS: Final = {word.replace("-", "").lower(): tuple(word.split("-")) for word in _CUT.split()}
"""Words that the rules get wrong, hyphenated by hand; the syllable in capitals is stressed."""

_SYLLABIC_ENDING: Final = re.compile(r"[^aeiouylr]le$|[^aeiouy]les$|[^aeiou]re$|sm$|sms$|thm$")
_STRESSED_LAST: Final = re.compile(r"(ee|eer|oon|ette|esque|ique|self|selves|aire)$")
_STRESSED_BEFORE: Final = re.compile(
    r"(tions?|sions?|cians?|tious|cious|tial|cial|ics?|ical|ically|ity|ities|ify|ified|ian|ians|ious|eous|uous|ial|ual"
    r"|ience|ient|iency|logy|graphy)$"
)
_PREFIX: Final = re.compile(
    r"^(a(?=[bcdfglmnprstw])|be|re|de|un|en|em|ex|con|com|pre|dis|mis|sur|for|per|pro|sub|trans|to|ad|ob|in|im)"
)
_WEAK_TAIL: Final = re.compile(
    r"(er|or|ar|le|y|ey|ie|ing|ings|en|on|an|in|ow|ed|es|et|ish|ness|ful|less|ly|age|ure|al|el)s?$"
)
_VOWELS: Final = re.compile(r"[aeiouy]+")
_HIATUS: Final = re.compile(
    r"(?<=[^qg])u(?=[aeo](?!u))|(?<![ctsxg])i(?=a(?!ge))|(?<![ctsxg])i(?=o(?!n$|ns$))|(?<![ct])i(?=en[ct])|i(?=u)"
    r"|i(?=e(?:r|st)s?$)|(?<=[aeiou])(?=ing)|(?<=cr)e(?=at)|eo(?=n|r)|(?<=[aeiou])y(?=[aeio])|(?<=[^aeiou])y(?=[aeio])"
)
_NEUTRAL: Final = re.compile(r"(ments?|ful|ly|ness|less|ings?|(?<!e)ers?|ed)$")
"""Suffixes that do not move the stress."""
_SILENT_WITHIN: Final = re.compile(r"(?<=[aeiouy][^aeiouy])e(?=(?:ments?|ful|ly|ness|less)$)")
"""A silent e at the end of a word's stem, before a suffix."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")


_SOUNDS: Final = (
    (r"eye(s?)$", r"i\1"), (r"ey", "ay"),
    (r"(?<![aeiou])(?:ye?|ie|igh)(s?)$", r"i\1"), (r"igh", "i"), (r"ough|ow", "o"),
    (r"eigh|ai", "ay"), (r"ea|ie", "ee"), (r"([aeiou])([^aeiouy])e(s?)$", r"\1\1\2\3"), (r"y", "i"), (r"ght", "t"),
)  # fmt: skip
"""Spellings of endings that rhyme, with one spelling per sound, in order of replacement."""


def syllables_of(text: str) -> tuple[tuple[Syllable, ...], ...]:
    """Return the syllables of each line of a text; lines end with a line break or a slash; empty ones are dropped.

    >>> [[syllable.text for syllable in line] for line in syllables_of("Hold me tonight / forever and ever")]
    [['hold', 'me', 'to', 'night'], ['for', 'e', 'ver', 'and', 'e', 'ver']]
    """
    lines = []
    for line in re.split(r"[\n/]+", text):
        words = _WORD.findall(line.lower().replace("’", "'"))
        if words:
            lines.append(tuple(syllable for word in words for syllable in split_word(word)))
    return tuple(lines)


@lru_cache(maxsize=4096)
def split_word(word: str) -> tuple[Syllable, ...]:
    """Return the syllables of one word in lower case, at least one.

    >>> [(syllable.text, syllable.stress) for syllable in split_word("celebration")]
    [('ce', 1), ('leb', 0), ('ra', 2), ('tion', 0)]
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    if plain in _EXCEPTIONS:
        stresses = [MAIN if part.isupper() else LIGHT for part in _EXCEPTIONS[plain]]
        parts = [part.lower() for part in _EXCEPTIONS[plain]]
    else:
        parts = _cut(plain)
        stresses = _stress(plain, len(parts))
    if len(parts) == 1:
        stresses = [LIGHT if word in _LIGHT_WORDS else MAIN]
    last = len(parts) - 1
    return tuple(
        Syllable(part, stress, index == last) for index, (part, stress) in enumerate(zip(parts, stresses, strict=True))
    )


def rhyme_of(line: tuple[Syllable, ...]) -> str:
    """Return the rhyme of a line: its last vowel and what follows, equal for rhyming lines.

    >>> rhyme_of(syllables_of("all through the night")[0]) == rhyme_of(syllables_of("into the light")[0])
    True
    """
    text = line[-1].text
    for spelt, sound in _SOUNDS:
        text = re.sub(spelt, sound, text)
    match = re.search(r"[aeiou]+[^aeiou]*$", text)
    return match[0] if match else text


def _cut(word: str) -> list[str]:
    """Split a word between vowels: a single consonant joins the next syllable, of several the first stays."""
    kernel = _nuclei(word)
    if len(kernel) < 2:
        return [word]
    parts, start = [], 0
    for (_, end), (following, _) in pairwise(kernel):
        consonants = word[end:following]
        keep = 0 if len(consonants) < 2 or consonants in ("th", "sh", "ch", "ph", "wh", "qu", "gh") else 1
        parts.append(word[start : end + keep])
        start = end + keep
    return [*parts, word[start:]]


def _nuclei(word: str) -> list[tuple[int, int]]:
    """Return the spans of a word's vowels that make syllables, as (start, end)."""
    spans: list[tuple[int, int]] = []
    for match in _VOWELS.finditer(word):
        start, end = match.span()
        breaks = [hiatus.end() for hiatus in _HIATUS.finditer(word) if start < hiatus.end() < end]
        edges = [start, *breaks, end]
        spans += [(low, high) for low, high in pairwise(edges) if high > low]
    within = _SILENT_WITHIN.search(word)
    if within is not None and len(spans) > 2:
        spans = [span for span in spans if span != (within.start(), within.start() + 1)]
    silent = (
        (word.endswith("e") and not _SYLLABIC_ENDING.search(word))
        or (word.endswith("es") and not re.search(r"([sxz]|[cs]h|[cg]|[^aeiouyl]l)es$", word))
        or (word.endswith("ed") and not re.search(r"([td]|[^aeiouylr]l)ed$", word))
    )
    if len(spans) > 1 and silent and spans[-1][1] - spans[-1][0] == 1:
        spans.pop()
    if re.search(r"(sm|sms|thm|n't)$", word) and spans and spans[-1][1] < len(word) - 2 and len(spans) < 3:
        spans.append((len(word) - 1, len(word)))
    return spans


def _stress(word: str, count: int) -> list[int]:
    if count == 1:
        return [MAIN]
    stem = _NEUTRAL.sub("", word)
    stem_count = len(_nuclei(stem)) if stem != word else count
    if 0 < stem_count < count:
        return [*_stress(stem, stem_count), *[LIGHT] * (count - stem_count)]
    if _STRESSED_LAST.search(word):
        main = count - 1
    elif match := _STRESSED_BEFORE.search(word):
        main = max(0, count - len(_nuclei(match[0])) - 1)
    elif count == 2:
        main = 1 if _PREFIX.search(word) and not _WEAK_TAIL.search(word) else 0
    elif _PREFIX.search(word) and (count == 3 and _WEAK_TAIL.search(word)):
        main = 1
    else:
        main = max(0, count - 3)
    # Every second syllable before the main one has secondary stress.
    return [
        MAIN if index == main else SECOND if index < main - 1 and (main - index) % 2 == 0 else LIGHT
        for index in range(count)
    ]
