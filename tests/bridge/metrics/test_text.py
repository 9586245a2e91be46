"""The text is what Prometheus reads, and what `musearoo top` reads is what was counted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.metrics.reading import Sample, TextError, join_texts, read_text
from musearoo.bridge.metrics.registry import Family, Label, Registry
from musearoo.bridge.metrics.text import write_text
from tests.bridge.metrics.promtool import judge, needs_promtool
from tests.each_case import each_case

STRANGE = 'a "b" \\ c\nd, {e} = ü\u2028f'


def some_registry() -> Registry:
    registry = Registry(
        [
            Family("cups_total", "counter", "Cups,\nof \\ all.", (Label("kind", ("tea", STRANGE)),)),
            Family("warmth_celsius", "gauge", "Of the pot."),
            Family("sip_seconds", "histogram", "Sips.", (Label("kind", ("tea", "milk")),), (0.1, 1.0), sparse=True),
            Family("spills_total", "counter", "Spills.", (Label("kind", ("tea", "milk")),), sparse=True),
            Family("brew_seconds", "histogram", "Brews.", buckets=(60.0,)),
        ]
    )
    registry.counter("cups_total", STRANGE).add(2)
    registry.gauge("warmth_celsius").set(61.25)
    registry.counter("spills_total", "milk").add()
    for seconds in (0.1, 0.5, 7.0):
        registry.histogram("sip_seconds", "tea").observe(seconds)
    return registry


WRITTEN = """\
# HELP cups_total Cups,\\nof \\\\ all.
# TYPE cups_total counter
cups_total{kind="tea"} 0
cups_total{kind="a \\"b\\" \\\\ c\\nd, {e} = ü\u2028f"} 2
# HELP warmth_celsius Of the pot.
# TYPE warmth_celsius gauge
warmth_celsius 61.25
# HELP sip_seconds Sips.
# TYPE sip_seconds histogram
sip_seconds_bucket{kind="tea",le="0.1"} 1
sip_seconds_bucket{kind="tea",le="1.0"} 2
sip_seconds_bucket{kind="tea",le="+Inf"} 3
sip_seconds_sum{kind="tea"} 7.6
sip_seconds_count{kind="tea"} 3
# HELP spills_total Spills.
# TYPE spills_total counter
spills_total{kind="milk"} 1
# HELP brew_seconds Brews.
# TYPE brew_seconds histogram
brew_seconds_bucket{le="60.0"} 0
brew_seconds_bucket{le="+Inf"} 0
brew_seconds_sum 0
brew_seconds_count 0
"""


def test_the_text_has_help_types_labels_and_cumulative_buckets() -> None:
    assert write_text(some_registry()) == WRITTEN


@needs_promtool
def test_prometheus_reads_the_text() -> None:
    assert judge("check", "metrics", text=WRITTEN) == ""


def test_what_is_read_is_what_was_written() -> None:
    samples = read_text(WRITTEN)
    assert Sample("cups_total", (("kind", STRANGE),), 2.0) in samples
    assert Sample("sip_seconds_bucket", (("kind", "tea"), ("le", "+Inf")), 3.0) in samples
    assert Sample("warmth_celsius", (), 61.25) in samples
    assert len(samples) == WRITTEN.count("\n") - WRITTEN.count("\n# ") - 1


@given(st.text(min_size=1, max_size=20), st.floats(allow_nan=False))
def test_any_label_and_any_number_come_back(label: str, number: float) -> None:
    registry = Registry([Family("cups", "gauge", "Cups.", (Label("kind", (label,)),))])
    registry.gauge("cups", label).set(number)
    assert read_text(write_text(registry)) == (Sample("cups", (("kind", label),), number),)


def test_a_number_that_is_none_comes_back_as_such() -> None:
    (sample,) = read_text("cups NaN\n")
    assert math.isnan(sample.value)
    assert read_text('# a comment\n\n  cups{kind="tea",} 3e2 1700000000000\r\n') == (
        Sample("cups", (("kind", "tea"),), 300.0),
    )


@each_case(
    "line", ["cups", "cups{} x", "cups{kind=tea} 1", 'cups{kind="tea} 1', "1cups 1", 'cups{kind="a\\q"} 1', "<html>"]
)
def test_what_is_no_sample_is_named_with_its_line(line: str) -> None:
    with pytest.raises(TextError, match=r"^line 2 is no sample"):
        read_text(f"cups 1\n{line}\n")


def test_texts_are_joined_and_one_family_in_two_of_them_is_a_fault() -> None:
    other = "# TYPE saucers gauge\nsaucers 4"
    joined = join_texts(WRITTEN, "", other)
    assert read_text(joined) == (*read_text(WRITTEN), Sample("saucers", (), 4.0))
    assert joined.endswith("\n")
    with pytest.raises(ValueError, match=r"two texts have the family cups_total"):
        join_texts(other, WRITTEN, WRITTEN)
