from odoo import api, fields, models
from odoo.tools import SQL


class OpsArticle(models.Model):
    """The place of an article in the book: its number, its order, and whether readers meet it at all."""

    _inherit = "ops.article"

    outline = fields.Char(string="No.", compute="_compute_outline", help="Its number in the handbook, like 2.3.")
    # what the order of the book is sorted by: one step per article above it
    sort_path = fields.Char(compute="_compute_sort_path", store=True, recursive=True, readonly=True)
    is_listed = fields.Boolean(
        string="Shown to Readers", compute="_compute_is_listed", store=True, recursive=True, readonly=True,
        help="It is published, or something below it is.",
    )

    _book_order = models.Index("(handbook_id, sort_path, id)")

    @api.depends("sequence", "parent_id.sort_path")
    def _compute_sort_path(self):
        for article in self:
            above = article.parent_id.sort_path or ""
            article.sort_path = f"{above}{max(article.sequence or 0, 0):07d}.{article._origin.id or 0:08d}/"

    @api.depends("is_published", "active", "child_ids.is_listed", "child_ids.active")
    def _compute_is_listed(self):
        for article in self:
            article.is_listed = article.active and (article.is_published or any(article.child_ids.mapped("is_listed")))

    @api.depends("sequence", "parent_id", "handbook_id", "active")
    def _compute_outline(self):
        numbers = self._outlines()
        for article in self:
            article.outline = numbers.get(article._origin.id, "")

    def _outlines(self):
        """Return the numbers of all active articles of the handbooks of these: dict article id → like ``2.3``.

        They are the same for everybody, whoever may read which; one statement.
        """
        handbooks = self.sudo().handbook_id.ids  # sudo: numbers are counted whoever may see them
        if not handbooks:
            return {}
        self.env["ops.article"].flush_model(["handbook_id", "parent_id", "parent_path", "sequence", "active", "sort_path"])
        numbers, counts = {}, {}
        for article, path, handbook in self.env.execute_query(SQL(
            "SELECT id, parent_path, handbook_id FROM ops_article WHERE active AND handbook_id IN %s ORDER BY sort_path, id",
            tuple(handbooks),
        )):
            # parts of something archived move up, as on the reader's page
            parent = next((above for above in map(int, path.strip("/").split("/")[-2::-1]) if above in numbers), None)
            key = parent or -handbook
            counts[key] = counts.get(key, 0) + 1
            numbers[article] = f"{numbers[parent]}.{counts[key]}" if parent else str(counts[key])
        return numbers

    def _forget_outline(self):
        """Numbers change with the neighbours."""
        self.env["ops.article"].invalidate_model(["outline", "display_name"], flush=False)

    @api.depends("name", "outline")
    def _compute_display_name(self):
        for article in self:
            article.display_name = " ".join(filter(None, [article.outline, article.name]))
