"""`musearoo users`: who may use the server, with passwords."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.files import new_private_file
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.shared.stores import add_database, opened_store, remove_or_tell
from musearoo.bridge.settings.config_files import home_folder

PAGE: Final = 200


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, run, said in (
        ("list", run_list, "the users"),
        ("add", run_add, "add a user; the password is asked for, or read from standard input"),
        ("password", run_password, "set a user's password; asked for, or read from standard input"),
        ("export", run_export, "write all that the store has of a user, as JSON"),
        ("remove", run_remove, "delete a user with sessions, takes, tokens and settings"),
    ):
        action = actions.add_parser(name, help=said)
        if name != "list":
            action.add_argument("name", metavar="NAME")
        if name == "add":
            action.add_argument("--email", metavar="ADDRESS")
            action.add_argument("--no-password", action="store_true", help="only tokens admit the user")
        if name == "remove":
            action.add_argument("--yes", action="store_true", help="do not ask")
        if name == "export":
            action.add_argument("--out", type=Path, metavar="FILE", help="a new file (standard output)")
        add_database(action)
        add_json(action)
        action.set_defaults(run=run)


def run_list(options: argparse.Namespace) -> int:
    """Print the users, newest first."""
    from musearoo.bridge.store.users import list_users

    with opened_store(options.database) as store:
        users: list[Any] = []
        while page := store.read_now(partial(list_users, limit=PAGE, after=users[-1].id if users else None)):
            users += page
    rows = [
        {"name": user.name, "email": user.email, "made": user.made, "has_password": user.password_hash is not None}
        for user in users
    ]
    if options.json:
        print(json.dumps(rows))
        return 0
    for row in rows:
        day = time.strftime("%Y-%m-%d", time.localtime(row["made"]))
        tell(f"{row['name']:24} {day}  {'password' if row['has_password'] else 'tokens alone':12} {row['email'] or ''}")
    if not rows:
        tell("There are no users yet: musearoo users add NAME.")
    return 0


def run_add(options: argparse.Namespace) -> int:
    """Add a user."""
    from musearoo.bridge.api.access.accounts import make_user
    from musearoo.bridge.api.access.passwords import hash_password

    hashed = None if options.no_password else hash_password(_ask_password())
    with opened_store(options.database, make=True) as store:
        user = store.run_now(
            partial(make_user, name=options.name, email=options.email, password_hash=hashed, now=time.time())
        )
    if options.json:
        print(json.dumps({"id": user.id, "name": user.name}))
    else:
        tell(f"{user.name} may use the server now.")
    return 0


def run_password(options: argparse.Namespace) -> int:
    """Set a user's password."""
    from musearoo.bridge.api.access.accounts import require_user
    from musearoo.bridge.api.access.passwords import hash_password
    from musearoo.bridge.store.users import set_password_hash

    with opened_store(options.database) as store:
        user = store.read_now(partial(require_user, name=options.name))
        hashed = hash_password(_ask_password())
        store.run_now(partial(set_password_hash, user=user.id, password_hash=hashed))
    if options.json:
        print(json.dumps({"name": user.name}))
    else:
        tell(f"{user.name} has a new password. Tokens stay: musearoo tokens revoke.")
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write a user's data to a new file, or to standard output."""
    from musearoo.bridge.api.access.accounts import require_user
    from musearoo.bridge.store.upkeep.personal import export_user

    with opened_store(options.database) as store:
        user = store.read_now(partial(require_user, name=options.name))
        if options.out is None:
            store.read_now(partial(export_user, user=user.id, stream=sys.stdout.buffer))
            return 0
        with new_private_file(options.out) as stream:
            rows = store.read_now(partial(export_user, user=user.id, stream=stream))
    if options.json:
        print(json.dumps({"file": str(options.out), "rows": rows}))
    else:
        tell(f"Wrote {options.out}.")
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Delete a user with all data, and the files."""
    from musearoo.bridge.api.access.accounts import require_user
    from musearoo.bridge.api.access.admission import LOCAL_USER, add_local_user
    from musearoo.bridge.store.upkeep.personal import delete_user

    with opened_store(options.database) as store:
        user = store.read_now(partial(require_user, name=options.name))
        if not options.yes and not _is_sure(options):
            tell("Nothing was deleted.")
            return 1
        drafts = _find_drafts(user.id)
        paths = (*store.run_now(partial(delete_user, user=user.id)), *drafts)
        # At once: nothing else knows of them any more.
        left = remove_or_tell(paths)
        if store.is_sqlite:
            # The log still has what was deleted.
            store.truncate_log()
        if user.id == LOCAL_USER:
            # Whoever owns the machine goes on, with nothing.
            store.run_now(partial(add_local_user, now=time.time()))
    if options.json:
        print(json.dumps({"name": user.name, "files": len(paths) - len(left), "undeleted_files": left}))
    else:
        tell(f"{user.name} is deleted, with {len(paths) - len(left)} files.")
    return 1 if left else 0


def _is_sure(options: argparse.Namespace) -> bool:
    if options.json or not sys.stdin.isatty():
        raise CommandError(f"{options.name} and all their data are deleted only when you say --yes.")
    try:
        typed = input(f"Delete {options.name} with all sessions, takes and files? Type the name: ")
    except EOFError:
        return False
    return bool(typed.strip() == options.name)


def _find_drafts(user: str) -> list[str]:
    """Return the files of a user's unfinished uploads, of which the store has no rows."""
    from musearoo.bridge.api.composers.messages import UPLOADS
    from musearoo.bridge.api.jobs.drafts import DRAFTS, Draft

    found = []
    for facts in (home_folder() / UPLOADS / DRAFTS).glob("*.json"):
        try:
            draft = msgspec.json.decode(facts.read_bytes(), type=Draft)
        except (OSError, msgspec.MsgspecError):
            # Finished meanwhile, or never begun: the server removes it.
            continue
        if draft.user == user:
            found += [str(facts.with_suffix(".part")), str(facts)]
    return found


def _ask_password() -> str:
    """Return a password: typed twice in a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("The two passwords differ: nothing was changed.")
    return first
