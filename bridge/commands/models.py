"""`musearoo models list | fetch | verify | remove`: the model weights on this machine."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.models.fetching import Fetched, MirrorFolder, Origin, fetch_model
from musearoo.bridge.models.store import FOLDER, ModelStore
from musearoo.bridge.settings.config_files import home_folder
from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.catalogue import (
    MODELS,
    explain_missing_packages,
    find_model,
    list_missing_packages,
)
from musearoo.engines.neural.cards.description import ModelCard

HERE: Final = {"own": "yes", "hub cache": "yes, in the hub's cache", "in part": "in part", None: "no"}
"""Words in the list for a model's location."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command and its subcommands."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    names = [card.name for card in MODELS]

    listing = actions.add_parser("list", help="which there are, and which are here")
    listing.set_defaults(run=run_list)

    fetch = actions.add_parser("fetch", help="bring one here with what it runs on, after its licence was accepted")
    fetch.add_argument("name", choices=names, metavar="NAME", help="one of the list")
    fetch.add_argument("--mirror", type=Path, metavar="DIR", help="from this folder, or one of models, not the hub")
    fetch.add_argument("--accept-licence", action="store_true", help="accept its licence without being asked")
    fetch.set_defaults(run=run_fetch)

    verify = actions.add_parser("verify", help="hold the files that are here against their checksums")
    verify.add_argument("name", nargs="?", choices=names, metavar="NAME", help="one of them (all that are here)")
    verify.set_defaults(run=run_verify)

    remove = actions.add_parser("remove", help="delete one from MuseAroo's folder")
    remove.add_argument("name", choices=names, metavar="NAME", help="one of the list")
    remove.add_argument("--yes", action="store_true", help="without being asked")
    remove.set_defaults(run=run_remove)

    for action in (listing, fetch, verify, remove):
        add_json(action)


def run_list(options: argparse.Namespace) -> int:
    """Show the catalogue and what is installed."""
    store = _store()
    rows = [_describe(card, store) for card in MODELS]
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0
    table = Table("model", "size", "here", "what for", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row["name"], _describe_size(row["bytes"]), HERE[row["where"]], row["purpose"])
    console = Terminal()
    console.print(table)
    for licence in dict.fromkeys(card.licence for card in MODELS):
        names = ", ".join(card.name for card in MODELS if card.licence == licence)
        console.print(f"Licence of {names}: {licence}.", soft_wrap=True, highlight=False)
    for (missing, setup), families in _group_lacks().items():
        needed = f"Not installed, and needed for {', '.join(families)}: {missing}. Run {setup}."
        console.print(needed, soft_wrap=True, highlight=False)
    console.print(f"Own folder: {escape(str(store.folder))}", soft_wrap=True, highlight=False)
    return 0


def _group_lacks() -> dict[tuple[str, str], list[str]]:
    """Return the missing packages and their install commands, each with the model families that need them."""
    lacks: dict[tuple[str, str], list[str]] = {}
    for card in {card.family: card for card in MODELS}.values():
        if missing := ", ".join(list_missing_packages(card)):
            lacks.setdefault((missing, card.setup), []).append(card.family)
    return lacks


