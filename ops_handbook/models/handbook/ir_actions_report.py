import io

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from ...tools.book import running_heads, runs
from ...tools.book_pdf import bound, numbers, read, spots

BOOKS = tuple(f"ops_handbook.{name}_report_document" for name in ("ops_handbook", "ops_article", "ops_article_version"))
READ = ("ops.handbook", "ops.article", "ops.article.version")
# characters of text that are set at a time: wkhtmltopdf slows down with the length of a page
SET_AT_ONCE = 1_000_000
HEAD_MARGIN = 10  # mm above the running head


class IrActionsReport(models.Model):
    """Prints of the handbook are bound from parts: what page an article begins on is known only when it has been set."""

    _inherit = "ir.actions.report"

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        return super(IrActionsReport, self._ops_as_read(report_ref))._pre_render_qweb_pdf(report_ref, res_ids, data)

    def _render_qweb_html(self, report_ref, docids, data=None):
        return super(IrActionsReport, self._ops_as_read(report_ref))._render_qweb_html(report_ref, docids, data)

    def _ops_as_read(self, report_ref):
        """Return the printer of a report: what may be read whatever companies are chosen is printed so, too."""
        if self._get_report(report_ref).model not in READ:
            return self
        return self.with_context(allowed_company_ids=self.env["ops.article"]._page_companies())

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report_sudo = self._get_report(report_ref)
        if report_sudo.report_name not in BOOKS or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        if self.get_wkhtmltopdf_state() == "install":
            raise UserError(self.env._(
                "The book cannot be printed: wkhtmltopdf is missing on the server. Ask your system administrator to install it."
            ))
        records = self.env[report_sudo.model].browse(res_ids)
        return {
            record.id: {"stream": io.BytesIO(self._ops_print_book(report_sudo, record._book())), "attachment": None}
            for record in records
        }

    def _ops_print_book(self, report_sudo, book):
        """Return a book (see ``ops.handbook._book``) as PDF: text first, then the contents that name its pages, then the heads."""
        articles = {article["id"]: article for article in book["articles"]}
        sizes = [(key, article["level"], len(article["body"])) for key, article in articles.items()]
        parts = [
            self._ops_set(report_sudo, self._ops_text_page(report_sudo, book, [articles[key] for key in keys]))
            for keys in runs(sizes, SET_AT_ONCE) or [[]]
        ]
        titles = {key: f"{article['number']} {article['name']}".strip() for key, article in articles.items()}
        places = spots(parts, {
            key: f"{article['chapter'] or article['number']} {article['name']}" for key, article in articles.items()
        })
        pages = {key: place.page + 1 for key, place in places.items()}
        front = None
        if book["has_front"]:
            values = {"book": book, "pages": pages}
            front = self._ops_set(report_sudo, self._render_template("ops_handbook.ops_book_front_page", values).decode())
        heads = self._ops_set(report_sudo, self._ops_head_page(book, front, parts, places), HEAD_MARGIN)
        marks = [(key, article["level"], titles[key]) for key, article in articles.items()]
        info = {
            "title": book["title"], "author": book["company"], "lang": book["lang"],
            "bases": {report_sudo.get_base_url(), self._get_report_url()},
        }
        return bound(front, parts, heads, marks, places, info)

    def _ops_set(self, report_sudo, html, margin_top=None):
        """Return a reader of the PDF that Odoo's own printer makes of a page; ``margin_top`` in mm, otherwise the paper's."""
        special = {} if margin_top is None else {"data-report-margin-top": margin_top}
        pdf = self._run_wkhtmltopdf([html], report_ref=report_sudo, specific_paperformat_args=special)
        if not pdf:
            raise UserError(self.env._("The book cannot be printed: wkhtmltopdf gave nothing back. The server's log says why."))
        return read(pdf)

    def _ops_text_page(self, report_sudo, book, articles):
        """Return the page of some chapters, in the layout that gives Odoo's prints their styles."""
        text = self._render_template("ops_handbook.ops_book_text", {"book": book, "articles": articles}).decode()
        layout = self._get_layout()
        return str(self.env["ir.qweb"]._render(layout.id, {
            "subst": False,
            # rendered by QWeb just above
            "body": Markup(text),  # noqa: S704  # nosec B704
            "base_url": self._get_report_url(layout=layout),
            "report_xml_id": report_sudo.xml_id,
            "debug": False,
        }))

    def _ops_head_page(self, book, front, parts, places):
        """Return the page with the running heads: one sheet for each of the book's but the title page."""
        total = sum(len(part.pages) for part in parts)
        before = len(front.pages) if front else 0
        chapters = [(places[item["id"]].page, item) for item in book["articles"] if item["level"] == 1]
        heads = [(None, False)] * max(before - 1, 0) + running_heads(total, chapters)
        folios = numbers(before, total)
        values = {"book": book, "heads": [(folio, *head) for folio, head in zip(folios, heads, strict=True)]}
        return self._render_template("ops_handbook.ops_book_heads_page", values).decode()
