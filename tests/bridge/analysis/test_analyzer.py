"""The daemon's analyzer on real sound: analysed once, then cached; the worker's deep pass; refusals in a sentence."""

import asyncio
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from musearoo.bridge.analysis import stems as stem_analysis
from musearoo.bridge.analysis.analyzer import AudioAnalyzer, audio_folders, explain_missing_deep_pass, make_analyzer
from musearoo.bridge.analysis.queue import CANCELLED
from musearoo.bridge.audio.files import AudioFileError, hash_audio
from musearoo.bridge.cache.contract import Statistics
from musearoo.bridge.jobs.contract import JobBackend
from musearoo.bridge.jobs.local import LocalBackend
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.user_settings import Settings
from musearoo.bridge.stems.cache import FoundStems, StemCache, StemFacts, StemKey
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.stems import StemName
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BPM, play_band
from tests.optional import needs

WITHIN = 60.0
"""Seconds in which a busy machine runs the deep pass over ten seconds of sound."""

needs_madmom = needs("madmom")


styles = cache(read_styles)


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wave(tmp_path_factory.mktemp("audio") / "band.wav", render_parts(play_band(), BPM, loop=True))


@pytest.fixture(scope="module")
def stems(tmp_path_factory: pytest.TempPathFactory) -> dict[StemName, Path]:
    """The drums and the bass of the band, each by itself."""
    folder, band = tmp_path_factory.mktemp("stems"), play_band()
    names: tuple[StemName, ...] = ("drums", "bass")
    return {
        name: write_wave(folder / f"{name}.wav", render_parts({name: band[name]}, BPM, loop=True)) for name in names
    }


def know_stems(home: Path, source: Path, stems: Mapping[StemName, Path], label: str = "") -> None:
    """Has the index of a home know the stems of a file."""
    facts = StemFacts("dsp" if label else "demucs", "", label, "", 44_100, 2, 1, f"some {label}", is_whole=True)
    key = StemKey(hash_audio(source), 0, -1, 0, facts.separator, "FLOAT")
    StemCache.in_home(home).keep(key, FoundStems(stems, facts))


def analyzer_for(home: Path, why_not_deep: str = "", allowed: tuple[Path, ...] | None = None) -> AudioAnalyzer:
    @cache
    def worker() -> JobBackend:
        return LocalBackend(deliver=asyncio.get_running_loop().call_soon_threadsafe)

    index = StemCache.in_home(home)
    return AudioAnalyzer(home / "analyses", styles(), home / "styles", allowed, worker, why_not_deep, index)


def test_a_loop_is_analyzed_and_then_read_from_the_cache(loop: Path, tmp_path: Path) -> None:
    passage = Passage(str(loop), repeats=True)
    found = analyzer_for(tmp_path).analyze(passage)
    assert found.rhythm.tempo.value == pytest.approx(BPM, abs=0.2)
    (kept,) = (tmp_path / "analyses").rglob("*.analysis")
    written = kept.stat().st_mtime_ns
    # Another run of the daemon, and the same sound under another name: nothing is analysed again.
    copy = tmp_path / "other name.wav"
    copy.write_bytes(loop.read_bytes())
    assert analyzer_for(tmp_path).analyze(Passage(str(copy), repeats=True)) == found
    assert [path for path in (tmp_path / "analyses").rglob("*.analysis") if path != kept] == []
    assert kept.stat().st_mtime_ns >= written


def test_the_statistics_of_what_is_cached_are_told(loop: Path, tmp_path: Path) -> None:
    passage = Passage(str(loop), repeats=True)
    analyzer = analyzer_for(tmp_path, "no deep pass")
    assert analyzer.cache_statistics() == Statistics()
    analyzer.analyze(passage)
    analyzer.analyze(passage)
    found = analyzer.cache_statistics()
    (kept,) = (tmp_path / "analyses").iterdir()
    assert (found.hits, found.misses, found.entries, found.bytes) == (1, 1, 1, kept.stat().st_size)
    # Another run of the daemon knows what is there once it is warm.
    again = analyzer_for(tmp_path, "no deep pass")
    again.warm()
    assert again.cache_statistics() == Statistics(entries=1, bytes=found.bytes)


def test_a_passage_of_a_file_is_analyzed_by_itself(loop: Path, tmp_path: Path) -> None:
    stretch = analyzer_for(tmp_path).analyze(Passage(str(loop), 2500, 5000))
    assert stretch.duration == pytest.approx(2.5, abs=0.001)


