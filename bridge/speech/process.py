"""The speech process: takes commands from the daemon, sound from the microphone, and text from the recogniser."""

from __future__ import annotations

import os
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any

from musearoo.bridge.process.child_process import plain_end, settle_in
from musearoo.bridge.speech.messages import Leave, ListenerOptions, Worn


@plain_end
def run_listener(
    connection: Connection[Any, Any], turns: Any, recogniser: Connection[Any, Any], options: ListenerOptions
) -> None:
    """Recognise speech until the connection ends, or the process asks to be replaced. `turns` counts its turns."""
    settle_in(options.output)
    # Imported here, because the daemon imports this module too: NumPy would cost it a third of a second.
    from musearoo.bridge.speech.recogniser_process import RecogniserLink
    from musearoo.bridge.speech.recordings import keep_utterance
    from musearoo.bridge.speech.sound.endpoint import open_detector
    from musearoo.bridge.speech.sound.format import RATE
    from musearoo.bridge.speech.sound.microphones import MicrophoneError, load_sounddevice
    from musearoo.bridge.speech.sound.sources import FILE_PREFIX, Sources
    from musearoo.bridge.speech.utterances import UtteranceLoop

    if not options.microphone.startswith(FILE_PREFIX):
        try:
            # Loaded ahead of the first Talk, because PortAudio's scan of the devices is slow. It opens none.
            load_sounddevice()
        except MicrophoneError as error:
            print(error)
    link = RecogniserLink()
    link.connect(recogniser)
    utterances = UtteranceLoop(
        Sources(options.microphone, RATE),
        link,
        open_detector,
        connection.send,
        partial(keep_utterance, options.keep) if options.keep else None,
    )
    try:
        while not utterances.is_worn:
            turns.value += 1
            wait([connection, *([link.connection] if link.connection else [])], utterances.pace)
            while connection.poll():
                command = connection.recv()
                if isinstance(command, Leave):
                    utterances.close()
                    return
                utterances.perform(command)
            utterances.look()
        connection.send(Worn())
        # Not by sys.exit: PortAudio would close a device that has gone, which can hang.
        os._exit(0)
    except (EOFError, OSError):
        # The daemon has gone.
        utterances.close()
