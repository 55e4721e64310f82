"""What the first matches of a search tell about the question."""

from wetread.storage import feedback
from wetread.storage.feedback import Text


def counts(word: str) -> int:
    return {"stenosi": 4, "facet": 6, "the": 900}.get(feedback.stem(word), 50)


FIRST = [
    (Text.of("Facet joint stenosis", "Pain of the facet joint and the ligamentum flavum."), 3.0),
    (Text.of("Lumbar facet pain", "The ligamentum flavum was thick in the stenosis."), 1.0),
]


def test_words_that_the_first_matches_share_join_the_question() -> None:
    model = feedback.learn([["facet"]], FIRST, counts, 1_000)

    assert "ligamentum" in model.new_words
    assert not {"facet", "the"} & set(model.new_words)
    assert max(model.weights, key=model.weights.__getitem__) == "facet"


def test_matches_that_nothing_ranks_count_alike() -> None:
    """SQLite gives each match 0 where only facets match."""
    unranked = [(text, 0.0) for text, _ in FIRST]
    alike = [(text, 2.0) for text, _ in FIRST]

    assert feedback.learn([["facet"]], unranked, counts, 1_000) == feedback.learn(
        [["facet"]], alike, counts, 1_000
    )


def test_a_text_with_more_of_what_is_meant_scores_higher() -> None:
    model = feedback.learn([["facet"]], FIRST, counts, 1_000)
    scores = model.scores({1: Text.of("Facet stenosis", "Flavum."), 2: Text.of("Breast MRI", "Screening.")})

    assert scores[1] > scores[2] == 0
