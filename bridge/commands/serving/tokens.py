"""`musearoo tokens`: what programs are admitted by, with scopes, expiry and revocation."""

from __future__ import annotations

import argparse
import json
import time
from functools import partial
from typing import Any, Final

from musearoo.bridge.commands.shared.arguments import add_json, number_in
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.shared.stores import add_database, opened_store

PAGE: Final = 200
LOCAL: Final = "local"
"""The one user of this machine, whom the token file admits."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="a user's tokens, without their secrets")
    adding = actions.add_parser("add", help="make a token; its secret is printed once")
    adding.add_argument("name", metavar="NAME", help="what it is for, such as phone")
    adding.add_argument(
        "--scope",
        action="append",
        choices=("read", "make", "admin", "metrics"),
        help="what it may do (make, which includes read); may be given more than once",
    )
    adding.add_argument("--days", type=number_in(0.01, 3_650), metavar="N", help="for how long (until it is revoked)")
    revoking = actions.add_parser("revoke", help="revoke a token, by its id or its name")
    revoking.add_argument("token", metavar="ID")
    for action, run in ((listing, run_list), (adding, run_add), (revoking, run_revoke)):
        action.add_argument("--user", default=LOCAL, metavar="NAME", help=f"whose ({LOCAL}: this machine's one user)")
        add_database(action)
        add_json(action)
        action.set_defaults(run=run)


def run_list(options: argparse.Namespace) -> int:
    """Print a user's tokens, newest first."""
    tokens = _read_tokens(options)
    fields = ("id", "name", "scopes", "made", "expires", "used", "revoked")
    if options.json:
        print(json.dumps([{name: getattr(token, name) for name in fields} for token in tokens]))
        return 0
    now = time.time()
    for token in tokens:
        tell(f"{token.id}  {token.name:20} {', '.join(token.scopes):14} {_state(token, now)}")
    if not tokens:
        tell("There are no tokens yet: musearoo tokens add NAME.")
    return 0


def run_add(options: argparse.Namespace) -> int:
    """Make a token, and print its secret."""
    from musearoo.bridge.api.access.accounts import make_token, require_user

    scopes = tuple(dict.fromkeys(options.scope or ("make",)))
    with opened_store(options.database, make=True) as store:
        user = store.read_now(partial(require_user, name=options.user))
        made = partial(make_token, user=user.id, name=options.name, scopes=scopes, days=options.days, now=time.time())
        token, secret = store.run_now(made)
    if options.json:
        print(json.dumps({"id": token.id, "token": secret, "expires": token.expires}))
    else:
        tell(secret)
        tell("That is shown this once: keep it now.", to_stderr=True)
    return 0


def run_revoke(options: argparse.Namespace) -> int:
    """Revoke a token."""
    from musearoo.bridge.api.access.accounts import require_user
    from musearoo.bridge.api.problems.errors import NotFoundError
    from musearoo.bridge.store.tokens import revoke_token

    found = [token for token in _read_tokens(options) if options.token in (token.id, token.name)]
    alive = [token for token in found if token.revoked is None]
    if not found:
        raise NotFoundError(f"There is no token {options.token}: musearoo tokens list shows them.")
    with opened_store(options.database) as store:
        user = store.read_now(partial(require_user, name=options.user))
        for token in alive:
            store.run_now(partial(revoke_token, user=user.id, token=token.id, now=time.time()))
    if options.json:
        print(json.dumps({"revoked": [token.id for token in alive]}))
    else:
        tell(f"Revoked: {len(alive)}. A server that runs notices within five seconds.")
    return 0


def _read_tokens(options: argparse.Namespace) -> list[Any]:
    from musearoo.bridge.api.access.accounts import require_user
    from musearoo.bridge.store.tokens import list_tokens

    with opened_store(options.database) as store:
        user = store.read_now(partial(require_user, name=options.user))
        tokens: list[Any] = []
        while page := store.read_now(
            partial(list_tokens, user=user.id, limit=PAGE, after=tokens[-1].id if tokens else None)
        ):
            tokens += page
    return tokens


def _state(token: Any, now: float) -> str:
    if token.revoked is not None:
        return "revoked"
    if token.expires is None:
        return "until it is revoked"
    return "expired" if token.expires <= now else f"until {time.strftime('%Y-%m-%d', time.localtime(token.expires))}"
