"""Which of several sentences is taken, and how much it is trusted."""

from musearoo.bridge.speech.recognition.choice import Chooser, UtteranceFacts, choose, confidence, count_edits, trust
from musearoo.bridge.speech.recognition.word_search import Candidate
from musearoo.engines.language.copilot.respond import ACT
from musearoo.engines.language.grammar.sentence import cut
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from tests.each_case import each_case

MEANINGS = {
    "mute the bass": (Intent.MUTE, Slots(target="bass")),
    "mute bass": (Intent.MUTE, Slots(target="bass")),
    "mute the base": (Intent.MUTE, Slots(target="bass")),
    "undo": (Intent.UNDO, Slots()),
}


def understand(text: str) -> Command:
    intent, slots = MEANINGS.get(text, (Intent.NONE, Slots()))
    return Command(text=text, intent=intent, slots=slots, confidence=1.0)


CHOOSER = Chooser(tuple, understand, lambda words: " ".join(words) in MEANINGS)


AROUND = UtteranceFacts(8, -12.0)


def candidate(text: str, acoustic: float, closed: float = -0.2, unknown: int = 0) -> Candidate:
    words = tuple(cut(text).words)
    return Candidate(words, acoustic, closed, expected=-10.0, pieces=len(words) + 1, unknown=unknown, more=0)


def test_what_means_something_goes_before_what_sounds_a_little_better() -> None:
    choices = CHOOSER.weigh(
        [candidate("new the best", -3.0), candidate("mute the bass", -4.0)], ("mute", "the", "bass")
    )
    assert choose(choices).command.intent is Intent.MUTE


def test_the_second_recognisers_transcript_counts() -> None:
    both = [candidate("mute the bass", -4.0), candidate("undo", -4.0)]
    assert choose(CHOOSER.weigh(both, ("undo",))).command.intent is Intent.UNDO
    assert choose(CHOOSER.weigh(both, ("mute", "the", "base"))).command.intent is Intent.MUTE


def test_two_ways_to_say_the_same_do_not_take_trust_from_each_other() -> None:
    same = CHOOSER.weigh([candidate("mute the bass", -4.0), candidate("mute bass", -4.1)], ("mute", "bass"))
    other = CHOOSER.weigh([candidate("mute the bass", -4.0), candidate("undo", -4.1)], ("mute", "bass"))
    assert trust(choose(same), same, AROUND).lead > trust(choose(other), other, AROUND).lead


def test_agreeing_recognisers_are_trusted_and_others_are_not() -> None:
    def sure(acoustic: float, second: tuple[str, ...]) -> float:
        choices = CHOOSER.weigh([candidate("mute the bass", acoustic)], second)
        around = UtteranceFacts(sum(map(len, second)), -12.0)
        return confidence(trust(choose(choices), choices, around), around)

    assert sure(-1.0, ("mute", "the", "bass")) > ACT
    assert sure(-20.0, ("oh", "dear", "where", "is", "it")) < ACT
    assert sure(-1.0, ("mute", "the", "bass")) > sure(-6.0, ("mute", "the", "bass")) > sure(-6.0, ("undo",))


@each_case(
    "first, second, edits", [("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3)]
)
def test_edits(first: str, second: str, edits: int) -> None:
    assert count_edits(first, second) == count_edits(second, first) == edits
