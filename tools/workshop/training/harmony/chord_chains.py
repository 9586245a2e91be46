"""Counts which chord follows which in corpora of songs, and writes `engines/players/chords/corpora.py`.

`python3 -m musearoo.tools.workshop.training.harmony.chord_chains --pop909 DIR --openewld DIR --nottingham DIR
--wheninrome DIR --out F.py`

Chords are counted as Roman numerals in their key, major and minor keys apart, at their changes. Colours are left out:
sevenths on major and minor chords, sixths and suspensions belong to the style; a dominant's seventh stays.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from musearoo.engines.analysis.symbolic.keys import find_key
from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.numeral import Numeral, parse_numeral
from musearoo.engines.music.scale import Key
from musearoo.tools.workshop.training.harmony.sources import POP909_SONGS, Tune, read_lead_sheet, read_pop909

PLAIN: Final = {
    "min7": "min", "min9": "min", "min11": "min", "min13": "min", "min6": "min", "min(9)": "min", "minmaj7": "min",
    "7": "7", "9": "7", "13": "7", "11": "7", "7(b9)": "7", "7(#9)": "7", "7(b5)": "7", "aug(b7)": "7",
    "sus4(b7)": "7", "dim7": "dim", "dim": "dim", "hdim7": "hdim7", "aug": "aug", "min": "min",
}  # fmt: skip
"""Qualities as they are counted; what is not named is counted as major."""
LEAST_SHARE: Final = 0.006
"""Of all chords of a mode: what is rarer is left out."""
LEAST_COUNT: Final = 12
LEAST_SUCCESSION: Final = 0.02
"""Of what follows a chord."""

Line = tuple[bool, list[Numeral]]
"""Whether the key is minor, and chords in their order in that key."""

_ABC_CHORD: Final = re.compile(r'"([A-G][#b]?m?(?:7|dim|aug|6)?)[^"]*"')
_ROMAN: Final = re.compile(
    r"([#b]*)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i|N|Ger|It|Fr)(/o|ø|%|o|\+)?([\d/]*)(?:/(.+))?"
)
_MINOR_STEPS: Final = {"I": 0, "II": 2, "III": 3, "IV": 5, "V": 7, "VI": 8, "VII": 10}
_MAJOR_STEPS: Final = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}


def lines_of_tunes(tunes: Iterable[Tune | None]) -> Iterator[Line]:
    """The chords of tunes, in the key that they name or that is found in them."""
    for tune in tunes:
        if tune is None or len(tune.spans) < 4:
            continue
        notes = [note for part in tune.parts.values() for note in part]
        found = find_key(notes, tune.spans) if notes else None
        key = found[0] if found else tune.key
        if key is not None:
            yield key.is_minor, [_plain(Numeral.of(span.chord, key.tonic)) for span in tune.spans]


def lines_of_abc(folder: Path) -> Iterator[Line]:
    """The chords of the ABC tunes in a folder."""
    for path in sorted(folder.glob("*.abc")):
        for tune in path.read_text(encoding="utf-8", errors="replace").split("\nX:"):
            key: Key | None = None
            chords: list[Numeral] = []
            for line in tune.splitlines():
                if line.startswith("K:"):
                    if key is not None and len(chords) > 3:
                        yield key.is_minor, chords
                    chords = []
                    try:
                        key = Key.parse(line[2:].strip())
                    except ParamError:
                        key = None
                elif key is not None and not re.match(r"[A-Z%]:", line):
                    for match in _ABC_CHORD.finditer(line):
                        chords.append(_plain(Numeral.of(Chord.parse(match[1]), key.tonic)))
            if key is not None and len(chords) > 3:
                yield key.is_minor, chords


def lines_of_roman_text(paths: Iterable[Path]) -> Iterator[Line]:
    """The chords of analyses in RomanText, each stretch in one key by itself."""
    for path in paths:
        minor, chords = False, list[Numeral]()
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if not re.match(r"m\d+ ", line):
                continue
            for word in line.split()[1:]:
                if key := re.fullmatch(r"([A-Ga-g][#b]*):", word):
                    if len(chords) > 1:
                        yield minor, chords
                    minor, chords = key[1][0].islower(), []
                elif (numeral := _read_roman(word, minor)) is not None:
                    chords.append(numeral)
        if len(chords) > 1:
            yield minor, chords


def count(lines: Iterable[Line]) -> dict[str, dict[str, dict[str, float]]]:
    """What follows what, as shares, by mode and numeral; only what is common enough."""
    follow: dict[str, Counter[tuple[str, str]]] = {"major": Counter(), "minor": Counter()}
    for minor, chords in lines:
        names = [
            name for name, before in zip(map(str, chords), (None, *map(str, chords)), strict=False) if name != before
        ]
        follow["minor" if minor else "major"].update(pairwise(names))
    table: dict[str, dict[str, dict[str, float]]] = {}
    for mode, pairs in follow.items():
        total = Counter[str]()
        for (before, _), times in pairs.items():
            total[before] += times
        common = {name for name, times in total.items() if times >= max(LEAST_COUNT, LEAST_SHARE * total.total())}
        table[mode] = {}
        for name in sorted(common, key=lambda name: (-total[name], name)):
            row = {to: times for (before, to), times in pairs.items() if before == name and to in common}
            kept = {to: times for to, times in row.items() if times >= LEAST_SUCCESSION * sum(row.values())}
            order = sorted(kept.items(), key=lambda item: (-item[1], item[0]))
            if order:
                table[mode][name] = {to: round(times / sum(kept.values()), 3) for to, times in order}
    return table


def _plain(numeral: Numeral) -> Numeral:
    return Numeral(numeral.step, PLAIN.get(numeral.quality, "maj"))


def _read_roman(word: str, minor: bool) -> Numeral | None:
    match = _ROMAN.fullmatch(word.replace("/o", "ø") if "/o" in word else word)
    if match is None:
        return None
    sign, letters, mark, figures, goal = match.groups()
    # The cadential six-four is the dominant's, and augmented sixths lead to it: neither is a station of its own.
    if letters in ("Ger", "It", "Fr") or (letters.upper() == "I" and figures in ("6/4", "64")):
        return None
    if letters == "N":
        return Numeral(1, "maj")
    steps = _MINOR_STEPS if minor and not goal else _MAJOR_STEPS
    step = steps[letters.upper()] + sign.count("#") - sign.count("b")
    has_seventh = figures.startswith(("7", "6/5", "65", "4/3", "43", "2", "4/2", "42", "9"))
    if mark in ("ø", "%"):
        quality = "hdim7"
    elif mark == "o":
        quality = "dim"
        step = step + 1 if minor and not goal and letters == "vii" and not sign else step
    elif letters.islower():
        quality = "min"
    else:
        quality = "aug" if mark == "+" else "7" if has_seventh and (letters == "V" or goal) else "maj"
    if not goal:
        return Numeral(step % 12, quality)
    target = _read_roman(goal, minor)
    return None if target is None else Numeral((step + target.step) % 12, quality)


def _write(tables: dict[str, dict[str, dict[str, dict[str, float]]]], counts: dict[str, int]) -> str:
    lines = [
        '"""Chord transition tables learned from corpora; generated by `tools.workshop.training.harmony.chord_chains`.',
        "",
        "By family, mode and numeral: the next numeral and its relative frequency. Counted in these sources:",
        f"pop: POP909 (MIT licence), {counts['pop']} songs; jazz: the lead sheets of OpenEWLD (MIT licence),",
        f"{counts['jazz']} tunes; folk: the Nottingham Music Database (GPL-3), {counts['folk']} tunes; classical: the",
        f"analyses of When in Rome (CC BY-SA 4.0), {counts['classical']} stretches in one key.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        "# fmt: off",
        "CHAINS: Final[dict[str, dict[str, dict[str, dict[str, float]]]]] = {",
    ]
    for family, modes in tables.items():
        lines.append(f'    "{family}": {{')
        for mode, rows in modes.items():
            lines.append(f'        "{mode}": {{')
            for name, row in rows.items():
                cells = [f'"{to}": {share:g}' for to, share in row.items()]
                lines.append(f'            "{name}": {{')
                lines += [f"                {', '.join(cells[at : at + 6])}," for at in range(0, len(cells), 6)]
                lines.append("            },")
            lines.append("        },")
        lines.append("    },")
    return "\n".join([*lines, "}", ""])


def main() -> None:
    """Count the corpora that the command line names, and write the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("pop909", "openewld", "nottingham", "wheninrome", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    arguments = parser.parse_args()
    songs = (arguments.pop909 / f"{song:03}" for song in POP909_SONGS)
    lines = {
        "pop": list(lines_of_tunes(read_pop909(folder) for folder in songs if folder.is_dir())),
        "jazz": list(lines_of_tunes(read_lead_sheet(path) for path in sorted(arguments.openewld.rglob("*.mxl")))),
        "folk": list(lines_of_abc(arguments.nottingham)),
        "classical": list(lines_of_roman_text(sorted(arguments.wheninrome.rglob("analysis*.txt")))),
    }
    tables = {family: count(each) for family, each in lines.items()}
    for family, modes in tables.items():
        for mode, rows in modes.items():
            for name in rows:
                parse_numeral(name)
            print(family, mode, len(rows), "numerals")
    arguments.out.write_text(_write(tables, {family: len(each) for family, each in lines.items()}), encoding="utf-8")


if __name__ == "__main__":
    main()
