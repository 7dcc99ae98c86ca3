"""Comparing texts without Odoo: nothing of them is lost or made up, and nothing in them does anything."""

import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from ops_handbook_tools.html_blocks import blocks
from ops_handbook_tools.html_diff import is_changed, side_by_side

WORDS = st.lists(st.sampled_from(["hand", "it", "in", "by", "25", "每月", "提交。", "&lt;b&gt;", " ", "&amp;", "–"]), max_size=12).map(" ".join)
TAGS = st.sampled_from(["p", "h2", "div", "blockquote", "li", "pre"])
BLOCK = st.one_of(
    st.builds("<{0}>{1}</{0}>".format, TAGS, WORDS),
    st.builds("<p>{}<b>{}</b></p>".format, WORDS, WORDS),
    st.builds("<table><tr><td>{}</td><td>{}</td></tr></table>".format, WORDS, WORDS),
    st.builds('<div data-embedded="opsStandard" data-embedded-props=\'{{"code": "{}"}}\'>x</div>'.format, st.sampled_from(["M6", "I5"])),
)
TEXT = st.lists(BLOCK, max_size=8).map("".join)
HOSTILE = st.lists(st.sampled_from([
    "<script>alert(1)</script>", "<p onclick=alert(1)>", "</p>", '<a href="javascript:alert(1)">', "</a>", "<img src=x onerror=alert(1)>",
    '<a href="//evil.example">', '<a href="/\\evil.example">', "<iframe src=//evil.example></iframe>", "<style>*{display:none}</style>",
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">', '<svg onload=alert(1)><p>', "</svg>", "<td>", "<tr>", "</table>", "<ul><li>", "\"'>",
    '<div data-embedded="opsStandard" data-embedded-props="{&quot;code&quot;: &quot;<script>&quot;}">', "</div>", "]]>", "<!--", "-->",
    '<div data-embedded="opsStandardDue" data-embedded-props="[[[[">', "<del>", "<ins>", "\x00\ud800", "<math><mi//xlink:href=x>",
    '<img src="/web/image/1" alt="&quot; onerror=alert(1)">', '<a href="/x&quot; onclick=&quot;alert(1)">', "text", "&lt;script&gt;",
]), max_size=14).map("".join)

ALLOWED = {
    "p": {"class"}, "span": {"class"}, "a": {"href", "target", "rel"}, "img": {"src", "alt"}, "br": set(), "table": set(), "tbody": set(),
    "tr": set(), "td": set(), **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ins", "del"], set()),
    **dict.fromkeys(["strong", "em", "u", "s", "code", "sub", "sup"], set()),
}


def words(html):
    """What a text says, without blanks."""
    return re.sub(r"\s+", "", "".join(piece.text for block in blocks(html) for cell in block.cells for piece in cell))


def said(cells):
    text = "".join(lxml_html.fromstring(f"<div>{cell}</div>").text_content() for cell in cells if cell)
    return re.sub(r"\s+", "", re.sub(r"(^|(?<=\x1f))[•#☐☑]", "", text))


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT)
def test_nothing_is_lost_and_nothing_made_up(before, after):
    rows = side_by_side(before, after)
    # markers of lists are drawn, not said
    assert said([row.before.replace("<span>•</span>", "") for row in rows]) == words(before)
    assert said([row.after.replace("<span>•</span>", "") for row in rows]) == words(after)
    for row in rows:
        assert row.kind in ("same", "changed", "added", "removed")
        assert bool(row.before) == (row.kind != "added")
        assert bool(row.after) == (row.kind != "removed")
        assert "<ins>" not in row.before and "<del>" not in row.after
        if row.kind == "same":
            assert row.before == row.after and "<del>" not in row.before


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_a_text_does_not_differ_from_itself(text):
    assert not is_changed(side_by_side(text, text))
    # how the editor writes the same thing is no change either
    assert not is_changed(side_by_side(text, text.replace(" ", "\n  ").replace("<b>", "<strong>").replace("</b>", "</strong>"))) or "<pre>" in text


@settings(max_examples=250, deadline=None)
@given(HOSTILE, HOSTILE)
def test_hostile_texts_stay_neutral(before, after):
    for row in side_by_side(before, after):
        for cell in (row.before, row.after):
            for node in lxml_html.fromstring(f"<div>{cell}</div>").iterdescendants():
                assert node.tag in ALLOWED, cell
                assert set(node.attrib) <= ALLOWED[node.tag], cell
                assert not re.match(r"(?!https?://|mailto:|tel:|/(?![/\\])|#)", node.get("href", "#")), cell
                assert re.match(r"/web/(image|content)/", node.get("src", "/web/image/")), cell
                assert node.get("class", "o_ops_diff_item") in ("o_ops_diff_item", "o_ops_diff_standard")


