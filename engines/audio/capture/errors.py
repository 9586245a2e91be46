"""The error raised when nothing can be captured from a ring buffer."""


class CaptureError(Exception):
    """Nothing can be captured from a recording; the message says why, and what to do."""
