from odoo import api, fields, models
from odoo.exceptions import UserError

from .ops_problem import CATEGORIES, LEVELS


class OpsLessonLine(models.Model):
    """A case: what happened, why, what helped and what is decided; once published, part of the case library.

    It tells the story without the people: no reporter is named.
    """

    _name = "ops.lesson.line"
    _description = "Case"
    _inherit = ["ops.form.line.mixin"]
    _order = "month desc, sequence, id"
    _rec_names_search = ["name", "story"]
    _form_field = "lesson_id"
    _search_fields = {"name": "A", "story": "C", "cause": "B", "remedy": "C", "learnt": "B"}
    _search_kind = "case"

    sequence = fields.Integer(default=10)
    lesson_id = fields.Many2one("ops.lesson", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lesson_id.company_id", store=True, index=True)
    month = fields.Date(related="lesson_id.month", store=True, index=True)
    lesson_state = fields.Selection(related="lesson_id.state", string="State of the Lessons", store=True)
    problem_id = fields.Many2one(
        "ops.problem", index="btree_not_null", ondelete="set null",
        groups="ops_handbook.group_operations,ops_handbook.group_gm_office,ops_handbook.group_general_manager",
    )
    name = fields.Char(string="Case", required=True)
    category = fields.Selection(CATEGORIES, required=True, default="other")
    level = fields.Selection(LEVELS, required=True, default="3")
    story = fields.Text(string="What Happened")
    cause = fields.Text(string="Root Cause")
    remedy = fields.Text(string="What Helped")
    learnt = fields.Text(string="What We Learn")
    decision = fields.Selection([
        ("revise_handbook", "Revise the Handbook"), ("train", "Train"), ("share", "Share as a Case"), ("none", "None"),
    ])
    change_wanted = fields.Text(help="Revise the handbook: which article, and what it is to say.")

    @api.model
    def _from_problem(self, problem):
        """Return the values of a case that tells of ``problem``, without the people."""
        plan = problem.plan_ids.filtered(lambda plan: plan.state != "cancelled").sorted("round")[-1:]
        measures = plan.measure_ids.filtered(lambda measure: measure.state in ("done", "accepted"))
        return {
            "problem_id": problem.id,
            "name": problem.name,
            "category": problem.category,
            "level": problem.level,
            "story": problem.description,
            "cause": plan.root_cause,
            "remedy": "\n".join(filter(None, [problem.immediate_measure, *measures.mapped("name")])),
        }

    @api.onchange("problem_id")
    def _onchange_problem_id(self):
        if self.problem_id and not self.name:
            self.update(self._from_problem(self.problem_id))

    def _check_decided(self):
        """Refuse to publish a case without a decision, or a revision that does not say what is to change."""
        for line in self:
            if not line.decision:
                raise UserError(self.env._("Case “%(case)s”: choose the decision before you publish.", case=line.name))
            if line.decision == "revise_handbook" and not (line.change_wanted or "").strip():
                raise UserError(self.env._(
                    "Case “%(case)s”: say which article of the handbook is to change, and how.", case=line.name
                ))

    def _check_nameless(self):
        """Refuse to publish a case that names its reporter."""
        for line in self:
            reporter = line.problem_id.author_id.name
            told = "\n".join(filter(None, [line.name, line.story, line.cause, line.remedy, line.learnt, line.change_wanted]))
            if reporter and reporter.lower() in told.lower():
                raise UserError(self.env._(
                    "Case “%(case)s” names the reporter, %(name)s. Tell the story without the people.",
                    case=line.name, name=reporter,
                ))
