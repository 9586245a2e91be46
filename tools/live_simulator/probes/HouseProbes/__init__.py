"""A Remote Script that tries what we believe of Live, and writes the outcome to Live's log.

It uses nothing but the Live API, so that a person with a real Live can load it too: copy the folder
HouseProbes to `User Library/Remote Scripts`, choose it as a control surface in an empty set, and
look for lines with PROBE in Log.txt. It adds tracks at the end of the set and takes them away.
"""

from .run import ProbeRun


def create_instance(c_instance):  # type: ignore[no-untyped-def]  # Live calls it, by position
    """Return the surface; Live calls this once."""
    return ProbeRun(c_instance)
