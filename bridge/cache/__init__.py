"""All caches: names of entries, bounds and statistics in one policy, and levels behind one interface.

| cache | keyed by | bounded by |
|---|---|---|
| analyses | hash of the audio file; passage, depth, analyzer's version, its stems' separator | 64 MB, 2 MB in memory |
| stem-index | hash of the audio file; passage, length, sample format, separator with its weights | 4000 entries |
| stems | the index: sounds of sets without a project | the user's `stem_days` and `stem_gigabytes`; none by default |
| renders | hash of the notes, the mix, the format and the versions of all that sounds | 512 MB, 90 days |
| peaks | hash of the sound file, version of what is measured | 64 MB |
| recogniser | hash of the input of a build, and of our code | 4 builds |
| presets | hash of the shipped styles' texts, in its one file (`bridge.settings.presets_folder`) | that file |
| models in memory | name, version, device (`engines.neural.model_cache`) | half of the memory, the GPU's free memory |
| patterns | none: shipped as tables, memory-mapped (`bridge.settings.pattern_library`) | what is shipped |

The first six are rows of `catalogue`, and live in `disk`; what is `lru_cache` in an engine is small and pure.
"""
