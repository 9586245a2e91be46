"""How a command ends badly: one clear line on stderr and exit status 1."""

from musearoo.engines.errors import UserFacingError


class CommandError(UserFacingError):
    """The command cannot do what it was asked; the message is the line that the user reads."""
