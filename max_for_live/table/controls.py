"""Every control of the device, group by group; the order is that of the manual."""

from max_for_live.table.changing import CHANGING
from max_for_live.table.hearing import HEARING
from max_for_live.table.imagining import IMAGINING
from max_for_live.table.playing import PLAYING
from max_for_live.table.playing_along import PLAYING_ALONG
from max_for_live.table.records import Control
from max_for_live.table.setting import SETTING
from max_for_live.table.showing import SHOWING
from max_for_live.table.talking import TALKING

CONTROLS: tuple[Control, ...] = (
    *(*SHOWING, *PLAYING, *SETTING, *CHANGING, *HEARING, *IMAGINING),
    *(*PLAYING_ALONG, *TALKING),
)
