"""A Remote Script that tests our assumptions about Live and writes the results to Live's log.

It uses nothing but the Live API, so it also runs in a real Live: copy the folder HouseProbes to `User Library/Remote
Scripts`, choose it as a control surface in an empty set, and look for lines with PROBE in Log.txt. It adds tracks at
the end of the set and removes them again.
"""

from .run import ProbeRun


def create_instance(c_instance):  # type: ignore[no-untyped-def]  # Live calls it, by position
    """Return the surface; Live calls this once."""
    return ProbeRun(c_instance)
