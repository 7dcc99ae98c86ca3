from odoo import api, fields, models

WRITES = {"author", "head"}


class OpsImprovementPlan(models.Model):
    """Form 8: what a department does so that what went wrong by its own fault does not happen again (M7)."""

    _name = "ops.improvement.plan"
    _description = "Improvement Plan"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "period desc, department_id, id desc"
    _rec_names_search = ["number", "department_id", "period"]

    _flow = {
        "draft": {"submitted": WRITES, "cancelled": set()},
        "returned": {"submitted": WRITES, "cancelled": set()},
        "submitted": {"returned": {"decider"}, "accepted": {"decider"}, "cancelled": set()},
        # verified by operations when every measure is done; not effective: back to the department
        "accepted": {"closed": {"decider"}, "returned": {"decider"}},
        "closed": {},
        "cancelled": {},
    }
    _form_registrars = set()
    _form_standards = ("M7",)

    completion_id = fields.Many2one("ops.completion.report", required=True, index=True, ondelete="restrict")
    period = fields.Char(string="Month", readonly=True, index=True, help="Like 2027-03.")
    line_ids = fields.Many2many(
        "ops.completion.report.line", "ops_improvement_plan_line_rel", "plan_id", "line_id", string="Because of", readonly=True,
    )
    root_cause = fields.Text()
    measure_ids = fields.One2many("ops.improvement.measure", "plan_id", string="Measures", copy=True)
    verification = fields.Text(readonly=True, copy=False, help="What operations found when they looked whether it works.")

    _once = models.UniqueIndex(
        "(completion_id) WHERE state != 'cancelled'", "Completion report: it has an improvement plan already. Open that one."
    )

    @api.depends("number")
    def _compute_display_name(self):
        super()._compute_display_name()
