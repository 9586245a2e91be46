"""Grammars folded into graphs of words: the same sentences, and every fault named."""

import itertools
from random import Random

import pytest

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_table
from musearoo.bridge.speech.recognition.word_graph import GrammarError, compile_grammar
from musearoo.engines.language.grammar.jsgf import write_jsgf
from musearoo.engines.language.grammar.speakable import speakable
from musearoo.engines.language.grammar.usage import recognised_as
from tests.each_case import each_case
from tests.engines.language.sentences import read_sentences

HEAD = "#JSGF V1.0 UTF-8 en; grammar g; "


@each_case(
    "rule, sentences",
    [
        ("a b", {"a b"}),
        ("a | b c", {"a", "b c"}),
        ("[a] b", {"b", "a b"}),
        ("[a b] [c]", {"", "a b", "c", "a b c"}),
        ("a* b", {"b", "a b", "a a b", "a a a b"}),
        ("a+", {"a", "a a", "a a a", "a a a a"}),
        (
            "(a | b)+ c",
            {"a c", "b c", "a a c", "a b c", "b a c", "b b c"}
            | {f"{x} {y} {z} c" for x in "ab" for y in "ab" for z in "ab"},
        ),
        ("a [b]* c", {"a c", "a b c", "a b b c"}),
        ("/3/ a {tag} | /0.5/ b", {"a", "b"}),
        ("<x> <x>", {"b b", "b c", "c b", "c c"}),
    ],
)
def test_exactly_these_sentences(rule: str, sentences: set[str]) -> None:
    graph = compile_grammar(f"{HEAD}public <top> = {rule}; <x> = b | c;")
    tried = {" ".join(words) for length in range(5) for words in itertools.product("abc", repeat=length)}
    assert {text for text in tried if graph.accepts(text)} == sentences


def test_what_continues_alike_is_one_place() -> None:
    graph = compile_grammar(f"{HEAD}public <top> = (mute | solo | split) the <part>; <part> = bass | drums;")
    assert [sorted(words) for words in graph.words] == [["mute", "solo", "split"], ["the"], ["bass", "drums"], []]
    assert graph.ends == {3}


@each_case(
    "grammar, fault",
    [
        ("undo that", "does not begin with #JSGF"),
        (HEAD + "<a> = undo;", "no rule is public"),
        (HEAD + "public undo;", "“public undo” is no rule"),
        (HEAD + "public <a> = (undo;", r"“\(” is not closed in <a>"),
        (HEAD + "public <a> = undo);", r"“\)” is too much in <a>"),
        (HEAD + "public <a> = undo | ;", "nothing before “;” in <a>"),
        (HEAD + "public <a> = * undo;", r"“\*” follows nothing in <a>"),
        (HEAD + "public <a> = undo <b>;", "there is no rule <b>"),
        (HEAD + "public <a> = undo <b>; <b> = <a>;", "<a> stands within itself"),
    ],
)
def test_every_fault_is_named(grammar: str, fault: str) -> None:
    with pytest.raises(GrammarError, match=fault):
        compile_grammar(grammar)


def test_every_sentence_of_the_table_is_in_the_graph() -> None:
    table, styles = read_table(), read_styles(None)
    graph = compile_grammar(write_jsgf(table, styles))
    for seed in range(200):
        sentence, _ = speakable(table, styles, seed)
        # The grammar calls the letter as the dictionary does.
        assert graph.accepts(sentence.replace("A", "a.")), sentence
    words = sorted(graph.all_words)
    chance = Random(1)
    assert not any(graph.accepts(" ".join(chance.choices(words, k=6))) for _ in range(200))


def test_frequent_sentences_are_expected_and_others_stay_possible() -> None:
    graph = compile_grammar(f"{HEAD}public <top> = (mute | solo) the (bass | drums) [please];")
    often = (frozenset({"mute"}), frozenset({"the"}), frozenset({"bass", "base"}))
    first, _, third, last, *_ = graph.expect([(often, 9.0), ((frozenset({"nonsense"}),), 100.0)])
    assert first == pytest.approx({"mute": 0.95, "solo": 0.05})
    assert third == pytest.approx({"bass": 0.95, "drums": 0.05})
    assert last == pytest.approx({"please": 0.05, "": 0.95})


def test_without_usage_all_that_may_follow_is_as_likely() -> None:
    graph = compile_grammar(f"{HEAD}public <top> = mute | solo | undo [that];")
    assert all(sum(likely.values()) == pytest.approx(1.0) for likely in graph.expect(()) if likely)
    assert graph.expect(())[0] == pytest.approx(dict.fromkeys(("mute", "solo", "undo"), 1 / 3))


def test_most_plain_sentences_are_in_the_grammar() -> None:
    table, styles = read_table(), read_styles()
    graph = compile_grammar(write_jsgf(table, styles))
    usage = [recognised_as(case.text) for case in read_sentences("known").cases]
    inside = [words for words in usage if any(graph.accepts(" ".join(said)) for said in itertools.product(*words))]
    assert len(inside) > 0.7 * len(usage)
