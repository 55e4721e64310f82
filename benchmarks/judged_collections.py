"""Collections of texts and questions with judgements: an invented one, and folders in the usual formats."""

import json
import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Grades = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """`texts`: title and abstract by name; `questions` by name; `judged`: by question, the texts' grades."""

    name: str
    texts: Mapping[str, tuple[str, str]]
    questions: Mapping[str, str]
    judged: Mapping[str, Grades] = field(default_factory=dict)


# --- invented ------------------------------------------------------------------------------------------

_FILLERS = (
    "The protocol was approved by the review board of an invented hospital.",
    "Data were collected in a single centre between 2019 and 2024.",
    "Consecutive adult patients were included after consent.",
    "Statistical tests were two sided and a value below 0.05 was significant.",
    "Follow-up was complete in most of the patients.",
    "Limitations are the retrospective design and the small sample.",
    "Further studies with more patients are needed.",
    "Baseline characteristics were similar in both groups.",
)
_MENTION_OTHERS = 0.4
_QUESTIONS = (
    "{condition} {procedure}",
    "What is known about {aspect} when {procedure} is used in patients with {condition}?",
    "{condition} {procedure} {aspect}",
)


def invented() -> Collection:
    """Return 480 articles and 60 questions: for each condition with each procedure one.

    Grade 2: condition, procedure and aspect of the question. Grade 1: condition and procedure. Texts about
    one of the two, or which only mention it, are near misses: not relevant.
    """
    subjects = tomllib.loads(Path(__file__).with_name("judged.toml").read_text(encoding="utf-8"))
    rng = random.Random(11)
    conditions, procedures, aspects = (subjects[name] for name in ("conditions", "procedures", "aspects"))
    texts: dict[str, tuple[str, str]] = {}
    questions: dict[str, str] = {}
    judged: dict[str, dict[str, int]] = {}
    for condition in conditions:
        for procedure in procedures:
            question = f"q{len(questions) + 1}"
            asked = aspects[len(questions) % len(aspects)]
            form = _QUESTIONS[len(questions) % len(_QUESTIONS)]
            questions[question] = form.format(
                condition=rng.choice(condition["names"]),
                procedure=rng.choice(procedure["names"]),
                aspect=rng.choice(asked["names"]),
            )
            grades = judged[question] = {}
            for number in range(8):
                aspect = aspects[number % len(aspects)]
                name = f"10.5555/judged.{len(texts) + 1}"
                others = [each for each in conditions if each is not condition]
                texts[name] = _article(rng, condition, procedure, aspect, rng.choice(others))
                if asked is aspect or form is _QUESTIONS[0]:
                    grades[name] = 2
                else:
                    grades[name] = 1
    return Collection("invented", texts, questions, judged)


def _article(
    rng: random.Random,
    condition: Mapping[str, Any],
    procedure: Mapping[str, Any],
    aspect: Mapping[str, Any],
    other: Mapping[str, Any],
) -> tuple[str, str]:
    called, also_called = rng.sample(condition["names"], 2)
    done, told = rng.choice(procedure["names"]), rng.choice(aspect["names"])
    title = rng.choice(
        (
            f"{done} for {called}: {told}",
            f"{told} of {done} in {called}",
            f"{called} and {done}: an invented cohort",
        )
    )
    details = [*rng.sample(condition["words"], 4), *rng.sample(procedure["words"], 2)]
    details += rng.sample(aspect["words"], 2)
    rng.shuffle(details)
    sentences = [
        f"We studied {also_called} with regard to {details[0]} and {details[1]}.",
        f"All had {rng.choice(procedure['names'])}.",
        f"Assessment included {details[2]}, {details[3]} and {details[4]}.",
        f"We report {details[5]}, {details[6]} and {details[7]}.",
        *rng.sample(_FILLERS, 4),
    ]
    if rng.random() < _MENTION_OTHERS:
        sentences.append(f"Patients with {rng.choice(other['names'])} were excluded.")
    rng.shuffle(sentences)
    return title[0].upper() + title[1:], " ".join(sentences)


# --- folders -------------------------------------------------------------------------------------------


def read_folder(folder: Path) -> list[Collection]:
    """Return the collections in a folder. Raises ValueError if it has none in a known format.

    Known are SMART files (`X.ALL`, `X.QRY`, `X.REL`; Cranfield names them `cran.all.1400`, `cran.qry`,
    `cranqrel`), BEIR (`corpus.jsonl`, `queries.jsonl`, `qrels/test.tsv`), NFCorpus as it is published
    (`raw/doc_dump.txt` or `test.docs`, `test.*.queries`, `test.*.qrel`), and TREC (`*.trec` or `*.sgml`
    documents, `topics*`, `qrels*`).
    """
    found = [*_smart(folder), *_beir(folder), *_nfcorpus(folder), *_trec(folder)]
    if not found:
        raise ValueError(f"{folder} holds no collection in a known format")
    return found


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _files(folder: Path, pattern: str) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if re.fullmatch(pattern, path.name, re.IGNORECASE))


