"""The table of all messages, and the lookup from an address to its message."""

from typing import get_args

from musearoo.bridge.protocol import (
    ambience,
    api,
    composing,
    device_session,
    edits,
    live_set,
    playing,
    presses,
    script_session,
    shown,
    sound,
    talk,
    transactions,
)
from musearoo.bridge.protocol.types import Message, Route

MESSAGES: tuple[type[Message], ...] = (
    # Device → daemon.
    *(device_session.Hello, device_session.Bye, device_session.Beat),
    *(composing.Generate, composing.Dials, composing.Refine, composing.WriteSong, composing.Mix),
    *(sound.Analyze, sound.Split, sound.AutoSplit, sound.Imagine, sound.Listen),
    *(playing.Audition, playing.Keep, playing.PlayJam, playing.AskMidi),
    ambience.PlayAmbience,
    *(presses.KeepVersion, presses.BringBack, presses.Undo),
    *(talk.Talk, talk.SayText, talk.Arm),
    *(presses.SelfTest, presses.Cancel, device_session.DeviceGot),
    # Daemon → device.
    device_session.Welcome,
    *(presses.Got, presses.Done, sound.Heard, talk.Answer, presses.Failed),
    *(shown.Progress, talk.Level, talk.Please, shown.Told),
    *(device_session.BeatBack, device_session.Refused),
    *(shown.Facts, playing.MidiState, ambience.AmbienceState),
    # Script → daemon.
    *(script_session.ScriptHello, script_session.Heartbeat),
    *(live_set.TransportState, live_set.SongState),
    *(live_set.TrackState, live_set.InstrumentState, live_set.MixerState, live_set.EqualiserState),
    live_set.SceneState,
    *(live_set.ClipState, live_set.ClipNotes, live_set.ClipAudio, live_set.ClipWarp),
    *(live_set.Selection, live_set.Gone, live_set.SetReady),
    *(transactions.Result, transactions.Error, transactions.NotesRead),
    # Daemon → script.
    *(script_session.ScriptWelcome, script_session.ScriptRefused, script_session.Say),
    *(transactions.ReadNotes, transactions.TakeBack, transactions.Transaction),
    *get_args(edits.Edit),
    # Api → daemon, beside all that a device sends.
    *(api.ApiHello, api.Watch, api.AskMetrics, api.ApiAct, api.ApiChange, api.ApiEdit, api.ApiBeat),
    # Daemon → api, beside all that a device gets.
    *(api.ApiWelcome, api.ApiRefused, api.ApiBeatBack),
    *(api.ApiLive, api.ApiSet, api.ApiTransport, api.ApiTake, api.ApiPart, api.ApiTakeUndone),
    api.ApiMetrics,
)
"""All messages, in the order of the reference page."""

MESSAGE_BY_PATH: dict[Route, dict[str, type[Message]]] = {
    route: {cls.path: cls for cls in MESSAGES if cls.route is route} for route in Route
}
"""The class of an address, for each route."""
