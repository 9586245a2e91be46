"""Parts: the instruments that styles choose."""

from __future__ import annotations

from typing import Any

import pytest

from musearoo.bridge.renders.parts import TakePart
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.context import ROLES
from musearoo.engines.styles.live_sounds import default_instrument
from tests.bridge.renders.some_takes import BEAT, LINE


def test_each_style_gives_each_role_its_usual_instrument() -> None:
    for style in read_styles().values():
        for role in ROLES:
            part = TakePart.of(LINE, role, style)
            assert part.program == default_instrument(style, role).program, (style.name, role)
            assert part.for_renderer().program == (None if role == "drums" else part.program)
            assert part.for_renderer().role == role


def test_without_a_style_each_role_has_an_instrument() -> None:
    assert [TakePart.of(BEAT, role).program for role in ROLES] == [0, 33, 0, 0, 89, 0]


def test_unknown_roles_and_programs_are_refused() -> None:
    role: Any = "triangle"
    with pytest.raises(ParamError, match="role must be one of drums"):
        TakePart(clip=BEAT, role=role, program=0, name="")
    with pytest.raises(ParamError, match="program must be a General MIDI program"):
        TakePart(clip=BEAT, role="bass", program=128, name="")
    with pytest.raises(ParamError, match="gain_db must be"):
        TakePart.of(LINE, "bass", gain_db=6.1)
    with pytest.raises(ParamError, match="pan must be"):
        TakePart.of(LINE, "bass", pan=-1.1)