def test_stems_that_are_known_make_the_analysis_better(
    loop: Path, stems: dict[StemName, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passage = Passage(str(loop), repeats=True)
    mix = analyzer_for(tmp_path).analyze(passage)
    assert mix.stems == ()
    know_stems(tmp_path, loop, stems, "DSP")
    better = analyzer_for(tmp_path, allowed=(loop.parent,)).analyze(passage)
    assert (better.stems, better.stems_label) == (("drums", "bass"), "DSP")
    assert better.hits != mix.hits
    assert (better.rhythm, better.harmony.key) == (mix.rhythm, mix.harmony.key)
    assert analyzer_for(tmp_path).analyze(passage) == better
    assert len(list((tmp_path / "analyses").rglob("*.analysis"))) == 2
    # Those of a learned model come first, and are heard for themselves.
    know_stems(tmp_path, loop, stems)
    again = analyzer_for(tmp_path).analyze(passage)
    assert (again.stems, again.stems_label) == (("drums", "bass"), "")
    # A passage that is too long to be in memory with its stems is analysed without them.
    monkeypatch.setattr(stem_analysis, "LONGEST", mix.duration - 1.0)
    assert analyzer_for(tmp_path).analyze(passage) == mix


def test_stems_that_cannot_be_analyzed_change_nothing(
    loop: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    passage = Passage(str(loop), repeats=True)
    mix = analyzer_for(tmp_path).analyze(passage)
    broken = tmp_path / "drums.wav"
    broken.write_bytes(b"no audio at all")
    know_stems(tmp_path, loop, {"drums": broken})
    assert analyzer_for(tmp_path).analyze(passage) == mix
    assert "are not heard" in caplog.text
    broken.unlink()
    assert analyzer_for(tmp_path).analyze(passage) == mix


def test_files_outside_the_allowed_folders_are_not_analyzed(loop: Path, tmp_path: Path) -> None:
    link = tmp_path / "innocent.wav"
    link.symlink_to(loop)
    with pytest.raises(AudioFileError, match="outside the folders"):
        analyzer_for(tmp_path, allowed=(tmp_path,)).analyze(Passage(str(link)))


def test_the_settings_name_the_folders_and_may_switch_the_networks_off(tmp_path: Path) -> None:
    home, samples = tmp_path / "home", tmp_path / "samples"
    own = (home / "stems", home / "loops", home / "recordings", home / "restored sounds")
    assert audio_folders(Settings(audio_folders=(str(samples),)), home) == (samples, *own)
    assert {Path.home(), *own} <= set(audio_folders(Settings(), home))
    assert "switched off" in explain_missing_deep_pass(Settings(deep_networks=False))
    assert "switched off" in make_analyzer(Settings(deep_networks=False), {}, tmp_path, LocalBackend).why_not_deep


def deepen(analyzer: AudioAnalyzer, passage: Passage, cancel_at: float = 2.0) -> tuple[Analysis | str, list[float]]:
    """What hearing a passage deeply gives, and the progress that it showed; cancelled when that passes `cancel_at`."""
    shown: list[float] = []

    async def run() -> Analysis | str:
        answer: asyncio.Future[Analysis | str] = asyncio.get_running_loop().create_future()
        cancels: list[Callable[[], None]] = []

        def show(fraction: float, _text: str) -> None:
            shown.append(fraction)
            if fraction >= cancel_at:
                cancels[0]()

        cancels.append(analyzer.analyze_deeply(passage, True, show, answer.set_result))
        return await asyncio.wait_for(answer, WITHIN)

    try:
        return asyncio.run(run()), shown
    finally:
        analyzer.close()


def test_without_a_deep_pass_the_reason_is_the_answer(loop: Path, tmp_path: Path) -> None:
    answer, shown = deepen(analyzer_for(tmp_path, why_not_deep="madmom is missing."), Passage(str(loop)))
    assert (answer, shown) == ("madmom is missing.", [])


def test_what_cannot_be_read_is_the_answer(tmp_path: Path) -> None:
    answer, _ = deepen(analyzer_for(tmp_path), Passage(str(tmp_path / "gone.wav")))
    assert isinstance(answer, str)
    assert "does not exist" in answer


@needs_madmom
def test_the_deep_pass_reports_progress_and_is_cached(loop: Path, stems: dict[StemName, Path], tmp_path: Path) -> None:
    passage = Passage(str(loop), repeats=True)
    know_stems(tmp_path, loop, stems)
    answer, shown = deepen(analyzer_for(tmp_path), passage)
    assert isinstance(answer, Analysis)
    assert (answer.depth, answer.stems) == ("deep", ("drums", "bass"))
    assert answer.rhythm.tempo.value == pytest.approx(BPM, abs=0.2)
    assert shown == sorted(shown)
    assert shown
    again = analyzer_for(tmp_path)
    assert again.analyze(passage) == answer
    assert deepen(again, passage) == (answer, [])


@needs_madmom
def test_the_deep_pass_can_be_cancelled(loop: Path, tmp_path: Path) -> None:
    answer, _ = deepen(analyzer_for(tmp_path), Passage(str(loop)), cancel_at=0.0)
    assert answer == CANCELLED
