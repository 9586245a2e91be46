"""The table, the styles and the parser, read once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_table
from musearoo.engines.language.grammar.table import VoiceTable
from musearoo.engines.language.grammar.understanding import Understander
from musearoo.engines.styles.schema import Style


@pytest.fixture(scope="session")
def table() -> VoiceTable:
    return read_table()


@pytest.fixture(scope="session")
def styles() -> Mapping[str, Style]:
    return read_styles()


@pytest.fixture(scope="session")
def understander(table: VoiceTable, styles: Mapping[str, Style]) -> Understander:
    return Understander(table, styles)
