"""Invented radiology titles made of concepts, so that it is known what each title says in other words."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.corpus import Words
from wetread.domain.abbreviations import abbreviations
from wetread.domain.models import Author, PartialDate, Record, Section

# Each line is a concept: its spellings. The first two are British and American where they differ.
BRITISH = """
    tumour tumor
    haemorrhage hemorrhage
    oedema edema
    oesophageal esophageal
    paediatric pediatric
    orthopaedic orthopedic
    anaesthesia anesthesia
    ischaemia ischemia
    leukaemia leukemia
    anaemia anemia
    haematoma hematoma
    haemangioma hemangioma
    gynaecological gynecological
    caecal cecal
    foetal fetal
    diarrhoea diarrhea
    dyspnoea dyspnea
    coeliac celiac
    fibre fiber
    centre center
    calibre caliber
    embolisation embolization
    catheterisation catheterization
    visualisation visualization
    characterisation characterization
    randomised randomized
    labelled labeled
    signalling signaling
    modelling modeling
    behaviour behavior
    grey gray
    artefact artifact
    programme program
    ageing aging
    haemodialysis hemodialysis
    haemothorax hemothorax
    lymphoedema lymphedema
    septicaemia septicemia
    hypoglycaemia hypoglycemia
    optimisation optimization
    localisation localization
    quantised quantized
"""
PLURAL = """
    metastasis metastases
    vertebra vertebrae
    diagnosis diagnoses
    thrombus thrombi
    embolus emboli
    diverticulum diverticula
    foramen foramina
    phalanx phalanges
    index indices
    prosthesis prostheses
    bronchus bronchi
    calculus calculi
    bulla bullae
    bursa bursae
    fistula fistulae
    criterion criteria
    nodule nodules
    biopsy biopsies
    fracture fractures
    lesion lesions
    cyst cysts
    aneurysm aneurysms
    injection injections
    abscess abscesses
    catheter catheters
    nerve nerves
    artery arteries
    anomaly anomalies
    scan scans
    infection infections
    septum septa
    atrium atria
    meniscus menisci
    nucleus nuclei
    ganglion ganglia
    appendix appendices
    stenosis stenoses
    anastomosis anastomoses
    sinus sinuses
    virus viruses
"""
HYPHEN = (
    "intra-articular extra-axial peri-operative post-operative pre-operative non-invasive micro-catheter "
    "multi-detector follow-up dual-energy contrast-enhanced image-guided x-ray cone-beam ultra-low "
    "sub-chondral neuro-imaging radio-pathological para-spinal trans-foraminal inter-laminar "
    "retro-peritoneal super-selective anti-coagulated re-intervention cross-sectional half-dose long-term "
    "short-term point-of-care breath-hold free-breathing weight-bearing whole-body high-resolution low-grade "
    "full-field time-resolved three-dimensional deep-learning bed-side end-point"
)
GREEK = (
    "β-catenin TNF-α interferon-γ α-synuclein κ-agonist β-blocker σ-receptor amyloid-β δ-wave λ-chain "
    "θ-rhythm ω-loop α-fetoprotein γ-knife β-thalassaemia μ-opioid"
)
GREEK_NAMES = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "σ": "sigma",
    "ω": "omega",
}
STRUCTURES = (
    "lumbar cervical thoracic sacral hepatic renal splenic pancreatic pulmonary cardiac coronary carotid "
    "cerebral cerebellar pituitary orbital nasal laryngeal thyroid parathyroid adrenal ovarian uterine "
    "prostatic testicular vesical rectal colonic gastric duodenal biliary mesenteric iliac femoral popliteal "
    "tibial plantar hallucal patellar meniscal acetabular humeral radial ulnar scaphoid clavicular sternal "
    "costal mandibular temporal occipital frontal parietal mediastinal pleural pericardial aortic mitral "
    "subclavian axillary brachial saphenous azygos epidural facet sacroiliac coccygeal genicular gluteal"
)
POPULATIONS = (
    "children adults athletes outpatients survivors volunteers twins neonates adolescents veterans farmers "
    "swimmers musicians pilots miners nurses women men octogenarians smokers diabetics runners dancers"
)
DESIGNS = (
    "cohort registry phantom feasibility audit survey simulation meta-analysis crossover protocol consensus "
    "multicentre retrospective prospective pilot comparison validation longitudinal cadaveric economic"
)
FINDINGS = (
    "pain stenosis rupture calcification enhancement perfusion stiffness atrophy degeneration dissection "
    "occlusion perforation leakage obstruction inflammation necrosis hyperplasia torsion instability "
    "impingement entrapment dislocation haemolysis regression recurrence migration penetration dehiscence"
)
TECHNIQUES = (
    "ablation drainage stenting aspiration elastography spectroscopy tractography scintigraphy fluoroscopy "
    "arthrography myelography venography angioplasty thrombolysis vertebroplasty cementoplasty discography "
    "neurolysis cryotherapy sclerotherapy lithotripsy segmentation registration denoising reconstruction"
)
PATTERNS = (
    "{technique} of {structure} {finding} with {special} in {population}: a {rare} {design}",
    "{special} and {structure} {finding}: {design} of {rare} {technique}",
    "{rare} {technique} for {special} of the {structure} region in {population}",
    "Is {special} related to {structure} {finding} after {rare} {technique}? A {design}",
    "{structure} {finding} in {population} with {rare} {special}",
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title. `words` are what it says: the concept of each word (its first spelling), and the word."""

    text: str
    words: tuple[tuple[str, str], ...]
    kind: str  # of its special concept: "british", "plural", "hyphen", "greek", "short", "long", "plain"
    special: str  # as it stands in the title
    other: tuple[str, ...]  # how else it is written


