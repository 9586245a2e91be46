"""What clients may rely on: no path, no field and no value of a choice goes without notice.

`promised.txt` has a line for each. A line may go after what it names was marked as deprecated for one minor version.
New ones are added by `python -m tests.bridge.api.test_promises`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

SPECIFICATION: Final = Path(__file__).parents[3] / "bridge" / "api" / "openapi.json"
PROMISED: Final = Path(__file__).with_name("promised.txt")
METHODS: Final = ("get", "head", "post", "put", "patch", "delete")


def promises(specification: dict[str, Any]) -> Iterator[str]:
    """The lines of a specification: operations, parameters, fields, and the values of choices."""
    for path, operations in specification["paths"].items():
        for method in (each for each in METHODS if each in operations):
            yield f"{method.upper()} {path}"
            for parameter in operations[method].get("parameters", ()):
                yield f"{method.upper()} {path} {parameter['in']} {parameter['name']}"
    for name, schema in specification["components"]["schemas"].items():
        for field, kind in schema.get("properties", {}).items():
            yield f"{name}.{field}"
            for value in kind.get("enum", ()):
                yield f"{name}.{field} {json.dumps(value)}"


def read_promises() -> list[str]:
    return sorted(set(promises(json.loads(SPECIFICATION.read_text(encoding="utf-8")))))


def test_what_was_promised_is_kept() -> None:
    kept = PROMISED.read_text(encoding="utf-8").splitlines()
    assert len(kept) > 300
    broken = sorted(set(kept) - set(read_promises()))
    assert not broken, f"clients rely on these: mark them as deprecated for one minor version first: {broken}"


def test_a_promise_is_broken_by_what_goes() -> None:
    specification = json.loads(SPECIFICATION.read_text(encoding="utf-8"))
    before = set(promises(specification))
    del specification["paths"]["/healthz"]
    del specification["components"]["schemas"]["Take"]["properties"]["seed"]
    assert before - set(promises(specification)) == {"GET /healthz", "Take.seed"}


if __name__ == "__main__":
    PROMISED.write_text("".join(f"{line}\n" for line in read_promises()), encoding="utf-8")
