from odoo import api, models
from odoo.exceptions import UserError


class OpsProgressReport(models.Model):
    """Handing reports in: what is missing is said, A6 is met, the figures become actual figures, the plan shows them."""

    _inherit = "ops.progress.report"

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "submitted":
            for report in self.sudo():  # sudo: the content decides, whoever hands it in
                report._check_complete()

    def _check_complete(self):
        """Refuse to hand in a report that leaves something out; all that is missing is said at once."""
        missing = self.line_ids._missing() + self._contradictions()
        if missing:
            raise UserError(self.env._(
                "%(report)s cannot be submitted yet:\n%(missing)s",
                report=self.display_name, missing="\n".join(f"• {sentence}" for sentence in missing),
            ))

    def _contradictions(self):
        """Return sentences about goals that give one indicator two figures."""
        figures = {}
        for line in self.line_ids.filtered("goal_id"):
            figures.setdefault(line.kpi_id, set()).add(line.actual)
        return [
            self.env._("“%(kpi)s” has different figures in two goals: a month has one.", kpi=kpi.name)
            for kpi, values in figures.items() if len(values) > 1
        ]

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        reports_sudo = self.sudo()  # sudo: figures and clocks follow from what was decided just above
        if submitted := reports_sudo._entered("submitted", previous):
            submitted._fulfil_of_period("A6")
            submitted._write_actuals()
        # only what was handed in had got that far
        withdrawn = reports_sudo._left("submitted", previous).filtered(lambda report: report.state != "accepted")
        if changed := submitted | withdrawn:
            changed._show_progress()
        withdrawn._prefill()  # those that are worked on again: the plan may have changed meanwhile
        if cancelled := reports_sudo._entered("cancelled", previous):
            cancelled._take_back_actuals()
        if changed := submitted | cancelled:
            changed._refresh_later()

    def _write_actuals(self):
        """Make the figures of the goals the actual figures of the month; what is known already stays as it is."""
        lines = self.line_ids.filtered("goal_id")
        values = self.env["ops.kpi.value"]
        known = {
            (value.kpi_id.id, value.department_id.id, value.month): value
            for value in values.search([
                ("kpi_id", "in", lines.kpi_id.ids), ("department_id", "in", lines.department_id.ids),
                ("month", "in", list(set(lines.mapped("period")))),
            ])
        }
        new = {}
        for line in lines:
            key = (line.kpi_id.id, line.department_id.id, line.period)
            if key not in known:
                new[key] = line.actual
            elif known[key].value != line.actual:
                known[key].write({"value": line.actual, "origin": "report"})
        values.create([
            {"kpi_id": kpi, "department_id": department, "month": month, "value": value, "origin": "report"}
            for (kpi, department, month), value in new.items()
        ])

    def _take_back_actuals(self):
        """Take out the figures that only these cancelled reports say; what people typed or a rule read stays."""
        self._take_back({(line.kpi_id.id, line.department_id.id, line.period) for line in self.line_ids if line.goal_id})

    @api.model
    def _take_back(self, keys):
        """Take out the figures of ``keys``, tuples of the ids of indicator and department and the month, that no report says."""
        if not keys:
            return
        departments, months = [key[1] for key in keys], [key[2] for key in keys]
        said = self.search([
            ("department_id", "in", departments), ("period", "in", months), ("state", "not in", ("draft", "cancelled")),
        ]).line_ids
        own = keys - {(line.kpi_id.id, line.department_id.id, line.period) for line in said if line.goal_id}
        self.env["ops.kpi.value"].search([
            ("origin", "=", "report"), ("department_id", "in", departments), ("month", "in", months),
        ]).filtered(lambda value: (value.kpi_id.id, value.department_id.id, value.month) in own).unlink()

    def _show_progress(self):
        """Show the latest progress on the goals and initiatives of the plans."""
        self.env["ops.plan.goal"]._take_progress(self.plan_id, "goal_id")
        self.env["ops.plan.initiative"]._take_progress(self.plan_id, "initiative_id")

    def _refresh_later(self):
        """Bring reports of later months that are in work up to date: they begin where these end."""
        first = min(self.mapped("period"))
        self.search([
            ("plan_id", "in", self.plan_id.ids), ("period", ">", first), ("state", "in", list(self._flow_open)),
        ])._prefill()
