"""The measures of ranking, by hand; and collections in the formats in which they are handed on."""

import json
from pathlib import Path

import pytest

from benchmarks.judged import average_precision, ndcg, precision
from benchmarks.judged_collections import invented, read_folder


def test_average_precision_is_the_mean_over_all_that_is_relevant() -> None:
    assert average_precision(["a", "x", "b"], {"a": 1, "b": 2}) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(["x", "a"], {"a": 1, "missed": 1, "no": 0}) == pytest.approx(0.5 / 2)
    assert average_precision([], {"a": 1}) == 0
    assert average_precision(["a"], {}) == 0


def test_ndcg_counts_grades_and_discounts_places() -> None:
    assert ndcg(["a", "b"], {"a": 2, "b": 1}) == pytest.approx(1)
    assert ndcg(["b", "x", "a"], {"a": 2, "b": 1}) == pytest.approx((1 + 2 / 2) / (2 + 0.6309297536))
    assert ndcg(["x"] * 10 + ["a"], {"a": 2}) == 0
    assert ndcg(["a"], {}) == 0


def test_precision_is_the_share_of_the_first_places() -> None:
    assert precision(["a", "x", "b", "x", "x", "c"], {"a": 1, "b": 3, "c": 1}) == pytest.approx(2 / 5)
    assert precision(["a"], {"a": 1}) == pytest.approx(1 / 5)


def test_the_invented_collection_is_the_same_each_time() -> None:
    made = invented()
    assert made == invented()
    assert (len(made.texts), len(made.questions)) == (480, 60)
    assert {grade for grades in made.judged.values() for grade in grades.values()} == {1, 2}
    assert all(name.startswith("10.5555/") for name in made.texts)
    assert set().union(*made.judged.values()) <= set(made.texts)


def test_smart_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "MED.ALL").write_text(".I 1\n.W\nan invented\ntext\n.I 2\n.W\nanother\n", encoding="utf-8")
    (tmp_path / "MED.QRY").write_text(".I 1\n.W\nwhich text\n", encoding="utf-8")
    (tmp_path / "MED.REL").write_text("1 0 2 1\n", encoding="utf-8")
    [found] = read_folder(tmp_path)
    assert found.texts == {"1": ("", "an invented text"), "2": ("", "another")}
    assert (found.questions, found.judged) == ({"1": "which text"}, {"1": {"2": 1}})


def test_cranfields_questions_are_counted_and_its_best_grade_is_one(tmp_path: Path) -> None:
    (tmp_path / "cran.all.1400").write_text(".I 1\n.T\na title\n.A\nnobody\n.W\na text\n", encoding="utf-8")
    (tmp_path / "cran.qry").write_text(".I 001\n.W\nfirst\n.I 004\n.W\nsecond\n", encoding="utf-8")
    (tmp_path / "cranqrel").write_text("2 1 1\n1 1 5\n", encoding="utf-8")
    [found] = read_folder(tmp_path)
    assert found.texts == {"1": ("a title", "a text")}
    assert (found.questions, found.judged) == ({"1": "first", "2": "second"}, {"2": {"1": 4}})


def test_beir_is_read(tmp_path: Path) -> None:
    lines = json.dumps({"_id": "D1", "title": "T", "text": "words"})
    (tmp_path / "corpus.jsonl").write_text(lines + "\n", encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "Q1", "text": "what"}\n{"_id": "Q2", "text": "x"}\n')
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nQ1\tD1\t2\nQ2\tD1\t0\n")
    [found] = read_folder(tmp_path)
    assert found.texts == {"D1": ("T", "words")}
    assert (found.questions, found.judged) == ({"Q1": "what"}, {"Q1": {"D1": 2}})


def test_nfcorpus_as_published_is_read(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "doc_dump.txt").write_text("MED-1\thttps://a.example\tTitle\tText of it\n")
    (tmp_path / "test.titles.queries").write_text("PLAIN-1\tbreast cancer\n")
    (tmp_path / "test.2-1-0.qrel").write_text("PLAIN-1\t0\tMED-1\t2\n")
    [found] = read_folder(tmp_path)
    assert found.texts == {"MED-1": ("Title", "Text of it")}
    assert (found.questions, found.judged) == ({"PLAIN-1": "breast cancer"}, {"PLAIN-1": {"MED-1": 2}})


def test_trec_is_read(tmp_path: Path) -> None:
    document = "<DOC><DOCNO> A-1 </DOCNO><TITLE>T</TITLE><TEXT>some\nwords</TEXT></DOC>"
    (tmp_path / "some.trec").write_text(document)
    (tmp_path / "topics.txt").write_text("<top><num> Number: 051\n<title> a question\n<desc> more</top>")
    (tmp_path / "qrels.txt").write_text("51 0 A-1 1\n51 0 A-2 0\n")
    [found] = read_folder(tmp_path)
    assert found.texts == {"A-1": ("T", "some words")}
    assert (found.questions, found.judged) == ({"51": "a question"}, {"51": {"A-1": 1}})


def test_a_folder_without_a_collection_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no collection"):
        read_folder(tmp_path)