@dataclass(frozen=True, slots=True)
class _Special:
    kind: str
    written: str
    other: tuple[str, ...]
    concept: str


def _specials() -> list[_Special]:
    found = []
    for kind, table in (("british", BRITISH), ("plural", PLURAL)):
        for line in table.strip().splitlines():
            one, other = line.split()
            found += [_Special(kind, one, (other,), one), _Special(kind, other, (one,), one)]
    for word in HYPHEN.split():
        ways = (word, word.replace("-", " "), word.replace("-", ""))
        found += [
            _Special("hyphen", way, tuple(each for each in ways if each != way), ways[2]) for way in ways
        ]
    for word in GREEK.split():
        [letter] = [letter for letter in GREEK_NAMES if letter in word]
        name = word.replace(letter, GREEK_NAMES[letter])
        found += [_Special("greek", word, (name,), name), _Special("greek", name, (word,), name)]
    for short, long in abbreviations().sources:
        found += [_Special("short", short, (long,), long), _Special("long", long, (short,), long)]
    return found


def titles(count: int, seed: int = 11) -> Iterator[Title]:
    """Yield titles; the same on every machine."""
    rng, words = random.Random(seed), Words.load()
    specials = _specials()
    by_kind: dict[str, list[_Special]] = {}
    for each in specials:
        by_kind.setdefault(each.kind, []).append(each)
    kinds = [*by_kind]
    for _ in range(count):
        special = rng.choice(by_kind[rng.choice(kinds)])
        parts = {
            "technique": rng.choice(TECHNIQUES.split()),
            "structure": rng.choice(STRUCTURES.split()),
            "finding": rng.choice(FINDINGS.split()),
            "population": rng.choice(POPULATIONS.split()),
            "design": rng.choice(DESIGNS.split()),
            "rare": words.pick(rng, (2_000, 30_000)),
        }
        pattern = rng.choice(PATTERNS)
        text = pattern.format(special=special.written, **parts)
        said = tuple((part, part) for name, part in parts.items() if f"{{{name}}}" in pattern)
        yield Title(
            text[:1].upper() + text[1:],
            (*said, (special.concept, special.written)),
            special.kind,
            special.written,
            special.other,
        )


def records(found: list[Title], seed: int = 12) -> Iterator[Record]:
    """Yield an article for each title, with an abstract of a hundred words."""
    rng, words = random.Random(seed), Words.load()
    for number, title in enumerate(found):
        yield Record(
            source="feed",
            title=title.text,
            authors=(Author(family=author(number), given="Ada"),),
            abstract=(Section(words.sentences(rng, 100)),),
            doi=f"10.5555/jii.known.{number}",
            journal="Journal of Invented Imaging",
            online_on=PartialDate(2010 + number * 16 // len(found), 1 + number % 12, 1 + number % 28),
        )


_PARTS = ("Exempl", "Sampl", "Invent", "Muster", "Beispiel", "Ejempl", "Näyt", "Örnek", "Voorbeeld", "Řád")
_ENDS = ("ova", "ski", "er", "mann", "sen", "ez", "ini", "ard", "ić", "oğlu", "ström", "é", "ô", "aň")


def author(number: int) -> str:
    """Return the invented family name of an article's author; about 140 articles of 10,000 share one."""
    number = number * 7_919 % 9_973
    middle = "aeiou"[number // 10 % 5] * (number // 50 % 2)
    return _PARTS[number % len(_PARTS)] + middle + _ENDS[number % len(_ENDS)]
