"""The deep pass, as a job of the worker: madmom's networks beside our own ear, and the same decisions after them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np

from engines.brainaroo.hearing.ear.heard import Heard
from engines.brainaroo.hearing.ear.network import listen
from engines.brainaroo.hearing.ear.spectrogram import compute_spectrogram
from engines.brainaroo.hearing.evidence import BeatEvidence
from engines.brainaroo.hearing.fast import Learned, decide
from engines.brainaroo.hearing.harmony.spectrum import compute_harmonic_spectrum
from engines.brainaroo.hearing.sound import Sound
from engines.brainaroo.hints import Hints
from engines.models.listening import Report, listen_deeply
from engines.music.analysis import Analysis
