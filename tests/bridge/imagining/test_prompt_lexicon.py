from musearoo.bridge.imagining.prompt_lexicon import read_lexicon
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.prompts.reading import read_prompt


def test_prompts_are_read_by_the_words_and_the_styles_that_come_with_musearoo() -> None:
    lexicon = read_lexicon(read_styles())
    assert read_prompt("düsterer Dub", lexicon).style == "dub"


def test_a_style_of_the_users_own_is_found_by_its_name_and_one_that_is_gone_is_not() -> None:
    styles = read_styles()
    dub = styles.pop("dub")
    lexicon = read_lexicon({**styles, "space polka": styles["folk"].__class__(**{
        **{name: getattr(dub, name) for name in dub.__struct_fields__}, "name": "space polka", "aliases": ()
    })})  # fmt: skip
    assert read_prompt("a Space-Polka groove", lexicon).style == "space polka"
    assert read_prompt("dub bass", lexicon).style == ""
