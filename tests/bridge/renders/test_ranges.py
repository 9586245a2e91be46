"""Ranges of bytes: RFC 9110's own examples, headers that are to be ignored, and a slow reading of the same rules."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from musearoo.bridge.renders.ranges import PART, UNSATISFIABLE, WHOLE, RangeAnswer, answer_range
from musearoo.engines.errors import ParamError

WHOLE_FILE = RangeAnswer(WHOLE, 0, 10_000, 10_000)
NONE = RangeAnswer(UNSATISFIABLE, 0, 0, 10_000)

CASES = (
    # The examples of section 14.1.2.
    ("bytes=0-499", RangeAnswer(PART, 0, 500, 10_000)),
    ("bytes=500-999", RangeAnswer(PART, 500, 500, 10_000)),
    ("bytes=-500", RangeAnswer(PART, 9500, 500, 10_000)),
    ("bytes=9500-", RangeAnswer(PART, 9500, 500, 10_000)),
    ("bytes=0-0", RangeAnswer(PART, 0, 1, 10_000)),
    ("bytes=-1", RangeAnswer(PART, 9999, 1, 10_000)),
    # Ends beyond the end.
    ("bytes=9999-20000", RangeAnswer(PART, 9999, 1, 10_000)),
    ("bytes=-20000", RangeAnswer(PART, 0, 10_000, 10_000)),
    ("bytes=0-" + "9" * 5000, RangeAnswer(PART, 0, 10_000, 10_000)),
    ("bytes=-" + "9" * 5000, RangeAnswer(PART, 0, 10_000, 10_000)),
    ("bytes=" + "0" * 5000 + "1-1", RangeAnswer(PART, 1, 1, 10_000)),
    # Nothing of it is there.
    ("bytes=10000-", NONE),
    ("bytes=10000-10001", NONE),
    ("bytes=" + "9" * 5000 + "-", NONE),
    ("bytes=-0", NONE),
    # Units in any case, space, and empty elements of the list.
    ("BYTES=0-0", RangeAnswer(PART, 0, 1, 10_000)),
    ("bytes= ,\t0-0 , ,", RangeAnswer(PART, 0, 1, 10_000)),
    # Several ranges, other units, and what is no range.
    *(
        (header, WHOLE_FILE)
        for header in (
            None, "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=0-1,3-4", "bytes=0-1, 3-4", "items=0-1",
            "bytes=5-4", "bytes=a-b", "bytes=1", "bytes=1-2-3", "bytes=+1-2", "bytes=1.0-2", "bytes=0x1-2",
            "bytes=١-٢", "bytes=²-", "bytes =0-0x", "bytes:0-1", "0-1", "bytes=0 - 1", "\x00", "bytes=\ud800-",
        )
    ),
)  # fmt: skip


def test_headers_and_their_answers() -> None:
    for header, answer in CASES:
        assert answer_range(header, 10_000) == answer, header


def test_the_headers_of_an_answer() -> None:
    assert answer_range("bytes=2-4", 10).headers == {
        "accept-ranges": "bytes",
        "content-length": "3",
        "content-range": "bytes 2-4/10",
    }
    assert answer_range(None, 10).headers == {"accept-ranges": "bytes", "content-length": "10"}
    assert answer_range("bytes=10-", 10).headers == {"accept-ranges": "bytes", "content-range": "bytes */10"}


def test_an_empty_file_is_sent_whole_or_not_at_all() -> None:
    assert answer_range(None, 0).status == answer_range("bytes=-5", 0).status == WHOLE
    assert answer_range("bytes=0-", 0).headers["content-range"] == "bytes */0"
    with pytest.raises(ParamError, match="size must be 0 bytes or more"):
        answer_range(None, -1)


@given(size=st.integers(1, 60), first=st.integers(0, 70), last=st.integers(0, 70))
def test_a_range_is_the_slice_that_it_names(size: int, first: int, last: int) -> None:
    file = bytes(range(size))
    for header, wanted, named in (
        (f"bytes={first}-{last}", file[first : last + 1], first <= last),
        (f"bytes={first}-", file[first:], True),
        (f"bytes=-{last}", file[-last:] if last else b"", True),
    ):
        answer = answer_range(header, size)
        sent = file[answer.first : answer.first + answer.length]
        if not named:
            assert (answer.status, sent) == (WHOLE, file), header
            continue
        assert sent == wanted, header
        assert answer.status == (PART if wanted else UNSATISFIABLE), header
        if wanted:
            assert file[answer.first] == wanted[0]
            numbers = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", answer.headers["content-range"])
            assert numbers is not None
            assert [int(number) for number in numbers.groups()] == [wanted[0], wanted[-1], size]


@given(header=st.text(max_size=30) | st.from_regex(r"bytes=[0-9,\- ]{0,20}", fullmatch=True), size=st.integers(0, 99))
@example("bytes=" + "1" * 9000 + "-", 5)
def test_no_header_leads_outside_the_file(header: str, size: int) -> None:
    answer = answer_range(header, size)
    assert 0 <= answer.first <= answer.first + answer.length <= size
    assert (answer.status == PART) <= (answer.length > 0)
    assert (answer.status == WHOLE) <= (answer.length == size)
    assert all(text.isascii() and text.isprintable() for text in answer.headers.values())
