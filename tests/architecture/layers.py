"""The layers, lowest first, and what each may import. Place every new module here: the test fails until it has a place.

A module may import its own layer and those above it in this table; the names are patterns as of a shell.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

# What a pure module has no business with: clocks, chance, files, processes, the network. They arrive as arguments.
# fmt: off
WORLD = frozenset({
    "asyncio", "concurrent", "datetime", "ftplib", "getpass", "glob", "http", "logging", "multiprocessing",
    "os", "pathlib", "queue", "random", "secrets", "select", "selectors", "shutil", "signal", "socket",
    "socketserver", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "webbrowser",
})
# fmt: on

# What is harmless of them: paths that touch no disk, and a generator that is given its seed.
HARMLESS = {"pathlib": {"PurePath", "PurePosixPath", "PureWindowsPath"}, "random": {"Random"}}


@dataclass(frozen=True, slots=True)
class Layer:
    name: str
    modules: tuple[str, ...]
    # Packages of others that it may import; None for any that pyproject.toml names.
    packages: frozenset[str] | None
    pure: bool = False


LAYERS: tuple[Layer, ...] = (
    Layer(
        "music data",
        (
            "engines",
            "engines.errors",
            "engines.midi_files",
            "engines.midi_files.[!kfm]*",
            "engines.music",
            "engines.music.*",
        ),
        frozenset({"mido", "msgspec"}),
        pure=True,
    ),
    Layer(
        "engines",
        (
            "engines.arrangementroo",
            "engines.arrangementroo.*",
            "engines.atmosroo",
            "engines.atmosroo.*",
            "engines.band",
            "engines.band.*",
            "engines.bassaroo",
            "engines.bassaroo.*",
            "engines.brainaroo",
            "engines.brainaroo.chord_reading",
            "engines.brainaroo.complexity",
            "engines.brainaroo.drum_pattern",
            "engines.brainaroo.engine",
            "engines.brainaroo.form",
            "engines.brainaroo.groove",
            "engines.brainaroo.groove.*",
            "engines.brainaroo.harmony",
            "engines.brainaroo.hints",
            "engines.brainaroo.merging",
            "engines.brainaroo.mood",
            "engines.brainaroo.note_character",
            "engines.brainaroo.note_tempo",
            "engines.brainaroo.played_patterns",
            "engines.brainaroo.reading",
            "engines.brainaroo.roles",
            "engines.brainaroo.scene",
            "engines.brainaroo.scene_harmony",
            "engines.brainaroo.styles_heard",
            "engines.catalogue",
            "engines.chance",
            "engines.drummaroo",
            "engines.drummaroo.*",
            "engines.grid",
            "engines.harmonyroo",
            "engines.harmonyroo.*",
            "engines.imagining",
            "engines.imagining.cleaning",
            "engines.imagining.facts",
            "engines.imagining.figures",
            "engines.imagining.grammar",
            "engines.imagining.lexicon",
            "engines.imagining.prompt",
            "engines.imagining.reading",
            "engines.imagining.seeds",
            "engines.imagining.sketch",
            "engines.imagining.spoken",
            "engines.imagining.tempo",
            "engines.imagining.title",
            "engines.imagining.tongues",
            "engines.imagining.translation",
            "engines.imagining.vocabulary",
            "engines.jamming",
            "engines.jamming.*",
            "engines.lead_sheet",
            "engines.learning",
            "engines.learning.*",
            "engines.melodyroo",
            "engines.melodyroo.*",
            "engines.mixaroo",
            "engines.midi_files.file_context",
            "engines.midi_files.kit_maps",
            "engines.midi_files.mix_controllers",
            "engines.mixaroo.*",
            "engines.options",
            "engines.overhearing",
            "engines.overhearing.*",
            "engines.params",
            "engines.playability",
            "engines.refining",
            "engines.refining.*",
            "engines.rooaroo",
            "engines.rooaroo.*",
            "engines.rows",
            "engines.styles",
            "engines.styles.*",
            "engines.takes",
        ),
        frozenset({"msgspec", "yaml"}),
        pure=True,
    ),
    # Runs in the daemon too, but is imported only when the first clip is heard.
    Layer(
        "hearing",
        ("engines.brainaroo.hearing", "engines.brainaroo.hearing.*"),
        frozenset({"msgspec", "numpy", "scipy"}),
        pure=True,
    ),
    # Works on arrays; the daemon imports it when it is first needed.
    Layer(
        "arrays",
        (
            "engines.imagining.*",
            "engines.capturing",
            "engines.capturing.*",
            "engines.library",
            "engines.library.*",
            "engines.looping",
            "engines.looping.*",
            "engines.rendering",
            "engines.rendering.*",
            "engines.separation",
            "engines.separation.*",
        ),
        frozenset({"numpy", "scipy"}),
        pure=True,
    ),
    # Neural models and what feeds them: the daemon takes the light ones, the worker imports the heavy.
    Layer("models", ("engines.models", "engines.models.*"), None),
    # Its arrays are NumPy's, in types alone: the daemon starts without NumPy.
    Layer(
        "job contract", ("bridge.jobs", "bridge.jobs.contract", "bridge.jobs.kinds"), frozenset({"numpy"}), pure=True
    ),
    Layer(
        "pure core",
        (
            "bridge",
            "bridge.adjust",
            "bridge.adjust_press",
            "bridge.analysis_writer",
            "bridge.announcements",
            "bridge.arrivals",
            "bridge.asked_music",
            "bridge.band_press",
            "bridge.clip_audio",
            "bridge.composition",
            "bridge.conductor",
            "bridge.copilot_orders",
            "bridge.copilot_view",
            "bridge.events",
            "bridge.findings",
            "bridge.framing",
            "bridge.imagine_press",
            "bridge.listening",
            "bridge.lives",
            "bridge.midi",
            "bridge.midi.beat_clock",
            "bridge.midi.clip_part",
            "bridge.midi.following",
            "bridge.midi.ledger",
            "bridge.midi.line_fit",
            "bridge.midi.live_clock",
            "bridge.midi.messages",
            "bridge.midi.midi_clock",
            "bridge.midi.phase_lock",
            "bridge.midi.port_names",
            "bridge.midi.schedule",
            "bridge.midi.strays",
            "bridge.midi.track",
            "bridge.mirror",
            "bridge.mix_press",
            "bridge.orders",
            "bridge.playing_along",
            "bridge.press",
            "bridge.presses",
            "bridge.refine_press",
            "bridge.self_test",
            "bridge.session",
            "bridge.self_test_press",
            "bridge.settings",
            "bridge.song_press",
            "bridge.split_press",
            "bridge.state",
            "bridge.talking",
            "bridge.timing",
            "bridge.undoing",
            "bridge.warp_line",
            "bridge.wire",
            "bridge.wire_codec",
            "bridge.wire_types",
            "bridge.writer",
        ),
        frozenset({"msgspec", "pythonosc", "yaml"}),
        pure=True,
    ),
    Layer(
        "shells",
        (
            "bridge.analysis_grid",
            "bridge.analysis_page",
            "bridge.analysis_palette",
            "bridge.analysis_panels",
            "bridge.analysis_plot",
            "bridge.analysis_timeline",
            "bridge.algebra_threads",
            "bridge.analysis_cache",
            "bridge.audio_decoding",
            "bridge.audio_files",
            "bridge.band_runner",
            "bridge.harmony_watch",
            "bridge.capture_*",
            "bridge.child_process",
            "bridge.collector",
            "bridge.config_files",
            "bridge.copilot",
            "bridge.device_link",
            "bridge.ears",
            "bridge.engine_plugins",
            "bridge.imagine_choice",
            "bridge.imagine_orders",
            "bridge.imagine_plan",
            "bridge.imagine_request",
            "bridge.imagine_sidecar",
            "bridge.imaginer",
            "bridge.jobs.*",
            "bridge.language_model",
            "bridge.listener",
            "bridge.live_folders",
            "bridge.logs",
            "bridge.midi.*",
            "bridge.midi_link",
            "bridge.midi_work",
            "bridge.model_fetching",
            "bridge.model_files",
            "bridge.model_hub",
            "bridge.model_store",
            "bridge.outcomes",
            "bridge.pattern_library",
            "bridge.pictures",
            "bridge.preferences_file",
            "bridge.presets_folder",
            "bridge.prompt_lexicon",
            "bridge.rendering",
            "bridge.say_client",
            "bridge.script_link",
            "bridge.song_plot",
            "bridge.sound_drafts",
            "bridge.sound_folders",
            "bridge.sound_work",
            "bridge.split_orders",
            "bridge.split_plan",
            "bridge.splitter",
            "bridge.stem_cache",
            "bridge.stem_files",
            "bridge.stem_hearing",
            "bridge.stem_sources",
            "bridge.talk_work",
            "bridge.voice",
            "bridge.voice.*",
            "bridge.voice_table",
            "bridge.warming",
            "bridge.wave_files",
            "bridge.wishes",
        ),
        None,
    ),
    Layer(
        "wiring",
        ("bridge.__main__", "bridge.cli", "bridge.commands", "bridge.commands.*", "bridge.daemon", "bridge.running"),
        None,
    ),
)

# Only these start the simulated Live and the benches; the rest of the daemon knows nothing of the tools.
MAY_IMPORT_TOOLS = ("bridge.commands.*",)


def place(module: str) -> int | None:
    """The number of a module's layer, from the bottom, or None when the table has no place for it.

    >>> place("engines.music.note"), place("engines.drummaroo"), place("bridge.unheard_of")
    (0, 1, None)
    """
    for number, layer in enumerate(LAYERS):
        if any(fnmatchcase(module, pattern) for pattern in layer.modules):
            return number
    return None
