"""Runs a program and says what it and its children asked of the system: whom they spoke to, and what they wrote.

By strace, which sees what every library does, in whatever language; where the system lets us, in a network that has
nothing but the machine itself, so that what is tried does not happen. Where there is no strace, a hook in Python
(`audit/sitecustomize.py`) sees what Python code does, and not what libraries in C do by themselves.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.architecture.imports import ROOT

WITHIN: Final = 600.0
"""Seconds after which a program hangs."""

HAS_STRACE: Final = shutil.which("strace") is not None

_MAKING: Final = re.compile("(mkdir|rename|link|symlink|mknod|truncate)(at|at2)?")
_TRACE: Final = f"trace=%network,open,openat,creat,/^{_MAKING.pattern}$"
_ONLY_HERE: Final = (
    *("unshare", "--net", sys.executable, "-Ic"),
    # What `ip link set lo up` does, which not every machine has: SIOCSIFFLAGS with IFF_UP | IFF_RUNNING.
    "import fcntl,os,socket,struct,sys;"
    "fcntl.ioctl(socket.socket(),0x8914,struct.pack('16sH14x',b'lo',0x41));"
    "os.execvp(sys.argv[1],sys.argv[1:])",
)
_CALL: Final = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+|\?)(?:<(.*)>)?", re.DOTALL)
_ADDRESS: Final = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"')
_RESOLVERS: Final = re.compile(r"/etc/resolv\.conf|systemd/resolve|avahi-daemon")
"""What a program opens that looks up a name which is not in the machine's own list of hosts."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a program did: its end, what it printed, whom it asked or listened for, and the files that it wrote."""

    status: int
    output: str
    contacts: tuple[str, ...]
    written: tuple[Path, ...]


def watch(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    until: Callable[[], bool] | None = None,
    by_strace: bool = HAS_STRACE,
) -> Seen:
    """Run Python on `command` in `folder`, and return what was seen of it and of all its children.

    `until`: asked again and again; Ctrl-C is pressed when it says yes.
    """
    notes = folder.with_name(f"{folder.name}.calls")
    notes.mkdir()
    python = (sys.executable, *command)
    if by_strace:
        kept = {**environment, "PYTHONPATH": str(ROOT)}
        tracer = ("strace", "-ff", "-qqq", "-yy", "-s", "4096", "--seccomp-bpf", "-e", "signal=none", "-e", _TRACE)
        started = (*(_ONLY_HERE if _has_own_network() else ()), *tracer, "-o", str(notes / "of"), *python)
        read = _read_strace
    else:
        hook = Path(__file__).parent / "audit"
        kept = {**environment, "PYTHONPATH": os.pathsep.join((str(hook), str(ROOT))), "AUDIT_NOTES": str(notes)}
        started, read = python, _read_hook
    with subprocess.Popen(
        started,
        cwd=folder,
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        over = threading.Event()
        if until:
            threading.Thread(target=_press_ctrl_c, args=(process, until, over), daemon=True).start()
        try:
            output, _ = process.communicate(timeout=WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output = f"{command} did not end within {WITHIN:g} s: {process.communicate()[0]}"
        finally:
            over.set()
    calls = [call for file in sorted(notes.iterdir()) for call in read(file, folder)]
    shutil.rmtree(notes)
    contacts = dict.fromkeys(what for kind, what in calls if kind == "contact")
    written = dict.fromkeys(Path(what) for kind, what in calls if kind == "file")
    return Seen(process.returncode, output, tuple(contacts), tuple(written))


def _press_ctrl_c(process: subprocess.Popen[str], until: Callable[[], bool], over: threading.Event) -> None:
    while not over.wait(0.1):
        if until():
            # To all of them, as a terminal does.
            os.killpg(process.pid, signal.SIGINT)
            return


@cache
def _has_own_network() -> bool:
    """Whether a program can be given a network of its own, which takes root's rights."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*_ONLY_HERE, "true"], capture_output=True, check=False).returncode == 0


def _read_strace(file: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """What one thread did, as strace wrote it: pairs of a kind, contact or file, and what it was."""
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        found = _CALL.match(line)
        if not found:
            continue
        call, given, result, opened = found.groups()
        if call in ("open", "openat", "creat"):
            name = _unescape(opened).partition("<")[0] if opened else _path(given, 0, folder)
            if _RESOLVERS.search(given):
                yield "contact", f"looks up a name ({name})"
            if not result.startswith("-") and (call == "creat" or re.search(r"O_(WRONLY|RDWR|CREAT)", given)):
                yield "file", name
        elif call in ("connect", "bind", "sendto", "sendmsg", "sendmmsg"):
            for port, address in _ADDRESS.findall(given):
                if _is_elsewhere(address, int(port)):
                    yield "contact", f"{call} {address} port {port}"
            if "AF_UNIX" in given and _RESOLVERS.search(given):
                yield "contact", f"looks up a name ({given})"
        elif _MAKING.fullmatch(call) and result == "0":
            # Of two paths the last is what comes into being.
            yield "file", _path(given, -1, folder)


def _read_hook(file: Path, folder: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        kind, what, port = json.loads(line)
        if kind == "file":
            yield "file", os.path.normpath(folder / what)
        elif kind == "look up" or _is_elsewhere(what, port):
            yield "contact", f"{kind} {what} port {port}"


def _is_elsewhere(address: str, port: int) -> bool:
    """Whether an address is another machine, or a name server here, which asks others."""
    return port == 53 or not (address.startswith("127.") or address == "::1")


def _path(given: str, which: int, folder: Path) -> str:
    """One of the paths in a call's arguments, from the folder that stands before it, or else from `folder`."""
    found = list(re.finditer(r'(?:<([^<>]*)>, )?"((?:[^"\\]|\\.)*)"', given))[which]
    return os.path.normpath(os.path.join(folder, _unescape(found[1] or ""), _unescape(found[2])))


def _unescape(text: str) -> str:
    r"""What strace writes as \303\266 is one letter.

    >>> _unescape(r"caf\303\251")
    'café'
    """
    return text.encode().decode("unicode_escape").encode("latin-1").decode(errors="replace")
