"""Formulas of titles become text; prices and programs stay as they are."""

import time

import pytest

from wetread.domain.text import from_html
from wetread.feeds.tex import has_formula, html_from_tex


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"${\mathrm{BaTiO}}_{3}$ films", "BaTiO₃ films"),
        (r"${\mathrm{La}}_{0.7}{\mathrm{Sr}}_{0.3}{\mathrm{MnO}}_{3}$", "La_(0.7)Sr_(0.3)MnO₃"),
        (r"$1.1~\mu m$ and $100\,\text{nm}$", "1.1 μm and 100 nm"),
        (r"$\ensuremath{\gtrsim}5\text{ }\ensuremath{\mu}$m", "≳5 μm"),
        (r"$\frac{1}{2}\ln 2$", "1/2ln 2"),
        (r"$\mathbf{k}\ifmmode\cdot\else\textperiodcentered\fi{}\mathbf{p}$", "k·p"),
        (r"$x\phantom{\rule{0.28em}{0ex}}y$", "xy"),
        (r"the \textit{invented} state", "the invented state"),
        (r"$\unheardof{x}$", "x"),
    ],
)
def test_a_formula_is_shown_as_text(tex: str, text: str) -> None:
    assert from_html(html_from_tex(tex)) == text


@pytest.mark.parametrize(
    "text", ["$5 and $6", "from $100 to $2_000", "$HOME and $PATH", "one $", "a_b and c^d"]
)
def test_a_dollar_makes_no_formula(text: str) -> None:
    assert not has_formula(text)
    assert html_from_tex(text) == text


@pytest.mark.parametrize("unit", ["$", "${", "$\\a{", "$\\frac{", "$_{x}^{y}", "\\phantom{{}}"])
def test_hostile_formulas_cost_little(unit: str) -> None:
    start = time.process_time()
    html_from_tex(unit * 20_000)
    has_formula(unit * 20_000)
    assert time.process_time() - start < 1
