"""HMAC-SHA-256 in the device's script, by the vectors of RFC 4231 and by Python's own."""

import hashlib
import hmac
import json
import random

import pytest

from musearoo.bridge.protocol import WIRE_VERSION, Hello, Welcome
from musearoo.bridge.protocol.device_proof import prove_hello, prove_welcome
from tests.max_for_live.script.stage import SECRET, Stage

RFC_4231 = [
    ("0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (
        b"Jefe".hex(),
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    ("aa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (bytes(range(1, 26)).hex(), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    (
        "aa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        "aa" * 131,
        b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
        b"hashed before being used by the HMAC algorithm.",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
]
"""Test cases 1 to 4, 6 and 7: key, message, HMAC-SHA-256."""


@pytest.fixture(scope="module")
def stage(source: str) -> Stage:
    """A script that shows what it works out proofs by; Live is not there yet."""
    hidden = "  return {\n    /** Returns the values of a hello"
    assert source.count(hidden) == 1
    return Stage(source.replace(hidden, hidden.replace("{", "{ hmac: hmac,")))


def by_script(stage: Stage, key: bytes, message: bytes) -> str:
    """What the script works out."""
    words = stage.evaluate(f"Proof.hmac({json.dumps(list(key))}, {json.dumps(list(message))})")
    return b"".join((int(word) & 0xFFFF_FFFF).to_bytes(4, "big") for word in words).hex()


def test_the_vectors_of_the_rfc(stage: Stage) -> None:
    for key, message, expected in RFC_4231:
        assert by_script(stage, bytes.fromhex(key), message) == expected, message


def test_every_length_around_the_blocks_of_sha_256(stage: Stage) -> None:
    chance = random.Random(4231)
    for length in (*range(130), 191, 192, 193, 1000):
        key, message = chance.randbytes(length % 100), chance.randbytes(length)
        assert by_script(stage, key, message) == hmac.digest(key, message, hashlib.sha256).hex(), length


@pytest.mark.parametrize("instance", ["roo-1-a8c", "größe 𝄞", ""])
def test_device_and_daemon_work_out_the_same(stage: Stage, instance: str) -> None:
    hello = Hello(instance, 24_700, WIRE_VERSION, "12.3.6", "set", 48_000, 2**31 - 1)
    values = {name: getattr(hello, name) for name, _ in hello.specs}
    proven = stage.evaluate(f"Proof.ofHello({json.dumps(SECRET)}, {json.dumps(values)})")
    assert Hello(**proven) == prove_hello(SECRET, hello)
    welcome = prove_welcome(SECRET, Welcome(7, WIRE_VERSION, "0.1.0", 1, ""), hello)
    values = {name: getattr(welcome, name) for name, _ in welcome.specs}
    given = f"{json.dumps(SECRET)}, {json.dumps(values)}, {json.dumps(instance)}"
    assert stage.evaluate(f"Proof.isOfDaemon({given})") is True
    assert stage.evaluate(f"Proof.isOfDaemon({given.replace(SECRET, SECRET[::-1])})") is False
