"""Opens the recogniser that is there without a download: pocketsphinx with the grammar of all that can be said."""

from __future__ import annotations

from bridge.config_files import home_folder
from bridge.presets_folder import read_styles
from bridge.voice.sphinx import SphinxRecogniser, open_sphinx
from bridge.voice_table import read_table, read_usage
from engines.rooaroo.grammar.jsgf import write_jsgf
from engines.rooaroo.grammar.usage import usual_sentences


def open_default() -> SphinxRecogniser:
    """A recogniser of what MuseAroo understands, the user's own styles among it.

    Raises RecogniserError where pocketsphinx is missing or cannot work, PresetError where a style cannot be read.
    """
    table = read_table()
    styles = read_styles(home_folder() / "styles")
    # A user's own style may have a name that no dictionary knows: it can be typed, not said.
    return open_sphinx(
        lambda knows: write_jsgf(table, styles, knows=knows),
        table.pronunciations,
        usual_sentences(table, styles, read_usage()),
    )
