"""Column types for both databases. SQLite's STRICT tables know INTEGER, REAL, TEXT and BLOB alone."""

from __future__ import annotations

import datetime
import re
from typing import Any, Final

import msgspec
from sqlalchemy import REAL, BigInteger, Dialect, Double, Integer, LargeBinary, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICRO: Final = 1_000_000

Bytes: Final = LargeBinary()
"""BLOB or bytea."""
Whole: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits with its sign."""
Real: Final[Double[float]] = Double().with_variant(REAL(), "sqlite")
"""A float of 64 bits."""
LAST_TIME: Final = 253_402_300_799.0
"""The end of the year 9999, which is PostgreSQL's driver's last."""

_ESCAPED_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Words(TypeDecorator[str]):
    """Text of any length without NUL characters, which PostgreSQL does not keep."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return the text. Raises UnicodeError for a NUL character."""
        if value is not None and "\0" in value:
            raise UnicodeError("it has a NUL character")
        return value


class Time(TypeDecorator[float]):
    """Unix seconds: REAL, or timestamptz. Both keep microseconds, so a time is the same in either."""

    impl = REAL
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the column."""
        return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True) if _is_postgresql(dialect) else REAL())

    def process_bind_param(self, value: float | None, dialect: Dialect) -> Any:
        """Return what the driver takes for Unix seconds. Raises OverflowError for times beyond the calendar."""
        if value is None:
            return None
        if not 0 <= value <= LAST_TIME:
            raise OverflowError("a time must be in the years 1970 to 9999")
        micro = round(value * _MICRO)
        return _EPOCH + datetime.timedelta(microseconds=micro) if _is_postgresql(dialect) else micro / _MICRO

    def process_result_value(self, value: Any, _dialect: Dialect) -> float | None:
        """Return Unix seconds for what the driver gives."""
        return (value - _EPOCH).total_seconds() if isinstance(value, datetime.datetime) else value


class Json(TypeDecorator[Any]):
    """Plain data (None stands for no value): TEXT, or JSONB, which forgets the order of keys."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the column."""
        return dialect.type_descriptor(postgresql.JSONB(none_as_null=True) if _is_postgresql(dialect) else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes for plain data. PostgreSQL's driver encodes by the engine's `encode_json`."""
        return value if value is None or _is_postgresql(dialect) else encode_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return plain data for what the driver gives."""
        return value if value is None or _is_postgresql(dialect) else msgspec.json.decode(value)


class Names(TypeDecorator[tuple[str, ...]]):
    """Names without blanks, such as a token's scopes: one text with blanks between them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Dialect) -> str | None:
        """Return the text for names."""
        return None if value is None else " ".join(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[str, ...] | None:
        """Return the names in a text."""
        return None if value is None else tuple(value.split())


def encode_json(value: Any) -> str:
    """Return the JSON text of plain data; NaN and infinities, which JSON lacks, become null.

    Raises UnicodeError for a text with NUL, which PostgreSQL does not keep, or without UTF-8.
    """
    text = msgspec.json.encode(value).decode()
    if "u0000" in text and _ESCAPED_NUL.search(text):
        raise UnicodeError("it has a NUL character")
    return text


def _is_postgresql(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"
