"""How often somebody may ask: token buckets by user, and by address for those who fail to show a token."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from musearoo.bridge.api.problems.errors import ApiError

PER_SECOND: Final = 50.0
"""Requests of one user that are answered for as long as they come."""
AT_ONCE: Final = 200.0
"""Requests of one user that are answered at once after a rest."""
PAGE_FILES_PER_SECOND: Final = 200.0
PAGE_FILES_AT_ONCE: Final = 2_000.0
"""Files of the page for one address: each load asks for a hundred."""
FAILURES_PER_SECOND: Final = 0.2
FAILURES_AT_ONCE: Final = 20.0
"""Wrong tokens of one address."""
LOGINS_PER_SECOND: Final = 0.05
LOGINS_AT_ONCE: Final = 10.0
"""Wrong passwords for one name, whatever address they come from."""
MOST_BUCKETS: Final = 20_000


class Buckets:
    """Token buckets by name; those that were used longest ago are forgotten."""

    def __init__(self, per_second: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._most, self._clock = per_second, most, clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def level(self, name: str) -> float:
        """Return what is in a bucket now."""
        now = self._clock()
        level, at = self._levels.get(name, (self._most, now))
        return min(self._most, level + max(0.0, now - at) * self._per_second)

    def wait(self, name: str) -> float:
        """Return the seconds until there is one in a bucket; 0 where there is."""
        return max(0.0, (1.0 - self.level(name)) / self._per_second)

    def take(self, name: str) -> float:
        """Take one from a bucket; returns 0, or the seconds until there is one."""
        if (wait := self.wait(name)) > 0.0:
            return wait
        self._levels[name] = (self.level(name) - 1.0, self._clock())
        self._levels.move_to_end(name)
        while len(self._levels) > MOST_BUCKETS:
            self._levels.popitem(last=False)
        return 0.0

    def give_back(self, name: str) -> None:
        """Put one back into a bucket."""
        if name in self._levels:
            self._levels[name] = (min(self._most, self.level(name) + 1.0), self._clock())


class Rates:
    """The server's buckets. `scale` multiplies what users may do.

    More than 1 also multiplies what strangers may, for behind a proxy all have one address. Passwords, which can be
    guessed, have the same bound always.
    """

    def __init__(self, scale: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        more = max(1.0, scale)
        self._users = Buckets(PER_SECOND * scale, AT_ONCE * scale, clock)
        self._open = Buckets(PER_SECOND * more, AT_ONCE * more, clock)
        self._page_files = Buckets(PAGE_FILES_PER_SECOND * more, PAGE_FILES_AT_ONCE * more, clock)
        self._failures = Buckets(FAILURES_PER_SECOND * more, FAILURES_AT_ONCE * more, clock)
        self._logins = Buckets(LOGINS_PER_SECOND, LOGINS_AT_ONCE, clock)

    def check_user(self, user: str) -> None:
        """Raise ApiError where a user asks too often."""
        _require(self._users.take(user))

    def check_client(self, address: str) -> None:
        """Raise ApiError where an address asks too often for what needs no token."""
        _require(self._open.take(address))

    def check_page(self, address: str) -> None:
        """Raise ApiError where an address loads the page too often."""
        _require(self._page_files.take(address))

    def count_failure(self, address: str) -> None:
        """Count a wrong token; raises ApiError where too many came from an address.

        A valid token is never refused for them: all programs of a machine, or all behind one proxy, have one address.
        """
        _require(self._failures.take(address))

    def check_login(self, name: str) -> None:
        """Count a password before it is checked; raises ApiError where too many wrong ones came for a name.

        Counted afterwards, many that are checked at the same time would all pass.
        """
        _require(self._logins.take(name))

    def forgive_login(self, name: str) -> None:
        """Take the count of a password back: it was right, or was not checked."""
        self._logins.give_back(name)


def _require(wait: float) -> None:
    if wait > 0.0:
        after = math.ceil(wait)
        raise ApiError(429, "too_many_requests", f"Too many requests: try again in {after} s.", retry_after=after)
