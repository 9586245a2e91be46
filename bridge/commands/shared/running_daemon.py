"""Find out whether a daemon is running."""

from __future__ import annotations

import socket

from musearoo.bridge.settings.config_files import ConfigFolder, Endpoint

ANSWERS_WITHIN = 1.0
"""Timeout in seconds; on the same machine an answer takes a thousandth of one."""


def find_daemon(folder: ConfigFolder) -> Endpoint | None:
    """Return the address of this folder's running daemon, or None; the endpoint of a dead one is ignored."""
    endpoint = folder.read_endpoint()
    return endpoint if endpoint is not None and answers(endpoint.script_port) else None


def answers(port: int) -> bool:
    """Whether something listens on a TCP port of this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWERS_WITHIN):
            return True
    except OSError:
        return False
