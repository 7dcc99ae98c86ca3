from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import clock
from ..mixins.domains import flag_search


class OpsTask(models.Model):
    """What one sees of a task beside its fields: late or not, where it comes from, figures of a board."""

    _inherit = "ops.task"

    is_late = fields.Boolean(string="Overdue", compute="_compute_is_late", search="_search_is_late")
    is_mine = fields.Boolean(string="Mine", compute="_compute_is_mine", search="_search_is_mine")
    in_my_departments = fields.Boolean(compute="_compute_is_mine", search="_search_in_my_departments")
    worker_ids = fields.Many2many(
        "res.users", string="Owner and Co-Workers", compute="_compute_worker_ids", search="_search_worker_ids",
        help="Everybody who carries it out.",
    )
    change_label = fields.Selection(
        [("added", "Added"), ("withdrawn", "Withdrawn")], string="Changed in the Month", compute="_compute_change_label"
    )
    source_label = fields.Char(string="Comes from", compute="_compute_source_label")
    is_linked = fields.Boolean(compute="_compute_is_linked")
    carried_to_ids = fields.One2many("ops.task", "carried_from_id", string="Carried over to", readonly=True)

    @api.depends("state", "date_end")
    def _compute_is_late(self):
        """The day has passed, in the company's own time zone, and the task is not done."""
        today = {}
        for task in self:
            company = task.company_id
            if company not in today:
                today[company] = clock.today(company._ops_tz() or "UTC")
            task.is_late = bool(task.state in ("todo", "progress") and task.date_end and task.date_end < today[company])

    @flag_search
    def _search_is_late(self):
        return Domain("state", "in", ("todo", "progress")) & Domain("date_end", "<", clock.today(self.env.company._ops_tz()))

    @api.depends("owner_id", "helper_ids", "department_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        principals, departments = self.env.user._ops_principals(), self._my_departments()
        for task in self:
            task.is_mine = bool((task.owner_id | task.helper_ids) & principals)
            task.in_my_departments = task.department_id.id in departments

    @flag_search
    def _search_is_mine(self):
        return Domain("worker_ids", "in", self.env.user._ops_principals().ids)

    @flag_search
    def _search_in_my_departments(self):
        return Domain("department_id", "in", list(self._my_departments()))

    @api.model
    def _my_departments(self):
        user_sudo = self.env.user.sudo()  # sudo: one's own departments
        return set((user_sudo.ops_department_ids | user_sudo.ops_home_department_ids).ids)

    @api.depends("owner_id", "helper_ids")
    def _compute_worker_ids(self):
        for task in self:
            task.worker_ids = task.owner_id | task.helper_ids

    def _search_worker_ids(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # the ORM asks the opposite, and turns it round
        owned, helped = (Domain(name, operator, value) for name in ("owner_id", "helper_ids"))
        return owned & helped if operator == "in" and set(value) == {False} else self._search_any(owned, helped)

    @api.model
    def _search_any(self, *domains):
        """Return a domain of the tasks that are in any of ``domains``, each of which an index finds.

        Said with "or" no index finds them as soon as one of them looks into another table: PostgreSQL reads the tasks of all
        the years. So each is looked for by itself; the rules are asked of what was found.
        """
        # the search that this is part of asks for the rights
        found = [self._search(domain, bypass_access=True).subselect() for domain in domains]
        return Domain("id", "in", SQL(" UNION ").join(found))

    @api.depends("state", "added_on")
    def _compute_change_label(self):
        for task in self:
            task.change_label = "withdrawn" if task.state == "cancelled" else "added" if task.added_on else False

    @api.depends("initiative_id", "source_model", "source_id", "is_routine", "carried_from_id")
    def _compute_is_linked(self):
        for task in self:
            task.is_linked = task._is_linked()

    @api.depends("initiative_id", "source_model", "source_id", "is_routine", "carried_from_id")
    @api.depends_context("lang")
    def _compute_source_label(self):
        """Where the task comes from, in words; the sources of all tasks are read together."""
        cited = self._cited_sources()
        for task in self:
            if task.source_id:
                task.source_label = cited.get((task.source_model, task.source_id)) or self.env._("A record that is gone")
            elif task.initiative_id:
                task.source_label = task.initiative_id.sudo().name  # sudo: the task names it
            elif task.is_routine:
                task.source_label = self.env._("Routine")
            else:
                task.source_label = self.env._("Carried over") if task.carried_from_id else False

    def _cited_sources(self):
        """Return how the sources are cited, as far as they are saved: dict (model, id) → text."""
        by_model = {}
        for task in self._origin.filtered("source_id"):  # whoever looks ahead in a form may name any record
            by_model.setdefault(task.source_model, set()).add(task.source_id)
        cited = {}
        for model, ids in by_model.items():
            if model in self.env:
                # sudo: a task names what it comes from; that is opened with the reader's own rights
                records = self.env[model].sudo().browse(ids).exists()
                said = records._letter_source() if hasattr(records, "_letter_source") else {}
                for record in records:
                    cited[model, record.id] = said.get(record.id) or record.display_name
        return cited
