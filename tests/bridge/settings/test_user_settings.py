"""Settings: what is written by default means the defaults, and any mistake is one sentence naming file and setting."""

from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.settings.user_settings import DEFAULT_TEXT, Settings, SettingsError, parse_settings
from tests.each_case import each_case


def test_the_default_text_means_the_defaults() -> None:
    assert parse_settings(DEFAULT_TEXT, "settings.yaml") == Settings()


def test_the_default_text_names_every_setting_with_a_comment() -> None:
    assert set(yaml.safe_load(DEFAULT_TEXT)) == set(Settings.__struct_fields__)
    for block in DEFAULT_TEXT.strip().split("\n\n"):
        assert block.startswith("# ")


@each_case("text", ["", "\n", "# only a comment\n", "---\n", "{}", "\ufeff# saved by an editor\n"])
def test_an_empty_file_means_the_defaults(text: str) -> None:
    assert parse_settings(text, "settings.yaml") == Settings()


def test_one_setting_leaves_the_others_at_their_defaults() -> None:
    assert parse_settings("sample_rate: 96000", "settings.yaml") == Settings(sample_rate=96_000)


@each_case(
    "name, low, high", [("sample_rate", 8_000, 768_000), ("script_port", 1024, 65_500), ("device_port", 1024, 65_500)]
)
def test_numbers_are_taken_within_their_bounds_and_refused_outside(name: str, low: int, high: int) -> None:
    for inside in (low, high):
        assert getattr(parse_settings(f"{name}: {inside}", "s.yaml"), name) == inside
    for outside in (low - 1, high + 1, -1, 0):
        with pytest.raises(SettingsError, match=rf"^s\.yaml: {name}: .*({low}|{high})$"):
            parse_settings(f"{name}: {outside}", "s.yaml")
    for wrong in ("yes", "'48000'", "48000.5", "null", "[48000]"):
        with pytest.raises(SettingsError, match=rf"^s\.yaml: {name}: expected `int`"):
            parse_settings(f"{name}: {wrong}", "s.yaml")


@each_case("text", ["log_level: verbose", "log_level: INFO", "log_level: 3", "log_level: null", "log_format: xml"])
def test_a_log_level_or_format_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^s\.yaml: log_(level|format): "):
        parse_settings(text, "s.yaml")


@each_case(
    "text, name",
    [
        ("clock: [metronome]", "clock"),
        ("clock: []", "clock"),
        ("clock: live", "clock"),
        ("midi_latency: -1", "midi_latency"),
        ("midi_latency: 501", "midi_latency"),
        ("midi_in: Keystation", "midi_in"),
        ("midi: maybe", "midi"),
    ],
)
def test_a_way_to_play_that_there_is_not_is_refused(text: str, name: str) -> None:
    with pytest.raises(SettingsError, match=rf"^s\.yaml: {name}"):
        parse_settings(text, "s.yaml")


@each_case("text", ["sampel_rate: 48000", "Sample_rate: 48000", "1: 2"])
def test_an_unknown_setting_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^s\.yaml: "):
        parse_settings(text, "s.yaml")


def test_a_misspelt_setting_is_named() -> None:
    with pytest.raises(SettingsError, match="unknown field `sampel_rate`"):
        parse_settings("sampel_rate: 48000", "s.yaml")


@each_case("text", ["just words", "- a\n- list", "42", "true"])
def test_a_file_that_holds_no_settings_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^s\.yaml: expected `object`"):
        parse_settings(text, "s.yaml")


NOT_YAML = {
    "a list never closed": "sample_rate: [",
    "a tab": "sample_rate:\n\t- 1",
    "two colons": "a: b: c",
    "an unknown tag": "sample_rate: !!python/object:os.system ls",
    "a zero byte": "sample_rate: \0",
    "a date that there is not": "sample_rate: 2024-13-45",
    "a number without digits": "sample_rate: 0x_",
    "a tag that does not fit": "sample_rate: !!int abc",
    "a number of 5,000 digits": "sample_rate: " + "9" * 5000,
    "a list in a list in a list…": "[" * 5000,
    "a list as a name": "? [a]\n: b",
}


@each_case("name", NOT_YAML)
def test_what_cannot_be_read_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(SettingsError, match=r"^s\.yaml") as refusal:
        parse_settings(NOT_YAML[name], "s.yaml")
    assert "\n" not in str(refusal.value)


@given(st.text(max_size=60) | st.text("0123456789-:.xob_[]{}!&*?%@ \n", max_size=30))
def test_any_text_gives_settings_or_a_settings_error(text: str) -> None:
    with suppress(SettingsError):
        parse_settings(text, "s.yaml")
