"""`musearoo doctor`: check the installation, and say how to fix what is wrong."""

import argparse
import json
import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

from musearoo import __version__, how_to_install
from musearoo.bridge.analysis.analyzer import explain_missing_deep_pass
from musearoo.bridge.commands.doctor.finding import Finding, Verdict, find_optional
from musearoo.bridge.commands.doctor.midi import examine_midi
from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.running_daemon import answers, find_daemon
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.models.store import FOLDER, ModelStore
from musearoo.bridge.protocol import PORTS_TO_TRY
from musearoo.bridge.requests.self_test import describe_checks, read_checks
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.bridge.settings.live_folders import (
    device_files,
    installed_devices_find,
    installed_devices_match,
    installed_script_matches,
    user_library,
)
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.user_settings import Settings, SettingsError
from musearoo.bridge.speech.recognition.moonshine_files import find_network
from musearoo.bridge.speech.sound.microphones import MicrophoneError, find_microphone, list_microphones
from musearoo.bridge.speech.sound.sources import FILE_PREFIX
from musearoo.engines.neural.cards.catalogue import HOW_TO_SET_UP, explain_missing_packages, find_model, list_models
from musearoo.engines.neural.madmom.package import describe_madmom

_MARKS: dict[Verdict, str] = {"good": "[green]good[/]", "note": "[yellow]note[/]", "bad": "[red]bad [/]"}

IMAGINING = ("musicgen", "stable-audio")
"""The families of audio generation models."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--user-library", type=Path, metavar="DIR", help="Live's User Library, when it was moved")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the findings; returns 1 when one of them is bad."""
    findings = examine(ConfigFolder(home_folder()), options.user_library or user_library())
    if options.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        console = Terminal()
        for finding in findings:
            console.print(
                f"{_MARKS[finding.verdict]}  {finding.what}: {escape(finding.found)}", highlight=False, soft_wrap=True
            )
            if finding.mend:
                console.print(f"      {escape(finding.mend)}", highlight=False, soft_wrap=True)
    return 1 if any(finding.verdict == "bad" for finding in findings) else 0


def examine(folder: ConfigFolder, library: Path | None) -> list[Finding]:
    """Run all checks, in the order of a first installation. Nothing is changed."""
    settings, about_settings = _settings(folder)
    return [
        _python(),
        about_settings,
        _secret("Token", folder.token_file),
        _device_key(folder),
        _daemon(folder),
        *(_port(*order, folder) for order in _ports_of(settings)),
        _styles(folder),
        _script(library),
        _device(library, folder.folder),
        _self_test(folder),
        *examine_midi(settings),
        _microphone(settings),
        find_optional("Speech to text", "pocketsphinx", "pocketsphinx", "voice"),
        _speech_recogniser(settings),
        _deep_analysis(settings),
        _gpu(),
        _stems(settings, ModelStore(folder.folder / FOLDER)),
        _imagining(ModelStore(folder.folder / FOLDER)),
    ]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] <= (3, 12)
    mend = "" if good else "MuseAroo runs on Python 3.11 and 3.12: make its environment with one of these."
    return Finding("Python", "good" if good else "bad", f"{version}, MuseAroo {__version__}", mend)


def _settings(folder: ConfigFolder) -> tuple[Settings, Finding]:
    if not folder.settings_file.exists():
        found = f"none yet; {folder.settings_file} is written at the first start"
        return Settings(), Finding("Settings", "good", found)
    try:
        return folder.read_settings(), Finding("Settings", "good", str(folder.settings_file))
    except SettingsError as error:
        return Settings(), Finding(
            "Settings", "bad", str(error), "Mend that line, or delete the file for the defaults."
        )


def _secret(what: str, path: Path) -> Finding:
    """Check that the secrets exist and that only the user can read them."""
    if not path.exists():
        return Finding(what, "good", "none yet; made at the first start")
    mode = path.stat().st_mode & 0o777
    if sys.platform != "win32" and mode & 0o077:
        return Finding(what, "bad", f"{path} can be read by others", f'Run: chmod 600 "{path}"')
    if not os.access(path, os.R_OK):
        return Finding(what, "bad", f"{path} may not be read", f'Run: chmod 600 "{path}", or delete it and start anew.')
    return Finding(what, "good", str(path))


def _device_key(folder: ConfigFolder) -> Finding:
    finding = _secret("Key for devices", folder.device_key_file)
    if finding.verdict == "good" and folder.device_key_file.exists() and folder.read_device_key() is None:
        mend = "Delete it and start the daemon again: musearoo run"
        return Finding("Key for devices", "bad", f"{folder.device_key_file} holds none", mend)
    return finding


