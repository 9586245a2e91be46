"""The fast analysis as a request: of a clip of the set, or of an uploaded file that becomes one."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.api.composers.messages import Place
from musearoo.bridge.api.composers.recall import Recall, measure_audio
from musearoo.bridge.api.problems.hiding import without_folders
from musearoo.bridge.api.sets.performing import StoredSet, Written
from musearoo.bridge.api.sets.transactions import perform
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK
from musearoo.bridge.live_set.writer import THIS_OR_NEXT_EMPTY
from musearoo.bridge.protocol import LONGEST_NAME, Analyze, CreateAudioClip, CreateClip, CreateTrack, Refusal
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.findings import Question, describe_findings, read_notes, read_question, write_findings
from musearoo.bridge.requests.generate import find_scene
from musearoo.bridge.requests.imagine import COMPLEX
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.home_files import read_bounded
from musearoo.bridge.settings.user_files import LARGEST
from musearoo.bridge.text.bounded import cut_text
from musearoo.engines.analysis.symbolic.analyzer import analyze_song
from musearoo.engines.errors import UserFacingError
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.analysis_json import encode_analysis
from musearoo.engines.music.midi_files.song import MIDI_SUFFIXES, MidiSong, decode_midi_file
from musearoo.engines.styles.schema import Style

UPLOADED_COLOR: Final = 0xC9C14E
APPLICABLE: Final = ("tempo", "meter", "scale", "warp", "locators", "name")
"""What of an analysis can be written into the set."""
MOST_PARTS: Final = 32
"""Tracks that one MIDI file may become."""

Findings = tuple[Written, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Examiner:
    """Analyses clips and files. `recall` keeps the analyses; `home` is MuseAroo's folder."""

    recall: Recall
    styles: Mapping[str, Style]
    home: Path

    def examine(self, stored: StoredSet, asked: Analyze, request_id: str) -> Findings:
        """Analyse a clip of the set, and write what is asked for. Raises RequestError."""
        started = time.perf_counter()
        question = read_question(stored.mirror, asked)
        analysis = self._analyze(question)
        found, messages = write_findings(question, asked, analysis, request_id, time.time())
        return _written(stored, messages[1:], found.sentence, analysis, started)

    def examine_file(self, path: str, name: str) -> dict[str, Any]:
        """Return the analysis of an audio or a MIDI file, with a sentence. Raises RequestError."""
        started = time.perf_counter()
        if _is_midi(path):
            analysis = analyze_song(self._read_midi(path), styles=self.styles)
        else:
            analysis = self.recall.examine(Passage(path))
        return {"analysis": _encode(analysis, started), "sentence": describe_findings(name, analysis)}

    def place(self, stored: StoredSet, command: Place) -> Findings:
        """Add a file to the set as a clip on a new track, analysed; MIDI as a clip a part. Raises RequestError."""
        started = time.perf_counter()
        row = find_scene(stored.mirror, command.scene).id
        title = cut_text(command.name, LONGEST_NAME)
        if _is_midi(command.path):
            song = self._read_midi(command.path)
            analysis = analyze_song(song, styles=self.styles)
            return _written(stored, _midi_clips(song, row), describe_findings(title, analysis), analysis, started)
        edits: list[Message] = [
            CreateTrack(AUDIO_TRACK, 0, title, UPLOADED_COLOR),
            CreateAudioClip(
                track=-1,
                scene=row,
                where=THIS_OR_NEXT_EMPTY,
                file_path=command.path,
                name=title,
                color=UPLOADED_COLOR,
                warping=1,
                warp_mode=COMPLEX,
                looping=1,
            ),
        ]
        added = perform(stored.mirror, edits, stored.next_id, measure_audio)
        clip = added.mirror.clips[added.results[1][0]]
        asked = Analyze(
            session=1,
            press=1,
            track=added.mirror.tracks[clip.track].index,
            scene=added.mirror.scenes[clip.scene].index,
            deep=0,
            **{each: int(each in command.apply) for each in APPLICABLE},
        )
        question = read_question(added.mirror, asked)
        analysis = self._analyze(question)
        # The ids of what the first two edits make are the same again.
        found, messages = write_findings(question, asked, analysis, command.request_id, time.time())
        return _written(stored, [*edits, *messages[1:]], found.sentence, analysis, started)

    def _analyze(self, question: Question) -> Analysis:
        return read_notes(question, self.styles) if question.passage is None else self.recall.examine(question.passage)

    def _read_midi(self, path: str) -> MidiSong:
        try:
            return decode_midi_file(read_bounded(Path(path), LARGEST), Path(path).name)
        except (UserFacingError, OSError, ValueError) as error:
            sentence = without_folders(str(error), str(self.home))
            raise RequestError(Refusal.BAD_PARAMETER, f"The MIDI file cannot be read: {sentence}") from error


def _written(
    stored: StoredSet, edits: Sequence[Message], sentence: str, analysis: Analysis, started: float
) -> Findings:
    performed = perform(stored.mirror, edits, stored.next_id, measure_audio)
    encoded = _encode(analysis, started)
    return Written(performed, sentence, (), (), encoded["ms"]), encoded


def _encode(analysis: Analysis, started: float) -> dict[str, Any]:
    return {**encode_analysis(analysis), "ms": round(1000.0 * (time.perf_counter() - started), 3)}


def _is_midi(path: str) -> bool:
    return Path(path).suffix.lower() in MIDI_SUFFIXES


def _midi_clips(song: MidiSong, scene: int) -> list[Message]:
    """Return the edits that add each part of a MIDI file on a track of its own."""
    edits: list[Message] = []
    for name, clip in list(song.parts.items())[:MOST_PARTS]:
        title = cut_text(name, LONGEST_NAME)
        edits.append(CreateTrack(MIDI_TRACK, 0, title, UPLOADED_COLOR))
        edits.append(
            CreateClip(
                track=-len(edits),
                scene=scene,
                where=THIS_OR_NEXT_EMPTY,
                length=clip.length,
                name=title,
                color=UPLOADED_COLOR,
                looping=1,
                numerator=clip.meter.numerator,
                denominator=clip.meter.denominator,
                notes=encode_notes(clip.notes),
            )
        )
    return edits
