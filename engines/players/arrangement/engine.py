"""ArrangementRoo's front: what a song can be asked to be, and the plan of it."""

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
from musearoo.engines.players.arrangement.casting import cast_section, lead_over
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
TEMPO_GIVES: Final = 0.05
"""The share by which a tempo that nobody asked for may bend, so that a song has the length that was asked for."""
_TUNES: Final[tuple[SectionKind, ...]] = ("verse", "head", "chorus", "drop")
"""What others are played over, where the kind they would be played over is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SongParams:
    """What a song can be asked to be.

    Without `seconds` it is as long as its form usually is, without `form` it gets one that suits style and length,
    without `bpm` the style's tempo, without `key` one that the style's players like. `energy` is 0..1 with one half as
    the style has it, `mood` one of `engines.players.arrangement.moods`.
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
    """The form of that name, however it is written; ParamError with the names of the style's forms."""
    for form in style.forms:
        if _plain(form.name) == _plain(name):
            return form
    raise unknown_name("form", name, (form.name for form in style.forms))


def plan_song(params: SongParams, seed: int) -> Arrangement:
    """The plan of a song, within a phrase of the length asked for; the same for the same parameters and seed."""
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
    """A whole tempo near the style's usual one: faster for more energy, and not the same for every song."""
    tempo = style.tempo
    lean = (energy - 0.5) + 0.3 * (stream(seed, "tempo").random() - 0.5)
    reach = tempo.high - tempo.usual if lean > 0.0 else tempo.usual - tempo.low
    return float(round(tempo.usual + lean * reach))


def _bent_bpm(style: Style, bpm: float, exact: float) -> float:
    low, high = style.tempo.low, style.tempo.high
    return float(round(min(high, bpm * (1.0 + TEMPO_GIVES), max(low, bpm * (1.0 - TEMPO_GIVES), exact))))


def _choose_form(params: SongParams, bpm: float, seed: int) -> tuple[Form, FittedForm]:
    """A form for the length that was asked for, the likelier the less it has to be bent, fitted to it."""
    style, bar_seconds = params.style.form, beats_to_seconds(params.meter.bar_beats, bpm)
    forms = style.forms if params.form is None else (find_form(style, params.form),)

    def fit(form: Form) -> FittedForm:
        plan = form.sections
        usual = sum(section.bars for section in plan.unrolled(plan.rounds)) * bar_seconds
        seconds = params.seconds or min(MAX_SECONDS, max(MIN_SECONDS, usual))
        return fit_form(plan, seconds / bar_seconds, style.phrase)

    fits = [fit(form) for form in forms]
    least = min(fitted.strain for fitted in fits)
    weights = [form.weight * _liking(fitted.strain - least) for form, fitted in zip(forms, fits, strict=True)]
    chosen = pick(stream(seed, "form"), range(len(forms)), weights)
    return forms[chosen], fits[chosen]


def _ending_of(wanted: EndingKind, sections: Sequence[PlannedSection]) -> EndingKind:
    """The ending that the sections have room for: to be cut off is for who mixes out over an outro; without one the
    song has to end by itself.
    """
    return "button" if wanted == "cold" and sections[-1].kind != "outro" else wanted


def _liking(strain: float) -> float:
    """How much a form is still liked that is further from its usual shape than another, 1 for as near."""
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
    return lead_over(sections, style.form, meter, seed)


def _names(kinds: Sequence[SectionKind], style: FormStyle) -> list[str]:
    """What musicians call the sections, counted where there are several: Verse 1, Chorus 1, Verse 2."""
    titles = [style.section(kind).title or kind.replace("_", "-").capitalize() for kind in kinds]
    return [
        title if titles.count(title) == 1 else f"{title} {titles[: index + 1].count(title)}"
        for index, title in enumerate(titles)
    ]


def _material(kind: SectionKind, kinds: Sequence[SectionKind], style: FormStyle) -> SectionKind:
    """Whose chords and motifs a section has: its own, or those of the kind that it is played over."""
    seen: list[SectionKind] = []
    while kind not in seen:
        seen.append(kind)
        over = style.section(kind).over
        if over is None:
            return kind
        # Where the style means another form, the nearest thing that this one has.
        found = [other for other in (over, *_TUNES) if other in kinds and other not in seen]
        kind = found[0] if found else kind
    return kind


def _plain(name: str) -> str:
    return "".join(name.lower().replace("-", " ").replace("_", " ").split())
