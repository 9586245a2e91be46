"""A known groove through a real port."""

from __future__ import annotations

import pytest

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.midi import groove_ports
from musearoo.tools.bench.midi.groove import judge
from musearoo.tools.bench.midi.groove_ports import play_through_ports
from musearoo.tools.bench.midi.jack import is_installed
from musearoo.tools.bench.midi.player import GROOVES, perform
from tests.optional import require


@pytest.mark.long
@pytest.mark.skipif(not is_installed(), reason="needs jackd, a real MIDI port without hardware")
def test_what_is_played_at_a_port_is_captured() -> None:
    require("rtmidi")
    performances = [perform("comping", GROOVES[2], 168.0, 2, 1), perform("drums", GROOVES[4], 140.0, 2, 1)]
    recordings = list(play_through_ports(performances))
    assert [one.performance for one in recordings] == performances
    for one in recordings:
        assert len(one.late) == 2 * len(one.performance.notes)
        assert judge(one.performance, one.recording, are_lengths_exact=False).is_exact


def test_without_jack_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_server(period: int) -> None:
        raise EngineError(f"it needs JACK, with a period of {period}.")

    monkeypatch.setattr(groove_ports, "jack_server", no_server)
    with pytest.raises(EngineError, match="it needs JACK"):
        next(play_through_ports([perform("drums", GROOVES[0], 120.0, 1, 0)]))
