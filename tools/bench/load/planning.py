"""A plan on paper for many sessions, from measured service times. Pure.

Interactive response-time law: N = X·(R + Z). Utilisation: ρ = X·S / c. Waiting for one of c composers by A. K. Erlang's
formula C (1917), which takes service times as exponential: ours vary less, so real waits are shorter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

BUSY: Final = 0.7
"""The utilisation that is planned for: above it waits grow steeply."""
ROUNDS: Final = 20
"""Times that rate and response are computed from each other; they settle within a few."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was measured at light load. Times are milliseconds of one request, memory is by each process's share.

    `composer_ms` and `server_ms` are CPU time; `light_ms` is the mean from request to take.
    """

    composer_ms: float
    server_ms: float
    light_ms: float
    server_mb: float
    connection_kb: float
    composer_mb: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What so many sessions need: composers and event loops, how busy those are, and how long requests wait."""

    sessions: int
    pause: float
    rate: float
    composers: int
    composers_busy: float
    servers: int
    servers_busy: float
    waits: float
    """The probability that a request waits at all."""
    wait_ms: float
    wait_p95_ms: float
    response_ms: float
    memory_mb: float


def erlang_c(servers: int, load: float) -> float:
    """Return the probability of waiting for one of `servers` at an offered load in erlangs, by Erlang's formula C.

    >>> round(erlang_c(1, 0.7), 3), round(erlang_c(2, 1.0), 3)
    (0.7, 0.333)
    """
    if load >= servers:
        return 1.0
    blocked = 1.0  # formula B, by its recursion, which no large factorial spoils
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def mean_wait(servers: int, rate: float, seconds: float) -> float:
    """Return the mean seconds of waiting at `rate` requests a second that take `seconds` each; infinite if too many."""
    load = rate * seconds
    return math.inf if load >= servers else erlang_c(servers, load) * seconds / (servers - load)


def wait_within(servers: int, rate: float, seconds: float, share: float) -> float:
    """Return the seconds in which that share of the requests need not wait longer."""
    load = rate * seconds
    waits = erlang_c(servers, load)
    return 0.0 if waits <= 1 - share else math.log(waits / (1 - share)) * seconds / (servers - load)


def plan(facts: Facts, sessions: int, pause: float) -> Plan:
    """Return what `sessions` need that ask `pause` seconds after each answer."""
    service, response = facts.composer_ms / 1000, facts.light_ms / 1000
    rate, composers, wait = 0.0, 1, 0.0
    for _ in range(ROUNDS):
        rate = sessions / (response + pause)
        composers = max(1, math.ceil(rate * service / BUSY))
        wait = mean_wait(composers, rate, service)
        response = facts.light_ms / 1000 + wait
    loop = rate * facts.server_ms / 1000
    servers = max(1, math.ceil(loop / BUSY))
    memory = servers * facts.server_mb + sessions * facts.connection_kb / 1000 + composers * facts.composer_mb
    return Plan(
        sessions=sessions,
        pause=pause,
        rate=rate,
        composers=composers,
        composers_busy=rate * service / composers,
        servers=servers,
        servers_busy=loop / servers,
        waits=erlang_c(composers, rate * service),
        wait_ms=1000 * wait,
        wait_p95_ms=1000 * wait_within(composers, rate, service, 0.95),
        response_ms=1000 * response,
        memory_mb=memory,
    )


def explain(facts: Facts, plans: list[Plan]) -> list[str]:
    """Return the plan as sentences: the formulae, where each number came from, and what follows."""
    lines = [
        f"Measured at light load: S = {facts.composer_ms:.2f} ms of a composer's CPU and D = {facts.server_ms:.2f} ms "
        f"of the server's for one request, R₀ = {facts.light_ms:.1f} ms from request to take; {facts.server_mb:.0f} MB "
        f"the server, {facts.connection_kb:.0f} kB more for each connection, {facts.composer_mb:.0f} MB a composer.",
        f"Formulae: X = N / (R + Z), ρ = X·S / c, c = ⌈X·S / {BUSY:g}⌉, wait = C(c, X·S)·S / (c − X·S) by Erlang, "
        f"R = R₀ + wait, event loops = ⌈X·D / {BUSY:g}⌉, memory = loops + N·connection + c·composer.",
    ]
    for each in plans:
        loops = f"{each.servers} event loop{'s' if each.servers > 1 else ''}, {100 * each.servers_busy:.0f} % busy"
        lines.append(
            f"{each.sessions:,} sessions, a request {each.pause:g} s after each answer: X = {each.rate:.0f}/s; "
            f"c = {each.composers} composers, {100 * each.composers_busy:.0f} % busy; {100 * each.waits:.0f} % of the "
            f"requests wait, {each.wait_ms:.1f} ms on average, p95 {each.wait_p95_ms:.1f} ms; "
            f"R = {each.response_ms:.1f} ms; {loops}; about {each.composers + each.servers} cores and "
            f"{each.memory_mb / 1000:.1f} GB."
        )
    lines.append(
        "Several event loops are several servers on one PostgreSQL. The store's writes are not in the formulae; SQLite "
        "writes one transaction at a time."
    )
    return lines