def marked(before, after):
    return [(row.kind, re.findall("<del>(.*?)</del>", row.before), re.findall("<ins>(.*?)</ins>", row.after))
            for row in side_by_side(before, after)]


def test_by_word_and_by_chinese_character():
    assert marked("<p>Hand it in by Friday noon.</p>", "<p>Hand it in by Monday noon.</p>") == [("changed", ["Friday"], ["Monday"])]
    assert marked("<p>由部门负责人在二十五日前提交</p>", "<p>由部门负责人在二十八日前提交</p>") == [("changed", ["五"], ["八"])]
    assert marked("<p>one old word stays here as it was</p>", "<p>one new thing stays here as it was</p>") == [
        ("changed", ["old word"], ["new thing"])], "blanks between two changes belong to them"


def test_blocks_find_their_partner():
    before = "<h2>Steps</h2><p>First fill in the form.</p><p>Then call the head of department.</p>"
    after = "<h2>Steps</h2><p>Read this first, all of it.</p><p>First fill in the new form.</p><p>Then call the head of department.</p>"
    assert [kind for kind, _old, _new in marked(before, after)] == ["same", "added", "changed", "same"]


def test_standards_are_compared_by_code():
    block = '<div data-embedded="opsStandard" data-embedded-props=\'{"code": "%s"}\'>%s</div>'
    assert not is_changed(side_by_side(block % ("M6", "by the 25th"), block % ("M6", "<p>by the 28th</p>")))
    rows = side_by_side(block % ("M6", ""), block % ("M1", ""))
    assert 'class="o_ops_diff_standard">M6<' in rows[0].before
    inline = '<p>Due <span data-embedded="opsStandardDue" data-embedded-props=\'{"code": "%s"}\'>%s</span>.</p>'
    assert not is_changed(side_by_side(inline % ("M6", "x"), inline % ("M6", "")))
    [row] = side_by_side(inline % ("M6", "x"), inline % ("M3", ""))
    assert (row.kind, "M6" in row.before, "M3" in row.after) == ("changed", True, True)


def test_tables_by_cell_and_links_by_address():
    table = "<table><tr><th>Who</th><th>By</th></tr><tr><td>{}</td><td>the 25th</td></tr></table>"
    rows = side_by_side(table.format("Head"), table.format("Deputy"))
    assert [row.kind for row in rows] == ["same", "changed"]
    assert rows[1].after.endswith("<td><ins>Deputy</ins></td><td>the 25th</td></tr></tbody></table>")
    [row] = side_by_side('<p>See <a href="/odoo/a">form</a></p>', '<p>See <a href="/odoo/b">form</a></p>')
    assert "(/odoo/a)" in row.before and "(/odoo/b)" in row.after
    rows = side_by_side("<p>" + "x " * 9 + "</p>", "<p>" + "x " * 9 + '<img src="/web/image/3" alt="Plan"/></p>')
    assert '<ins> <img src="/web/image/3" alt="Plan"/></ins>' in rows[0].after or '<img src="/web/image/3" alt="Plan"/>' in rows[0].after


def test_what_is_ticked_and_what_is_listed():
    checklist = '<ul class="o_checklist"><li{}>Call the owner of the machine</li></ul>'
    [row] = side_by_side(checklist.format(""), checklist.format(' class="o_checked"'))
    assert (row.kind, "☐" in row.before, "☑" in row.after) == ("changed", True, True)


def test_a_new_item_does_not_change_those_after_it():
    rows = side_by_side("<ol><li>Count</li><li>Sign</li></ol>", "<ol><li>Open the box</li><li>Count</li><li>Sign</li></ol>")
    assert [row.kind for row in rows] == ["added", "same", "same"]
    assert "<span>3.</span> Sign" in rows[2].after


def test_long_and_nasty_texts_take_no_time():
    start = time.process_time()
    long = "<p>" + "hand in the plan by the end of the month " * 250 + "</p>"
    side_by_side(long, long.replace("plan", "report", 40).replace("end", "close"))
    side_by_side("<p>a</p>" * 4000, "<p>a</p>" * 3990 + "<p>b</p>" * 20)
    side_by_side("".join(f"<p>rule {n} says this</p>" for n in range(800)), "".join(f"<p>rule {n} says that</p>" for n in range(800)))
    side_by_side("<div>" * 2000 + "x", "<b>" * 2000 + "y")
    assert time.process_time() - start < 20
