"""Other spellings of one word: British and American, one and many, Greek letters, special letters. Pure.

A search asks for them all, so the index holds texts as they were written. Some spellings that the rules make
are no words ("exercize"): nothing is found by them, so they do no harm. Where a rule could lead to another
word that exists ("four", "for"), it holds for the listed words only.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from wetread.domain import letters

LIMIT = 12
"""The most other spellings of one word."""

_SHORTEST = 4  # shorter words have no spelling of their own, but plurals in the table

# "tumour", "tumor"
_OUR = (
    "armo behavio clamo colo demeano endeavo favo flavo harbo hono humo labo mouldo neighbo odo rigo rumo "
    "savo splendo tumo valo vapo vigo"
)
# "centre", "center"
_RE = "accout calib cent fib goit lit lust met mit nit och sab scept spect sepulch theat tit"
# "labelled", "labeled"
_ELL = (
    "cancel channel chisel counsel dial duel equal fuel funnel gravel initial jewel label level marshal "
    "model panel parcel pencil pummel quarrel rival shovel shrivel signal spiral total travel tunnel "
    "unravel"
)
# What no rule says. Each line holds the spellings of one word, or of one beginning that is enough.
_PAIRED = """
    acknowledgement acknowledgment
    aeroplane airplane
    ageing aging
    aluminium aluminum
    analogue analog
    artefact artifact
    artefactual artifactual
    catalogue catalog
    cheque check
    defence defense
    dialogue dialog
    disc disk
    dyke dike
    enrol enroll
    enrolment enrollment
    fulfil fulfill
    fulfilment fulfillment
    grey gray
    homogenous homogeneous
    instalment installment
    judgement judgment
    learnt learned
    licence license
    mould mold
    moult molt
    neurone neuron
    offence offense
    orientated oriented
    plough plow
    practise practice
    preventative preventive
    programme program
    sceptic skeptic
    sceptical skeptical
    skilful skillful
    smoulder smolder
    speciality specialty
    storey story
    sulphur sulfur
    tonne ton
    tyre tire
    wilful willful
"""
# One and many where neither the index's stemming nor a rule brings them together.
_DECLINED = """
    axis axes
    calf calves
    child children
    corpus corpora
    criterion criteria
    crus crura
    femur femora
    foot feet
    ganglion ganglia
    genus genera
    half halves
    hoof hooves
    knife knives
    latus latera
    leaf leaves
    life lives
    locus loci
    louse lice
    lung lungs
    man men
    mitochondrion mitochondria
    mouse mice
    opus opera
    os ossa
    ovum ova
    pelvis pelves pelvises
    penis penes penises
    phenomenon phenomena
    pons pontes
    scarf scarves
    shelf shelves
    spermatozoon spermatozoa
    testis testes
    tooth teeth
    ulcus ulcera
    viscus viscera
    wife wives
    woman women
