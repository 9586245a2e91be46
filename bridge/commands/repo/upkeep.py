"""The actions of `musearoo repo` that keep the versions small and sound."""

from __future__ import annotations

import argparse
import json
import time

from musearoo.bridge.commands.repo.opening import open_versions
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.versions.upkeep import DAY, check, set_aside, sweep


def run_gc(options: argparse.Namespace) -> int:
    """Thin out versions that were kept by themselves, and remove what nothing needs."""
    swept = sweep(open_versions(), time.time(), options.days * DAY)
    if options.json:
        print(
            json.dumps(
                {"versions": swept.versions, "objects": swept.blobs, "freed_bytes": swept.freed, "bytes": swept.left}
            )
        )
    else:
        tell(
            f"{swept.versions} old versions and {swept.blobs} objects removed: {swept.freed / 1e6:.1f} MB; "
            f"{swept.left / 1e6:.1f} MB are left."
        )
    return 0


def run_fsck(options: argparse.Namespace) -> int:
    """Read everything, and print what is damaged or lost; returns 1 if anything is."""
    versions = open_versions()
    faults = check(versions)
    mended = set_aside(versions, faults) if options.mend else 0
    if options.json:
        rows = [
            {
                "object": fault.stem,
                "sentence": fault.sentence,
                "needed_by": [
                    {"repository": name, "version": key, "message": message} for name, key, message in fault.needed_by
                ],
            }
            for fault in faults
        ]
        print(json.dumps({"faults": rows, "removed": mended}))
        return 1 if faults else 0
    for fault in faults:
        tell(fault.sentence, *(f"  “{name}”, {key[:8]}: {message}" for name, key, message in fault.needed_by))
    tell("Nothing is damaged or lost." if not faults else f"{len(faults)} faults; {mended} damaged objects removed.")
    return 1 if faults else 0
