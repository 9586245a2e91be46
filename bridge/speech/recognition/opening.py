"""Open the best recogniser that is installed, for all sentences that MuseAroo understands."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from musearoo.bridge.speech.recognition.moonshine_files import find_network
from musearoo.bridge.speech.recognition.moonshine_network import MoonshineNetwork
from musearoo.bridge.speech.recognition.recogniser import Recogniser

if TYPE_CHECKING:
    from musearoo.bridge.speech.recognition.joint import JointRecogniser
    from musearoo.bridge.speech.recognition.sphinx import SphinxRecogniser


def open_default(home: Path | None) -> Recogniser:
    """Open a recogniser for MuseAroo's language, including the styles in its folder `home`, where builds are cached.

    It combines Moonshine and PocketSphinx if both are installed, else it is PocketSphinx with the grammar alone. Raises
    RecogniserError if neither works.
    """
    folder = find_network()
    return open_sphinx_alone(home) if folder is None else open_joint(folder, home)


def open_sphinx_alone(home: Path | None) -> SphinxRecogniser:
    """Open PocketSphinx with the grammar alone; raises as `open_default` does."""
    from musearoo.bridge.speech.recognition.builds import Builder
    from musearoo.bridge.speech.recognition.sphinx import SphinxRecogniser

    return SphinxRecogniser(Builder(home).build_sphinx())


def open_joint(network: Path, home: Path | None, written: Sequence[str] | None = None) -> JointRecogniser:
    """Open both recognisers, with the network in a folder, for sentences like those in `written`.

    None stands for usual requests to MuseAroo.
    """
    # The network loads without the GIL while the rest is imported and read, which takes as long. The chooser is needed
    # only at the end of a sentence, so it loads last.
    beside = ThreadPoolExecutor(1, "opening")
    try:
        loading = beside.submit(MoonshineNetwork, network)
        from musearoo.bridge.speech.recognition.builds import Builder
        from musearoo.bridge.speech.recognition.joint import JointRecogniser
        from musearoo.bridge.speech.recognition.moonshine import MoonshineDecoder
        from musearoo.bridge.speech.recognition.trigram_sphinx import TrigramDecoder
        from musearoo.bridge.speech.recognition.word_search import WordSearch

        builder = Builder(home)
        build = builder.build_joint(written)
        second = TrigramDecoder(build.words, build.dictionary)
        loaded = loading.result()
        choosing = beside.submit(builder.open_chooser, build)
        return JointRecogniser(MoonshineDecoder(loaded, WordSearch(loaded, build.model)), second, choosing.result)
    finally:
        # Wait for the loading that has begun.
        beside.shutdown(wait=False)
