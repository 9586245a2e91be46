"""The proofs of hello and welcome: what they are good for, and that nothing of the secret is in them."""

from dataclasses import replace

from musearoo.bridge.protocol import WIRE_VERSION, Hello, Welcome
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.device_proof import (
    draw_session,
    is_hello_proven,
    is_welcome_proven,
    next_secret,
    prove_hello,
    prove_welcome,
)
from musearoo.bridge.protocol.types import Route

SECRET = "f0" * 32
PROOF = "fc37a89e8d967854a76abaf44e65bdfd"
HELLO = Hello("roo-1", 24_700, WIRE_VERSION, "12.3.6", "Öde", 48_000, 3)
WELCOME = Welcome(7, WIRE_VERSION, "0.1.0", 1, "/captures")


def test_a_proof_survives_the_wire_and_holds_for_its_secret_alone() -> None:
    proven = prove_hello(SECRET, HELLO)
    assert decode(encode(proven), Route.DEVICE_TO_DAEMON) == [proven]
    assert is_hello_proven(SECRET, proven)
    assert not is_hello_proven("0f" * 32, proven)
    assert not is_hello_proven(SECRET, HELLO)
    assert SECRET.encode() not in encode(proven)


def test_what_is_sent_is_worked_out_as_is_written() -> None:
    """The same as `openssl dgst -sha256 -hmac f0f0…` gives for the texts, zero bytes between."""
    proven = prove_hello(SECRET, replace(HELLO, wire_version=11))
    words = [proven.proof_1, proven.proof_2, proven.proof_3, proven.proof_4]
    assert b"".join(word.to_bytes(4, "big", signed=True) for word in words).hex() == PROOF


def test_every_word_of_a_proof_counts() -> None:
    proven = prove_hello(SECRET, HELLO)
    for name in ("proof_1", "proof_2", "proof_3", "proof_4"):
        assert not is_hello_proven(SECRET, replace(proven, **{name: getattr(proven, name) ^ 1}))


def test_a_welcome_answers_one_hello_of_one_instance() -> None:
    welcome = prove_welcome(SECRET, WELCOME, HELLO)
    assert welcome.hello == HELLO.number
    assert is_welcome_proven(SECRET, welcome, "roo-1")
    assert not is_welcome_proven(SECRET, welcome, "roo-2")
    assert not is_welcome_proven(SECRET, replace(welcome, hello=4), "roo-1")
    assert not is_welcome_proven(SECRET, replace(welcome, session=8), "roo-1")
    assert not is_welcome_proven("0f" * 32, welcome, "roo-1")


def test_a_hello_is_no_welcome() -> None:
    """A program that gets a hello cannot give it back as its own proof."""
    hello = prove_hello(SECRET, HELLO)
    words = {name: getattr(hello, name) for name in ("proof_1", "proof_2", "proof_3", "proof_4")}
    assert not is_welcome_proven(SECRET, replace(WELCOME, hello=3, **words), "roo-1")


def test_each_attempt_draws_another_session() -> None:
    drawn = {draw_session(SECRET, HELLO, attempt) for attempt in range(100)}
    assert len(drawn) == 100
    assert all(0 < session < 2**31 for session in drawn)


def test_the_secret_that_follows_is_another_one_of_the_same_form() -> None:
    assert next_secret(SECRET) != SECRET
    assert len(next_secret(SECRET)) == 64
