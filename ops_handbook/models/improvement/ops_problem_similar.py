from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
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
        known = self.browse(found.ids)._filtered_known()
        offered = []
        for problem in known.sudo():
            share = likeness(asked, set((problem.search_pieces or "").split(" ")))
            if share >= LIKE_ENOUGH:
                offered.append((share, problem))
        offered.sort(key=lambda pair: (-pair[0], -pair[1].id))
        return [problem._similar_row(share) for share, problem in offered[:limit]]

    def _filtered_known(self):
        """Return those whose number and title the current user may know: what they may read, or operations accepted."""
        readable = set(self._filtered_access("read").ids)
        # sudo: only who may know of it is decided
        return self.filtered(lambda problem: problem.id in readable or (
            problem.sudo().state in SCREENED and not problem.sudo().is_anonymous
        ))

    def _prepare_create(self, vals_list):
        super()._prepare_create(vals_list)
        self._say_defaults(vals_list, {"repeat_of_id"})
        self._check_repeat_known(vals.get("repeat_of_id") for vals in vals_list)

    def write(self, vals):
        self._check_repeat_known([vals.get("repeat_of_id")])
        return super().write(vals)

    def _check_repeat_known(self, ids):
        """Refuse a link to a problem that the user may know nothing of: its title would be shown beside the link.

        Not a constraint, since those are checked as superuser.
        """
        earlier = self.browse({id_ for id_ in ids if type(id_) is int and id_})  # of all else the ORM makes no link
        if not self.env.su and earlier - earlier._filtered_known():
            raise ValidationError(self.env._("Repeats: choose one of the similar problems that the form offers."))

    @api.constrains("repeat_of_id", "company_id")
    def _check_repeat(self):
        if self._has_cycle("repeat_of_id"):
            raise ValidationError(self.env._("Repeats: a problem cannot repeat itself. Choose the earlier one."))
        for problem in self:
            if problem.repeat_of_id and problem.repeat_of_id.company_id != problem.company_id:
                raise ValidationError(self.env._("Repeats: choose a problem of the same company."))

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
