"""Differences in musical words: one headline for a version's name, and a sentence for each thing that changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from musearoo.bridge.versions.differences import Change, Differences, NoteChanges
from musearoo.bridge.versions.tree import Clip, ClipSound, Scene, Song, Track, Tree
from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.music.scale import Key
from musearoo.engines.players.mix.faders import fader_db

MOST_IN_HEADLINE: Final = 2
BUSIER: Final = 1.15
"""Times as many notes as before from which a part is called busier, or, the other way, simpler."""
LOUDER: Final = 4.0
"""Steps of the mean velocity from which a part is called louder or softer."""
SWUNG: Final = 0.015
"""Change of the swing, in beats, that is told."""
SILENT_DB: Final = -69.0


def headline(found: Differences) -> str:
    """Return what happened between two versions in a few words, such as "Bass busier, bars 5 to 8"."""
    names = _Names(found)
    said = [*_song(found.before.song, found.after.song)]
    by_track: dict[str, list[str]] = {}
    for change in found.clips:
        if change.notes is not None:
            by_track.setdefault(names.track(change.after), []).append(_character(change.notes))
        elif "sound" in change.fields:
            by_track.setdefault(names.track(change.after), []).append("new sound")
    said += [f"{track} {_first(words)}" for track, words in by_track.items()]
    added = dict.fromkeys(names.track(clip) for clip in found.new_clips)
    said += [f"{track} new" for track in added if track not in by_track]
    gone = dict.fromkeys(names.track(clip) for clip in found.gone_clips)
    said += [f"{track} gone" for track in gone if track not in by_track and track not in added]
    if not said:
        said = list(_lines(found, names)) or ["Nothing changed"]
    rest = len(said) - MOST_IN_HEADLINE
    shown = said[:MOST_IN_HEADLINE] if rest > 0 else said
    text = "; ".join([*shown, *([f"{rest} more"] if rest > 0 else [])])
    return text[:1].upper() + text[1:]


def describe(found: Differences) -> tuple[str, ...]:
    """Return what differs, a sentence for each thing: the set, tracks, scenes, then clips in the set's order."""
    return tuple(_lines(found, _Names(found)))


def key_name(song: Song) -> str:
    """Return the set's own key, "" where its scale is off.

    >>> key_name(Song(root_note=2, scale_name="Minor", scale_mode=1))
    'D minor'
    """
    if song.scale_mode != 1:
        return ""
    try:
        return str(Key.from_live(song.root_note, song.scale_name))
    except ParamError:
        return song.scale_name


class _Names:
    """What tracks, scenes and clips are called, in both versions."""

    def __init__(self, found: Differences) -> None:
        both: Sequence[Tree] = (found.before, found.after)
        self._tracks = {track.uid: track.name for tree in both for track in tree.tracks}
        self._scenes = {
            scene.uid: scene.name or f"scene {number}" for tree in both for number, scene in enumerate(tree.scenes, 1)
        }
        self._rows = self._count_rows(both)

    @staticmethod
    def _count_rows(trees: Iterable[Tree]) -> Mapping[str, int]:
        rows: dict[str, int] = {}
        for tree in trees:
            counts: dict[str, int] = {}
            for clip in tree.clips:
                counts[clip.track] = counts.get(clip.track, 0) + 1
            for track, count in counts.items():
                rows[track] = max(rows.get(track, 0), count)
        return rows

    def track(self, clip: Clip) -> str:
        return self._tracks.get(clip.track, "a track")

    def scene(self, uid: str) -> str:
        return self._scenes.get(uid, "the Arrangement")

    def clip(self, clip: Clip) -> str:
        """The track's name, with the clip's place where the track has several."""
        where = self.scene(clip.scene) if clip.scene else f"the Arrangement at beat {clip.start:g}"
        return f"{self.track(clip)} ({where})" if self._rows.get(clip.track, 0) > 1 else self.track(clip)

    def group(self, uid: str) -> str:
        return self._tracks.get(uid, "")


