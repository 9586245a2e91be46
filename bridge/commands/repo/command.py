"""`musearoo repo`: declares its actions, and opens what they work on."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from musearoo.bridge.commands.repo.history import run_commit, run_diff, run_init, run_list, run_log, run_show
from musearoo.bridge.commands.repo.returning import run_checkout
from musearoo.bridge.commands.repo.sharing import (
    run_branch,
    run_clone,
    run_export,
    run_fork,
    run_import,
    run_merge,
    run_pull,
    run_push,
    run_tag,
)
from musearoo.bridge.commands.repo.upkeep import run_fsck, run_gc
from musearoo.bridge.commands.shared.arguments import add_json, number_in, whole_in
from musearoo.bridge.commands.shared.failure import CommandError

Run = Callable[[argparse.Namespace], int]
Action = tuple[str, Run, str]

VERSION: Final = "a branch, a tag, the digits of its number, “yesterday”, “2 hours ago”, “before the break” or words"

ACTIONS: Final[tuple[Action, ...]] = (
    ("list", run_list, "the repositories: one for each set"),
    ("init", run_init, "make a repository without a set"),
    ("commit", run_commit, "keep the open set, by the daemon that runs"),
    ("log", run_log, "the versions, newest first"),
    ("show", run_show, "what is in a version, and what changed in it"),
    ("diff", run_diff, "what differs between two versions, in musical words"),
    ("checkout", run_checkout, "bring something of a version back into Live, next to what is there"),
    ("branch", run_branch, "list the branches, or make one, or go to one"),
    ("tag", run_tag, "give a version a name"),
    ("fork", run_fork, "a repository of its own, with the same past"),
    ("merge", run_merge, "take what another branch or repository has changed into this one"),
    ("clone", run_clone, "bring a repository from another folder of versions here"),
    ("push", run_push, "bring branches and tags to another folder of versions"),
    ("pull", run_pull, "take in what has happened in another folder of versions"),
    ("export", run_export, "write a repository with its past into one file"),
    ("import", run_import, "take in a repository out of one file"),
    ("gc", run_gc, "thin out old versions, and remove what nothing needs"),
    ("fsck", run_fsck, "read everything, and tell what is damaged or lost"),
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, run, said in ACTIONS:
        action = actions.add_parser(name, help=said)
        _declare_arguments(name, action)
        if name not in ("list", "init", "commit", "clone", "import", "gc", "fsck"):
            action.add_argument(
                "--repo", metavar="NAME", default="", help="which repository (that of the latest version)"
            )
        add_json(action)
        action.set_defaults(run=_guarded(run))


def _declare_arguments(name: str, action: argparse.ArgumentParser) -> None:
    match name:
        case "init" | "fork":
            action.add_argument("name", metavar="NAME")
        case "commit":
            action.add_argument("-m", "--message", metavar="NAME", default="", help="what it is called (what happened)")
        case "log":
            action.add_argument("-n", "--most", metavar="N", type=whole_in(1, 1_000_000), default=30, help="(30)")
            action.add_argument("--all", action="store_true", help="also those kept by themselves, and other branches")
        case "show":
            action.add_argument("version", metavar="VERSION", nargs="?", default="", help=f"{VERSION} (the latest)")
        case "diff":
            action.add_argument("before", metavar="BEFORE", nargs="?", default="", help=f"{VERSION} (the one before)")
            action.add_argument("after", metavar="AFTER", nargs="?", default="", help="(the latest)")
            action.add_argument("--sound", action="store_true", help="also how far the sounds are apart")
        case "checkout":
            action.add_argument("version", metavar="VERSION", help=VERSION)
            part = action.add_mutually_exclusive_group()
            part.add_argument("--scene", metavar="SCENE", help="only this scene: its name, or its number")
            part.add_argument("--track", metavar="TRACK", help="only this track, as a new one")
            part.add_argument("--clip", metavar="CLIP", help="only this clip: its name, or “track, scene”")
            part.add_argument("--mix", action="store_true", help="faders, panning, sends, mute and solo")
            action.add_argument("--dry-run", action="store_true", help="only tell what cannot come back")
        case "branch":
            action.add_argument("name", metavar="NAME", nargs="?", default="", help="made if there is none; none lists")
            action.add_argument("--at", metavar="VERSION", default="", help="where it begins (the latest of this one)")
        case "tag":
            action.add_argument("name", metavar="NAME")
            action.add_argument("version", metavar="VERSION", nargs="?", default="", help=f"{VERSION} (the latest)")
        case "merge":
            action.add_argument("other", metavar="OTHER", help="a branch or a version of this one, or a repository")
        case "clone":
            action.add_argument("folder", metavar="FOLDER", type=Path, help="a folder of versions, such as on a stick")
            action.add_argument("name", metavar="NAME", nargs="?", default="", help="which there (the only one)")
        case "push" | "pull":
            action.add_argument("folder", metavar="FOLDER", type=Path, help="a folder of versions, such as on a stick")
        case "export" | "import":
            action.add_argument("file", metavar="FILE", type=Path, help="such as song.musearoo")
        case "gc":
            action.add_argument(
                "--days",
                metavar="D",
                type=number_in(0, 36_500),
                default=14,
                help="what nothing names is kept so long (14)",
            )
        case "fsck":
            action.add_argument("--mend", action="store_true", help="remove what is damaged, to be stored again")


def _guarded(run: Run) -> Run:
    """Return an action whose troubles with files are one line."""

    def guarded(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise CommandError(f"{where}{error.strerror or error}.") from error

    return guarded
