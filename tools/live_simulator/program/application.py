"""The Live application: its version, dialogs, view and browser."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.core.objects import Context, Model, Stored, reads
from musearoo.tools.live_simulator.live_set.song import Song
from musearoo.tools.live_simulator.program.browser.browser import Browser
from musearoo.tools.live_simulator.program.browser.content import Content

MAIN_VIEWS = ("Browser", "Arranger", "Session", "Detail", "Detail/Clip", "Detail/DeviceChain")


class Application(Model):
    """The running Live."""

    open_dialog_count = Stored(0, undoable=False)

    def __init__(
        self, context: Context, song: Song, version: tuple[int, ...], edition: str, user_library: str | None
    ) -> None:
        super().__init__(context, None)
        self._edition = edition
        self._song = song
        self._version = version
        self.average_process_usage = 0.0
        self.peak_process_usage = 0.0
        self.current_dialog_button_count = 0
        self.current_dialog_message = ""
        self.number_of_push_apps_running = 0
        self.unavailable_features: tuple[Any, ...] = ()
        self.control_surfaces: tuple[Any, ...] = ()
        self.messages: list[str] = []
        self.view = ApplicationView(context, self)
        content = Content(edition, version)
        context.devices = content.devices
        self.browser = Browser(context, self, song, content, user_library)

    def children(self) -> tuple[Model, ...]:
        return (self.view, self.browser)

    @reads
    def press_current_dialog_button(self, index: int) -> None:
        """Close the current dialog by one of its buttons."""
        if not 0 <= index < self.current_dialog_button_count:
            raise IndexError("Index out of range")
        self.current_dialog_button_count = 0
        self.current_dialog_message = ""
        self.open_dialog_count = 0

    @reads
    def get_document(self) -> Song:
        """Return the open set."""
        return self._song

    @reads
    def get_major_version(self) -> int:
        """Return 12 of 12.3.6."""
        return self._version[0]

    @reads
    def get_minor_version(self) -> int:
        """Return 3 of 12.3.6."""
        return self._version[1]

    @reads
    def get_bugfix_version(self) -> int:
        """Return 6 of 12.3.6."""
        return self._version[2]

    @reads
    def get_version_string(self) -> str:
        """Return the version with its dots."""
        return ".".join(map(str, self._version))

    @reads
    def get_build_id(self) -> str:
        """Return a build id that marks this as a simulator."""
        return "simulated"

    @reads
    def get_variant(self) -> str:
        """Return the edition."""
        return self._edition

    @reads
    def has_option(self, _: str) -> bool:
        """Return whether Options.txt has an option: never."""
        return False

    @reads
    def show_on_the_fly_message(self, message: str, *_: Any) -> int:
        """Record a message box that a script shows; the first button is pressed."""
        self.messages.append(message)
        return 0


class ApplicationView(Model):
    """The visible views of Live."""

    signals = frozenset({"view_focus_changed"})

    focused_document_view = Stored("Session", undoable=False)
    browse_mode = Stored(False, undoable=False)
    _visible: Stored[tuple[str, ...]] = Stored(
        ("Browser", "Session", "Detail", "Detail/Clip"), also=("is_view_visible",), undoable=False
    )

    @reads
    def available_main_views(self) -> tuple[str, ...]:
        """Return the names of the views."""
        return MAIN_VIEWS

    @reads
    def is_view_visible(self, name: str, _: bool = True) -> bool:
        """Return whether a view is shown."""
        self._assert_view(name)
        return name in self._visible

    def show_view(self, name: str) -> None:
        """Show a view; Session and Arranger exclude each other."""
        self._assert_view(name)
        twin = {"Session": "Arranger", "Arranger": "Session"}.get(name)
        if name in ("Session", "Arranger"):
            self.focused_document_view = name
        self._visible = (*tuple(v for v in self._visible if v not in (name, twin)), name)

    def focus_view(self, name: str) -> None:
        """Show a view and give it the focus."""
        self.show_view(name or self.focused_document_view)
        self.notify("view_focus_changed")

    def hide_view(self, name: str) -> None:
        """Hide a view; hiding Session shows Arranger, and the reverse."""
        self._assert_view(name)
        twin = {"Session": "Arranger", "Arranger": "Session"}.get(name)
        if twin is not None:
            self.show_view(twin)
        self._visible = tuple(v for v in self._visible if v != name)

    def scroll_view(self, direction: int, name: str, modifier_pressed: bool) -> None:
        """Scroll a view (up, down, left, right: 0..3); there is nothing to scroll."""
        self._assert_direction(direction, name)

    def zoom_view(self, direction: int, name: str, modifier_pressed: bool) -> None:
        """Zoom a view; there is nothing to zoom."""
        self._assert_direction(direction, name)

    def toggle_browse(self) -> None:
        """Switch hot-swapping on or off."""
        self.browse_mode = not self.browse_mode

    def _assert_direction(self, direction: int, name: str) -> None:
        self._assert_view(name)
        if not 0 <= direction <= 3:
            raise RuntimeError(f"A direction must be in range 0..3, not {direction!r}")

    def _assert_view(self, name: str) -> None:
        if name and name not in MAIN_VIEWS:
            raise RuntimeError("There is no view {!r}: choose one of {}".format(name, ", ".join(MAIN_VIEWS)))
