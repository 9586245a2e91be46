"""`musearoo models list | fetch | verify | remove`: the trained networks on this machine."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from bridge.commands.arguments import Subparsers, add_json
from bridge.commands.failure import CommandError
from bridge.config_files import home_folder
from bridge.model_fetching import Fetched, MirrorFolder, Origin, fetch_model
from bridge.model_store import FOLDER, ModelStore
from engines.errors import EngineError
from engines.models.catalogue import (
    HOW_TO_SET_UP,
    MODELS,
    ModelCard,
    explain_missing_packages,
    find_model,
    list_missing_packages,
)

INSTALL: Final = f"Run `{HOW_TO_SET_UP}`."


def add_to(subparsers: Subparsers) -> None:
    """Declares the command and what it does."""
    parser = subparsers.add_parser("models", help="the trained networks: which there are, fetch, verify, remove")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    names = [card.name for card in MODELS]

    listing = actions.add_parser("list", help="which there are, and which are here")
    listing.set_defaults(run=run_list)

    fetch = actions.add_parser("fetch", help="bring one here, after its licence was accepted")
    fetch.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))
    fetch.add_argument("--mirror", type=Path, metavar="DIR", help="from this folder, or one of models, not the hub")
    fetch.add_argument("--accept-licence", action="store_true", help="accept its licence without being asked")
    fetch.set_defaults(run=run_fetch)

    verify = actions.add_parser("verify", help="hold the files that are here against their checksums")
    verify.add_argument("name", nargs="?", choices=names, metavar="NAME", help="one of them (all that are here)")
    verify.set_defaults(run=run_verify)

    remove = actions.add_parser("remove", help="delete one from MuseAroo's folder")
    remove.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))
    remove.add_argument("--yes", action="store_true", help="without being asked")
    remove.set_defaults(run=run_remove)

    for action in (listing, fetch, verify, remove):
        add_json(action)


def run_list(options: argparse.Namespace) -> int:
    """Shows the catalogue beside what is here."""
    store = _store()
    rows = [_describe(card, store) for card in MODELS]
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0
    table = Table("model", "stems", "size", "here", "what for", box=None, pad_edge=False)
    for row in rows:
        here = {"own": "yes", "hub cache": "yes, in the hub's cache"}.get(row["where"], "no")
        table.add_row(row["name"], str(len(row["stems"])), _megabytes(row["bytes"]), here, row["purpose"])
    console = Console()
    console.print(table)
    for licence in dict.fromkeys(card.licence for card in MODELS):
        names = ", ".join(card.name for card in MODELS if card.licence == licence)
        console.print(f"Licence of {names}: {licence}.", soft_wrap=True, highlight=False)
    for missing in dict.fromkeys(", ".join(row["missing_packages"]) for row in rows):
        if missing:
            console.print(f"Not installed, and needed to run them: {missing}. {INSTALL}", soft_wrap=True)
    console.print(f"Own folder: {store.folder}", soft_wrap=True, highlight=False)
    return 0


def run_fetch(options: argparse.Namespace) -> int:
    """Brings a model here; 0 too where it is here already."""
    card = find_model(options.name)
    store = _store()
    if store.find(card.name) and not store.verify(card):
        _say_result(options, card, store, None)
        return 0
    _require_acceptance(card, options.accept_licence, may_ask=not options.json)
    accepted = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    fetched = _fetch_watched(card, _find_origin(card, options.mirror), store, accepted, quiet=options.json)
    _say_result(options, card, store, fetched)
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Checks the models that are here; 1 where one is broken."""
    store = _store()
    cards = [card for card in store.list_present() if options.name in (None, card.name)]
    if options.name and not cards:
        raise CommandError(store.explain_missing(options.name))
    rows = [{"name": card.name, "problems": list(store.verify(card))} for card in cards]
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        for row in rows:
            if not row["problems"]:
                print(f"{row['name']}: every file is as it came")
            for problem in row["problems"]:
                print(f"musearoo: {problem}", file=sys.stderr)
        if not rows:
            print("There are no models on this machine.")
    return 1 if any(row["problems"] for row in rows) else 0


