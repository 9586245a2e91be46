"""Prove that a device and the daemon share a secret without sending it. Pure.

The daemon draws the secret at each start and keeps it, with its port, in a file that only the user can read: a device
says hello to nobody else. A hello carries an HMAC (RFC 2104, SHA-256 cut to 128 bits as in RFC 4868) over its sender,
its reply port, and its number. The number makes each hello unique, so a replayed one is refused. The welcome proves in
the same way that it comes from the daemon. `max_for_live/script/proof.js` does the same in the device.
"""

import hashlib
import hmac
import struct
from dataclasses import replace

from musearoo.bridge.protocol import Hello, Welcome

Proof = tuple[int, int, int, int]
"""Four signed words: Max keeps every string that it ever sent in memory, but not numbers."""

_WORDS = struct.Struct(">4i")


def prove_hello(secret: str, hello: Hello) -> Hello:
    """Return the hello with its proof."""
    one, two, three, four = _hello_proof(secret, hello)
    return replace(hello, proof_1=one, proof_2=two, proof_3=three, proof_4=four)


def is_hello_proven(secret: str, hello: Hello) -> bool:
    """Whether the sender of a hello knows the secret. Runs in constant time."""
    return _equal(_hello_proof(secret, hello), hello)


def prove_welcome(secret: str, welcome: Welcome, hello: Hello) -> Welcome:
    """Return the welcome with its number and proof, in answer to `hello`."""
    answer = replace(welcome, hello=hello.number)
    one, two, three, four = _welcome_proof(secret, answer, hello.instance)
    return replace(answer, proof_1=one, proof_2=two, proof_3=three, proof_4=four)


def is_welcome_proven(secret: str, welcome: Welcome, instance: str) -> bool:
    """Whether a welcome comes from the daemon that `instance` said hello to."""
    return _equal(_welcome_proof(secret, welcome, instance), welcome)


def draw_session(secret: str, hello: Hello, attempt: int = 0) -> int:
    """Return the number of a new session, 1..2^31 - 1, which cannot be guessed without the secret."""
    (first, *_) = _authenticate(secret, "session", hello.instance, hello.number, attempt)
    return (first & 0x7FFF_FFFF) or 1


def next_secret(secret: str) -> str:
    """Return the next secret; it does not reveal the one before."""
    return hmac.digest(secret.encode(), b"next", hashlib.sha256).hex()


def _hello_proof(secret: str, hello: Hello) -> Proof:
    fields = (hello.instance, hello.number, hello.wire_version, hello.live_version, hello.reply_port)
    return _authenticate(secret, "hello", *fields)


def _welcome_proof(secret: str, welcome: Welcome, instance: str) -> Proof:
    return _authenticate(secret, "welcome", instance, welcome.hello, welcome.session)


def _authenticate(secret: str, *parts: str | int) -> Proof:
    # No text on the wire has a zero byte, so joining by them is unambiguous.
    message = "\0".join(map(str, parts)).encode()
    return _WORDS.unpack(hmac.digest(secret.encode(), message, hashlib.sha256)[: _WORDS.size])


def _equal(proof: Proof, message: Hello | Welcome) -> bool:
    given = _WORDS.pack(message.proof_1, message.proof_2, message.proof_3, message.proof_4)
    return hmac.compare_digest(_WORDS.pack(*proof), given)
