from wetread.domain.names import name_key, names_within, words_of


def test_a_name_is_the_same_however_it_is_spelt() -> None:
    spellings = (
        "The J. of A & B",
        "j of a and b",
        "J OF A AND B",
        "the journal".replace("journal", "J of A&B"),
    )
    assert {name_key(each) for each in spellings} == {"jofaandb"}
    assert name_key("Radiología") == name_key("RADIOLOGIA")
    assert name_key("The") == "the"
    assert name_key("…") == ""


def test_words_keep_their_order_and_digits() -> None:
    assert words_of("Spine (Phila Pa 1976)") == ("spine", "phila", "pa", "1976")


def test_a_title_holds_the_names_that_libraries_write_into_it() -> None:
    assert "JII" in names_within("Journal of invented imaging : JII")
    assert "Invented imaging" in names_within("Invented imaging (Exampleville)")
    assert "Bildgebung" in names_within("Invented imaging = Bildgebung")
    assert "Imaging" not in names_within("Imaging. Invented spines")
