from odoo import api, fields, models


class OpsReminderLevel(models.Model):
    """What the first, the second, the third letter says and who receives a copy. Theirs who administer the handbook."""

    _name = "ops.reminder.level"
    _description = "Level of Reminder Letters"
    _order = "level, company_id, id"
    _rec_name = "level"

    level = fields.Integer(
        string="Which Letter", required=True, default=1,
        help="1 is the first letter about an item. Later letters than the last one here are like the last.",
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade",
        help="Empty: for all companies. A company's own level takes the place of the common one.",
    )
    copy_gm_office = fields.Boolean(string="Copy to the GM Office")
    copy_general_manager = fields.Boolean(string="Copy to the General Manager")
    copy_user_ids = fields.Many2many("res.users", string="Copies to", domain="[('share', '=', False)]")
    body = fields.Html(
        string="Text", translate=True, sanitize_style=True,
        help="Stands in the letter after the table of what is late; it can still be changed in each draft.",
    )

    _level_company_uniq = models.UniqueIndex("(level, COALESCE(company_id, 0))", "There is already a text for this letter.")
    _level_positive = models.Constraint("CHECK(level >= 1)", "Which letter: the first letter is 1.")

    @api.depends("level")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for item in self:
            item.display_name = self._label(item.level)

    @api.model
    def _label(self, level):
        """Return which letter it is in words: “Second letter”."""
        words = {
            1: self.env._("First letter"), 2: self.env._("Second letter"), 3: self.env._("Third letter"),
        }
        return words.get(level) or self.env._("Letter no. %(level)s", level=level)

    @api.model
    def _by_company(self, companies):
        """Return the levels of each company: dict company id → levels (sudo), the lowest first, one for each number."""
        # sudo: the engine drafts; the levels are the administrators'
        found = self.sudo().search([("company_id", "in", [False, *companies.ids])])
        result = {}
        for company in companies:
            chosen = {item.level: item for item in found.filtered(lambda item: not item.company_id)}
            chosen.update({item.level: item for item in found.filtered(lambda item, own=company: item.company_id == own)})
            result[company.id] = self.sudo().union(*(chosen[level] for level in sorted(chosen)))
        return result

    def _of(self, level):
        """Return the one of these levels that holds for a letter: its own, or the last before it."""
        return self.filtered(lambda item: item.level <= level)[-1:]
