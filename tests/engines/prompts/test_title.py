from musearoo.engines.prompts.title import LONGEST, NAMELESS, name_clip
from tests.each_case import each_case


@each_case(
    "text, take, takes, style, name",
    [
        ("warm dub bass", 1, 1, "", "warm dub bass"),
        ("warm dub bass", 2, 3, "dub", "warm dub bass · take 2"),
        ("warm dub bass in D minor at 72 bpm, 4 bars", 1, 1, "", "warm dub bass"),
        ("90s rock song with electric guitar and heavy drums", 1, 2, "", "90s rock song · take 1"),
        ("dusty electric piano and a deep bass, no drums", 1, 1, "", "dusty electric piano"),
        ("warm dub bass line through an old tape echo", 1, 1, "", "warm dub bass line"),
        ("slow sad solo piano in a big hall with rain", 1, 1, "", "slow sad solo piano"),
        ("slow sad solo piano and big drums in a hall", 1, 1, "", "slow sad solo piano"),
        ("drums, bass, congas, marimba, flute, kalimba", 1, 1, "", "drums, bass, congas, marimba"),
        ("incomprehensibly overcomplicated polyrhythm", 1, 1, "", "incomprehensibly overcomplicated"),
        ("Donaudampfschifffahrtsgesellschaftsmusik", 1, 1, "", "Donaudampfschifffahrtsgesellscha"),
        ("", 1, 1, "funk", "funk"),
        ("", 3, 4, "", f"{NAMELESS} · take 3"),
        ("120 bpm", 1, 1, "funk", "funk"),
        ("🎸🔥", 1, 1, "funk", "funk"),
        ("!?", 1, 1, "funk", "funk"),
        ("  warm\ndub\x00 ", 1, 1, "", "warm dub"),
        ("爵士钢琴,没有鼓", 1, 1, "", "爵士钢琴,没有鼓"),
        ("鼓" * 100, 1, 1, "", "鼓" * LONGEST),
    ],
)
def test_a_clip_is_named_by_its_prompt(text: str, take: int, takes: int, style: str, name: str) -> None:
    assert name_clip(text, take, takes, style) == name