def _daemon(folder: ConfigFolder) -> Finding:
    endpoint = folder.read_endpoint()
    if endpoint is None:
        return Finding("Daemon", "note", "not running", "Start it: musearoo run")
    if not answers(endpoint.script_port):
        found = f"was process {endpoint.pid} on port {endpoint.script_port} and does not answer"
        return Finding("Daemon", "note", found, "Start it again: musearoo run")
    return Finding("Daemon", "good", f"process {endpoint.pid}, Live on port {endpoint.script_port}")


def _ports_of(settings: Settings) -> tuple[tuple[str, int, socket.SocketKind], ...]:
    return (
        ("Port for Live", settings.script_port, socket.SOCK_STREAM),
        ("Port for devices", settings.device_port, socket.SOCK_DGRAM),
    )


def _port(what: str, first: int, kind: socket.SocketKind, folder: ConfigFolder) -> Finding:
    endpoint = find_daemon(folder)
    if endpoint is not None:
        port = endpoint.script_port if kind is socket.SOCK_STREAM else endpoint.device_port
        return Finding(what, "good", f"{port}, in use by the daemon")
    for port in range(first, first + PORTS_TO_TRY):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port == first:
            return Finding(what, "good", f"{port} is free")
        return Finding(what, "note", f"{first} is taken by another program; {port} will be used")
    last = first + PORTS_TO_TRY - 1
    return Finding(
        what, "bad", f"{first} to {last} are all taken", f"Set another first port in {folder.settings_file}."
    )


def _styles(folder: ConfigFolder) -> Finding:
    with _warnings() as left_out:
        styles = read_styles(folder.folder / "styles")
    found = ", ".join(styles) or "none"
    if not styles:
        return Finding("Styles", "bad", found, "Install MuseAroo again: its presets are missing.")
    if left_out:
        return Finding("Styles", "note", found, f"{' '.join(f'{each}.' for each in left_out)} Mend or delete the file.")
    return Finding("Styles", "good", found)


class _Warnings(logging.Handler):
    """Collect warnings of the log, which the terminal would otherwise show among the findings."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.sentences: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.sentences.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect the log's warnings within a `with` block."""
    handler = _Warnings()
    LOG.addHandler(handler)
    try:
        yield handler.sentences
    finally:
        LOG.removeHandler(handler)


def _script(library: Path | None) -> Finding:
    if library is None:
        return Finding("Remote Script", "note", "this platform has no Live", "Name a User Library with --user-library.")
    if not library.is_dir():
        mend = "Start Live once, or name the folder that Live's settings show under Library with --user-library."
        return Finding("Remote Script", "bad", f"there is no User Library at {library}", mend)
    matches = installed_script_matches(library)
    install = _install_into(library)
    if matches is None:
        return Finding("Remote Script", "bad", f"not in {library}", f"Run: {install}")
    if not matches:
        return Finding("Remote Script", "bad", f"another version in {library}", f"Run {install}, restart Live.")
    return Finding("Remote Script", "good", f"this version, in {library}")


def _install_into(library: Path) -> str:
    """Return the command that installs into this User Library."""
    return "musearoo install" + ("" if library == user_library() else f' --user-library "{library}"')


def _device(library: Path | None, home: Path) -> Finding:
    if library is None:
        return Finding("Device", "note", "no User Library known on this platform", "Name it: --user-library DIR")
    missing = [file.name for file in device_files(library) if not file.is_file()]
    if len(missing) == len(device_files(library)):
        return Finding("Device", "note", "not installed", f"Run: {_install_into(library)}")
    if missing or not installed_devices_match(library):
        mend = f"Run: {_install_into(library)}, then load it anew in Live."
        return Finding("Device", "bad", "from another version", mend)
    if not installed_devices_find(library, home):
        mend = f"Run: {_install_into(library)}"
        return Finding("Device", "bad", f"not told that MuseAroo's folder is {home}", mend)
    return Finding("Device", "good", ", ".join(str(file) for file in device_files(library)))


def _self_test(folder: ConfigFolder) -> Finding:
    report = folder.read_self_test()
    if report is None:
        return Finding("Self-test", "note", "none yet", "Press Test on the device in Live.")
    checks = read_checks(report.checks)
    when = datetime.fromtimestamp(report.when).strftime("%Y-%m-%d %H:%M")
    found = f"{describe_checks(checks)} (Live {report.live_version}, {when})"
    if all(check.works for check in checks):
        return Finding("Self-test", "good", found)
    return Finding("Self-test", "note", found, "Mend what it names, then press Test on the device again.")


