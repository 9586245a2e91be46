"""Check that the documents match the code: commands, options, files, links, versions.

python -m musearoo.tools.workshop.lint.docs            exits 1 and lists each problem

Code in backticks and in code blocks is checked against the file tree and the parsers of `musearoo` and `tools/dev.py`.
Blocks marked `text` show a program's output and are skipped.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from musearoo.tools import ROOT
from musearoo.tools.workshop.development.commands import PASSING_ON

_FENCE = re.compile(r"^\s*(?:```|~~~)(\w*)")
_SPAN = re.compile(r"(`+)(.+?)\1")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMAND = re.compile(
    r"^(?:\S*py(?:thon)?[\d.]*(?:\.exe)? (?:-\S+ )?)?(musearoo|bridge|(?:\S*/)?tools/dev\.py)\s+(\S.*)$"
)
_PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*/?")
_VERSION = re.compile(r"^## \[?(\d+\.\d+\.\d+)", re.MULTILINE)

# The end of a command in a shell line.
_ENDS = ("|", "||", "&&", ";", ">", "2>", "#", "&", "\\")


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of code in a document: a span in backticks, or a line of a block."""

    line: int
    text: str
    inline: bool


def read_passages(markdown: str) -> Iterator[Passage]:
    """Yield the pieces of code of a document, in order.

    >>> [passage.text for passage in read_passages("Run `a b`:\\n```sh\\n$ c\\n```")]
    ['a b', 'c']
    """
    language: str | None = None
    for number, line in enumerate(markdown.splitlines(), 1):
        fence = _FENCE.match(line)
        if fence:
            language = fence[1] if language is None else None
        elif language is None:
            yield from (Passage(number, span[2].strip(), True) for span in _SPAN.finditer(line))
        elif language != "text":
            yield Passage(number, re.sub(r"^\s*[$>] ", "", line).strip(), False)


def check_command(text: str, parsers: Mapping[str, argparse.ArgumentParser]) -> tuple[str, ...]:
    """Return the problems of a documented command line, with `[--out DIR]`, `list|fetch` and `NAME`."""
    found = _COMMAND.match(text.replace(r"\|", "|"))
    if not found:
        return ()
    program = "tools/dev.py" if found[1].endswith("tools/dev.py") else "musearoo"
    words = re.sub(r"[\[\]]", " ", found[2]).split()
    ends = [place for place, word in enumerate(words) if word in _ENDS]
    words = words[: ends[0]] if ends else words
    if program == "tools/dev.py" and words[:1] and words[0] in PASSING_ON:
        # The demo's options are musearoo's; the tests' are pytest's, and are not checked.
        return _check_words(parsers["musearoo"], "musearoo", words) if words[0] == "demo" else ()
    return _check_words(parsers[program], program, words)


def _check_words(parser: argparse.ArgumentParser, said: str, words: list[str]) -> tuple[str, ...]:
    # argparse has no public access to its options and commands; its own help uses this list.
    options = {option for action in parser._actions for option in action.option_strings}
    nested = next((action for action in parser._actions if isinstance(action, argparse._SubParsersAction)), None)
    problems: list[str] = []
    for place, word in enumerate(words):
        if re.match(r"--?[a-z]", word):
            names = [name.split("=")[0].rstrip(".,:;") for name in word.split("|")]
            problems.extend(f"`{said}` has no option {name}" for name in names if name not in options)
        elif nested and re.fullmatch(r"[a-z][a-z|-]*", word):
            for name in word.split("|"):
                if name in nested.choices:
                    problems.extend(_check_words(nested.choices[name], f"{said} {name}", words[place + 1 :]))
                else:
                    problems.append(f"`{said}` has no command {name}")
            break
    return tuple(dict.fromkeys(problems))


def check_path(text: str, document: Path, root: Path) -> str | None:
    """Return the problem of a path in backticks, or None; a path that starts outside the tree is ignored."""
    name = re.sub(r"(::\w.*|:\d+)$", "", text)
    if not _PATH.fullmatch(name) or not re.search(r"\w", name):
        return None
    first = name.split("/")[0]
    for folder in (document.parent, root):
        if "/" in name and (folder / first).exists():
            fits = any(folder.glob(name.rstrip("/"))) if "*" in name else (folder / name).exists()
            return None if fits or (folder != root and (root / name).exists()) else f"there is no {name}"
    if name.endswith(".py") and "/" not in name and not any(list_files(root, name)):
        return f"there is no {name} anywhere"
    return None


def check_link(target: str, document: Path) -> str | None:
    """Return the problem of a link inside the project, or None. External links are not checked."""
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    file = document.parent / name if name else document
    if not file.exists():
        return f"the link to {name} leads nowhere"
    if anchor and file.suffix == ".md" and anchor not in list_anchors(file.read_text(encoding="utf-8")):
        return f"{file.name} has no heading #{anchor}"
    return None


def list_anchors(markdown: str) -> set[str]:
    """Return the anchors of a document's headings, as web sites generate them.

    >>> list_anchors("# The way, in short")
    {'the-way-in-short'}
    """
    headings = re.findall(r"^#+ (.+?)\s*$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def list_files(root: Path, pattern: str) -> Iterator[Path]:
    """Yield the project's files with a name pattern, except hidden and built ones."""
    for top in sorted(root.iterdir()):
        if top.is_file() and top.match(pattern):
            yield top
        elif top.is_dir() and not top.name.startswith(".") and top.name not in ("build", "dist", "out"):
            yield from sorted(top.rglob(pattern))


def find_problems(root: Path, parsers: Mapping[str, argparse.ArgumentParser], version: str) -> tuple[str, ...]:
    """Return every mismatch of a document, as `file:line: what`."""
    problems = [f"{name}: missing" for name in ("README.md", "CHANGELOG.md") if not (root / name).is_file()]
    for document in list_files(root, "*.md"):
        text = document.read_text(encoding="utf-8")
        where = document.relative_to(root).as_posix()
        for passage in read_passages(text):
            found = list(check_command(passage.text, parsers))
            if passage.inline:
                found += filter(None, [check_path(passage.text, document, root)])
            problems.extend(f"{where}:{passage.line}: {problem}" for problem in found)
        for number, line in enumerate(text.splitlines(), 1):
            for link in _LINK.finditer(_SPAN.sub("", line)):
                problem = check_link(link[1], document)
                problems.extend([f"{where}:{number}: {problem}"] if problem else [])
    changelog = root / "CHANGELOG.md"
    newest = _VERSION.search(changelog.read_text(encoding="utf-8")) if changelog.is_file() else None
    if changelog.is_file() and (newest is None or newest[1] != version):
        problems.append(f"CHANGELOG.md: the newest version is {newest and newest[1]}, the package's is {version}")
    return tuple(problems)


def read_parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of the documented programs."""
    from musearoo.bridge.cli import make_parser as make_musearoo_parser
    from musearoo.tools.workshop.development.commands import make_parser as make_dev_parser

    return {"musearoo": make_musearoo_parser(), "tools/dev.py": make_dev_parser()}


def main() -> int:
    """Return the exit status: 0 when every document matches."""
    from musearoo import __version__

    problems = find_problems(ROOT, read_parsers(), __version__)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
