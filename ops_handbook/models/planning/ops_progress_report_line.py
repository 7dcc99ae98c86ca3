from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import token
from ...tools.progress import attainment, light_of
from ..mixins.exact import Exact

LIGHTS = [("green", "Green"), ("amber", "Amber"), ("red", "Red")]
# what the machinery fills in: nobody types it
FILLED = {
    "goal_id", "initiative_id", "kpi_id", "has_target", "target", "target_to_date", "actual_before", "previous_id", "prefilled",
    "sequence",
}
# what follows from the figures, or from the report
FOLLOWS = {
    "report_id", "plan_id", "cycle_id", "company_id", "department_id", "period", "name", "kind", "actual_to_date", "progress",
    "attainment", "light_proposed",
}


class OpsProgressReportLine(models.Model):
    """A goal or an initiative in a progress report: what was planned, what is, why it differs and what is done.

    Lines are made and taken out by the prefill alone, so that no report leaves out what is awkward.
    """

    _name = "ops.progress.report.line"
    _description = "Line of a Progress Report"
    _inherit = ["ops.form.line.mixin"]
    _order = "period desc, report_id.id desc, sequence, id"

    _form_field = "report_id"

    report_id = fields.Many2one("ops.progress.report", required=True, index=True, ondelete="cascade")
    plan_id = fields.Many2one(related="report_id.plan_id", store=True, precompute=True, index=True)
    cycle_id = fields.Many2one(related="report_id.cycle_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="report_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="report_id.department_id", store=True, precompute=True, index=True)
    period = fields.Char(related="report_id.period", string="Month", store=True, precompute=True)
    report_state = fields.Selection(related="report_id.state", string="State of the Report")
    sequence = fields.Integer(default=10, readonly=True)
    goal_id = fields.Many2one("ops.plan.goal", readonly=True, index="btree_not_null", ondelete="restrict")
    initiative_id = fields.Many2one("ops.plan.initiative", readonly=True, index="btree_not_null", ondelete="restrict")
    name = fields.Char(string="Goal or Initiative", compute="_compute_name", store=True, precompute=True)
    kind = fields.Selection(
        [("goal", "Goal"), ("initiative", "Initiative")], compute="_compute_name", store=True, precompute=True
    )
    kpi_id = fields.Many2one(
        "ops.kpi", string="Key Indicator", readonly=True, index="btree_not_null", ondelete="restrict",
        help="By which the goal was measured then; it may be measured by another one since.",
    )
    unit = fields.Char(compute="_compute_unit")

    # what was planned
    has_target = fields.Boolean(string="Was Planned", readonly=True, help="The breakdown says what should have been reached.")
    target = Exact(
        digits=(20, 6), aggregator=None, readonly=True, help="Of the month: the figure, or the percent of an initiative."
    )
    target_to_date = Exact(
        digits=(20, 6), aggregator=None, readonly=True, help="From the beginning of the year to the end of the month."
    )

    planned = Exact(
        compute="_compute_planned", digits=(20, 6),
        help="To compare the actual figure with: of a goal the month's, of an initiative the percent to date.",
    )

    # what is
    actual = Exact(
        digits=(20, 6), aggregator=None,
        help="Of a goal: the figure of this month alone. Of an initiative: how many percent of the whole are done by now.",
    )
    is_zero = fields.Boolean(string="Really Zero", help="The figure of the month is nought, not forgotten.")
    actual_before = Exact(string="Actual before", digits=(20, 6), aggregator=None, readonly=True)
    actual_to_date = Exact(
        compute="_compute_attainment", store=True, precompute=True, digits=(20, 6), aggregator=None
    )
    progress = fields.Float(
        digits=(6, 2), string="Progress (%)", aggregator="avg", compute="_compute_attainment", store=True, precompute=True,
        help="Of an initiative: how much is done of the whole. Of a goal: the figure against the plan to date.",
    )
    attainment = fields.Float(
        digits=(6, 2), string="Plan Attained (%)", aggregator="avg", compute="_compute_attainment", store=True, precompute=True,
        help="Against the plan to date: 100 is as planned.",
    )
    light_proposed = fields.Selection(
        LIGHTS, string="Proposed Light", compute="_compute_attainment", store=True, precompute=True,
        help="By the thresholds of the company.",
    )
    light = fields.Selection(
        LIGHTS, compute="_compute_light", store=True, precompute=True, readonly=False,
        help="As proposed; whoever chooses another one says why under the cause.",
    )

    # what is said to it
    cause = fields.Text(string="Cause of Deviation")
    action = fields.Text(string="Corrective Action")
    help_needed = fields.Text()

    # the month before
    previous_id = fields.Many2one(
        "ops.progress.report.line", string="Month before", readonly=True, index="btree_not_null", ondelete="set null"
    )
    previous_progress = fields.Float(related="previous_id.progress", string="Progress before (%)")
    previous_light = fields.Selection(related="previous_id.light", string="Light before")
    previous_cause = fields.Text(related="previous_id.cause", string="Cause before")
    previous_action = fields.Text(related="previous_id.action", string="Action before")

    prefilled = fields.Json(readonly=True, help="What was filled in: what differs from it was typed.")

    _one_of = models.Constraint(
        "CHECK((goal_id IS NULL) != (initiative_id IS NULL))", "A line speaks of a goal or of an initiative."
    )
    _once_goal = models.UniqueIndex("(report_id, goal_id) WHERE goal_id IS NOT NULL")
    _once_initiative = models.UniqueIndex("(report_id, initiative_id) WHERE initiative_id IS NOT NULL")
    _period_idx = models.Index("(period DESC, report_id DESC, sequence, id)")  # in their order
    _goal_idx = models.Index("(goal_id, period DESC) WHERE goal_id IS NOT NULL")
    _initiative_idx = models.Index("(initiative_id, period DESC) WHERE initiative_id IS NOT NULL")
    _actual_sane = models.Constraint(
        "CHECK(initiative_id IS NULL OR actual IS NULL OR actual BETWEEN 0 AND 100)",
        "Actual: of an initiative it is 0 to 100 percent.",
    )

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends("goal_id", "initiative_id")
    def _compute_name(self):
        for line in self:
            subject = (line.goal_id or line.initiative_id).sudo()  # sudo: what the line speaks of
            line.name = subject.name
            line.kind = "goal" if line.goal_id else "initiative"

    @api.depends("kpi_id", "initiative_id")
    def _compute_unit(self):
        for line in self:
            kpi = line.kpi_id.sudo()  # sudo: the unit of a figure that one reads
            line.unit = "%" if line.initiative_id else (kpi.currency_id.name or kpi.unit or "")

    @api.depends("target", "target_to_date", "goal_id")
    def _compute_planned(self):
        for line in self:
            line.planned = line.target if line.goal_id else line.target_to_date

    @api.depends("actual", "actual_before", "target_to_date", "has_target", "kpi_id", "initiative_id")
    def _compute_attainment(self):
        for line in self:
            kpi, company = line.kpi_id.sudo(), line.report_id.sudo().company_id  # sudo: how the figure is read
            line.update(self._figures(
                kpi.is_additive if kpi else None, kpi.better, company._ops_progress_thresholds(),
                actual=line.actual, before=line.actual_before, target=line.target_to_date if line.has_target else None,
            ))

    @api.depends("light_proposed")
    def _compute_light(self):
        for line in self:
            line.light = line.light_proposed

    @api.model
    def _figures(self, additive, better, thresholds, *, actual, before, target):
        """Return what follows from the figures of a line: dict of the computed fields.

        :param additive: do the months of the indicator add up; None: the line is an initiative's
        :param better: which direction is better, of an indicator
        :param thresholds: attainments in percent from which on the light is green, amber
        :param actual: figure of the month; of an initiative the percent done
        :param before: sum of the months before
        :param target: what was planned to date; None: nobody planned
        """
        to_date = before + actual if additive else actual
        attained = 0.0 if target is None else attainment(to_date, target, better or "higher")
        return {
            "actual_to_date": to_date,
            "attainment": attained,
            "progress": actual if additive is None else attained,
            "light_proposed": False if target is None else light_of(attained, *thresholds),
        }

    # -- guards --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not token.holds(self.env):
            raise UserError(self.env._("Lines of a progress report are made from the plan: use “Fill in Again”."))
        return super(OpsProgressReportLine, token.cleared(self)).create(vals_list)

    def write(self, vals):
        trusted, lines = token.holds(self.env), token.cleared(self)
        if not trusted and (filled := (FILLED | FOLLOWS) & set(vals)):
            labels = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in filled))
            raise UserError(self.env._(
                "%(fields)s: this follows from the plan and the figures and cannot be typed.", fields=labels
            ))
        return super(OpsProgressReportLine, lines).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_prefill_only(self):
        if not token.holds(self.env):
            raise UserError(self.env._("Lines of a progress report are taken out with the plan's: use “Fill in Again”."))

    @api.constrains("actual", "initiative_id")
    def _check_actual(self):
        for line in self:
            if line.initiative_id and not 0 <= line.actual <= 100:
                raise ValidationError(self.env._("Actual of “%(name)s”: choose 0 to 100 percent.", name=line.name))

    # -- what is missing ------------------------------------------------------------------------------------------------

    def _missing(self):
        """Return what has to be said before the report can be handed in: list of sentences, in the order of the lines."""
        sentences = []
        for line in self:
            name = line.name
            if line.goal_id and not line.actual and not line.is_zero:
                sentences.append(self.env._(
                    "“%(name)s”: enter the actual figure of the month, or tick “Really Zero”.", name=name
                ))
            if not line.light:
                sentences.append(self.env._("“%(name)s”: nothing was planned to date; choose the light.", name=name))
            deviates = {"amber", "red"} & {line.light, line.light_proposed}
            if deviates and not (line.cause or "").strip():
                sentences.append(self.env._("“%(name)s”: say what the deviation comes from.", name=name))
            if line.light in ("amber", "red") and not (line.action or "").strip():
                sentences.append(self.env._("“%(name)s”: say what is done about the deviation.", name=name))
        return sentences

    def action_open_report(self):
        """Open the report to which the line belongs."""
        self.ensure_one()
        self.check_access("read")
        return self.report_id._obligation_open_action()
