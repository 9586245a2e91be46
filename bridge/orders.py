"""What a press asks to be composed, in two steps: read what it needs from the mirror, then compose. Both are pure.

Reading is quick and runs in the event loop; composing takes the engines' milliseconds and runs beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bridge.adjust import Adjust
from bridge.adjust_press import compose_adjust
from bridge.band_press import compose_band, is_band, read_band
from bridge.composition import Composition
from bridge.events import Compose
from bridge.listening import Passage
from bridge.mirror import SetMirror
from bridge.press import compose, read_press
from bridge.refine_press import compose_refine, read_refine
from bridge.wire import Generate, Mix, Refine, WriteSong
from engines.band.ladder import Pattern, Runner
from engines.catalogue import EngineRecord
from engines.music.analysis import Analysis
from engines.styles.style import Style

Composer = Callable[[], Composition]
"""Composes what has been read; raises PressError when a value is out of bounds or nothing can be played."""


@dataclass(frozen=True, slots=True)
class Players:
    """Who plays, in which styles; how a stage of the band is run, and what replaces an engine that fails."""

    engines: Sequence[EngineRecord]
    styles: Mapping[str, Style]
    run: Runner
    pattern: Pattern | None = None


def read_order(
    mirror: SetMirror, press: Compose, players: Players, deadline: float, recall: Callable[[Passage], Analysis | None]
) -> Composer:
    """Reads from the mirror what a press needs, and returns what composes it; raises PressError where it cannot be.

    `recall` gives what is known of an audio clip's passage by now; `deadline` is Unix time.
    """
    order, ending = press.order, (press.request_id, press.sample_rate, deadline)
    band = (players.styles, players.engines, *ending, players.run, players.pattern)
    match order:
        case Generate() if is_band(order.engine):
            return partial(compose_band, read_band(mirror, order, players.engines, recall), order, *band)
        case Generate():
            return partial(compose, read_press(mirror, order, players.engines, recall), order, players.styles, *ending)
        case Refine():
            return partial(
                compose_refine, read_refine(mirror, order, players.engines, recall), order, players.styles, *ending
            )
        case WriteSong():
            from bridge.song_press import compose_song, read_song  # here, as for the mix: the daemon starts sooner

            return partial(compose_song, read_song(mirror, players.engines), order, *band)
        case Mix():
            from bridge.mix_press import compose_mix, read_mix

            mix = read_mix(mirror, players.engines, recall, press.live_version)
            return partial(compose_mix, mix, order, players.styles, press.request_id, deadline)
        case Adjust():
            adjusted = compose_adjust(
                mirror, order, press.request_id, deadline
            )  # no engine: there is nothing to wait for
            return lambda: adjusted
