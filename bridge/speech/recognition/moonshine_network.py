"""Moonshine's network, from the wheel of moonshine-voice: audio in, log-probabilities of tokens out.

Jeffries, King, Kudlur, Nicholson, Wang and Warden, "Moonshine: Speech recognition for live transcription and voice
commands", 2024. Its files are run by ONNX Runtime; nothing of the package itself is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musearoo.bridge.speech.recognition.moonshine_files import DECODER, ENCODER, PIECES
from musearoo.bridge.speech.recognition.pieces import BEGIN, END, Pieces, read_pieces
from musearoo.bridge.speech.recognition.recogniser import RecogniserError
from musearoo.bridge.speech.sound.format import RATE

SHORTEST: Final = RATE // 10
"""Fewest samples of an utterance; the network's first three layers need a twentieth of a second."""

Logs = NDArray[np.float32]

Sound = dict[str, NDArray[Any]]
"""The encoder's output for the decoder: one row, or one per text."""


@dataclass(frozen=True, slots=True, eq=False)
class Thread:
    """Texts in progress, one a row, and the log-probabilities of each next token.

    `logs`: float32 (rows, pieces).
    """

    logs: Logs
    past: dict[str, NDArray[np.float32]]
    sound: Sound


class MoonshineNetwork:
    """A loaded model. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Raise RecogniserError if ONNX Runtime is missing or the files are broken."""
        try:
            import onnxruntime
        except ImportError as error:
            raise RecogniserError(f"onnxruntime is not installed, which Moonshine runs on ({error}).") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._encoder, self._decoder = (
                onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
                for name in (ENCODER, DECODER)
            )
            self.pieces: Pieces = read_pieces(folder / PIECES)
        except Exception as error:  # its errors share no base class
            raise RecogniserError(f"The voice model in {folder} is broken ({error}): install it anew.") from error
        inputs = self._decoder.get_inputs()
        self._kept = {one.name: one.shape for one in inputs if one.name.startswith("past")}
        self._outputs = [one.name for one in self._decoder.get_outputs()]

    def encode(self, samples: NDArray[np.float32]) -> Sound:
        """Return the network's encoding of samples -1..1 at RATE, at least SHORTEST of them."""
        sound = samples[np.newaxis].astype(np.float32)
        hidden = self._encoder.run(None, {"input_values": sound, "attention_mask": np.ones(sound.shape, np.int64)})[0]
        return {"encoder_hidden_states": hidden, "encoder_attention_mask": np.ones(hidden.shape[:2], np.int64)}

    def begin(self, sound: Sound) -> Thread:
        """Return the state of one empty text."""
        logits, past = self._run(sound, self._nothing(), np.array([[BEGIN]], np.int64), is_first=True)
        return Thread(_as_logs(logits[:, -1]), past, sound)

    def weigh(self, sound: Sound, pieces: Sequence[int]) -> Logs:
        """Return the log-probability of each token of a text and its end: float32 (pieces + 1,)."""
        text = np.array([[BEGIN, *pieces]], np.int64)
        logits, _ = self._run(sound, self._nothing(), text, is_first=True)
        logs = _as_logs(logits[0])
        return np.asarray(logs[np.arange(len(pieces) + 1), [*pieces, END]])

    def go_on(self, thread: Thread, rows: NDArray[np.intp], pieces: NDArray[np.intp]) -> Thread:
        """Return the texts of some rows, each extended by one token."""
        count = len(rows)
        sound = {name: _stretch(values, count) for name, values in thread.sound.items()}
        past = {
            name: _stretch(values, count) if ".encoder." in name else values[rows]
            for name, values in thread.past.items()
        }
        logits, kept = self._run(sound, past, pieces.astype(np.int64)[:, np.newaxis], is_first=False)
        return Thread(_as_logs(logits[:, -1]), kept, sound)

    def _nothing(self) -> dict[str, NDArray[np.float32]]:
        return {name: np.zeros((1, shape[1], 0, shape[3]), np.float32) for name, shape in self._kept.items()}

    def _run(
        self, sound: Sound, past: dict[str, NDArray[np.float32]], pieces: NDArray[Any], is_first: bool
    ) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        """Return the logits, float32 (texts, pieces, vocabulary), and the decoder's key-value cache."""
        given = {"input_ids": pieces, "use_cache_branch": np.array([not is_first]), **sound, **past}
        made = dict(zip(self._outputs, self._decoder.run(None, given), strict=True))
        kept = {
            name: past[name]
            if ".encoder." in name and not is_first
            else made[name.replace("past_key_values", "present")]
            for name in past
        }
        return made["logits"], kept


def _stretch(values: NDArray[Any], count: int) -> NDArray[Any]:
    """Repeat an array for so many rows."""
    return values[:count] if len(values) >= count else np.repeat(values[:1], count, axis=0)


def _as_logs(values: NDArray[np.float32]) -> Logs:
    values = values - values.max(axis=-1, keepdims=True)
    return np.asarray(values - np.log(np.exp(values).sum(axis=-1, keepdims=True)))
