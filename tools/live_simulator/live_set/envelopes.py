"""Automation envelopes of clips: steps of a parameter's value. They are stored; nothing here plays them."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.core.objects import Context, Model, Owned, Stored, reads
from musearoo.tools.live_simulator.devices.parameters import DeviceParameter


class Envelope(Model):
    """The automation of one parameter in a clip: steps of start, length and value, in beats."""

    _steps: Stored[tuple[tuple[float, float, float], ...]] = Stored(())

    def __init__(self, context: Context, clip: Model, parameter: DeviceParameter) -> None:
        super().__init__(context, clip)
        self.parameter = parameter

    def insert_step(self, time: float, length: float, value: float) -> None:
        """Set the value for a stretch of time; what was there is cut away."""
        if length < 0.0:
            raise ValueError(f"The length of a step must not be negative, but is {length!r}")
        self.delete_events_in_range(time, time + length)
        self._steps = tuple(sorted((*self._steps, (time, length, value))))

    def delete_events_in_range(self, start: float, end: float) -> None:
        """Remove the steps that begin in a range."""
        self._steps = tuple(step for step in self._steps if not start <= step[0] < max(end, start + 1e-9))

    @reads
    def value_at_time(self, time: float) -> float:
        """Return the value at a time: that of the last step before it, or the parameter's own."""
        before = [value for start, _, value in self._steps if start <= time]
        return before[-1] if before else self.parameter.value


class EnvelopeHolder(Model):
    """The envelopes of a clip."""

    automation_envelopes: Owned[tuple[Envelope, ...]] = Owned((), also=("has_envelopes",))

    @property
    def has_envelopes(self) -> bool:
        """True when a parameter is automated in the clip."""
        return bool(self.automation_envelopes)

    @reads
    def automation_envelope(self, parameter: DeviceParameter) -> Envelope | None:
        """Return the envelope of a parameter, or None."""
        return next((each for each in self.automation_envelopes if each.parameter is parameter), None)

    def create_automation_envelope(self, parameter: DeviceParameter) -> Envelope:
        """Create the envelope of a parameter. Raises RuntimeError if there is one, and in the Arrangement."""
        clip: Any = self
        if clip.is_arrangement_clip:
            raise RuntimeError("Automation envelopes are only available in session clips")
        if self.automation_envelope(parameter) is not None:
            raise RuntimeError("The parameter has an envelope already")
        made = Envelope(self.context, self, parameter)
        self.automation_envelopes = (*self.automation_envelopes, made)
        return made

    def clear_envelope(self, parameter: DeviceParameter) -> None:
        """Remove the envelope of a parameter."""
        self.automation_envelopes = tuple(each for each in self.automation_envelopes if each.parameter is not parameter)

    def clear_all_envelopes(self) -> None:
        """Remove all envelopes."""
        self.automation_envelopes = ()
