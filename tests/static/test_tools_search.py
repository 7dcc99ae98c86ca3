"""The words of the search: what is typed is found in what was written, and nothing that anybody types breaks a query."""

import random

import pytest
from ops_handbook_tools.search_excerpt import excerpt, found_in
from ops_handbook_tools.search_question import question, scope_query
from ops_handbook_tools.search_words import fold, lexemes, plain, vector

TEXT = "运营管理部对逾期的决议事项签发催办函（HV-2026/0012），见M6。The companies' reminder letters are sent by e-mail."


def stored(text):
    """Return the lexemes of a vector without places and weights."""
    return {part.rsplit(":", 1)[0].strip("'") for part in vector([(text, "D")]).split(" ")}


@pytest.mark.parametrize("asked", [
    "催办函", "决议", "函", "m6", "M6", "Ｍ６", "hv-2026/0012", "HV-2026", "0012", "reminder letter", "letters", "company",
    "E-MAIL", "签发催办函", "rémìnder",
])
def test_what_is_written_is_found(asked):
    there = stored(TEXT)
    for chunk in question(asked).chunks:
        for run in chunk:
            first = lexemes(run.text)[0]
            assert first in there or any(word.startswith(first) for word in there), (asked, first)
    assert found_in(TEXT, question(asked).marks())


def test_every_stretch_of_chinese_is_a_phrase_of_the_text():
    chinese = "责任部门两个工作日内答复"
    for start in range(len(chinese)):
        for end in range(start + 2, len(chinese) + 1):
            asked = question(chinese[start:end]).all().strip("()").replace("'", "").split(" <-> ")
            places = [chinese.index(pair) for pair in asked]
            assert places == list(range(start, end - 1))


def test_places_follow_each_other():
    """A phrase is found by its places: what stands side by side has neighbouring numbers, other texts are far away."""
    literal = vector([("one two", "A"), ("three", "B")])
    assert literal.startswith("'one':1A 'two':2A 'three':13B")


def test_a_long_text_stays_within_what_postgresql_takes():
    literal = vector([("word " * 30_000 + "中文" * 20_000, "D")])
    places = [int(place[:-1]) for part in literal.split(" ") if ":" in part for place in part.split(":")[1].split(",")]
    assert max(places) <= 16_383 * 4
    assert len(literal) < 1_000_000
    assert max(len(part.split(":")[1].split(",")) for part in literal.split(" ") if ":" in part) <= 256


def test_nothing_typed_leaves_the_quotes():
    """A query is put together from text: whatever is typed stays inside its quotation marks."""
    chance = random.Random(6)
    alphabet = "ab1 '\"\\&|!()<>:*-/._~^=中文函Ｍé\x00\ud800\u0301\n“”「」"
    for _turn in range(3000):
        text = "".join(chance.choice(alphabet) for _ in range(chance.randrange(1, 25)))
        asked = question(text)
        endings = {None: ["repo", "report"], **dict.fromkeys(asked.characters(), ["中文", "文"])}
        for query in (asked.all(), asked.all(endings), asked.any(endings), asked.title(endings), asked.code()):
            outside = "".join(query.split("'")[::2])
            assert set(outside) <= set(" &|()<->:*"), (text, query)
            for inside in query.split("'")[1::2]:
                assert all(character.isalnum() or character in "-/._^=" for character in inside), (text, query)
            assert query.count("'") % 2 == 0


def test_marks_never_lose_a_character():
    chance = random.Random(7)
    alphabet = "ab ßÄÉＭ中文函催办, "
    for _turn in range(2000):
        text = "".join(chance.choice(alphabet) for _ in range(chance.randrange(0, 60)))
        marks = question("".join(chance.choice(alphabet) for _ in range(6))).marks()
        shown = "".join(piece for piece, _marked in excerpt(text, marks, 1000))
        assert shown == " ".join(text.split())
        folded, origins = fold(text)
        assert origins is None or len(origins) == len(folded)


def test_a_word_without_end_is_run_over_once():
    assert found_in("b" + "a" * 300_000 + " a", ["a"]) == [(300_002, 300_003)]


def test_html_is_read_as_people_read_it():
    assert plain("<p>a</p><script>alert(1)</script><p>b<!-- c --></p>") == "a b"
    assert plain("<td>x</td><td>y</td>") == "x y"


def test_an_empty_scope_is_no_query():
    assert scope_query({"a": None}) == "(('~m=a'))"