def run_fetch(options: argparse.Namespace) -> int:
    """Fetch a model and its dependencies; returns 0 also if all are installed already."""
    card = find_model(options.name)
    if options.mirror is not None and not options.mirror.is_dir():
        raise CommandError(f"There is no folder {options.mirror}: name the one that holds the model's files.")
    store = _store()
    accepted: set[str] = set()

    def fetch_unless_here(each: ModelCard) -> Fetched | None:
        if _is_here(each, store):
            return None
        if each.name not in accepted:
            accepted.update(_require_acceptance(each, store, options.accept_licence, may_ask=not options.json))
        origin = _find_origin(each, card, options.mirror)
        return _fetch_watched(each, card, origin, store, quiet=options.json)

    fetched = {card.name: fetch_unless_here(card)}
    # A model's dependencies are known for sure only once it is installed.
    fetched.update({name: fetch_unless_here(find_model(name)) for name in store.list_needed(card.name)})
    _say_result(options, card, store, fetched)
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Check the installed models; returns 1 if one is broken."""
    store = _store()
    present = store.list_present()
    if options.name and options.name not in (card.name for card in present):
        raise CommandError(store.explain_missing(options.name))
    names = (options.name, *store.list_needed(options.name)) if options.name else None
    cards = [card for card in present if names is None or card.name in names]
    rows = [{"name": card.name, "problems": _list_problems(card, store, quiet=options.json)} for card in cards]
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        for row in rows:
            if not row["problems"]:
                tell(f"{row['name']}: every file is as it came")
            for problem in row["problems"]:
                tell(f"musearoo: {problem}", to_stderr=True)
        if not rows:
            tell("There are no models on this machine.")
    return 1 if any(row["problems"] for row in rows) else 0


def _list_problems(card: ModelCard, store: ModelStore, quiet: bool) -> list[str]:
    """Return what is wrong with a model, and which of its dependencies are missing."""
    with _watch(quiet, BarColumn(), DownloadColumn()) as progress:
        task = progress.add_task(card.name, total=store.measure(card))
        problems = list(store.verify(card, lambda more: progress.advance(task, more)))
    lacks = store.find_alone(card.name) and not store.find(card.name)
    return [*problems, *([store.explain_missing(card.name)] if lacks else ())]


def run_remove(options: argparse.Namespace) -> int:
    """Delete a model from MuseAroo's folder, after asking, and the dependencies that only it had."""
    store = _store()
    place = store.place(options.name)
    users = store.list_users(options.name) if place.is_dir() else ()
    if users:
        verb, them = ("run", "these") if len(users) > 1 else ("runs", "that")
        raise CommandError(f"{options.name} is what {', '.join(users)} {verb} on: remove {them} first.")
    idle = store.list_idle(options.name)
    doomed = (options.name, *idle)
    places = ", ".join(str(store.place(name)) for name in doomed)
    if place.is_dir() and not options.yes:
        if options.json or not sys.stdin.isatty():
            raise CommandError(f"{places} is deleted only when you say --yes.")
        others = f" (nothing else runs on {', '.join(idle)})" if idle else ""
        if not _ask(f"Delete {places}{others}?"):
            return 1
    try:
        removed = [name for name in doomed if store.remove(name)]
    except OSError as error:
        raise CommandError(f"{places} cannot be deleted: {error.strerror or error}.") from error
    cached = store.find_cached(options.name)
    if options.json:
        also = [name for name in removed if name != options.name]
        fields = {"name": options.name, "removed": options.name in removed, "also_removed": also}
        print(json.dumps({**fields, "cached": str(cached) if cached else None}))
        return 0
    for name in removed:
        tell(f"Deleted {store.place(name)}.")
    if not removed:
        tell(f"There is no {options.name} in {store.folder}.")
    if cached:
        tell(f"The copy in the hub's cache was left: {cached}")
    return 0


def _store() -> ModelStore:
    return ModelStore(home_folder() / FOLDER)


def _describe(card: ModelCard, store: ModelStore) -> dict[str, Any]:
    own = store.find_own(card.name)
    folder = own or store.find_cached(card.name)
    where = "own" if own else "hub cache" if folder else None
    if store.find(card.name) is None and (folder or store.place(card.name).is_dir()):
        where = "in part"
    return {
        "name": card.name,
        "title": card.title,
        "purpose": card.purpose,
        "family": card.family,
        "stems": list(card.stems),
        "licence": card.licence,
        "bytes": card.bytes,
        "folder": str(folder) if folder else None,
        "where": where,
        "runs_on": list(store.list_needed(card.name) if folder else card.fetched_with),
        "missing_packages": list(list_missing_packages(card)),
    }


def _is_here(card: ModelCard, store: ModelStore) -> bool:
    """Whether a model itself is installed and complete, with or without its dependencies."""
    return store.find_alone(card.name) is not None and not store.verify(card)


