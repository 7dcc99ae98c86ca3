"""Outlines without Odoo: every article has one number, every heading one anchor, whatever the tree or the text."""

from hypothesis import given, settings
from hypothesis import strategies as st
from ops_handbook_tools.outline import anchored, headings, neighbours, numbered, parsed, slug

keys = st.integers(1, 12)
HEADING = st.builds(
    "<{0}{2}>{1}</{0}>".format, st.sampled_from(["h1", "h2", "h6", "p"]),
    st.text(alphabet=st.sampled_from("ab 1催办&;<>-\u200b\x00\ud800\n"), max_size=12),
    st.sampled_from(["", " id='a'", " id='s-a'", " data-heading-link-id='7f'", " name=x"]),
)


@given(st.lists(st.tuples(keys, st.one_of(st.none(), keys)), max_size=12, unique_by=lambda pair: pair[0]))
def test_each_article_once_below_its_parent(nodes):
    places = numbered(nodes)
    shown = [place.key for place in places]
    assert len(set(shown)) == len(shown)
    parents = dict(nodes)
    by_key = {place.key: place for place in places}
    for place in places:
        assert place.level == place.number.count(".") + 1
        if place.parent is not None:
            assert parents[place.key] == place.parent
            assert place.number.startswith(by_key[place.parent].number + ".")
            assert shown.index(place.parent) < shown.index(place.key)
    for key in set(parents) - set(shown):  # only what stands in a circle is left out, with what hangs on it
        seen = set()
        while key in parents and key not in seen:
            seen.add(key)
            key = parents[key]
        assert key in seen


def test_a_deep_tree_needs_no_stack():
    assert numbered([(key, key - 1) for key in range(5000)])[-1].level == 5000


@given(st.lists(keys, unique=True), keys)
def test_previous_and_next_agree(order, key):
    before, after = neighbours(order, key)
    if before is not None:
        assert neighbours(order, before)[1] == key
    if after is not None:
        assert neighbours(order, after)[0] == key


@settings(max_examples=200)
@given(st.lists(HEADING, max_size=6).map("".join))
def test_anchors_are_unique_and_stay(html):
    found = headings(html)
    ids = [heading["id"] for heading in found]
    assert len(set(ids)) == len(ids)
    assert all(heading["text"] and heading["id"].startswith("s-") for heading in found)
    once = anchored(html)
    assert [node.get("id") for node in parsed(once).iter("h1", "h2", "h6") if "".join(node.itertext()).strip("\u200b \n\t")] == ids
    assert headings(once) == found
    others = [node.get("id") for node in parsed(once).iter("p") if node.get("id")]
    assert all(name.startswith("t-") for name in others), "no id of the text can be one of the page"


def test_anchors_follow_the_words_not_the_place():
    before = {heading["text"]: heading["id"] for heading in headings("<h2>Steps</h2><h2>谁负责</h2>")}
    after = {heading["text"]: heading["id"] for heading in headings("<h1>New</h1><h3>谁负责</h3><p>…</p><h2>Steps</h2>")}
    assert before.items() <= after.items()
    assert slug("x" * 500) == "x" * 60


def test_nothing_is_an_empty_text():
    for nothing in (None, False, "", " \n", "<!-- -->", "\x00"):
        assert headings(nothing) == []
        anchored(nothing)
    assert anchored("plain") == "plain"
    assert anchored("a < b<h2>x</h2>") == 'a &lt; b<h2 id="s-x">x</h2>'