def _lines(found: Differences, names: _Names) -> Iterator[str]:
    for words in _song(found.before.song, found.after.song):
        yield f"{words[:1].upper()}{words[1:]}"
    yield from (f"New track {_quoted(track.name)}" for track in found.new_tracks)
    yield from (f"Track {_quoted(track.name)} gone" for track in found.gone_tracks)
    for track in found.tracks:
        yield from (f"{_quoted(track.after.name)}: {words}" for words in _track(track, names))
    yield from (f"New scene {_quoted(scene.name or names.scene(scene.uid))}" for scene in found.new_scenes)
    yield from (f"Scene {_quoted(scene.name or names.scene(scene.uid))} gone" for scene in found.gone_scenes)
    yield from (_scene(scene) for scene in found.scenes)
    if found.is_reordered:
        yield "Tracks or scenes in another order"
    yield from (f"{names.clip(clip)}: new clip{_named(clip)}" for clip in found.new_clips)
    yield from (f"{names.clip(clip)}: clip{_named(clip)} gone" for clip in found.gone_clips)
    for clip in found.clips:
        yield from (f"{names.clip(clip.after)}{words}" for words in _clip(clip, names))


def _song(before: Song, after: Song) -> Iterator[str]:
    if before.tempo != after.tempo:
        yield f"tempo {before.tempo:g} → {after.tempo:g} BPM"
    meters = [f"{song.numerator}/{song.denominator}" for song in (before, after)]
    if meters[0] != meters[1]:
        yield f"time signature {meters[0]} → {meters[1]}"
    keys = [key_name(song) or "no key" for song in (before, after)]
    if keys[0] != keys[1]:
        yield f"key {keys[0]} → {keys[1]}"
    if before.name != after.name and after.name:
        yield f"set named {_quoted(after.name)}"


def _track(change: Change[Track], names: _Names) -> Iterator[str]:
    before, after = change.before, change.after
    for field in change.fields:
        match field:
            case "name":
                yield f"was named {_quoted(before.name)}"
            case "muted" | "soloed" | "armed":
                yield field if getattr(after, field) else f"no longer {field}"
            case "instrument":
                yield f"instrument {before.instrument or 'none'} → {after.instrument or 'none'}"
            case "pads" if "instrument" not in change.fields:
                yield "other pads in its drum rack"
            case "color":
                yield "another colour"
            case "group":
                yield f"in the group {_quoted(names.group(after.group))}" if after.group else "in no group any more"
            case "equaliser":
                yield "EQ changed"
            case "mixer" if before.mixer is not None and after.mixer is not None:
                if before.mixer.volume != after.mixer.volume:
                    yield f"volume {_db(before.mixer.volume)} → {_db(after.mixer.volume)}"
                if before.mixer.panning != after.mixer.panning:
                    yield f"pan {_pan(before.mixer.panning)} → {_pan(after.mixer.panning)}"
                if before.mixer.sends != after.mixer.sends:
                    yield "sends changed"


def _scene(change: Change[Scene]) -> str:
    return f"Scene {_quoted(change.before.name)} is named {_quoted(change.after.name)}"


def _clip(change: Change[Clip], names: _Names) -> Iterator[str]:
    before, after, fields = change.before, change.after, change.fields
    if change.notes is not None:
        yield _notes(change.notes)
    if "sound" in fields and before.sound is not None and after.sound is not None:
        yield from (f": {words}" for words in _sound(before.sound, after.sound))
    if "scene" in fields or "track" in fields or "start" in fields:
        yield f": moved from {names.clip(before)}"
    if before.name != after.name and change.notes is None:
        yield f": named {_quoted(after.name)}"
    if "length" in fields or {"loop_start", "loop_end", "looping", "start_marker", "end_marker"} & set(fields):
        if before.length != after.length:
            yield f": length {_length(before)} → {_length(after)}"
        else:
            yield ": other loop or markers"
    if "muted" in fields:
        yield ": switched off" if after.muted else ": switched on"


