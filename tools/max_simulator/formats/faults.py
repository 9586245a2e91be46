"""Errors of a device in the simulated Max. Many of them would be silent in Max."""


class PatchError(Exception):
    """The patch uses something unknown to Max or not simulated here; the text names the box."""


class HostTimeout(Exception):  # noqa: N818 - a timeout is not an error of the patch
    """The awaited condition did not become true in time."""


class UnknownControlError(Exception):
    """The device has no such control, or it cannot be used that way; the text lists the controls."""
