"""When requests are meant to begin: drawn before a run, so that a slow server delays no arrival. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that is meant to begin `at` seconds after the start of a run, by a user's number."""

    at: float
    user: int


def draw_people(users: int, pause: float, seconds: float, seed: int) -> tuple[Arrival, ...]:
    """Return the requests of people who each pause as often short as long: exponentially, `pause` seconds on average.

    Each user begins somewhere in a pause, so that the first second is as busy as the last.
    """
    draw = random.Random(seed)
    arrivals: list[Arrival] = []
    for user in range(users):
        at = draw.expovariate(1.0 / pause)
        while at < seconds:
            arrivals.append(Arrival(at, user))
            at += draw.expovariate(1.0 / pause)
    return tuple(sorted(arrivals, key=lambda arrival: arrival.at))


def draw_rate(rate: float, users: int, seconds: float, seed: int) -> tuple[Arrival, ...]:
    """Return `rate` requests a second, independent of each other (Poisson), by the users in turn."""
    draw = random.Random(seed)
    arrivals: list[Arrival] = []
    at = draw.expovariate(rate)
    while at < seconds:
        arrivals.append(Arrival(at, len(arrivals) % users))
        at += draw.expovariate(rate)
    return tuple(arrivals)


def draw_connects(connections: int, per_second: float, seed: int) -> tuple[float, ...]:
    """Return when connections are opened: at a steady rate with jitter, in seconds, in order."""
    draw = random.Random(seed)
    return tuple(sorted((number + draw.random()) / per_second for number in range(connections)))