def _notes(changes: NoteChanges) -> str:
    """Return such as ", bars 5 to 8: 12 notes moved, 3 new; swing 54 → 58 %"."""
    counts = (
        (changes.moved, "moved"),
        (changes.added, "new"),
        (changes.removed, "gone"),
        (changes.revoiced, "with other pitches"),
        (changes.velocities, "with other velocities"),
        (changes.lengths, "with other lengths"),
    )
    said = [f"{count} {word}" for count, word in counts if count]
    if said:
        first, _, rest = said[0].partition(" ")
        said[0] = f"{first} note{'' if first == '1' else 's'} {rest}"
    text = f", {tell_bars(changes.bars)}: {join_names(said) or 'details of notes'}"
    before, after = changes.swing
    if before is not None and after is not None and abs(after - before) >= SWUNG:
        text += f"; swing {100 * before:.0f} → {100 * after:.0f} %"
    return text


def _character(changes: NoteChanges) -> str:
    """Return what a musician would call the change, and where, such as "busier, bars 5 to 8"."""
    before, after = changes.count
    shown = [swing for swing in changes.swing if swing is not None]
    if before and after / before >= BUSIER:
        word = "busier"
    elif before and before / max(after, 1) >= BUSIER:
        word = "simpler"
    elif abs(changes.louder) >= LOUDER and changes.velocities > changes.revoiced + changes.moved:
        word = "louder" if changes.louder > 0 else "softer"
    elif len(shown) == 2 and abs(shown[1] - shown[0]) >= SWUNG:
        word = "with more swing" if shown[1] > shown[0] else "straighter"
    elif changes.revoiced > changes.moved + changes.added:
        word = "re-voiced"
    elif changes.moved > changes.added:
        word = "moved"
    else:
        word = "changed"
    return f"{word}, {tell_bars(changes.bars)}"


def tell_bars(bars: Sequence[int]) -> str:
    """Return bars in words.

    >>> tell_bars((5,)), tell_bars((5, 6, 7, 8)), tell_bars((1, 3, 4)), tell_bars(())
    ('bar 5', 'bars 5 to 8', 'bars 1 and 3 to 4', 'no bar')
    """
    if not bars:
        return "no bar"
    runs: list[list[int]] = []
    for bar in bars:
        if runs and bar == runs[-1][-1] + 1:
            runs[-1].append(bar)
        else:
            runs.append([bar])
    said = [f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"bar{'' if len(bars) == 1 else 's'} {join_names(said)}"


def _sound(before: ClipSound, after: ClipSound) -> Iterator[str]:
    if before.key != after.key:
        yield "another sound" if after.key else "its sound could not be kept"
    if before.gain != after.gain:
        yield "another gain"
    if (before.warping, before.warp_mode, before.markers) != (after.warping, after.warp_mode, after.markers):
        yield "warped otherwise"


def _first(words: Sequence[str]) -> str:
    return words[0] if len(set(words)) == 1 else f"{words[0].partition(',')[0]} in {len(words)} clips"


def _quoted(name: str) -> str:
    return f"“{name}”"


def _named(clip: Clip) -> str:
    return f" {_quoted(clip.name)}" if clip.name else ""


def _length(clip: Clip) -> str:
    if clip.sound is not None and not clip.sound.warping:
        return f"{clip.length:g} s"
    bars = clip.length / (4.0 * clip.numerator / clip.denominator)
    return f"{bars:g} bar{'' if bars == 1 else 's'}"


def _db(position: float) -> str:
    db = fader_db(position)
    return f"{db:.1f} dB" if db > SILENT_DB else "silence"


def _pan(position: float) -> str:
    if abs(position) < 0.005:
        return "centre"
    return f"{abs(position) * 50:.0f} {'left' if position < 0 else 'right'}"
