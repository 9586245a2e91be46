"""One sentence for what went wrong while an environment was made, and what to do about it."""

import re
import sys


class SetupError(Exception):
    """The machine, the network or the locks are in the way; the message says what to do."""


_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

# In this order: without a network pip also reports that it found no version, and a full disk can look like anything.
EXPLANATIONS: tuple[tuple[str, str], ...] = (
    (
        r"No space left on device|Errno 28|not enough space on the disk",
        "the disk is full: free some space (stems and models need up to 12 GB, all else 2 GB) and run this again.",
    ),
    (
        r"NewConnectionError|NameResolutionError|Temporary failure in name resolution|getaddrinfo failed"
        r"|Network is unreachable|Connection refused|ConnectTimeout|Read timed out|ReadTimeoutError|ProxyError",
        "packages cannot be downloaded: check the network, or the proxy that pip uses, and run this again.",
    ),
    (
        r"SSLError|CERTIFICATE_VERIFY_FAILED",
        "the package index is not trusted: give pip your network's certificate (PIP_CERT) and run this again.",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hashes are required",
        "a package that came is not the one that the lock names: leave out your package mirror, or tell us.",
    ),
    (
        r"No matching distribution found|Could not find a version",
        f"no package index offers a package of the lock for this machine and Python {_VERSION}; pip's words follow.",
    ),
    (
        r"ensurepip is not available|No module named '?(venv|ensurepip)|ensurepip.*returned non-zero",
        f"this Python cannot make environments: on Debian or Ubuntu run `sudo apt install python{_VERSION}-venv`.",
    ),
    (
        r"Permission denied|Access is denied|WinError 5\b|WinError 32\b",
        "a file of .venv cannot be written: end what runs from it (the daemon, an editor) or mend its owner.",
    ),
)


def explain(output: str) -> str:
    """What a failed program's output means and what to do, or that it is unknown.

    >>> explain("OSError: [Errno 28] No space left on device")[:17]
    'the disk is full:'
    """
    for pattern, sentence in EXPLANATIONS:
        if re.search(pattern, output):
            return sentence
    return "the reason is none that tools/dev.py knows; the last words of the failing step follow."


def last_lines(output: str, count: int = 12) -> str:
    """The end of a program's output, where it says what failed."""
    return "\n".join(output.rstrip().splitlines()[-count:])