def _require_acceptance(card: ModelCard, store: ModelStore, accepts: bool, may_ask: bool) -> set[str]:
    """Show the licences of a model and its dependencies; raises CommandError unless they are accepted.

    Returns the names of the models whose licences were shown.
    """
    others = [find_model(name) for name in card.fetched_with if store.find_alone(name) is None]
    cards = (card, *others)
    if not accepts:
        if not may_ask or not sys.stdin.isatty():
            licences = "; ".join(f"{each.name}: {each.licence}" for each in cards) if others else card.licence
            raise CommandError(
                f"The licence of {card.name} ({licences}) must be accepted first: read it with "
                f"`musearoo models fetch {card.name}` in a terminal, or say --accept-licence."
            )
        console = Terminal()
        for each in cards:
            console.print(
                f"[bold]{each.title}[/], {_describe_size(each.bytes)} from {each.repository}", highlight=False
            )
            console.print(f"{each.terms}\n", highlight=False)
        if not _ask("Do you accept this?"):
            raise CommandError("Nothing was fetched.")
    return {each.name for each in cards}


def _ask(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _find_origin(card: ModelCard, wanted: ModelCard, mirror: Path | None) -> Origin:
    if mirror is not None:
        return MirrorFolder(mirror, card.name, "" if card is wanted else wanted.name)
    if find_spec("huggingface_hub") is None:
        raise EngineError(
            f"Fetching from the hub needs the package huggingface-hub. Run {card.setup}. "
            "Or take the files from another machine's folder with --mirror DIR."
        )
    from musearoo.bridge.models.hub import HubRepository

    return HubRepository(card.repository)


def _fetch_watched(card: ModelCard, wanted: ModelCard, origin: Origin, store: ModelStore, quiet: bool) -> Fetched:
    """Fetch one model, which is `wanted` or a dependency of it, after its licence was accepted."""
    accepted = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    with _watch(quiet, BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()) as progress:
        task = progress.add_task(card.name, total=None)
        try:
            return fetch_model(
                card,
                origin,
                store,
                accepted=accepted,
                show=lambda done, total, name: progress.update(task, completed=done, total=total, description=name),
            )
        except KeyboardInterrupt:
            progress.console.print(
                f"Broken off; `musearoo models fetch {wanted.name}` goes on from here.", highlight=False
            )
            raise


def _watch(quiet: bool, *columns: ProgressColumn) -> Progress:
    """Return a progress bar that shows the name first; it shows nothing without a terminal."""
    console = Terminal(stderr=True)
    name = TextColumn("{task.description}")
    return Progress(name, *columns, console=console, transient=True, disable=quiet or not console.is_terminal)


def _say_result(
    options: argparse.Namespace, card: ModelCard, store: ModelStore, fetched: Mapping[str, Fetched | None]
) -> None:
    """Print the installed models; `fetched` has None for those that were installed before."""
    notes = [note for one in fetched.values() if one for note in one.notes]
    needs = explain_missing_packages(card)
    if options.json:
        print(
            json.dumps(
                {
                    "name": card.name,
                    "folder": str(store.find(card.name)),
                    "fetched": any(fetched.values()),
                    "runs_on": {name: str(folder) for name, folder in store.find_needed(card.name).items()},
                    "notes": notes,
                    "needs": needs,
                }
            )
        )
        return
    for name, one in fetched.items():
        tell(f"{name} is here{'' if one else ' already, as it came'}: {store.find_alone(name)}")
    for sentence in (*notes, *([needs] if needs else ())):
        tell(sentence)


def _describe_size(size: int) -> str:
    """Return a size in bytes in readable units.

    >>> _describe_size(84_025_500), _describe_size(3_913_670_534)
    ('84 MB', '3.9 GB')
    """
    return f"{size / 1e6:.0f} MB" if size < 1_000_000_000 else f"{size / 1e9:.1f} GB"
