from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import SQL

from ...tools.pieces import likeness, pieces

SCREENED = ("accepted", "handling", "resolved", "closed")  # accepted by operations, so that a title may be shown
LIKE_ENOUGH = 0.4
CANDIDATES = 300


class OpsProblem(models.Model):
    """Earlier problems that look alike, offered while one writes, so that repeats are linked and counted."""

    _inherit = "ops.problem"

    search_pieces = fields.Text(
        compute="_compute_search_pieces", store=True, groups=NO_ACCESS, exportable=False, prefetch=False
    )
    similar_hint = fields.Html(string="Similar Problems", compute="_compute_similar_hint", sanitize=False)

    _search_pieces_idx = models.Index("USING gin (string_to_array(search_pieces, ' '))")

    @api.depends("name", "description")
    def _compute_search_pieces(self):
        for problem in self:
            problem.search_pieces = " ".join(pieces(f"{problem.name or ''}\n{problem.description or ''}"))

    @api.depends("name", "company_id", "state")
    @api.depends_context("uid", "lang")
    def _compute_similar_hint(self):
        """The three likest, in words; empty once the report is handed in."""
        for problem in self:
            found = []
            if problem.can_edit or problem.can_accept:
                found = self._similar(problem.name, problem.company_id, 3, exclude=problem._origin)
            rows = [Markup("<li>%s %s (%s)</li>") % (item["number"], item["name"], item["state_label"]) for item in found]
            problem.similar_hint = Markup("<ul>%s</ul>") % Markup().join(rows) if rows else False

    @api.model
    def _similar(self, text, company=None, limit=5, exclude=None):
        """Return earlier problems that speak of the same, likest first.

        Of what the user may not read only those that operations accepted and that are not anonymous, and of each only
        number, title and state.

        :param str text: what the reporter writes
        :param company: whose problems; default: the current company
        :param exclude: problems not to offer
        :return: list of dicts with id, number, name, state, state_label, likeness (0 to 1)
        """
        asked = pieces(text)
        if len("".join(asked)) < 2:
            return []
        # sudo: narrowed just below to what the user may know
        found = self.sudo().search(self._similar_domain(asked, company, exclude), order="id desc", limit=CANDIDATES)
        known = set(self.browse(found.ids)._filtered_access("read").ids)
        offered = []
        for problem in found:
            share = likeness(asked, set((problem.search_pieces or "").split(" ")))
            may_know = problem.id in known or (problem.state in SCREENED and not problem.is_anonymous)
            if may_know and share >= LIKE_ENOUGH:
                offered.append((share, problem))
        offered.sort(key=lambda pair: (-pair[0], -pair[1].id))
        return [problem._similar_row(share) for share, problem in offered[:limit]]

    @api.model
    def _similar_domain(self, asked, company, exclude):
        company = company or self.env.company
        overlap = Domain.custom(to_sql=lambda model, alias, query: SQL(
            "string_to_array(%s, ' ') && %s", model._field_to_sql(alias, "search_pieces", query), asked
        ))
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "not in", ("draft", "returned", "cancelled", "rejected"))
            & Domain("id", "not in", (exclude or self).ids)
            & overlap
        )

    def _similar_row(self, share):
        return {
            "id": self.id,
            "number": self.number,
            "name": self.name,
            "state": self.state,
            "state_label": self._state_label(self.state),
            "likeness": share,
        }