def _smart(folder: Path) -> Iterator[Collection]:
    for texts in _files(folder, r".+\.all(\.\d+)?"):
        stem = re.escape(texts.name.split(".")[0])
        questions = _files(texts.parent, rf"{stem}\.qry")
        judged = _files(texts.parent, rf"{stem}(\.rel|qrel)")
        if not (questions and judged):
            continue
        documents = {name: (each.get("T", ""), each.get("W", "")) for name, each in _records(texts)}
        asked = _records(questions[0])
        is_cranfield = texts.name.lower().startswith("cran")
        names = {  # Cranfield's judgements count the questions; its questions have other numbers
            (str(number) if is_cranfield else name): each.get("W", "")
            for number, (name, each) in enumerate(asked, 1)
        }
        yield Collection(
            texts.name, documents, names, _smart_judgements(judged[0], is_cranfield=is_cranfield)
        )


def _records(path: Path) -> list[tuple[str, dict[str, str]]]:
    """The records of a SMART file: `.I 1`, then fields that begin with a dot and a letter."""
    records = []
    for part in re.split(r"(?m)^\.I\s*", _text(path))[1:]:
        name, _, rest = part.partition("\n")
        pieces = re.split(r"(?m)^\.([A-Z])\s*$", rest)
        fields = {key: " ".join(text.split()) for key, text in zip(pieces[1::2], pieces[2::2], strict=True)}
        records.append((name.strip().lstrip("0"), fields))
    return records


def _smart_judgements(path: Path, *, is_cranfield: bool) -> dict[str, dict[str, int]]:
    """`query document …`, or `query 0 document 1`; Cranfield grades from 1, the best, to 4, and -1 or 5."""
    judged: dict[str, dict[str, int]] = {}
    for line in _text(path).splitlines():
        parts = line.split()
        if len(parts) < 2:
            continue
        document = parts[2] if len(parts) > 3 and parts[1] == "0" else parts[1]
        grade = 1
        if is_cranfield and len(parts) == 3:
            grade = {"1": 4, "2": 3, "3": 2, "4": 1, "-1": 1}.get(parts[2], 0)
        if grade:
            judged.setdefault(parts[0].lstrip("0"), {})[document.lstrip("0")] = grade
    return judged


def _beir(folder: Path) -> Iterator[Collection]:
    for corpus in _files(folder, r"corpus\.jsonl"):
        root = corpus.parent
        for judgements in sorted(root.glob("qrels/test.tsv")):
            documents = {each["_id"]: (each.get("title", ""), each["text"]) for each in _lines(corpus)}
            judged = _columns(judgements, "\t", 0, 1, 2)
            questions = {each["_id"]: each["text"] for each in _lines(root / "queries.jsonl")}
            yield Collection(root.name, documents, _asked(questions, judged), judged)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in _text(path).splitlines():
        if line.strip():
            yield json.loads(line)


def _nfcorpus(folder: Path) -> Iterator[Collection]:
    for texts in _files(folder, r"doc_dump\.txt"):
        documents = {}
        for line in _text(texts).splitlines():
            name, _, title, abstract = [*line.split("\t"), "", "", ""][:4]
            documents[name] = (title, abstract)
        root = texts.parent.parent if texts.parent.name == "raw" else texts.parent
        for judgements in _files(root, r"test\.2-1-0\.qrel|test\.3-2-1\.qrel"):
            judged = _columns(judgements, None, 0, 2, 3)
            for asked in _files(root, r"test\.(titles|vid-desc|vid-titles|nontopic-titles|all)\.queries"):
                questions = dict(line.split("\t", 1) for line in _text(asked).splitlines() if "\t" in line)
                yield Collection(asked.name, documents, _asked(questions, judged), judged)
            break


def _trec(folder: Path) -> Iterator[Collection]:
    documents: dict[str, tuple[str, str]] = {}
    for texts in _files(folder, r".+\.(trec|sgml)"):
        for part in re.findall(r"<DOC>(.*?)</DOC>", _text(texts), re.DOTALL | re.IGNORECASE):
            name = _tagged(part, "DOCNO")
            documents[name] = (_tagged(part, "TITLE") or _tagged(part, "HEADLINE"), _tagged(part, "TEXT"))
    for topics in _files(folder, r"topics.*"):
        for judgements in _files(folder, r"qrels.*"):
            judged = _columns(judgements, None, 0, 2, 3)
            questions = {}
            for part in re.findall(r"<top>(.*?)</top>", _text(topics), re.DOTALL | re.IGNORECASE):
                number = re.search(r"<num>\s*(?:Number:)?\s*(\S+)", part, re.IGNORECASE)
                title = re.search(r"<title>\s*(?:Topic:)?([^<]*)", part, re.IGNORECASE)
                if number and title:
                    questions[number[1].lstrip("0")] = " ".join(title[1].split())
            if documents and questions:
                judged = {name.lstrip("0"): grades for name, grades in judged.items()}
                yield Collection(topics.name, documents, _asked(questions, judged), judged)


def _tagged(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL | re.IGNORECASE)
    return " ".join(found[1].split()) if found else ""


def _columns(
    path: Path, separator: str | None, question: int, document: int, grade: int
) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for line in _text(path).splitlines():
        parts = line.split(separator)
        if len(parts) > max(question, document, grade) and parts[grade].isdigit() and int(parts[grade]):
            judged.setdefault(parts[question], {})[parts[document]] = int(parts[grade])
    return judged


def _asked(questions: Mapping[str, str], judged: Mapping[str, Grades]) -> dict[str, str]:
    return {name: text for name, text in questions.items() if judged.get(name)}
