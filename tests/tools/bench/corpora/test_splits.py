"""No song is in two splits, and each split gets its share."""

from collections import Counter

from musearoo.tools.bench.corpora.splits import SPLITS, split_of


def test_a_song_is_in_one_split_whoever_asks() -> None:
    songs = [f"pop909/{number:03d}" for number in range(1000)]
    shares = Counter(split_of(song) for song in songs)
    assert set(shares) == set(SPLITS)
    assert [split_of(song) for song in songs] == [split_of(song) for song in songs]
    assert 630 < shares["train"] < 770
    assert 110 < shares["dev"] < 200
    assert 110 < shares["held"] < 200
