"""The actions of `musearoo repo` that keep versions and tell of them."""

from __future__ import annotations

import argparse
import json
import time
from itertools import islice

from musearoo.bridge.commands.repo.opening import find, line_of, open_repository, open_versions, row_of
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.links.press_client import PRESS, press_at_daemon
from musearoo.bridge.protocol import KeepVersion
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.bridge.versions.bringing_back import tell_limits
from musearoo.bridge.versions.differences import Differences, compare
from musearoo.bridge.versions.reading import EMPTY
from musearoo.bridge.versions.repository import Repository, Version
from musearoo.bridge.versions.telling import describe, headline, key_name
from musearoo.bridge.versions.tree import Tree


def run_list(options: argparse.Namespace) -> int:
    """Print the repositories, that of the latest version first."""
    rows = []
    for repository in open_versions().list():
        refs = repository.refs
        rows.append(
            {
                "name": refs.name,
                "id": refs.id,
                "set": refs.set_path,
                "branch": refs.branch,
                "branches": list(refs.branches),
                "versions": sum(1 for _ in repository.log(all=True)),
                "time": repository.last_time(),
                "forked_from": refs.forked_from,
            }
        )
    if options.json:
        print(json.dumps(rows))
        return 0
    for row in rows:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(str(row["time"]))))
        tell(f"{row['name']:32} {when}  {row['versions']:>5} versions  on {row['branch']}  {row['set']}")
    if not rows:
        tell("There are no versions yet: musearoo run keeps them while you work in Live.")
    return 0


def run_init(options: argparse.Namespace) -> int:
    """Make an empty repository."""
    refs = open_versions().create(options.name, time.time()).refs
    if options.json:
        print(json.dumps({"name": refs.name, "id": refs.id}))
    else:
        tell(f"“{refs.name}” is made.")
    return 0


def run_commit(options: argparse.Namespace) -> int:
    """Have the daemon keep the open set."""
    outcome = press_at_daemon(lambda session: KeepVersion(session, PRESS, options.message), ConfigFolder(home_folder()))
    if not outcome.ok:
        raise CommandError(outcome.sentence)
    # That of the latest version, which is this one.
    repository = open_versions().list()[0]
    row = row_of(find(repository, repository.refs.branch), repository)
    if options.json:
        print(json.dumps({"repository": repository.refs.name, **row}))
    else:
        tell(f"{repository.refs.name}: {line_of(row)}")
    return 0


def run_log(options: argparse.Namespace) -> int:
    """Print the versions, newest first."""
    repository = open_repository(options)
    rows = [row_of(version, repository) for version in islice(repository.log(all=options.all), options.most)]
    if options.json:
        print(json.dumps(rows))
        return 0
    for row in rows:
        tell(line_of(row))
    if not rows:
        tell(f"“{repository.refs.name}” has no version that was asked for: --all shows those kept by themselves.")
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print what is in a version, and what changed in it."""
    repository = open_repository(options)
    version = find(repository, options.version)
    tree = repository.versions.tree(version.key)
    before = repository.versions.tree(version.commit.parents[0]) if version.commit.parents else EMPTY
    found = compare(before, tree, repository.versions.notes)
    row = row_of(version, repository)
    names = {track.uid: track.name for track in tree.tracks}
    scenes = {scene.uid: scene.name for scene in tree.scenes}
    row |= {
        "tempo": tree.song.tempo,
        "time_signature": f"{tree.song.numerator}/{tree.song.denominator}",
        "scale": key_name(tree.song),
        "tracks": [{"name": track.name, "instrument": track.instrument} for track in tree.tracks],
        "scenes": [scene.name for scene in tree.scenes],
        "clips": [
            {
                "track": names.get(clip.track, ""),
                "scene": scenes.get(clip.scene, ""),
                "name": clip.name,
                "length": clip.length,
                "notes": len(repository.versions.notes(clip.notes).rows) if clip.notes else None,
                "sound": clip.sound.key if clip.sound is not None else None,
                "made_by": clip.recipe.name if clip.recipe is not None else None,
            }
            for clip in tree.clips
        ],
        "changes": list(describe(found)),
        "limits": list(tell_limits(tree)),
    }
    if options.json:
        print(json.dumps(row))
        return 0
    tell(line_of(row))
    tell(f"{len(tree.tracks)} tracks, {len(tree.scenes)} scenes, {len(tree.clips)} clips.")
    tell(*(f"  {sentence}" for sentence in row["changes"]))
    tell(*row["limits"])
    return 0


def run_diff(options: argparse.Namespace) -> int:
    """Print what differs between two versions."""
    repository = open_repository(options)
    after = find(repository, options.after)
    before = find(repository, options.before) if options.before else _one_before(repository, after)
    trees = [repository.versions.tree(each.key) if each is not None else EMPTY for each in (before, after)]
    found = compare(trees[0], trees[1], repository.versions.notes)
    sounds = _sounds(repository, found) if options.sound else []
    if options.json:
        report = {
            "before": before.key if before is not None else "",
            "after": after.key,
            "headline": headline(found),
            "changes": list(describe(found)),
            "sounds": sounds,
        }
        print(json.dumps(report))
        return 0
    lines = describe(found)
    tell(*(lines or ["Nothing differs."]))
    tell(*(f"{row['clip']}: {row['sentence']}" for row in sounds))
    return 0


def _one_before(repository: Repository, version: Version) -> Version | None:
    """Return the version before another one in time, None for the first."""
    earlier = [each for each in repository.log(all=True) if each.commit.time < version.commit.time]
    return earlier[0] if earlier else None


def _sounds(repository: Repository, found: Differences) -> list[dict[str, object]]:
    """Return how far the sounds of clips are apart that play another sound than before."""
    from musearoo.bridge.versions.sound_differences import compare_sounds

    rows: list[dict[str, object]] = []
    names = _track_names(found.after)
    for change in found.clips:
        before, after = change.before.sound, change.after.sound
        if before is None or after is None or before.key == after.key or not (before.key and after.key):
            continue
        apart = compare_sounds(repository.versions.sounds, before.key, after.key)
        name = names.get(change.after.track, change.after.name)
        rows.append({"clip": name, **apart.as_json(), "sentence": apart.tell()})
    return rows


def _track_names(tree: Tree) -> dict[str, str]:
    return {track.uid: track.name for track in tree.tracks}
