"""Text from strangers becomes one plain, bounded line, and abstracts keep their parts."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.models import Section
from wetread.domain.text import (
    clean,
    cut,
    fold,
    from_html,
    lines_from_html,
    sections_from_html,
    sentences,
    split_sections,
    utf16_length,
)

ANY_TEXT = st.text(st.characters(codec=None), max_size=200)


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("H<sub>2</sub>O at 10<sup>-3</sup> mol", "H₂O at 10⁻³ mol"),
        ("<sup>99m</sup>Tc and <sup>18</sup>F", "⁹⁹ᵐTc and ¹⁸F"),
        ("SUV<sub>max</sub> and K<sup>trans</sup>", "SUVmax and Ktrans"),
        ("k<sub>B</sub> and T<sub>2</sub><sup>*</sup>", "k_B and T₂*"),
        ("R<sup>a,b</sup>", "R^(a,b)"),
        ("(p <.001); n<5 and <b>bold</b>", "(p <.001); n<5 and bold"),
        ("where x<y and z>w", "where x<y and z>w"),
        ("p &lt; .05 &amp; more", "p < .05 & more"),
        ("H&lt;sub&gt;2&lt;/sub&gt;O", "H₂O"),
        ("TNF-{alpha} and &beta;-blockers", "TNF-α and β-blockers"),
        ('a <img src="x.gif" alt="{Delta}"> b', "a Δ b"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("before<script>if (a<b) steal()</script><style>p{}</style><!-- no -->after", "beforeafter"),
        ("left <script>never closed", "left"),
        ("<a title=\"a > b\" href='x'>link</a>", "link"),
        ("<p>one</p><p>two</p>", "one two"),
        ("one<br/>two", "one two"),
        ("<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>", "x²"),
        ("<math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow></mfrac></math>", "a/(b+c)"),
        ('<math> <mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></math>', "x"),
        ("<![CDATA[inside]]", "inside]]"),
        ("unclosed <i>italics", "unclosed italics"),
        ("closed</i> twice</b>", "closed twice"),
        ("", ""),
    ],
)
def test_markup_becomes_readable_text(html: str, plain: str) -> None:
    assert from_html(html) == plain


@pytest.mark.row("S23")
@pytest.mark.parametrize(
    ("dirty", "neat"),
    [
        ("a\x0bb\x00c", "a bc"),
        ("safe\u202eevil\u2066", "safeevil"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half\ud83d", "half"),
        ("e\u0301", "é"),
        ("  many \n\t spaces\u2028here\u00a0too ", "many spaces here too"),
    ],
)
def test_invisible_characters_are_gone(dirty: str, neat: str) -> None:
    assert clean(dirty) == neat


@pytest.mark.row("S23")
def test_combining_marks_are_capped_at_four() -> None:
    assert clean("x" + "\u0317" * 99) == "x" + "\u0317" * 4
    assert len(clean("x" + "\u0315\u0300" * 10_000)) <= 5


@pytest.mark.row("S23")
@given(ANY_TEXT)
def test_cleaning_is_safe_and_settled(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.normalize("NFC", cleaned) == cleaned
    assert "\n" not in cleaned
    assert not {unicodedata.category(character) for character in cleaned} & {"Cc", "Cs"}
    cleaned.encode()


@pytest.mark.row("S37")
@given(ANY_TEXT)
def test_any_text_survives_as_html(text: str) -> None:
    assert clean(from_html(text)) == from_html(text)
    for section in sections_from_html(text):
        assert section.text


@given(st.text(max_size=120), st.integers(0, 60))
def test_a_cut_keeps_the_limit_as_discord_counts(text: str, limit: int) -> None:
    shorter = cut(text, limit)
    assert utf16_length(shorter) <= limit
    assert shorter == text or shorter.endswith("…") or limit == 0


def test_a_cut_ends_after_a_word() -> None:
    assert cut("one two three four", 12) == "one two…"
    assert cut("one two three four", 14) == "one two three…"
    assert cut("short", 10) == "short"


def test_a_cut_never_divides_a_visible_character() -> None:
    family = "👨\u200d👩\u200d👧"
    assert cut("ab" + family, 6) == "ab…"
    assert cut("abe\u0301f", 4) == "ab…"
    assert cut("👍🏽👍🏽", 5) == "👍🏽…"


def test_fold_keeps_letters_and_digits() -> None:
    assert fold("H₂O – A “Study”, 2nd Ed.") == "h2oastudy2nded"
    assert fold("…") == ""


@pytest.mark.parametrize(
    ("html", "sections"),
    [
        (
            "<p>PURPOSE: To invent.</p><p>LEVEL OF PROOF: 3.</p><p>Closing remark.</p>",
            (Section("To invent.", "PURPOSE"), Section("3.", "LEVEL OF PROOF"), Section("Closing remark.")),
        ),
        (
            "<p><b>Background:</b> Old. <b>Objective:</b> New. <b>Clinical Impact</b>: <b>Bold</b> it.</p>",
            (
                Section("Old.", "Background"),
                Section("New.", "Objective"),
                Section("Bold it.", "Clinical Impact"),
            ),
        ),
        (
            "<h3>Abstract</h3><div><h3>Aims</h3><p>One.</p><p>Two.</p></div><h3>End</h3>Three.",
            (Section("One.", "Aims"), Section("Two."), Section("Three.", "End")),
        ),
        (
            "<h4>Background</h4>Old.<h4>Conclusions</h4>New.",
            (Section("Old.", "Background"), Section("New.", "Conclusions")),
        ),
        (
            "<jats:title>Summary</jats:title><sec><jats:title>Objective</jats:title><jats:p>One</jats:p>",
            (Section("One", "Objective"),),
        ),
        (
            "<p><strong>Results</strong></p><p>n &lt; 5</p>",
            (Section("n < 5", "Results"),),
        ),
        ("<p>Objective: One. Methods: Two.</p>", (Section("One.", "Objective"), Section("Two.", "Methods"))),
        (
            "<p><b>BACKGROUND</b> - Old. <b>METHODS</b> - New.</p>",
            (Section("Old.", "BACKGROUND"), Section("New.", "METHODS")),
        ),
        (
            '<span><div class="boxTitle">Aims</div>One.<strong>Results</strong>Two.',
            (Section("One.", "Aims"), Section("Two.", "Results")),
        ),
        ("One.<br/><br />Two.<br>Three.", (Section("One."), Section("Two. Three."))),
        ("Plain words only.", (Section("Plain words only."),)),
        ("<p> </p>", ()),
    ],
)
def test_an_abstract_keeps_its_parts(html: str, sections: tuple[Section, ...]) -> None:
    assert sections_from_html(html) == sections


def test_labels_without_a_mark_need_results_and_a_conclusion() -> None:
    assert split_sections(
        "Background Old things. Purpose To invent. Materials and Methods We did. Results The study grew. "
        "Background MRI was done. Conclusion All is well."
    ) == (
        Section("Old things.", "Background"),
        Section("To invent.", "Purpose"),
        Section("We did.", "Materials and Methods"),
        Section("The study grew. Background MRI was done.", "Results"),
        Section("All is well.", "Conclusion"),
    )
    assert len(split_sections("Background MRI is old. Results The study grew. It ended.")) == 1


def test_capitals_before_a_full_stop_are_labels() -> None:
    assert split_sections("OBJECTIVE. To invent. MATERIALS AND METHODS. We did.") == (
        Section("To invent.", "OBJECTIVE"),
        Section("We did.", "MATERIALS AND METHODS"),
    )


def test_lines_are_what_is_seen() -> None:
    assert lines_from_html("<p>Ada &amp; Ben<br/>J Invent, <i>vol.</i> 1</p><p></p>DOI: x") == [
        "Ada & Ben",
        "J Invent, vol. 1",
        "DOI: x",
    ]


def test_running_text_is_split_only_when_certain() -> None:
    assert split_sections("OBJECTIVE: One. METHODS: Two. RESULTS: Three.") == (
        Section("One.", "OBJECTIVE"),
        Section("Two.", "METHODS"),
        Section("Three.", "RESULTS"),
    )
    assert split_sections("We had one aim: to count. Results: few.") == (
        Section("We had one aim: to count. Results: few."),
    )
    assert split_sections("") == ()


def test_sentences_end_where_they_end() -> None:
    text = "We did, e.g. S. aureus et al. Then P = .001. It grew 3.5 mm (Fig. 3). “Really?” Yes."
    assert sentences(text) == [
        "We did, e.g. S. aureus et al. Then P = .001.",
        "It grew 3.5 mm (Fig. 3).",
        "“Really?”",
        "Yes.",
    ]
    assert sentences("") == []


@pytest.mark.no_cover  # its time is measured
@pytest.mark.row("S37")
@pytest.mark.parametrize(
    "bomb",
    [
        "<a " * 50_000,
        "<!" * 75_000,
        '<a "="' * 25_000,
        '<a "' + '<a ""' * 30_000,
        "<sub>" * 30_000,
        "<b>x" * 37_000,
        "<script>" * 18_000,
        "&lt;sub" * 21_000,
        "<h1>" * 37_000,
        "<a =" * 37_000 + ">",
        "e\u0301\u0315" * 50_000,
        "x: " * 50_000,
    ],
    ids=range(12),
)
def test_hostile_markup_costs_linear_time(bomb: str) -> None:
    def cost(text: str) -> float:
        start = time.process_time()
        sections_from_html(text)
        from_html(text)
        return time.process_time() - start

    # Ten times the text takes ten times as long; were it quadratic, a hundred times. Load slows both.
    part = min(cost(bomb[: len(bomb) // 10]) for _ in range(3))
    assert cost(bomb) < 30 * part + 0.5
