"""Edits of a track's EQ Eight. Raw values differ between versions of Live, so displayed values are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ..live_set.states import MASTER, find_equaliser
from ..wire.table import BAD_PARAMETER, WRONG_TRACK
from .draft import Draft, DraftTrack, capital
from .refusal import EditError
from .work import Step, Work

if TYPE_CHECKING:
    from ..host.live import Device, Parameter
    from ..wire.messages import Arguments

EQ_EIGHT = "EQ Eight"
STEPS = 40
"""Bisection steps of a parameter's range: finer than Live's single precision."""
KILO = 1000.0


def set_equaliser(draft: Draft, edit: Arguments) -> Step:
    """Set one band of a track's last EQ Eight, or of a new one."""
    track = draft.track(edit.track)
    draft.refuse_frozen(track)
    if edit.fresh:
        _refuse_new(track)
    elif track.live is not None and not track.has_new_device:
        equaliser = find_equaliser(track.live)
        if equaliser is None:
            raise EditError(BAD_PARAMETER, f"{capital(track.words)} has no {EQ_EIGHT}: ask for a new one.")
        for name in _settings(edit):
            _usable(_parameter(equaliser, name), name, track)
    track.has_new_device = track.has_new_device or bool(edit.fresh)

    def perform(work: Work) -> None:
        if edit.fresh:
            _insert(work, track)
        equaliser = find_equaliser(track.handle)
        for name, (value, is_shown) in _settings(edit).items():
            parameter = _usable(_parameter(equaliser, name), name, track)
            work.set(parameter, "value", raw_value(parameter, value) if is_shown else value)

    return Step(perform, track)


def raw_value(parameter: Parameter, shown: float) -> float:
    """Return the raw value for which Live displays the number nearest to `shown`: Hz where it shows kHz, dB, or plain.

    The displayed value rises with the raw value for every parameter of the equaliser, and is rounded. Of all raw values
    with the same display, this is the middle one.
    """
    first = _search(parameter, lambda number: number < shown)
    return (first + _search(parameter, lambda number: number <= shown)) / 2.0


def _search(parameter: Parameter, is_below: Callable[[float], bool]) -> float:
    """Return the raw value from which the displayed one is no longer below a limit."""
    low, high = parameter.min, parameter.max
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        if is_below(_number(parameter.str_for_value(middle))):
            low = middle
        else:
            high = middle
    return high


def _number(text: str) -> float:
    """Return the number that Live displays; minus infinity for "-inf dB"."""
    word, _, unit = text.strip().partition(" ")
    return float(word.replace(",", ".")) * (KILO if unit.startswith("k") else 1.0)


def _settings(edit: Arguments) -> dict[str, tuple[float, bool]]:
    """Return the parameters of a band: value, and whether it is a displayed or a raw one."""
    settings = {
        "Filter On": (1.0, False),
        "Filter Type": (float(edit.filter_type), False),
        "Frequency": (edit.hertz, True),
        "Gain": (edit.gain_db, True),
        "Resonance": (edit.q, True),
    }
    return {f"{edit.band} {name} A": setting for name, setting in settings.items()}


def _refuse_new(track: DraftTrack) -> None:
    if track.kind == MASTER:
        raise EditError(WRONG_TRACK, "The master track is left to the user.")
    if track.live is not None and not hasattr(track.live, "insert_device"):
        raise EditError(
            BAD_PARAMETER, f"This Live cannot put an {EQ_EIGHT} on {track.words} by itself: drag one there."
        )


def _insert(work: Work, track: DraftTrack) -> None:
    live: Any = track.handle
    live.insert_device(EQ_EIGHT)
    work.on_failure(lambda: live.delete_device(len(list(live.devices)) - 1))


def _parameter(equaliser: Device | None, name: str) -> Parameter | None:
    if equaliser is None:
        return None
    return next((each for each in equaliser.parameters if each.name == name), None)


def _usable(parameter: Parameter | None, name: str, track: DraftTrack) -> Parameter:
    if parameter is None:
        raise EditError(BAD_PARAMETER, f"The {EQ_EIGHT} of {track.words} has no {name}.")
    if not parameter.is_enabled or parameter.automation_state:
        raise EditError(
            WRONG_TRACK, f"{name} of the {EQ_EIGHT} of {track.words} is automated or held by a macro: free it first."
        )
    return parameter