def run_remove(options: argparse.Namespace) -> int:
    """Deletes a model of the own folder, after asking."""
    store = _store()
    place = store.place(options.name)
    if place.is_dir() and not options.yes:
        if options.json or not sys.stdin.isatty():
            raise CommandError(f"{place} is deleted only when you say --yes.")
        if not _ask(f"Delete {place}?"):
            return 1
    try:
        removed = store.remove(options.name)
    except OSError as error:
        raise CommandError(f"{place} cannot be deleted: {error.strerror or error}.") from error
    cached = store.find_cached(options.name)
    if options.json:
        print(json.dumps({"name": options.name, "removed": removed, "cached": str(cached) if cached else None}))
        return 0
    print(f"Deleted {place}." if removed else f"There is no {options.name} in {store.folder}.")
    if cached:
        print(f"The copy in the hub's cache was left: {cached}")
    return 0


def _store() -> ModelStore:
    return ModelStore(home_folder() / FOLDER)


def _describe(card: ModelCard, store: ModelStore) -> dict[str, Any]:
    own = store.find_own(card.name)
    folder = own or store.find_cached(card.name)
    return {
        "name": card.name,
        "title": card.title,
        "purpose": card.purpose,
        "stems": list(card.stems),
        "licence": card.licence,
        "bytes": card.bytes,
        "folder": str(folder) if folder else None,
        "where": "own" if own else "hub cache" if folder else None,
        "missing_packages": list(list_missing_packages(card)),
    }


def _require_acceptance(card: ModelCard, accepts: bool, may_ask: bool) -> None:
    """Shows the licence, and raises CommandError unless it is accepted."""
    if accepts:
        return
    if not may_ask or not sys.stdin.isatty():
        raise CommandError(
            f"The licence of {card.name} ({card.licence}) must be accepted first: read it with "
            f"`musearoo models fetch {card.name}` in a terminal, or say --accept-licence."
        )
    console = Console()
    console.print(f"[bold]{card.title}[/], {_megabytes(card.bytes)} from {card.repository}", highlight=False)
    console.print(card.terms, highlight=False)
    if not _ask("Do you accept this?"):
        raise CommandError("Nothing was fetched.")


def _ask(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _find_origin(card: ModelCard, mirror: Path | None) -> Origin:
    if mirror is not None:
        return MirrorFolder(mirror, card.name)
    if find_spec("huggingface_hub") is None:
        raise EngineError(
            "Fetching from the hub needs the package huggingface-hub. "
            f"{INSTALL} Or take the files from another machine's folder with --mirror DIR."
        )
    from bridge.model_hub import HubRepository

    return HubRepository(card.repository)


def _fetch_watched(card: ModelCard, origin: Origin, store: ModelStore, accepted: str, quiet: bool) -> Fetched:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=quiet or not console.is_terminal
    ) as progress:
        task = progress.add_task(card.name, total=None)
        try:
            return fetch_model(
                *(card, origin, store, accepted),
                lambda done, total, name: progress.update(task, completed=done, total=total, description=name),
            )
        except KeyboardInterrupt:
            console.print(f"Broken off; `musearoo models fetch {card.name}` goes on from here.", highlight=False)
            raise


def _say_result(options: argparse.Namespace, card: ModelCard, store: ModelStore, fetched: Fetched | None) -> None:
    """Tells what is here now; `fetched` is None where it was here before."""
    folder = store.find(card.name)
    notes = fetched.notes if fetched else ()
    needs = explain_missing_packages(card)
    if options.json:
        fields = {"name": card.name, "folder": str(folder), "fetched": fetched is not None, "notes": notes}
        print(json.dumps({**fields, "needs": needs}))
        return
    print(f"{card.name} is here{'' if fetched else ' already, as it came'}: {folder}")
    for sentence in (*notes, *([needs] if needs else ())):
        print(sentence)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
