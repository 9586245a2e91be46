"""ArrangementRoo's entry point: the parameters of a song, and `plan_song`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from musearoo.engines.errors import ParamError, require_between, unknown_name
from musearoo.engines.foundation.chance import pick, stream
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SectionKind, SongSection
from musearoo.engines.music.timing import beats_to_seconds, mean_bpm
from musearoo.engines.players.arrangement.casting import add_transitions, cast_section
from musearoo.engines.players.arrangement.energy import shape_energy
from musearoo.engines.players.arrangement.fitting import FittedForm, fit_form
from musearoo.engines.players.arrangement.instruments import choose_instruments
from musearoo.engines.players.arrangement.keys import choose_key, lift_from
from musearoo.engines.players.arrangement.moods import MOODS, parse_mood
from musearoo.engines.players.arrangement.song_plan import BAND, ArrangedSection, Arrangement
from musearoo.engines.styles.form import EndingKind, Form, FormStyle
from musearoo.engines.styles.form_plan import PlannedSection
from musearoo.engines.styles.schema import Style

MIN_SECONDS: Final = 15.0
MAX_SECONDS: Final = 600.0
TEMPO_TOLERANCE: Final = 0.05
"""The share by which a tempo that was not requested may change to reach the requested length."""
_TUNES: Final[tuple[SectionKind, ...]] = ("verse", "head", "chorus", "drop")
"""Kinds that supply chords and motifs to others where the intended kind is missing, in order of preference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SongParams:
    """The parameters of a song.

    Defaults: `seconds` the form's usual length, `form` one that suits style and length, `bpm` the style's tempo, `key`
    one that is common in the style. `energy` is 0..1, one half being usual for the style; `mood` is one of
    `engines.players.arrangement.moods`.
    """

    style: Style
    seconds: float | None = None
    form: str | None = None
    bpm: float | None = None
    key: Key | None = None
    meter: Meter = field(default_factory=Meter)
    energy: float = 0.5
    mood: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.style, Style):
            raise ParamError("style", "a Style, as parse_style gives it", self.style)
        if self.seconds is not None:
            require_between("seconds", self.seconds, MIN_SECONDS, MAX_SECONDS)
        if self.bpm is not None:
            require_between("bpm", self.bpm, MIN_BPM, MAX_BPM)
        require_between("energy", self.energy, 0.0, 1.0)
        if self.form is not None:
            find_form(self.style.form, self.form)
        if self.mood is not None:
            parse_mood(self.mood)


def find_form(style: FormStyle, name: str) -> Form:
    """Return the form of that name, ignoring case, hyphens and spaces; ParamError lists the style's forms."""
    for form in style.forms:
        if _plain(form.name) == _plain(name):
            return form
    raise unknown_name("form", name, (form.name for form in style.forms))


def plan_song(params: SongParams, seed: int) -> Arrangement:
    """Return the plan of a song, within a phrase of the requested length; deterministic in parameters and seed."""
    mood = None if params.mood is None else parse_mood(params.mood)
    arousal = 0.0 if mood is None else MOODS[mood].arousal
    energy = min(1.0, max(0.0, params.energy + 0.15 * arousal))
    style, meter = params.style.form, params.meter
    bpm = params.bpm or _usual_bpm(params.style, energy, seed)
    form, fitted = _choose_form(params, bpm, seed)
    if params.bpm is None and params.seconds is not None:
        bpm = _bent_bpm(params.style, bpm, mean_bpm(fitted.bars * meter.bar_beats, params.seconds))
    key = params.key or choose_key(style, mood, seed)
    ending = _ending_of(pick(stream(seed, "ending"), form.endings, [1.0] * len(form.endings)), fitted.sections)
    sections = _arrange(fitted.sections, params.style, key, meter, energy, ending, seed)
    roles = [role for role in BAND if any(section.part(role) for section in sections)]
    instruments = choose_instruments(style, roles, energy, mood, seed)
    return Arrangement(params.style.name, form.name, bpm, meter, key, sections, instruments, ending)


def _usual_bpm(style: Style, energy: float, seed: int) -> float:
    """Return a whole-number tempo near the style's usual one: faster with more energy, and varied by seed."""
    tempo = style.tempo
    lean = (energy - 0.5) + 0.3 * (stream(seed, "tempo").random() - 0.5)
    reach = tempo.high - tempo.usual if lean > 0.0 else tempo.usual - tempo.low
    return float(round(tempo.usual + lean * reach))


