"""Reads from PubMed's XML what is said about an article beside its citation (sources.md, PubMed)."""

from lxml import etree

from wetread.bibliography.answer_fields import MOST_ITEMS, distinct, first_text, grouped_awards, texts
from wetread.domain.models import Accession

_LONGEST_STATEMENT = 4_000


def languages(article: etree._Element) -> tuple[str, ...]:
    """Return the codes of the languages of an Article, the first as PubMed's."""
    return distinct([code for code in texts(article, "Language") if code not in ("und", "mul")])


def accessions(article: etree._Element) -> tuple[Accession, ...]:
    """Return the trial registrations and data sets of an Article's DataBankList."""
    found = [
        Accession(bank, number)
        for element in article.findall("DataBankList/DataBank")[:MOST_ITEMS]
        if (bank := first_text(element, "DataBankName"))
        for number in texts(element, "AccessionNumberList/AccessionNumber")
    ]
    return tuple(dict.fromkeys(found))


def funding(article: etree._Element) -> tuple[str, ...]:
    """Return who funded an Article, each with the numbers of the grants."""
    grants = article.findall("GrantList/Grant")[:MOST_ITEMS]
    return grouped_awards((first_text(each, "Agency"), first_text(each, "GrantID")) for each in grants)


def disclosures(citation: etree._Element) -> str | None:
    """Return the statement about conflicts of interest, None without."""
    statement = first_text(citation, "CoiStatement")
    return statement[:_LONGEST_STATEMENT] if statement else None
