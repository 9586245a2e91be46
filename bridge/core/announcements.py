"""Messages to devices about the state of their set. Pure."""

from typing import Final

from musearoo.bridge.core.events.effects import Effect, Report, SendToDevice
from musearoo.bridge.core.events.incoming import ClipAnalyzed, EffortChanged
from musearoo.bridge.core.events.midi import MidiView
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Live, State
from musearoo.bridge.protocol import (
    Facts,
    LiveState,
    SongState,
    Told,
)
from musearoo.bridge.protocol.types import Message
from musearoo.engines.errors import ParamError
from musearoo.engines.music.scale import Key

KEEPING_UP: Final = "Keeping up: simpler takes while this computer is busy."
KEPT_UP: Final = "This computer is free again: full takes."


def to_device(session: Session, message: Message) -> SendToDevice:
    """The datagram that sends a message to a session's device."""
    return SendToDevice(session.source.host, session.hello.reply_port, message, session.number)


def announce(state: State, live: Live, shown: LiveState) -> list[Effect]:
    """Send the facts of a Live's set to each device in it; nothing before the script has sent the set."""
    facts = facts_of(live, shown, state.midi)
    if facts is None:
        return []
    return [to_device(session, facts) for session in _devices(state) if state.live_for(session) is live]


def _devices(state: State) -> list[Session]:
    """The sessions of devices; a client watches sets instead, and may have hundreds of sessions."""
    return [session for session in state.sessions.values() if not session.is_client]


def announce_analysis(state: State, event: ClipAnalyzed) -> list[Effect]:
    """Report the analysis of a clip in the terminal and, if the event asks for it, on the devices in its set."""
    if not event.sentence:
        return []
    live = state.lives.get(event.link)
    told = Told(0, 0, event.sentence)
    shown = _devices(state) if event.to_devices and live else ()
    sent = [to_device(session, told) for session in shown if state.live_for(session) is live]
    return [*sent, Report(event.sentence, logged=event.logged)]


def announce_effort(state: State, event: EffortChanged) -> list[Effect]:
    """Report on all devices and in the terminal that takes become simpler, or are full again; nothing in between."""
    if bool(event.lean) is event.had_lean:
        return []
    sentence = KEEPING_UP if event.lean else KEPT_UP
    return [*(to_device(session, Told(0, 0, sentence)) for session in _devices(state)), Report(sentence)]


def facts_of(live: Live, shown: LiveState, midi: MidiView) -> Facts | None:
    """What a device shows of its set; None before the script has sent the set.

    The key is the set's, else the selected scene's, else the live player's; chords are the scene's, else the player's.
    """
    song = live.facts
    if song is None:
        return None
    key, chords = _key_name(song) or live.key or midi.key, live.chords or midi.held
    return Facts(song.tempo, song.numerator, song.denominator, key, chords, shown)


def _key_name(song: SongState) -> str:
    if song.scale_mode != 1:
        return ""
    try:
        return str(Key.from_live(song.root_note, song.scale_name))
    except ParamError:
        # A scale of a newer Live or of the user's own: shown as unknown.
        return ""