def _bent_bpm(style: Style, bpm: float, exact: float) -> float:
    low, high = style.tempo.low, style.tempo.high
    return float(round(min(high, bpm * (1.0 + TEMPO_TOLERANCE), max(low, bpm * (1.0 - TEMPO_TOLERANCE), exact))))


def _choose_form(params: SongParams, bpm: float, seed: int) -> tuple[Form, FittedForm]:
    """Choose a form for the requested length and fit it; the less a form must be changed, the likelier it is."""
    style, bar_seconds = params.style.form, beats_to_seconds(params.meter.bar_beats, bpm)
    forms = style.forms if params.form is None else (find_form(style, params.form),)

    def fit(form: Form) -> FittedForm:
        plan = form.sections
        usual = sum(section.bars for section in plan.unrolled(plan.rounds)) * bar_seconds
        seconds = params.seconds or min(MAX_SECONDS, max(MIN_SECONDS, usual))
        return fit_form(plan, seconds / bar_seconds, style.phrase)

    fits = [fit(form) for form in forms]
    least = min(fitted.strain for fitted in fits)
    weights = [form.weight * _form_weight(fitted.strain - least) for form, fitted in zip(forms, fits, strict=True)]
    chosen = pick(stream(seed, "form"), range(len(forms)), weights)
    return forms[chosen], fits[chosen]


def _ending_of(wanted: EndingKind, sections: Sequence[PlannedSection]) -> EndingKind:
    """Return the wanted ending, or "button" for a cold one without an outro: a song without an outro must close."""
    return "button" if wanted == "cold" and sections[-1].kind != "outro" else wanted


def _form_weight(strain: float) -> float:
    """Return the weight of a form whose strain exceeds the least by this much; 1 for no excess."""
    return 1.0 / (1.0 + 2.0 * strain * strain)


def _arrange(
    planned: Sequence[PlannedSection],
    style: Style,
    key: Key,
    meter: Meter,
    energy: float,
    ending: EndingKind,
    seed: int,
) -> tuple[ArrangedSection, ...]:
    kinds = [section.kind for section in planned]
    energies = shape_energy(kinds, style.form, energy)
    keys = lift_from(kinds, style.form, key, seed)
    names = _names(kinds, style.form)
    sections: list[ArrangedSection] = []
    start = 0.0
    for index, plan in enumerate(planned):
        is_last = index == len(planned) - 1
        section = SongSection(
            kind=plan.kind,
            energy=energies[index],
            following=None if is_last else energies[index + 1],
            number=kinds[:index].count(plan.kind),
            ends_song=is_last and ending in ("final", "button"),
        )
        length = plan.bars * meter.bar_beats
        parts = cast_section(kinds, index, plan.bars, style.form, meter, seed)
        material = _material(plan.kind, kinds, style.form)
        arranged = ArrangedSection(names[index], section, plan.bars, start, length, keys[index], material, parts)
        sections.append(arranged)
        start += length
    return add_transitions(sections, style.form, meter, seed)


def _names(kinds: Sequence[SectionKind], style: FormStyle) -> list[str]:
    """Return the section titles, numbered where a title repeats: Verse 1, Chorus 1, Verse 2."""
    titles = [style.section(kind).title or kind.replace("_", "-").capitalize() for kind in kinds]
    return [
        title if titles.count(title) == 1 else f"{title} {titles[: index + 1].count(title)}"
        for index, title in enumerate(titles)
    ]


def _material(kind: SectionKind, kinds: Sequence[SectionKind], style: FormStyle) -> SectionKind:
    """Return the kind of section whose chords and motifs a section uses: its own, or the one it is played over."""
    seen: list[SectionKind] = []
    while kind not in seen:
        seen.append(kind)
        over = style.section(kind).over
        if over is None:
            return kind
        # This form may lack the kind that the style names; use the nearest kind that it has.
        found = [other for other in (over, *_TUNES) if other in kinds and other not in seen]
        kind = found[0] if found else kind
    return kind


def _plain(name: str) -> str:
    return "".join(name.lower().replace("-", " ").replace("_", " ").split())
