import argparse
from pathlib import Path

import pytest

from musearoo.tools.workshop.development.commands import make_parser
from musearoo.tools.workshop.lint.docs import check_command, check_link, check_path, find_problems


@pytest.fixture(scope="module")
def parsers() -> dict[str, argparse.ArgumentParser]:
    musearoo = argparse.ArgumentParser(prog="musearoo")
    musearoo.add_argument("--version", action="version", version="1")
    commands = musearoo.add_subparsers()
    for name in ("demo", "song"):
        commands.add_parser(name).add_argument("--out")
    models = commands.add_parser("models").add_subparsers()
    for name in ("list", "fetch"):
        models.add_parser(name).add_argument("--force", action="store_true")
    return {"musearoo": musearoo, "tools/dev.py": make_parser()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "bridge").mkdir()
    (tmp_path / "bridge" / "protocol.py").touch()
    (tmp_path / "README.md").write_text(
        "# MuseAroo\n\nRun `musearoo demo`, read `bridge/protocol.py`.\n", encoding="utf-8"
    )
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0 (unreleased)\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "musearoo demo [--out DIR]",
        "musearoo --version",
        "python3 tools/dev.py setup --with midi,analysis --fresh",
        "python -m musearoo song --out=set",
        "python3 tools/dev.py demo --out DIR",
        "python3 tools/dev.py test -k drums --anything",
        "./tools/dev.py lock --check && musearoo nonsense",
        r"musearoo models list\|fetch [--force]",
        "musearoo demo | grep --color clip",
        "musearoo COMMAND",
        "a musearoo nonsense",
        "musearoo",
    ],
)
def test_commands_that_exist_pass(text: str, parsers: dict[str, argparse.ArgumentParser]) -> None:
    assert check_command(text, parsers) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("musearoo sing", "`musearoo` has no command sing"),
        ("musearoo demo --loud", "`musearoo demo` has no option --loud"),
        ("musearoo song [--out|--in DIR]", "`musearoo song` has no option --in"),
        ("musearoo models list|drop", "`musearoo models` has no command drop"),
        ("python3 tools/dev.py build", "`tools/dev.py` has no command build"),
        ("python3 tools/dev.py demo --loud", "`musearoo demo` has no option --loud"),
        ("py -3.12 tools/dev.py setup --without midi", "`tools/dev.py setup` has no option --without"),
    ],
)
def test_commands_that_do_not_exist_are_named(
    text: str, said: str, parsers: dict[str, argparse.ArgumentParser]
) -> None:
    assert check_command(text, parsers) == (said,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bridge/protocol.py", None),
        ("bridge/", None),
        ("bridge/*.py", None),
        ("bridge/protocol.py:12", None),
        ("protocol.py", None),
        ("/roo/generate", None),
        ("User Library/Remote Scripts", None),
        ("4/4", None),
        ("bridge/wires.py", "there is no bridge/wires.py"),
        ("bridge/*.yaml", "there is no bridge/*.yaml"),
        ("wires.py", "there is no wires.py anywhere"),
    ],
)
def test_paths_are_looked_up(text: str, said: str | None, project: Path) -> None:
    assert check_path(text, project / "README.md", project) == said


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("CHANGELOG.md", None),
        ("CHANGELOG.md#changelog", None),
        ("#musearoo", None),
        ("https://example.org/nowhere", None),
        ("docs/tour.md", "the link to docs/tour.md leads nowhere"),
        ("#install", "README.md has no heading #install"),
    ],
)
def test_links_are_followed(target: str, said: str | None, project: Path) -> None:
    assert check_link(target, project / "README.md") == said


def test_a_project_in_step_has_no_problems(project: Path, parsers: dict[str, argparse.ArgumentParser]) -> None:
    assert find_problems(project, parsers, "0.1.0") == ()


def test_every_place_is_named(project: Path, parsers: dict[str, argparse.ArgumentParser]) -> None:
    (project / "README.md").write_text(
        "See [the tour](tour.md).\n\n```sh\n$ musearoo sing   # aloud\n```\n\n"
        "```text\nmusearoo nonsense\n```\n\n`bridge/a.py`\n",
        encoding="utf-8",
    )
    assert find_problems(project, parsers, "0.2.0") == (
        "README.md:4: `musearoo` has no command sing",
        "README.md:11: there is no bridge/a.py",
        "README.md:1: the link to tour.md leads nowhere",
        "CHANGELOG.md: the newest version is 0.1.0, the package's is 0.2.0",
    )


def test_a_missing_readme_is_a_problem(project: Path, parsers: dict[str, argparse.ArgumentParser]) -> None:
    (project / "README.md").unlink()
    assert find_problems(project, parsers, "0.1.0") == ("README.md: missing",)
