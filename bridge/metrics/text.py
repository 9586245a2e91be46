"""Write a registry in Prometheus' text format 0.0.4; `bridge.metrics.reading` has the inverse."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from musearoo.bridge.metrics.registry import Distribution, Family, Registry

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def write_text(registry: Registry) -> str:
    r"""Return what a registry has counted, each family with its help and type.

    >>> from musearoo.bridge.metrics.registry import Label
    >>> registry = Registry([Family("cups_total", "counter", "Cups.", (Label("kind", ("tea", 'a "b"')),))])
    >>> registry.counter("cups_total", "tea").add(2)
    >>> print(write_text(registry), end="")
    # HELP cups_total Cups.
    # TYPE cups_total counter
    cups_total{kind="tea"} 2
    cups_total{kind="a \"b\""} 0
    """
    return "".join(line for family in registry.families for line in _write_family(registry, family))


def _write_family(registry: Registry, family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {_escape(family.help)}\n# TYPE {family.name} {family.kind}\n"
    for values, value in registry.samples(family.name):
        if family.sparse and not (any(value.counts) if isinstance(value, Distribution) else value):
            continue
        labels = [_label(label.name, each) for label, each in zip(family.labels, values, strict=True)]
        if isinstance(value, Distribution):
            yield from _write_histogram(family, labels, value)
        else:
            yield f"{family.name}{_braced(labels)} {_number(value)}\n"


def _write_histogram(family: Family, labels: Sequence[str], seen: Distribution) -> Iterator[str]:
    *bounded, total = accumulate(seen.counts)
    for bound, count in zip((*family.buckets, math.inf), (*bounded, total), strict=True):
        # Written as Prometheus' own clients write it, 1.0 and not 1: another spelling would be another series.
        le = _label("le", "+Inf" if bound == math.inf else repr(float(bound)))
        yield f"{family.name}_bucket{_braced((*labels, le))} {count}\n"
    yield f"{family.name}_sum{_braced(labels)} {_number(seen.sum)}\n{family.name}_count{_braced(labels)} {total}\n"


def _label(name: str, value: str) -> str:
    return f'{name}="{_escape(value, quoted=True)}"'


def _braced(labels: Sequence[str]) -> str:
    return f"{{{','.join(labels)}}}" if labels else ""


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if math.isnan(value):
        return "NaN"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _escape(text: str, *, quoted: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quoted else text
