"""What goes wrong with a device in the simulated Max: where Max would be silent, these are loud."""


class PatchError(Exception):
    """The patch has something that Max does not know, or that this simulation does not run; says which box."""


class HostTimeout(Exception):  # noqa: N818 - a wait in vain, nobody's error
    """What was waited for did not come in time."""


class UnknownControlError(Exception):
    """The device has no control of that name, or it cannot be used in that way; says which there are."""
