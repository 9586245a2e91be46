"""Download files from the Hugging Face hub, resuming what was interrupted, also in a later run.

This uses huggingface_hub's public parts for addresses, tokens, retries and errors; its `hf_hub_download` discards a
partial file when the connection breaks (as of 2.4).
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import httpx2
from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status, http_stream_backoff, logging

from musearoo.bridge.models.fetching import Offer
from musearoo.bridge.models.files import CHUNK, Tick
from musearoo.bridge.settings.home_files import private_opener
from musearoo.engines.errors import EngineError

TIMEOUT: Final = 20.0
"""Seconds without a byte after which a connection counts as broken."""

TRIES: Final = 4
"""Most consecutive connections that bring nothing."""

ELSEWHERE: Final = "or take the files from another machine's folder with --mirror DIR"


class HubRepository:
    """A repository of the hub at its current revision; see `bridge.models.fetching.Origin`.

    `endpoint` is the hub's address; empty for that of the environment (HF_ENDPOINT) or the default. `wait`: seconds
    before a broken connection is retried, doubled each time.
    """

    def __init__(self, name: str, endpoint: str = "", wait: float = 1.0) -> None:
        """Ask the hub for the available files; raises EngineError."""
        # Its warnings would interrupt the progress display; their causes are retried or explained here.
        logging.set_verbosity_error()
        self._name = name
        self._endpoint = endpoint or os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
        self._wait = wait
        self.address = f"{self._endpoint}/{name}"
        with self._explained():
            found = HfApi(endpoint=self._endpoint).model_info(name, files_metadata=True, timeout=TIMEOUT)
        self.revision: str = found.sha or ""
        self.offers = {
            file.rfilename: Offer(file.rfilename, file.size or 0, file.lfs.sha256 if file.lfs else "")
            for file in found.siblings or ()
            # The names become paths in the model's folder.
            if not any(part in ("", ".", "..") for part in re.split(r"[/\\:]", file.rfilename))
        }

    def bring(self, offer: Offer, draft: Path, tick: Tick) -> None:
        """Download a file, from where the draft ends; raises EngineError, OSError."""
        barren = 0
        with self._explained(), open(draft, "ab", opener=private_opener) as target:
            while target.tell() < offer.bytes:
                before = target.tell()
                try:
                    self._go_on(offer, target, tick)
                except httpx2.TransportError:
                    barren = 0 if target.tell() > before else barren + 1
                    if barren == TRIES:
                        raise
                    time.sleep(self._wait * 2.0**barren)

    def _go_on(self, offer: Offer, target: BinaryIO, tick: Tick) -> None:
        """Download the rest of a file, until the end or until the connection breaks."""
        done = target.tell()
        url = hf_hub_url(self._name, offer.name, revision=self.revision, endpoint=self._endpoint)
        # Uncompressed, because ranges must be those of the file itself.
        headers = {**build_hf_headers(), "Accept-Encoding": "identity", **({"Range": f"bytes={done}-"} if done else {})}
        asked = http_stream_backoff(
            "GET", url, headers=headers, timeout=TIMEOUT, base_wait_time=self._wait, retry_on_exceptions=()
        )
        with asked as response:
            hf_raise_for_status(response)
            if done and response.status_code != httpx2.codes.PARTIAL_CONTENT:
                # A server without support for ranges sends the whole file.
                target.seek(0)
                target.truncate()
                tick(-done)
            for chunk in response.iter_bytes(CHUNK):
                if target.tell() + len(chunk) > offer.bytes:
                    raise EngineError(f"{self.address} sends more for {offer.name} than it says: try again later.")
                target.write(chunk)
                tick(len(chunk))
        if target.tell() < offer.bytes:
            raise httpx2.RemoteProtocolError("less came than was said")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn an error of the hub or the network into one sentence."""
        try:
            yield
        except HfHubHTTPError as error:
            status = error.response.status_code
            # The hub answers "not found" also for private repositories.
            closed = status in (401, 403, 404)
            what = "is not there, or not open to you: try `hf auth login`" if closed else f"answers with error {status}"
            raise EngineError(f"{self.address} {what}{'' if closed else ': try again later'}, {ELSEWHERE}.") from error
        except OfflineModeIsEnabled as error:
            raise EngineError(f"HF_HUB_OFFLINE is set: unset it to fetch from the hub, {ELSEWHERE}.") from error
        except ValueError as error:
            raise EngineError(
                f"{self._endpoint} answers what no hub does: a network that asks you to log in does so ({error})."
            ) from error
        except httpx2.TimeoutException as error:
            raise EngineError(
                f"{self._endpoint} did not answer for {TIMEOUT:g} seconds: run this again, which goes on from there, "
                f"{ELSEWHERE}."
            ) from error
        except httpx2.HTTPError as error:
            raise EngineError(
                f"{self._endpoint} cannot be reached ({error}): check the network and run this again, which goes on "
                f"from there, {ELSEWHERE}."
            ) from error
