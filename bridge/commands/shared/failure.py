"""The error by which a command fails: one clear line on stderr and exit status 1."""

from musearoo.engines.errors import UserFacingError


class CommandError(UserFacingError):
    """The command failed; the message is the line that the user reads."""
