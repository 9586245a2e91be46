"""All controls of the device by group, in the order of the manual."""

from musearoo.max_for_live.table.ambience import AMBIENCE
from musearoo.max_for_live.table.changing import CHANGING
from musearoo.max_for_live.table.hearing import HEARING
from musearoo.max_for_live.table.imagining import IMAGINING
from musearoo.max_for_live.table.playing import PLAYING
from musearoo.max_for_live.table.playing_along import PLAYING_ALONG
from musearoo.max_for_live.table.records import Control
from musearoo.max_for_live.table.setting import SETTING
from musearoo.max_for_live.table.showing import SHOWING
from musearoo.max_for_live.table.talking import TALKING

CONTROLS: tuple[Control, ...] = (
    *(*SHOWING, *PLAYING, *SETTING, *CHANGING, *HEARING, *IMAGINING),
    *(*PLAYING_ALONG, *AMBIENCE, *TALKING),
)
