"""Publication types in MEDLINE's words: the label on a card, and what follows from them. Pure."""

from collections.abc import Mapping

from wetread.domain.models import Record

RETRACTED_TYPE = "Retracted Publication"
RETRACTION_TYPE = "Retraction of Publication"
ERRATUM_TYPE = "Published Erratum"
PREPRINT_SERVERS = ("10.1101/", "10.64898/", "10.48550/arxiv.", "10.21203/rs.", "10.2139/ssrn.")
"""How the DOIs of preprints begin: bioRxiv and medRxiv (two), arXiv, Research Square, SSRN."""

_KINDS: Mapping[str, str] = {
    # The first type of the list that an article has is its label: letters and notices before kinds of study.
    RETRACTION_TYPE: "Retraction notice",
    "Expression of Concern": "Expression of concern",
    ERRATUM_TYPE: "Erratum",
    "Preprint": "Preprint",
    "Letter": "Letter",
    "Editorial": "Editorial",
    "News": "News",
    "Newspaper Article": "News",
    "Comment": "Comment",
    "Practice Guideline": "Guideline",
    "Guideline": "Guideline",
    "Consensus Development Conference": "Consensus statement",
    "Consensus Development Conference, NIH": "Consensus statement",
    "Consensus Statement": "Consensus statement",
    "Network Meta-Analysis": "Meta-analysis",
    "Meta-Analysis": "Meta-analysis",
    "Systematic Review": "Systematic review",
    "Clinical Trial Protocol": "Trial protocol",
    "Randomized Controlled Trial": "Randomized trial",
    "Randomized Controlled Trial, Veterinary": "Veterinary trial",
    "Equivalence Trial": "Clinical trial",
    "Pragmatic Clinical Trial": "Clinical trial",
    "Controlled Clinical Trial": "Clinical trial",
    "Adaptive Clinical Trial": "Clinical trial",
    "Clinical Trial, Phase I": "Clinical trial",
    "Clinical Trial, Phase II": "Clinical trial",
    "Clinical Trial, Phase III": "Clinical trial",
    "Clinical Trial, Phase IV": "Clinical trial",
    "Clinical Trial, Veterinary": "Veterinary trial",
    "Clinical Trial": "Clinical trial",
    "Case Reports": "Case report",
    "Scoping Review": "Scoping review",
    "Review": "Review",
    "Observational Study": "Observational study",
    "Observational Study, Veterinary": "Veterinary study",
    "Validation Study": "Validation study",
    "Evaluation Study": "Evaluation study",
    "Multicenter Study": "Multicenter study",
    "Comparative Study": "Comparative study",
    "Historical Article": "Historical article",
    "Biography": "Biography",
    "Interview": "Interview",
    "Lecture": "Lecture",
    "Address": "Address",
    "Personal Narrative": "Personal narrative",
    "Technical Report": "Technical report",
    "Study Guide": "Study guide",
    "Video-Audio Media": "Video",
    "Book Chapter": "Book chapter",
}
KNOWN_TYPES = tuple(_KINDS)
_RANKS = {publication_type: rank for rank, publication_type in enumerate(_KINDS)}

_WITHOUT_ABSTRACT = frozenset(
    {
        "Letter",
        "Comment",
        "Editorial",
        "News",
        "Newspaper Article",
        ERRATUM_TYPE,
        "Expression of Concern",
        RETRACTION_TYPE,
        "Biography",
        "Portrait",
        "Interview",
        "Address",
        "Personal Narrative",
        "Introductory Journal Article",
        "Video-Audio Media",
        "Webcast",
        "Cartoon",
        "Pictorial Work",
        "Interactive Tutorial",
        "Patient Education Handout",
        "Corrected and Republished Article",
        "Book Review",
        "Obituary",
    }
)
_STUDIES = frozenset(
    publication_type
    for publication_type, kind in _KINDS.items()
    if kind.endswith(("trial", "study", "analysis", "eview", "Guideline", "protocol"))
)


def label_of(publication_type: str) -> str | None:
    """Return the label of one publication type, None if it has none."""
    return _KINDS.get(publication_type)


def type_label(record: Record) -> str | None:
    """Return the label of the kind of publication or study, None if the types have none."""
    known = [each for each in record.types if each in _RANKS]
    return _KINDS[min(known, key=_RANKS.__getitem__)] if known else None


def expects_abstract(record: Record) -> bool:
    """Say whether articles of these types usually have an abstract; yes if the types are unknown."""
    if any(each in _STUDIES for each in record.types):
        return True
    return not any(each in _WITHOUT_ABSTRACT for each in record.types)


def is_preprint(record: Record) -> bool:
    """Say whether an article is a preprint. Its published version may appear any day."""
    return "Preprint" in record.types or (record.doi or "").startswith(PREPRINT_SERVERS)