"""
GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "ο": "omicron",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
"""The letters and their names."""

_LETTERS = {name: letter for letter, name in GREEK.items()}
_GREEK_LETTER = re.compile(f"[{''.join(GREEK)}]")
# The names that may stand joined to a word ("TNFalpha"); the others are parts of too many words.
_JOINED_NAME = re.compile(
    "^(alpha|beta|gamma|delta|epsilon|kappa|lambda|sigma|omega)(?=.)|(?<=.)(alpha|beta|gamma|kappa)$"
)

# Letters that are also typed as others. Of those with an accent only what loses more than the accent.
_PLAIN = {letter: (plain,) for letter, plain in letters.PLAIN.items()}
_PLAIN |= {letter: (*_PLAIN.get(letter, ()), two) for letter, two in letters.WRITTEN_OUT.items()}
_SPECIAL = re.compile(f"[{''.join(_PLAIN)}]")


def _rows(table: str) -> dict[str, tuple[str, ...]]:
    rows = [tuple(line.split()) for line in table.strip().splitlines()]
    return {word: tuple(other for other in row if other != word) for row in rows for word in row}


_PAIRS = _rows(_PAIRED)
_FORMS = _rows(_DECLINED)


def _any(parts: str) -> str:
    return "|".join(parts.split())


# Pattern, and what stands in its place.
_SPELLINGS = (
    (rf"({_any(_OUR)})ur", r"\1r"),
    (rf"({_any(_OUR)})r(?=$|s|e|i|a|l|f|o|n)", r"\1ur"),
    (rf"({_any(_RE)})re(s)?$", r"\1er\2"),
    (rf"({_any(_RE)})red$", r"\1ered"),
    (rf"({_any(_RE)})er(s)?$", r"\1re\2"),
    (rf"({_any(_RE)})ered$", r"\1red"),
    (rf"({_any(_RE)})ering$", r"\1ring"),
    (rf"({_any(_RE)})ring$", r"\1ering"),
    (rf"({_any(_ELL)})l(?=(?:ed|ing|er|ers|ings)$)", r"\1"),
    (rf"({_any(_ELL)})(?=(?:ed|ing|er|ers|ings)$)", r"\1l"),
    (r"is(?=(?:e|ed|es|er|ers|ing|ation|ations|able)$)", "iz"),
    (r"iz(?=(?:e|ed|es|er|ers|ing|ation|ations|able)$)", "is"),
    (r"lys(?=(?:e|ed|es|er|ers|ing)$)", "lyz"),
    (r"lyz(?=(?:e|ed|es|er|ers|ing)$)", "lys"),
    (r"sulph", "sulf"),
    (r"sulf", "sulph"),
    (r"manoeuvre(?!d)", "maneuver"),
    (r"manoeuvr(?=ed|ing)", "maneuver"),
    (r"maneuver$", "manoeuvre"),
    (r"maneuver", "manoeuvr"),
    # ae and e
    (r"aem(?=i|o|a|orr)", "em"),
    (r"(?<=[b-z])em(?=i[ac])", "aem"),
    (r"hem(?=o|a|i)", "haem"),
    (r"haem", "hem"),
    (r"aed(?=i|e)", "ed"),
    (r"(?<=p)ed(?=i|e)", "aed"),
    (r"(?<=[ryn])aes(?=th)", "es"),
    (r"(?<=[ryn])es(?=th)", "aes"),
    (r"aec(?=[aeiou])", "ec"),
    (r"(?<=[ncf])ec(?=[aiou])", "aec"),
    (r"^fec(?=es)", "faec"),
    (r"^aeti", "eti"),
    (r"^eti(?=ol)", "aeti"),
    (r"palaeo", "paleo"),
    (r"paleo", "palaeo"),
    (r"caes(?=a)", "ces"),
    (r"^ces(?=ar)", "caes"),
    (r"archae", "arche"),
    # oe and e
    (r"oed(?=em)", "ed"),
    (r"(?<!o)ed(?=em)", "oed"),
    (r"oeso(?=ph)", "eso"),
    (r"(?<!o)eso(?=ph)", "oeso"),
    (r"oest(?=r)", "est"),
    (r"(?<!o)est(?=r[ao])", "oest"),
    (r"foet(?=us|al|i|o|a)", "fet"),
    (r"fet(?=us|al|i|o|a)", "foet"),
    (r"(rrh|pn|am|hom|c)oe(?=a|b|o|i|l)", r"\1e"),
    (r"(rrh|pn)e(?=a|i)", r"\1oe"),
    (r"^(am|hom)e(?=b|o)", r"\1oe"),
    (r"^ce(?=li)", "coe"),
)
_NOT_MANY = "(?<!em|mi|si|ni|gi|he|oe|ne|pi|ph)"  # "oedema", "anaemia", "dyspnoea" …
_NUMBERS = (
    (r"(?<=..[sx])is$", "es"),
    (r"(?<=..[aeoiy][sx])es$", "is"),
    (r"(?<=...)ae$", "a"),
    (rf"(?<=...)(?<!at|om){_NOT_MANY}a$", "ae"),
    (r"(?<=...)us$", "i"),
    (r"(?<=...)us$", "uses"),
    (r"(?<=...)i$", "us"),
    (r"(?<=...)um$", "a"),
    (r"(?<=...)ums$", "a"),
    (rf"(?<=...)(?<!om|at){_NOT_MANY}a$", "um"),
    (r"(?<=..)oma$", "omata"),
    (r"(?<=..)omas$", "omata"),
    (r"(?<=..)omata$", "oma"),
    (r"itis$", "itides"),
    (r"itides$", "itis"),
    (r"(?<=..)[ei]x(?:es)?$", "ices"),
    (r"(?<=..)ices$", "ix"),
    (r"(?<=..)ices$", "ex"),
    (r"yx$", "yces"),
    (r"yces$", "yx"),
    (r"ux$", "uces"),
    (r"uces$", "ux"),
    (r"([aeiy])nx(?:es)?$", r"\1nges"),
    (r"([aeiy])nges$", r"\1nx"),
    (r"(?<=..)men(?:s)?$", "mina"),
    (r"(?<=..)mina$", "men"),
    # The index's stemming takes the last s of "virus" for a plural's.
    (r"(?<=..[aeinu]s)es$", ""),
    (r"(?<=..[in]s)$", "es"),
)

Rule = tuple[re.Pattern[str], str]
_BRITISH_AND_AMERICAN: list[Rule] = [(re.compile(pattern), by) for pattern, by in _SPELLINGS]
_ONE_AND_MANY: list[Rule] = [(re.compile(pattern), by) for pattern, by in _NUMBERS]


@lru_cache(maxsize=4_096)
def variants(word: str) -> tuple[str, ...]:
    """Return other spellings of a word in lower case, without the word itself; () for most words.

    One of them may be several words ("β-catenin" has "beta catenin"): then they stand next to each other.
    """
    word = word.lower()  # not casefold, which writes ß as ss
    plain = _plain(word)
    found = [*plain, *_greek(word)]
    for each in [word, *plain]:
        spellings = list(dict.fromkeys([each, *_british_and_american(each)]))
        found += spellings
        found += [form for spelling in spellings for form in _made(spelling, _ONE_AND_MANY)]
        found += [form for spelling in spellings for form in _FORMS.get(spelling, ())]
    return tuple(dict.fromkeys(other for other in found if other != word))[:LIMIT]


def _plain(word: str) -> list[str]:
    if word.isascii() or not _SPECIAL.search(word):
        return []
    longest = max(len(_PLAIN[letter]) for letter in _SPECIAL.findall(word))
    return [_SPECIAL.sub(_nth(number), word) for number in range(longest)]


def _nth(number: int) -> Callable[[re.Match[str]], str]:
    """The nth way to write a letter, the last where there are fewer."""
    return lambda match: _PLAIN[match[0]][min(number, len(_PLAIN[match[0]]) - 1)]


def _greek(word: str) -> Iterable[str]:
    word = word.replace("µ", "μ")  # the sign of a millionth is another character than the letter
    if name := _LETTERS.get(word):
        yield name
    elif _GREEK_LETTER.search(word):
        yield " ".join(_GREEK_LETTER.sub(lambda match: f" {GREEK[match[0]]} ", word).split())
        yield " ".join(_GREEK_LETTER.sub(lambda match: f" {match[0]} ", word).split())
        yield _GREEK_LETTER.sub(lambda match: GREEK[match[0]], word)
    elif _JOINED_NAME.search(word):
        yield _JOINED_NAME.sub(lambda match: _LETTERS[match[0]], word)
        yield _JOINED_NAME.sub(lambda match: f" {_LETTERS[match[0]]} ", word).strip()
        yield _JOINED_NAME.sub(lambda match: f" {match[0]} ", word).strip()


def _british_and_american(word: str) -> list[str]:
    """What the rules make of a word; some words need two of them ("anaesthetised")."""
    once = [*_made(word, _BRITISH_AND_AMERICAN), *_paired(word)]
    return [*once, *(other for each in once for other in _made(each, _BRITISH_AND_AMERICAN))]


def _paired(word: str) -> list[str]:
    singular = word.removesuffix("s")
    return [*_PAIRS.get(word, ()), *(f"{other}s" for other in _PAIRS.get(singular, ()) if singular != word)]


def _made(word: str, rules: Iterable[Rule]) -> list[str]:
    if len(word) < _SHORTEST:
        return []
    return [other for pattern, by in rules if (other := pattern.sub(by, word)) != word]
