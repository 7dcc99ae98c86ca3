"""Prints of the handbook: the whole book, a chapter, one version. What is printed, for whom, in which language, on which page."""

import io
import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .handbook import HandbookCase

BOOK, CHAPTER, VERSION = (f"ops_handbook.{name}_report" for name in ("ops_handbook", "ops_article", "ops_article_version"))
PRINTER = "odoo.addons.base.models.ir_actions_report"


class PrintCase(HandbookCase):
    def reports(self, user=None, lang="en_US"):
        return self.env["ir.actions.report"].with_user(user or self.employee).with_context(lang=lang)

    def render(self, report, record, user=None, lang="en_US"):
        """Return the print as it looks on the screen, in one line."""
        name = self.env.ref(report).report_name
        html = self.reports(user, lang)._render_qweb_html(name, record.ids)[0].decode()
        return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))

    def assertOrder(self, html, *words):
        last = -1
        for text in words:
            found = html.find(text, last + 1)
            self.assertGreater(found, last, f"{text} is missing, or stands too early")
            last = found


@tagged("post_install", "-at_install")
class TestHandbookPrint(PrintCase):
    def test_the_book_has_title_contents_and_chapters(self):
        self.publish(self.chapter, "<p>What the chapter is about.</p>")
        self.publish(self.process, "<p>How it goes.</p>")
        self.publish(self.process, "<p>How it goes now.</p>")
        self.publish(self.step, "<p>What to press.</p>")
        html = self.render(BOOK, self.handbook)
        self.assertOrder(
            html, self.handbook.name, "Edition of January 20, 2027", self.employee.name, "Contents", "Monthly plan", "Breakdown", "Hand in",
            "Chapter 1", "Version 1", "What the chapter is about.", "1.1 Breakdown", "Version 2", "January 20, 2027", "How it goes now.",
            "1.1.1 Hand in", "What to press.",
        )
        self.assertNotIn("How it goes.", html, "what is superseded is not printed")

    def test_what_is_not_published_is_not_printed(self):
        self.publish(self.process, "<p>How it goes.</p>")
        self.draft(self.step, "<p>Not yet.</p>")
        for user in (self.employee, self.operations):
            html = self.render(BOOK, self.handbook, user)
            self.assertOrder(html, "Chapter 1", "Monthly plan", "1.1 Breakdown", "How it goes.")
            self.assertNotIn("Hand in", html)
            self.assertNotIn("Not yet.", html)
        self.assertIn("Nothing has been published yet", self.render(BOOK, self.handbook.copy({"article_ids": []}), self.operations))

    def test_parts_of_an_archived_chapter_move_up(self):
        """They are read and confirmed all the same: numbered, and printed."""
        self.publish(self.process, "<p>How it goes.</p>")
        self.publish(self.step, "<p>What to press.</p>")
        self.chapter.with_user(self.operations).active = False
        self.assertEqual((self.process.outline, self.step.outline, self.other_chapter.outline), ("1", "1.1", "2"))
        html = self.render(BOOK, self.handbook)
        self.assertOrder(html, "Contents", "Chapter 1", "Breakdown", "How it goes.", "1.1 Hand in", "What to press.")
        self.assertNotIn("Monthly plan", html)
        self.assertIn("What to press.", self.render(CHAPTER, self.step))

    def test_only_what_the_reader_may_read(self):
        self.publish(self.chapter, "<p>For all.</p>")
        self.publish(self.other_chapter, "<p>For Sales alone.</p>")
        self.assertNotIn("Sales", self.render(BOOK, self.handbook, self.employee))
        html = self.render(BOOK, self.handbook, self.other_head)
        self.assertOrder(html, "For all.", "Chapter 2", "Sales", "For Sales alone.")
        with self.assertRaises(AccessError):
            self.render(CHAPTER, self.other_chapter, self.employee)

    def test_a_chapter_with_what_is_below_it(self):
        self.publish(self.chapter, "<p>What the chapter is about.</p>")
        self.publish(self.process, "<p>How it goes.</p>")
        self.publish(self.step, "<p>What to press.</p>")
        html = self.render(CHAPTER, self.process)
        self.assertOrder(html, "Breakdown", self.handbook.name, "Contents", "1.1 Breakdown", "How it goes.", "1.1.1 Hand in",
                         "What to press.")
        self.assertNotIn("What the chapter is about.", html)
        html = self.render(CHAPTER, self.step)
        self.assertIn("What to press.", html)
        self.assertNotIn("Contents", html, "one article needs no contents")

    def test_in_the_language_of_the_reader_or_that_of_the_handbook(self):
        self.publish(self.chapter, "<p>In English.</p>")
        self.publish(self.chapter, "<p>用中文写的。</p>", lang="zh_CN", name="月度计划")
        self.publish(self.process, "<p>Only in English.</p>")
        html = self.render(BOOK, self.handbook, lang="zh_CN")
        self.assertOrder(html, "月度计划", "2027年1月20日", "用中文写的。", "Breakdown", "Only in English.")
        self.assertNotIn("In English.", html)
        english = self.render(BOOK, self.handbook)
        self.assertIn("In English.", english)
        self.assertNotIn("用中文写的。", english)

    def test_one_version_says_what_it_is(self):
        published = self.publish(self.chapter, "<p>First text.</p>")
        draft = self.draft(self.chapter, "<p>Second text.</p>")
        html = self.render(VERSION, draft, self.operations)
        self.assertOrder(html, self.handbook.name, "Chapter 1", "Monthly plan", "Draft", "Second text.")
        self.assertNotIn("Draft", self.render(VERSION, published, self.employee))
        with self.assertRaises(AccessError):
            self.render(VERSION, draft, self.employee)

    def test_names_are_no_markup(self):
        self.publish(self.chapter, "<p>Text.</p>", name="<b>Plan</b> & <script>alert(1)</script>")
        html = self.render(BOOK, self.handbook)
        self.assertIn("&lt;b&gt;Plan&lt;/b&gt; &amp; &lt;script&gt;", html)
        self.assertNotIn("<script>alert", html)

    def test_statements_do_not_grow_with_the_articles(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.render(BOOK, self.handbook)
            return self.env.cr.sql_log_count - start

        for article in (self.chapter, self.process):
            self.publish(article)
        cost()
        few = cost()
        for number in range(12):
            self.publish(self.article(f"Step {number}", parent=self.process))
        self.assertLessEqual(cost(), few + 2)


@tagged("post_install", "-at_install")
class TestHandbookPdf(PrintCase, HttpCase):
    """The file itself, made by the wkhtmltopdf of this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"].sudo()
        parameters.set_param("report.url", cls.base_url())
        parameters.set_param("report.print_delay", "1")
        filler = "<p>Whoever is away has named a substitute, who acts in their name.</p>" * 60
        cls.publish(cls.chapter, "<p>What the chapter is about.</p>")
        cls.publish(cls.process, f"<h2>Steps</h2>{filler}")
        cls.publish(cls.step, "<p>What to press.</p>")
        cls.second = cls.article("Meetings", sequence=30)
        cls.publish(cls.second, f'<p>How we meet, with <a href="/odoo/handbook/{cls.step.id}">what to press</a>, <a href="https://example.com/x">x</a>.</p>')
        cls.publish(cls.chapter, "<p>用中文写的。</p>", lang="zh_CN", name="月度计划")

    def pdf(self, report, record, user=None, lang="en_US"):
        # pages without the assets of the web client do as well: the book brings its own styles
        with mute_logger(PRINTER):
            reports = self.reports(user, lang).with_context(force_report_rendering=True)
            pdf, kind = reports._render_qweb_pdf(self.env.ref(report).report_name, record.ids)
        self.assertEqual(kind, "pdf")
        return PdfFileReader(io.BytesIO(pdf))

    def flat(self, outline):
        for item in outline:
            yield from self.flat(item) if isinstance(item, list) else [item]

    @staticmethod
    def words(page):
        return " ".join(page.extract_text().split())

    def test_contents_name_the_pages_on_which_articles_begin(self):
        book = self.pdf(BOOK, self.handbook)
        pages = [self.words(page) for page in book.pages]
        self.assertIn(self.handbook.name, pages[0])
        self.assertIn("Contents", pages[1])
        labels = book.page_labels
        self.assertEqual(labels[:3], ["i", "ii", "1"])
        printed, references = {}, [page.indirect_reference for page in book.pages]
        for item in self.flat(book.outline):
            page = references.index(item.page.get_object().indirect_reference)
            number, title = item["/Title"].split(" ", 1)
            self.assertIn(f"{number} {title}", pages[page])
            self.assertIn(labels[page], pages[page].split(), "the page bears its number")
            printed[number] = labels[page]
        self.assertEqual(list(printed), ["1", "1.1", "1.1.1", "3"])
        figures = [word for word in pages[1].split("Contents")[1].split() if word.isdigit()]
        self.assertCountEqual(figures, [*printed.values(), "1", "3"], "the pages, and the numbers of the chapters")
        self.assertGreater(int(printed["1.1.1"]), int(printed["1.1"]), "the sample fills more than a page")
        self.assertNotIn("What to press.", pages[labels.index(printed["3"])], "a chapter begins on a page of its own")

    def test_bookmarks_and_links_lead_to_the_articles(self):
        book = self.pdf(BOOK, self.handbook)
        titles = [item["/Title"] for item in book.outline if not isinstance(item, list)]
        self.assertEqual(titles, ["1 Monthly plan", "3 Meetings"])
        targets = [link.get_object().get("/Dest") for link in book.pages[1]["/Annots"]]
        self.assertTrue(targets)
        self.assertTrue(all(targets), "contents lead within the book")
        links = [link.get_object() for link in book.pages[-1]["/Annots"]]
        self.assertEqual(len([link for link in links if "/Dest" in link]), 1, "a link to another article of the book")
        addresses = [link["/A"]["/URI"] for link in links if "/A" in link]
        self.assertEqual(len(addresses), 2)
        self.assertTrue(addresses[0].endswith(f"/odoo/handbook/{self.second.id}"), "from the title to the screen")
        self.assertEqual(book.metadata.title, self.handbook.name)

    def test_chinese_fonts_are_embedded(self):
        book = self.pdf(BOOK, self.handbook, lang="zh_CN")
        self.assertIn("用中文写的。", "".join(page.extract_text() for page in book.pages))
        for page in book.pages:
            for font in page["/Resources"].get("/Font", {}).values():
                [descendant] = font.get_object().get("/DescendantFonts", [font])
                descriptor = descendant.get_object()["/FontDescriptor"].get_object()
                self.assertTrue({"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), "a font is not embedded")

    def test_a_chapter_and_a_version_have_no_title_page_when_they_are_short(self):
        book = self.pdf(CHAPTER, self.second)
        self.assertEqual(len(book.pages), 1)
        self.assertIn("How we meet", self.words(book.pages[0]))
        draft = self.draft(self.second, "<p>How we shall meet.</p>")
        book = self.pdf(VERSION, draft, self.operations)
        self.assertIn("How we shall meet.", self.words(book.pages[0]))
        self.assertIn("Draft", self.words(book.pages[0]))

    def test_several_at_once(self):
        book = self.pdf(CHAPTER, self.second | self.step)
        text = " ".join(self.words(page) for page in book.pages)
        self.assertIn("How we meet", text)
        self.assertIn("What to press.", text)
