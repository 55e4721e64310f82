"""Invented articles from fixed seeds: the same bytes on every machine."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from wetread.domain.models import Author, PartialDate, Record, Section

VOCABULARY_SIZE = 60_000
COMMON = (25, 60)  # bands of rank: a word of the first is in about half of all abstracts
MIDDLING = (300, 1_500)
RARE = (20_000, 59_000)
JOURNAL_COUNT = 500

_STOP_WORDS = "the of and in to with for was were a is that by on at from as or an be this are not we after"
_MEDICAL = (
    "patients imaging lesion contrast pain injection spine study lumbar epidural radiograph tomography "
    "magnetic resonance ultrasound nerve disc tumor artery vein tissue cancer breast lung liver kidney "
    "brain bone joint fracture stenosis steroid needle guidance fluoroscopy ablation embolization "
    "catheter biopsy mass nodule sensitivity specificity accuracy outcome score follow-up trial cohort "
    "retrospective prospective randomized placebo dose radiation exposure protocol sequence diffusion "
    "perfusion enhancement signal intensity volume segmentation detection reader agreement observer "
    "interval confidence ratio hazard risk factor predictor survival recurrence complication infection "
    "hemorrhage thrombus stroke infarct aneurysm stent thrombectomy facet sacroiliac radiculopathy "
    "vertebral augmentation osteoporosis arthritis tendon cartilage meniscus ligament shoulder knee "
    "hip pelvis abdomen chest cardiac coronary valve pediatric neonatal fetal prostate ovary uterus "
    "thyroid screening staging treatment therapy"
)
_SYLLABLES = (
    "ar car neu spo lo my os cho an he ne pul bro ce der ga en col re cy ur thy ad ly sa ci fi sc ste "
    "pla to gra sco it osi om pa al ec ot ge ti pha bla te ma tro em ur pe rrha"
)
_FAMILIES = (
    "Example Sample Specimen Placeholder O’Sample D’Exemple Beispiel Müster Ejemplo Exemplářová Örnek "
    "Przykład Näyte Voorbeeld Dæmi Příklad Esempio Exemplu Пример 例示 Mintá Eisimpláir Ñandú-Ejemplo "
    "MacSample"
)
_GIVEN = "Ada Ben Cléo Dörte Émile Fia Gül Håkon Inés Jiří Käthe Łukasz Mária Noé Özge Pía Róisín Søren"


def vocabulary() -> list[str]:
    """Return all words, the most frequent first."""
    rng = random.Random(101)
    words = [*_STOP_WORDS.split(), *_MEDICAL.split()]
    known = set(words)
    syllables = _SYLLABLES.split()
    while len(words) < VOCABULARY_SIZE:
        word = "".join(rng.choices(syllables, k=rng.randint(2, 5)))
        if rng.random() < 0.15:
            word += str(rng.randint(1, 99))
        if word not in known:
            known.add(word)
            words.append(word)
    return words


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary with its Zipf weights."""

    words: Sequence[str]
    weights: Sequence[float]

    @classmethod
    def load(cls) -> "Words":
        """Build the vocabulary; takes a fraction of a second."""
        words = vocabulary()
        return cls(words, list(accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(1, len(words) + 1))))

    def draw(self, rng: random.Random, count: int) -> list[str]:
        """Return `count` words with the frequencies of a real text."""
        return rng.choices(self.words, cum_weights=self.weights, k=count)

    def sentences(self, rng: random.Random, count: int) -> str:
        """Return about `count` words as sentences of 12 to 26."""
        drawn = self.draw(rng, count)
        sentences = []
        while drawn:
            size = rng.randint(12, 26)
            sentences.append(" ".join(drawn[:size]).capitalize() + ".")
            drawn = drawn[size:]
        return " ".join(sentences)

    def pick(self, rng: random.Random, band: tuple[int, int]) -> str:
        """Return one word of a band of rank."""
        return self.words[rng.randrange(*band)]


def author(rng: random.Random) -> Author:
    """Return an invented person."""
    return Author(family=rng.choice(_FAMILIES.split()), given=rng.choice(_GIVEN.split()))


def journal_name(number: int) -> str:
    """Return the invented title of journal 0 … 499."""
    return f"Journal of Invented Imaging {number}"


def records(count: int, *, first: int = 0, seed: int = 7) -> Iterator[Record]:
    """Yield articles from number `first` on; from 2020 one every three minutes, so ids are in date order."""
    words = Words.load()
    rng = random.Random(seed)
    shares = list(accumulate(1 / (number + 1) for number in range(JOURNAL_COUNT)))
    start = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(first, first + count):
        on = start + timedelta(minutes=3 * number)
        [journal] = rng.choices(range(JOURNAL_COUNT), cum_weights=shares)
        authors = tuple(author(rng) for _ in range(rng.randint(2, 8)))
        yield Record(
            source="feed",
            title=" ".join(words.draw(rng, rng.randint(9, 17))).capitalize(),
            authors=authors,
            abstract=(Section(words.sentences(rng, rng.randint(180, 270))),),
            doi=f"10.5555/jii.{on.year}.{number}",
            pmid=str(99_000_001 + number),
            journal=journal_name(journal),
            journal_abbreviation=f"J Invent Imaging {journal}",
            online_on=PartialDate(on.year, on.month, on.day),
        )
