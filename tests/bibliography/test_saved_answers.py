"""Every parser against answers in the shapes of the real ones, and against hostile bytes."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bibliography.answers import answer, answer_files
from wetread.bibliography.record_report import read_saved_answer, record_report, record_text
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import Record
from wetread.domain.serialise import record_to_json


@pytest.mark.parametrize("path", answer_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_answer_gives_exactly_the_records_written_beside_it(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_bytes())

    assert [record_to_json(record) for record in read_saved_answer(path.read_bytes())] == expected


def test_the_doi_of_a_cited_paper_is_never_taken_for_the_articles_own() -> None:
    records = read_saved_answer(answer("pubmed/oddities.xml"))

    assert [record.doi for record in records if record.pmid == "99000010"] == [None]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "unreadable"),
        (b"<html><body>Sorry</body></html>", "unreadable"),
        (b"<PubmedArticleSet><PubmedArticle>", "unreadable"),
        (b"<eFetchResult><ERROR>Invalid db name</ERROR></eFetchResult>", "server"),
        (b'{"error":"API rate limit exceeded","api-key":"203.0.113.9","count":"4","limit":"3"}', "throttled"),
        (b'{"error":"/lbsm/eutils_lb -> Neg","api-key":"203.0.113.9","status":"ok"}', "server"),
        (b'{"status":"failed","message-type":"validation-failure","message":[]}', "status"),
        (b'{"message-type":"work","message":"nonsense"}', "unreadable"),
        (b"Resource not found.", "unreadable"),
        (b"[" * 200_000, "unreadable"),
        (b'{"id": ' + b"9" * 10_000 + b"}", "unreadable"),
        (b'{"hitCount": 1}', "unreadable"),
        (b"[]", "unreadable"),
        (b"\xff\xfe\x00", "unreadable"),
    ],
)
def test_what_is_no_answer_is_an_error_of_the_source(body: bytes, kind: str) -> None:
    with pytest.raises(RecordSourceError) as caught:
        read_saved_answer(body)

    assert caught.value.kind == kind
    assert "203.0.113.9" not in str(caught.value)


@pytest.mark.row("D12")
def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not read")
    bomb = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "ha"}">' for i in range(9))
    body = (
        f'<!DOCTYPE PubmedArticleSet [{bomb}<!ENTITY s SYSTEM "file://{secret}">]>'
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>99000001</PMID>"
        "<Article><ArticleTitle>A&e8;B&s;C</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>"
    )
    titles = []
    with suppress(RecordSourceError):  # refusing it all is as good
        titles = [record.title for record in read_saved_answer(body.encode())]

    assert all(len(title) < 100 and "do not read" not in title for title in titles)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=8,
)


@given(st.data())
def test_a_field_of_any_shape_never_crashes_a_parser(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path in answer_files() if path.suffix == ".json"]))
    document = json.loads(path.read_bytes())
    place = document
    for _ in range(data.draw(st.integers(0, 6))):
        inner = place[data.draw(st.sampled_from(sorted(place)))] if isinstance(place, dict) else place[0]
        if not inner or not isinstance(inner, dict | list):
            break
        place = inner
    key = data.draw(st.sampled_from(sorted(place))) if isinstance(place, dict) else 0
    place[key] = data.draw(_JSON)
    try:
        records = read_saved_answer(json.dumps(document).encode())
    except RecordSourceError:
        return
    for record in records:
        json.dumps(record_to_json(record)).encode()


@given(st.integers(0, 5000), st.binary(max_size=4))
def test_damaged_xml_never_crashes_the_parser(position: int, damage: bytes) -> None:
    body = answer("pubmed/trial.xml")
    position %= len(body)
    with suppress(RecordSourceError):
        read_saved_answer(body[:position] + damage + body[position + len(damage) :])


def test_the_report_holds_every_field_even_the_empty_ones() -> None:
    (record,) = record_report(read_saved_answer(answer("unpaywall/location.json")))["records"]

    assert set(Record.__dataclass_fields__) <= set(record)
    assert (record["authors"], record["pmid"], record["standing"]) == ([], None, "normal")


def test_the_report_is_json_with_the_abstract_as_text_and_in_sections() -> None:
    report = record_report(read_saved_answer(answer("pubmed/trial.xml")))
    (record,) = json.loads(json.dumps(report))["records"]

    assert record["authors"][0]["name"] == "Ada B Example"
    assert "Invented data support invented claims." in record["abstract"]
    assert [section["label"] for section in record["sections"]][-1] == "CONCLUSION"
    assert (record["kind"], record["online_on"]) == ("Randomized trial", "2026-01-04")


def test_the_text_names_what_was_read() -> None:
    text = record_text(read_saved_answer(answer("pubmed/trial.xml")))

    assert "doi: 10.5555/jii.2026.0001" in text
    assert "Ada B Example | Department of Imaging" in text
    assert record_text(()) == "No record."
