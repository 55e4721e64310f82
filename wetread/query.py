"""The one query language, of searches, filters and topics alike. Pure."""

import re
import unicodedata

from wetread.models import PartialDate

# Facets are tokens of the search index: two letters that say what it is, then letters and digits. What
# people type is looked for in the text columns only, so that nobody meets a facet by accident.
EVERY_ARTICLE = "ax"  # on each article, so that "everything but …" has something to start from
GUILD = "gx"
JOURNAL = "jx"  # a whole name, an ISSN or an NLM id
JOURNAL_WORD = "jw"
TYPE_WORD = "tw"
MESH_WORD = "mw"
PUBLISHED = "yx"  # century, decade, year, month, day: yx20 yx202 yx2026 yx202601 yx20260114
CHARACTER = "cx"  # of a script that writes no spaces between words


def words_of(text: str) -> list[str]:
    """Return the words of a name as facets spell them: lower-case letters and digits, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.findall(r"[^\W_]+", plain)


def name_key(text: str) -> str:
    """Return what identifies a journal's name: "The A & B J." and "a and b j" are the same name."""
    words = words_of(text)
    return "".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def published_facets(date: PartialDate) -> list[str]:
    """Return the tokens of a publication date, from the century to the last part that is known."""
    digits = str(date).replace("-", "")
    return [PUBLISHED + digits[:length] for length in (2, 3, 4, 6, 8) if length <= len(digits)]


def characters_of(text: str) -> list[str]:
    """Return, in their order, the characters of scripts that write no spaces between words."""
    return [] if text.isascii() else _UNSPACED.findall(text)


# Kana, Han, Bopomofo and their extensions. Korean writes spaces.
_UNSPACED = re.compile(
    "[\u3041-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
