"""What is said where nothing can be taken out of a ring."""


class CaptureError(Exception):
    """Nothing can be taken out of a recording: one sentence says why, and what to do."""
