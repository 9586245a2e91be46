"""MusicGen as a `SoundModel`: a request in, sound out while it is generated.

J. Copet et al., "Simple and Controllable Music Generation" (2023). On a CPU in full precision, a seed gives exactly the
tokens that audiocraft's own `MusicGen` draws with it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import numpy as np
import torch

from musearoo.engines.audio.separation.contract import Separator
from musearoo.engines.audio.sound_model import FloatArray, Report, Sound, SoundRequest
from musearoo.engines.errors import EngineError, ParamError, require_between
from musearoo.engines.neural.devices import return_memory
from musearoo.engines.neural.encodec.codec import Codec, to_channels
from musearoo.engines.neural.musicgen.checkpoint import Projection
from musearoo.engines.neural.musicgen.decoding.loop import decode
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from musearoo.engines.neural.musicgen.decoding.shape import Conditions
from musearoo.engines.neural.musicgen.settings import ChromaSettings
from musearoo.engines.neural.musicgen.sounds import mix_down, require_sound, resample
from musearoo.engines.neural.musicgen.text import TextEncoder
from musearoo.engines.neural.musicgen.tunes import (
    AudioTune,
    ChromaExtractor,
    Tune,
    WrittenTune,
    extract_tune,
    require_notes,
)

FIRST_SECONDS: Final = 0.5
"""Length of the first block: short for low latency, and long enough to play while the next is computed."""
LARGEST_SECONDS: Final = 2.0
"""Longest later block; each is twice as long as the one before, since fewer blocks are less work."""

MAX_SECONDS: Final = 600.0
"""Upper bound of a request in seconds."""
TEXT_SHARE: Final = 0.01
TUNE_SHARE: Final = 0.1
"""Shares of the progress for encoding the text and extracting a melody."""


@dataclass(frozen=True, slots=True, eq=False)
class Follower:
    """Melody conditioning of a model."""

    settings: ChromaSettings
    projection: Projection


@dataclass(frozen=True, slots=True, eq=False)
class _Melody:
    """The melody of a sound, cached for the next take: mono samples, and notes for the user."""

    key: bytes
    mono: FloatArray
    notes: tuple[str, ...]


class MusicGen:
    """A model on a device. `follower`: None without melody conditioning; `take_separator`: removes drums and bass."""

    def __init__(
        self,
        name: str,
        language: LanguageModel,
        codec: Codec,
        text: TextEncoder,
        follower: Follower | None,
        take_separator: Callable[[], Separator],
    ) -> None:
        self.name = name
        self._language = language
        self._codec = codec
        self._text = text
        self._follower = follower
        self._take_separator = take_separator
        self._notes: tuple[str, ...] = ()
        self._melody: _Melody | None = None

    @property
    def rate(self) -> int:
        """Sample rate of the output, Hz."""
        return self._codec.rate

    @property
    def channels(self) -> int:
        """1 or 2."""
        return self._codec.channels

    @property
    def follows_melody(self) -> bool:
        """Whether requests may have a melody."""
        return self._follower is not None

    @property
    def continues(self) -> bool:
        """True: it can continue a sound."""
        return True

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the user on the latest request."""
        return self._notes

    @property
    def device(self) -> str:
        """Its device: "cpu", "cuda", "mps"."""
        return str(self._language.device)

    @property
    def precision(self) -> str:
        """Precision of its language model: "full" or "half"."""
        return self._language.precision

    def imagine(self, request: SoundRequest, report: Report) -> Generator[FloatArray, None, None]:
        """See SoundModel; lazy: no work is done before the first block is requested."""
        self._notes = ()
        _require_possible(request, self.follows_melody)
        sampling = Sampling(request.guidance, request.temperature, request.top_k, request.seed)
        sampling.check()
        samples = round(request.seconds * self.rate)
        frames = -(-samples // self._codec.hop)
        report(0.0, "reading the prompt")
        reading = self._text.words.read(request.prompt)
        self._notes = reading.notes
        lead = self._take_lead(request.before)
        prompt = None if lead is None else self._encode(lead)
        share = TEXT_SHARE if request.melody is None else TUNE_SHARE
        before = 0 if prompt is None else int(prompt.shape[1])
        goes_on = before + frames > self._language.shape.window
        tune = self._find_tune(
            request, lead, goes_on, lambda done, _text: report(share * done, "listening to the melody")
        )
        conditions = self._make_conditions(self._text.encode(reading), tune, before, goes_on)

        def report_decoding(done: float, _text: str) -> None:
            report(share + (1.0 - share) * done, f"{done * request.seconds:.1f} of {request.seconds:.1f} s")

        codes = decode(self._language, conditions, frames, sampling, prompt, report_decoding)
        is_whole = False
        try:
            yield from _as_blocks(self._sound(codes, prompt), samples)
            is_whole = True
        finally:
            codes.close()
            if not is_whole:
                self._melody = None
            return_memory()

    def _take_lead(self, before: Sound | None) -> FloatArray | None:
        """Return the end of the sound to continue, as far as the model looks back: float32 (channels, samples).

        Its last frame ends with the sound's last sample. Returns None for less than one frame.
        """
        if before is None:
            return None
        require_sound(before, "before")
        shape, hop = self._language.shape, self._codec.hop
        most = shape.window - shape.stride
        # One second more, so that the resampling filter has settled.
        kept = before.rate + -(-most * hop * before.rate // self.rate)
        samples = resample(Sound(before.samples[:, -kept:], before.rate), self.rate)
        frames = min(most, samples.shape[1] // hop)
        return samples[:, samples.shape[1] - frames * hop :] if frames else None

    def _encode(self, lead: FloatArray) -> Any:
        """Encode a sound to codes, int64 (codebooks, frames)."""
        return self._codec.encode(to_channels(torch.from_numpy(lead.copy()), self.channels)).cpu()

    def _find_tune(self, request: SoundRequest, lead: FloatArray | None, goes_on: bool, report: Report) -> Tune | None:
        if request.melody is None or self._follower is None:
            return None
        extractor = self._extractor(self._follower)
        if isinstance(request.melody, tuple):
            return WrittenTune(request.melody, extractor, request.seconds)
        seconds = max(request.seconds, extractor.window / extractor.rate)
        key = _fingerprint(request.melody, seconds)
        if self._melody is None or self._melody.key != key:
            self._melody = None
            self._melody = _Melody(key, *extract_tune(request.melody, seconds, self._take_separator, self.rate, report))
        mono = self._melody.mono
        self._notes += self._melody.notes
        return AudioTune(mono, extractor, goes_on, mono[:0] if lead is None else mix_down(lead))

    def _make_conditions(
        self, words: Any, tune: Tune | None, before: int, goes_on: bool
    ) -> Conditions | Callable[[int], Conditions]:
        """Return the conditions; a function of the window if several windows follow a melody."""
        follower = self._follower
        if follower is None:
            return make_text_conditions(words)
        still = self._extractor(follower).still()
        if tune is None:
            return make_melody_conditions(words, still, still, follower.projection)

        def conditions_at(first: int) -> Conditions:
            """Return the conditions of the window that begins at frame `first`, counted from the prompt's start."""
            return make_melody_conditions(
                words, tune.frames((first - before) * self._codec.hop), still, follower.projection
            )

        return conditions_at if goes_on else conditions_at(0)

    def _extractor(self, follower: Follower) -> ChromaExtractor:
        return ChromaExtractor(follower.settings, self.rate, self._language.shape.window * self._codec.hop)

    def _sound(self, codes: Iterator[Any], prompt: Any | None) -> Iterator[Any]:
        """Decode codes as they arrive, to tensors (channels, n)."""
        stream = self._codec.stream(prompt)
        per_second = self.rate / self._codec.hop
        wanted = round(FIRST_SECONDS * per_second) + stream.lookahead
        larger = FIRST_SECONDS
        pending: list[Any] = []
        for some in codes:
            pending.append(some)
            if sum(block.shape[1] for block in pending) >= wanted:
                yield stream.feed(torch.cat(pending, dim=1))
                pending = []
                larger = min(2.0 * larger, LARGEST_SECONDS)
                wanted = round(larger * per_second)
        rest = [stream.feed(torch.cat(pending, dim=1))] if pending else []
        yield torch.cat([*rest, stream.finish()], dim=1)


def _fingerprint(sound: Sound, seconds: float) -> bytes:
    """Return a key that identifies the first `seconds` of a sound."""
    found = sha256(f"{sound.samples.shape} {sound.rate} {seconds}".encode())
    found.update(np.ascontiguousarray(sound.samples).data)
    return found.digest()


def _as_blocks(sound: Iterator[Any], samples: int) -> Iterator[FloatArray]:
    """Yield the first `samples` of a sound as arrays; raises EngineError for values that are not finite."""
    left = samples
    for block in sound:
        found = np.ascontiguousarray(block[:, :left].float().cpu().numpy())
        if not np.all(np.isfinite(found)):
            raise EngineError("MusicGen has computed values that are not finite: run it in full precision.")
        left -= found.shape[1]
        if found.shape[1]:
            yield found


def _require_possible(request: SoundRequest, follows_melody: bool) -> None:
    """Raise ParamError for a request that the model cannot serve."""
    require_between("seconds", request.seconds, 0.02, MAX_SECONDS, "s")
    if request.melody is None:
        return
    if not follows_melody:
        raise ParamError("melody", "left out, for this model follows none: take one of the melody models", "given")
    if isinstance(request.melody, tuple):
        require_notes(request.melody)


def make_text_conditions(words: Any) -> Conditions:
    """Return text conditions, (tokens, dim), for cross-attention; the unconditional row is zeros."""
    return Conditions(cross=torch.stack([words, torch.zeros_like(words)]), prepend=None)


def make_melody_conditions(words: Any, frames: FloatArray, still: FloatArray, projection: Projection) -> Conditions:
    """Return melody (frames, bins) and text (tokens, dim) conditions, prepended in this order.

    The unconditional row is the melody of silence, `still`, and zeros for the text.
    """
    chroma = torch.from_numpy(frames), torch.from_numpy(still)
    conditions = [torch.nn.functional.linear(frame, projection.weight, projection.bias) for frame in chroma]
    rows = zip(conditions, (words, torch.zeros_like(words)), strict=True)
    return Conditions(cross=None, prepend=torch.stack([torch.cat(row) for row in rows]))
