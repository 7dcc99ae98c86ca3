from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .ops_article_reading_sql import NEWER


class OpsArticle(models.Model):
    """How many of those who are to confirm the text as it is now have done so.

    Reading is personal: heads have the figures of their departments, administrators those of everybody, and whoever may
    see nobody else's readings has none.
    """

    _inherit = "ops.article"

    asked_count = fields.Integer(
        string="Asked to Confirm", compute="_compute_confirmations",
        help="People who are to confirm the text as it is now, as far as you may see their readings.",
    )
    confirmed_count = fields.Integer(
        string="Have Confirmed", compute="_compute_confirmations",
        help="Those of them who have confirmed that they have read it.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_confirmations(self):
        found = {
            article_id: (len(confirmed), len(readings))
            for article_id, (confirmed, readings) in self._current_readings().items()
        }
        for article in self:
            article.confirmed_count, article.asked_count = found.get(article.id, (0, 0))

    def _current_readings(self):
        """Return the readings of what is published now, of the people whose readings the user sees: one for each person.

        A reading counts until a newer major version of its text is there, whatever minor ones came in between.

        :return: dict article id → (ids of those that are confirmed, ids of all)
        """
        readings = self.env["ops.article.reading"]
        readings._flush_asked()
        domain = Domain("article_id", "in", self.ids) & Domain("state", "!=", "obsolete")
        if not self.env.user.has_group("ops_handbook.group_administrator"):
            domain &= Domain("in_my_departments", "=", True)  # without one's own: that alone is no figure
        visible = readings._search(domain)
        return {
            article_id: (confirmed or [], every)
            for article_id, confirmed, every in self.env.execute_query(SQL(
                """
                SELECT article_id, array_agg(id) FILTER (WHERE state = 'confirmed'), array_agg(id)
                  FROM (
                           SELECT DISTINCT ON (reading.article_id, reading.reader_id) reading.article_id, reading.id, reading.state
                             FROM ops_article_reading AS reading
                             JOIN ops_article_version AS version ON version.id = reading.version_id
                            WHERE reading.id IN %(visible)s AND NOT (%(newer)s)
                         ORDER BY reading.article_id, reading.reader_id, reading.asked_on DESC, reading.id DESC
                       ) AS counted
              GROUP BY article_id
                """,
                visible=visible.subselect(), newer=SQL(NEWER),
            ))
        }

    def action_open_confirmations(self):
        """Open the readings behind the figures."""
        self.ensure_one()
        self.check_access("read")
        _confirmed, readings = self._current_readings().get(self.id, ([], []))
        action = self.env["ir.actions.act_window"]._for_xml_id("ops_handbook.ops_article_reading_action_department")
        return {
            **action, "domain": [("id", "in", readings)], "context": {"search_default_group_department": 1},
            "display_name": self.env._("Confirmations: %(article)s", article=self.name),
        }