def _deep_analysis(settings: Settings) -> Finding:
    missing = explain_missing_deep_pass(settings)
    if missing:
        return Finding("Deep analysis", "note", missing, "The fast analysis works without it.")
    # The licence matters to users who sell music.
    return Finding("Deep analysis", "good", describe_madmom(), "Set deep_networks to false to do without them.")


def _speech_recogniser(settings: Settings) -> Finding:
    what = "Second ear of Talk"
    if settings.recogniser == "sphinx":
        mend = "Set recogniser to moonshine in the settings to be understood better."
        return Finding(what, "note", "not used: the settings have PocketSphinx alone", mend)
    if find_network() is None or find_spec("onnxruntime") is None:
        return Finding(
            what, "note", "Moonshine is not installed: less is understood", f"Run {how_to_install('voice')}."
        )
    return Finding(what, "good", "Moonshine tiny, from the package moonshine-voice")


def _microphone(settings: Settings) -> Finding:
    """Check the microphone that Talk would open, without opening it: the system may ask the user for permission."""
    what = "Microphone"
    if not settings.talk:
        return Finding(what, "note", "not used: Talk is switched off", "Set talk to true in the settings to talk.")
    if settings.microphone.startswith(FILE_PREFIX):
        return Finding(what, "note", f"{settings.microphone} is played instead", "Remove microphone from the settings.")
    try:
        microphone = find_microphone(settings.microphone)
        others = [each for each in list_microphones() if each.name != microphone.name]
    except MicrophoneError as error:
        return Finding(what, "note", "none, so Talk hears nothing", str(error))
    named = {each.name: f'"{each.name}" ({each.number})' for each in reversed(others)}
    mend = f"The setting microphone chooses another: {', '.join(reversed(named.values()))}." if named else ""
    rate = f"{microphone.rate / 1000:g} kHz"
    return Finding(what, "good", f'"{microphone.name}" ({microphone.number}), {rate}, by {microphone.host_api}', mend)


def _gpu() -> Finding:
    found = find_optional("Models and GPU", "torch", "torch", "stems")
    if found.verdict != "good":
        return found
    try:
        torch = import_module("torch")
    except (ImportError, OSError) as error:
        # A shared library is missing, or the installation was interrupted.
        return Finding(found.what, "bad", f"torch does not load: {error}", f"Run: {HOW_TO_SET_UP} --fresh")
    if torch.cuda.is_available():
        return Finding(found.what, "good", f"{found.found}, {torch.cuda.get_device_name()}")
    if torch.backends.mps.is_available():
        return Finding(found.what, "good", f"{found.found}, Apple's GPU")
    return Finding(found.what, "note", f"{found.found}, no GPU that it can use", "Models will run on the CPU, slowly.")


def _stems(settings: Settings, store: ModelStore) -> Finding:
    """Check stem separation: the model in the settings, or the fallback."""
    card = find_model(settings.split_model)
    plain = "split by the DSP separator, which needs no model"
    lacking = explain_missing_packages(card)
    if lacking:
        return Finding("Stems", "note", plain, f"Demucs does better. {lacking}")
    present = [card for card in store.list_present() if card.family == "demucs"]
    problems = [problem for card in present for problem in store.verify(card)]
    if problems:
        return Finding("Stems", "bad", f"broken files of models: {len(problems)}", problems[0])
    if store.find(card.name) is None:
        return Finding("Stems", "note", plain, f"Demucs does better. {store.explain_missing(card.name)}")
    here = ", ".join(card.name for card in present)
    # As with the deep analysis, the licence matters to users who sell music.
    return Finding(
        "Stems", "good", f"demucs {metadata.version('demucs')} with {here}", f"Licence of its weights: {card.licence}."
    )


def _imagining(store: ModelStore) -> Finding:
    """Check audio generation: the models that can run here, or the fallback."""
    what = "Sound from words"
    usual = list_models("musicgen")[0]
    plain = "sketched by the Roo engines, which need no model"
    present = store.list_present()
    cards = [card for card in present if card.family in IMAGINING]
    names = {name for card in cards for name in (card.name, *store.list_needed(card.name))}
    # A quick check of each file: reading them all takes minutes for large models.
    problems = [problem for card in present if card.name in names for problem in store.look_over(card)]
    if problems:
        return Finding(what, "bad", f"broken files of models: {len(problems)}", problems[0])
    ready = [card for card in cards if store.find(card.name) and not explain_missing_packages(card)]
    if ready:
        licences = dict.fromkeys(card.licence for card in ready)
        return Finding(what, "good", ", ".join(card.name for card in ready), f"Licence: {'; '.join(licences)}.")
    card = next(iter(cards), usual)
    lacking = explain_missing_packages(card) or store.explain_missing(card.name)
    return Finding(what, "note", plain, f"A model makes music of any kind. {lacking}")
