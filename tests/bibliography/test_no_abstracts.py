"""What databases put where an abstract would be is none."""

import json

import pytest

from wetread.bibliography.crossref_json import parse_works
from wetread.bibliography.pubmed_xml import parse_efetch

TITLE = "Invented contrast in invented vessels"
PLACEHOLDERS = ("-", ".", "n/a", "[Figure: see text].", "No abstract available.", f"{TITLE}.")


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_pubmed_has_no_abstract_where_only_a_placeholder_stands(text: str) -> None:
    body = f"""<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE"><PMID>99000001</PMID>
        <Article><Journal><Title>J Invent</Title></Journal><ArticleTitle>{TITLE}.</ArticleTitle>
        <Abstract><AbstractText>{text}</AbstractText></Abstract></Article></MedlineCitation>
        </PubmedArticle></PubmedArticleSet>"""
    [record] = parse_efetch(body.encode())

    assert record.abstract == ()


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_crossref_has_no_abstract_where_only_a_placeholder_stands(text: str) -> None:
    work = {"DOI": "10.5555/x", "title": [TITLE], "abstract": f"<jats:p>{text}</jats:p>"}
    [record] = parse_works(json.dumps({"status": "ok", "message-type": "work", "message": work}).encode())

    assert record.abstract == ()
