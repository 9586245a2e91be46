"""Users, tokens and members as clients see them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from musearoo.bridge.api.types.answers import Answer

UserName = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$(?!\n)", description="letters, digits, . _ @ + -")
]
ScopeName = Literal["read", "make", "admin", "metrics"]


class Login(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name and a password, for a token that lasts `days`."""

    name: Annotated[str, Meta(max_length=64)]
    password: Annotated[str, Meta(max_length=512)]
    days: Annotated[float, Meta(gt=0, le=365)] = 30.0


class NewUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user to add. Without a password only tokens admit the user."""

    name: UserName
    email: Annotated[str, Meta(max_length=254)] | None = None
    password: Annotated[str, Meta(max_length=512)] | None = None


class NewPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password, and the one before, which an admin need not know."""

    password: Annotated[str, Meta(max_length=512)]
    before: Annotated[str, Meta(max_length=512)] = ""


class NewToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token to make: what it is for, what it may do, and for how many days (none: until it is revoked)."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    scopes: Annotated[tuple[ScopeName, ...], Meta(min_length=1, max_length=4)] = ("make",)
    days: Annotated[float, Meta(gt=0, le=3650)] | None = None


class NewMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The role of a user in a session: editors make music, listeners see and hear."""

    role: Literal["editor", "listener"]


class UserState(Answer, frozen=True, kw_only=True):
    """A user."""

    id: str
    name: str
    email: str | None = None
    made: float = 0.0
    has_password: bool = False
    scopes: tuple[str, ...] = ()
    """What the asking token may do, with the answer about oneself."""


class UserList(Answer, frozen=True, kw_only=True):
    """A page of users, newest first."""

    items: tuple[UserState, ...]
    next: str | None = None


class TokenState(Answer, frozen=True, kw_only=True):
    """A token, without its secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    made: float
    expires: float | None = None
    used: float | None = None
    revoked: float | None = None


class MadeToken(TokenState, frozen=True, kw_only=True):
    """A token that was just made. `token` is its secret, which is shown this once."""

    token: str


class TokenList(Answer, frozen=True, kw_only=True):
    """A page of tokens, newest first."""

    items: tuple[TokenState, ...]
    next: str | None = None


class MemberState(Answer, frozen=True, kw_only=True):
    """A user's role in a session."""

    name: str
    role: Literal["owner", "editor", "listener"]


class MemberList(Answer, frozen=True, kw_only=True):
    """The members of a session."""

    items: tuple[MemberState, ...]


class PreferenceValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A setting of the user's: any plain data but null."""

    value: bool | int | float | str | list[Any] | dict[str, Any]


class PreferenceList(Answer, frozen=True, kw_only=True):
    """A user's settings by name, and what RooAroo has learnt of the user's taste."""

    values: dict[str, Any]
    tastes: dict[str, Any]


class NewLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A one-time link to the page: what its token is called, what it may do, and for how many days.

    Without `scopes` it may make music and read the metrics, as far as you may.
    """

    name: Annotated[str, Meta(min_length=1, max_length=80)] = "page"
    scopes: Annotated[tuple[ScopeName, ...], Meta(max_length=4)] = ()
    days: Annotated[float, Meta(gt=0, le=3650)] | None = 30.0


class OpenLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code of a one-time link, for the token that it stands for."""

    code: Annotated[str, Meta(min_length=1, max_length=128)]


class MadeLink(Answer, frozen=True, kw_only=True):
    """A one-time link: open `url` in a browser before `expires`, in Unix time."""

    code: str
    url: str
    expires: float


class LanState(Answer, frozen=True, kw_only=True):
    """Whether the server can be reached from the local network, and how.

    With a link that was just made: `link` is the whole address with the code, `qr` the same as a QR code, its rows from
    the top as texts of 0 and 1 (dark).
    """

    open: bool
    url: str = ""
    warning: str = ""
    link: str = ""
    expires: float | None = None
    qr: tuple[str, ...] = ()
