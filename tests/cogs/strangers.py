"""Hypothesis strategies for input from outside: texts that attack Discord's markup, and articles."""

import random
from datetime import UTC, datetime

from hypothesis import strategies as st

from wetread.domain.models import (
    Accession,
    Article,
    Author,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Section,
)

ATTACKS = (
    "@everyone",
    "@here",
    "<@1>",
    "<@!1>",
    "<@&12345>",
    "<#123>",
    "</feed add:123>",
    "<t:1700000000:R>",
    "<:e:123>",
    "<a:e:123>",
    "<id:home>",
    "<https://evil.example>",
    "[paypal.example](https://evil.example)",
    "[a](<https://evil.example>)",
    "](https://evil.example)",
    "```",
    "``",
    "`",
    "\\",
    "**",
    "__",
    "~~",
    "||",
    "*",
    "_",
    "# ",
    "-# ",
    "> ",
    ">>> ",
    "- ",
    "1. ",
    "https://a.example/x_y_z*",
    "javascript:alert(1)",
    "\n",
    "\u202e",
    "\u200b",
    "\u200d",
    "\ud800",
    "e" + "\u0301" * 9,
    "👩‍👩‍👧‍👦",
    "𝒳",
    "Pain fell. ",
    "P < .001; ",
    "(n = 12). ",
)

texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(ATTACKS) | st.text(max_size=8), max_size=12).map("".join),
)
long_texts = st.one_of(
    texts,
    st.tuples(texts, st.integers(1, 1500)).map(lambda pair: (pair[0] * pair[1])[:20_000]),
)
labels = (
    st.none() | st.sampled_from(("BACKGROUND", "METHODS", "Results", "CONCLUSION", "Interpretation")) | texts
)
dates = st.builds(PartialDate, st.integers(1, 9999), st.integers(0, 12), st.integers(0, 31))
urls = st.sampled_from(
    (
        None,
        "https://journal.example/a_b(c)",
        "http://user:pw@evil.example/",
        "javascript:alert(1)",
        "http://пример.example/",
        "https://a.example/" + "x" * 3000,
        "https://a.example/ x",
        "ftp://a.example/",
        "http://[::1]/",
        "http://a.example:99999/",
    )
)
authors = st.lists(
    st.builds(
        Author,
        family=long_texts,
        given=st.none() | texts,
        suffix=st.none() | texts,
        affiliations=st.lists(long_texts, max_size=3).map(tuple),
        orcid=st.none() | texts,
        is_collective=st.booleans(),
    ),
    max_size=40,
).map(tuple)
relations = st.lists(
    st.builds(
        Relation,
        kind=st.sampled_from(RelationKind),
        doi=st.none() | texts,
        pmid=st.none() | st.just("99000002"),
        text=st.none() | texts,
        on=st.none() | dates,
        reported_by=st.none() | st.sampled_from(("PubMed", "publisher", "Retraction Watch")) | texts,
    ),
    max_size=2,
).map(tuple)
types = st.lists(
    st.sampled_from(
        (
            "Randomized Controlled Trial",
            "Letter",
            "Review",
            "Retracted Publication",
            "Retraction of Publication",
        )
    ),
    max_size=2,
).map(tuple)
records = st.builds(
    Record,
    source=st.sampled_from(("PubMed", "merged", "Crossref")),
    title=long_texts,
    authors=authors,
    abstract=st.lists(st.builds(Section, text=long_texts, label=labels), max_size=12).map(tuple),
    doi=st.none() | st.just("10.5555/x") | texts.map("10.5555/{}".format),
    pmid=st.none() | st.just("99000001"),
    journal=st.none() | long_texts,
    journal_abbreviation=st.none() | texts,
    volume=st.none() | texts,
    issue=st.none() | texts,
    pages=st.none() | texts,
    online_on=st.none() | dates,
    issue_on=st.none() | dates,
    types=types,
    url=urls,
    free_url=urls,
    copyright=st.none() | long_texts,
    correspondence=st.none() | texts,
    language=st.none() | texts,
    other_languages=st.lists(texts, max_size=3).map(tuple),
    presented_at=st.none() | long_texts,
    accessions=st.lists(st.builds(Accession, bank=st.just("ISRCTN") | texts, number=texts), max_size=30).map(
        tuple
    ),
    funding=st.lists(texts, max_size=5).map(tuple),
    disclosures=st.none() | long_texts,
    mesh=st.lists(texts, max_size=5).map(tuple),
    relations=relations,
    has_no_abstract=st.booleans(),
)
instants = st.just(datetime(2026, 1, 15, 18, tzinfo=UTC))
articles = st.builds(
    Article,
    id=st.integers(1, 2**40),
    record=records,
    provenance=st.sampled_from(({}, {"abstract": "PubMed", "relations": "Crossref", "types": "PubMed"})),
    sources=st.just(()),
    first_seen_at=instants,
    abstract_added_at=st.none() | instants,
    next_enrichment_at=st.none() | instants,
)


def random_article(rng: random.Random) -> Article:
    """Return a random article without Hypothesis, which is faster."""

    def text(most: int = 12) -> str:
        word = rng.choice(("Pain", "CT of α", "人", "𝒳" * 9))
        pieces = [*rng.choices(ATTACKS, k=rng.randint(0, most)), word]
        return "".join(pieces) * rng.choice((1, 1, 1, 1, 1, 3, 40, 200))

    def maybe(value: str) -> str | None:
        return rng.choice((None, value))

    def date() -> PartialDate | None:
        return rng.choice((None, PartialDate(rng.randint(1, 9999), rng.randint(0, 12), rng.randint(0, 31))))

    return Article(
        id=rng.randint(1, 2**40),
        record=Record(
            source=rng.choice(("PubMed", "merged", "Crossref", "feed")),
            title=text()[:5000],
            authors=tuple(
                Author(
                    text(4)[:3000], maybe(text(3)), None, (text()[:5000],), is_collective=rng.random() < 0.1
                )
                for _ in range(rng.choice((0, 1, 2, 5, 40)))
            ),
            abstract=tuple(
                Section(text()[:20_000], rng.choice((None, "METHODS", "CONCLUSION", "RESULTS", text(3))))
                for _ in range(rng.randint(0, 8))
            ),
            doi=maybe(f"10.5555/{text(2)[:300]}"),
            pmid=maybe("99000001"),
            journal=maybe(text()[:2000]),
            journal_abbreviation=maybe(text(3)),
            volume=maybe(text(1)),
            issue=maybe("1"),
            pages=maybe(text(1)),
            online_on=date(),
            issue_on=date(),
            types=tuple(
                rng.sample(("Letter", "Review", "Retracted Publication", "Retraction of Publication"), 1)
            ),
            url=maybe("https://journal.example/" + text(2)),
            free_url=maybe("https://free.example/" + text(2)),
            copyright=maybe(text()[:5000]),
            relations=(Relation(rng.choice(list(RelationKind)), doi=f"10.5555/{text(1)}", on=date()),),
        ),
        provenance={},
        sources=(),
        first_seen_at=datetime(2026, 1, 15, 18, tzinfo=UTC),
        next_enrichment_at=rng.choice((None, datetime(2026, 1, 15, 18, tzinfo=UTC))),
    )
