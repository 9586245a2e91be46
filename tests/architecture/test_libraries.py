"""Each program of ours prepares the environment for libraries that would report, ask a hub or write a cache."""

from functools import cache

from tests.architecture.imports import OURS, ROOT, name_module, name_targets, read_imports

LOUD = {
    "audiocraft",
    "demucs",
    "huggingface_hub",
    "librosa",
    "matplotlib",
    "numba",
    "onnxruntime",
    "torch",
    "transformers",
}
"""Libraries that read `musearoo.bridge.settings.library_environment`."""


@cache
def list_imports(module: str) -> frozenset[str]:
    """The modules of ours that a module imports anywhere in it, and the packages of others."""
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not file.exists():
        return frozenset()
    package = module if path.is_dir() else module.rpartition(".")[0]
    found = list(read_imports(file.read_text(encoding="utf-8"), package))
    ours = {target for each in found if each.top in OURS for target in name_targets(each)}
    return frozenset(ours | {each.top for each in found if each.top not in OURS})


def list_reached(module: str) -> set[str]:
    """All that a module may import, by way of others too."""
    reached: set[str] = set()
    waiting = [module]
    while waiting:
        found = waiting.pop()
        if found not in reached:
            reached.add(found)
            waiting.extend(list_imports(found))
    return reached


def test_programs_that_reach_loud_libraries_prepare_them() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "tools").rglob("*.py"))}
    programs = [path for path, text in texts.items() if '__name__ == "__main__"' in text]
    loud = [path for path in programs if list_reached(name_module(path)) & LOUD]
    assert {"network.py", "listeners.py", "learning.py"} <= {path.name for path in loud}
    assert [str(path) for path in loud if "    prepare_libraries(home_folder())\n" not in texts[path]] == []
