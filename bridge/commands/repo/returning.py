"""`musearoo repo checkout`: something of a version back into Live, next to what is there."""

from __future__ import annotations

import argparse
import json

from musearoo.bridge.commands.repo.opening import find, line_of, open_repository, row_of
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.links.press_client import PRESS, press_at_daemon
from musearoo.bridge.protocol import BringBack
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.bridge.versions.bringing_back import Wanted, choose_clips, tell_limits
from musearoo.bridge.versions.reading import EMPTY


def run_checkout(options: argparse.Namespace) -> int:
    """Tell what cannot come back, then have the daemon bring back the rest."""
    repository = open_repository(options)
    version = find(repository, options.version)
    parts = {"scene": options.scene, "track": options.track, "clip": options.clip}
    wanted = next((Wanted(part, which) for part, which in parts.items() if which is not None), Wanted())
    if options.mix:
        wanted = Wanted("mix")
    tree = repository.versions.tree(version.key)
    clips = choose_clips(tree, wanted, EMPTY)
    limits = tell_limits(tree, clips) if wanted.part != "mix" else ()
    if not options.json:
        tell(line_of(row_of(version, repository)))
        tell(*limits, to_stderr=True)
    sentence = ""
    if not options.dry_run:
        outcome = press_at_daemon(
            lambda session: BringBack(session, PRESS, version.key, wanted.part, wanted.which),
            ConfigFolder(home_folder()),
        )
        if not outcome.ok:
            raise CommandError(outcome.sentence)
        sentence = outcome.sentence
    if options.json:
        report = {"version": version.key, "part": wanted.part, "which": wanted.which, "limits": list(limits)}
        print(json.dumps({**report, "clips": len(clips), "answer": sentence}))
    elif sentence:
        tell(sentence)
    return 0
