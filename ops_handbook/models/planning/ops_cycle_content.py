from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare

COPIED = ("code", "name", "sequence", "unit", "digits", "weight", "better", "is_additive")


class OpsCycle(models.Model):
    """Directions and key indicators: what looks odd in them, and how they begin from those of the year before."""

    _inherit = "ops.cycle"

    weight_total = fields.Float(string="Weights (%)", compute="_compute_warning", digits=(6, 2))
    warning = fields.Text(compute="_compute_warning", help="What looks odd in the key indicators; nothing forbids it.")
    can_copy_last_year = fields.Boolean(compute="_compute_can_copy_last_year")

    @api.depends("kpi_ids.weight", "kpi_ids.hint", "kpi_ids.name")
    def _compute_warning(self):
        for cycle in self:
            total = sum(cycle.kpi_ids.mapped("weight"))
            cycle.weight_total = total
            lines = []
            if cycle.kpi_ids and float_compare(total, 100.0, precision_digits=2):
                lines.append(self.env._("The weights add up to %(total)s %%, not to 100 %%.", total=f"{total:g}"))
            lines += [f"{kpi.name}: {kpi.hint}" for kpi in cycle.kpi_ids if kpi.hint]
            cycle.warning = "\n".join(lines) or False

    @api.depends("state", "year", "company_id")
    @api.depends_context("uid")
    def _compute_can_copy_last_year(self):
        for cycle in self:
            cycle.can_copy_last_year = bool(
                cycle.id and cycle.state == "preparation" and cycle.can_edit and not (cycle.direction_ids or cycle.kpi_ids)
                and cycle._last_year()
            )

    def _last_year(self):
        """Return the cycle of the year before (sudo); empty when there was none."""
        return self._cycle_of(self.company_id, self.year - 1)

    def action_copy_last_year(self):
        """Take over the directions and key indicators of the year before; what is there by the same name stays as it is.

        The baseline of an indicator is what the year before came to; where its figures are not complete yet, what it was
        to come to.
        """
        self.ensure_one()
        self.check_access("write")
        before = self._last_year()
        if not before or not before.with_env(self.env).has_access("read"):
            raise UserError(self.env._("There is no cycle of %(year)s to copy from: write the directions here.", year=self.year - 1))
        directions = self._copy_directions(before)
        baselines = before.kpi_ids._year_figures()
        known = {kpi.name for kpi in self.kpi_ids}
        codes = {(kpi.code or "").lower() for kpi in self.kpi_ids}
        self.write({"kpi_ids": [
            Command.create({
                **{name: kpi[name] for name in COPIED},
                "code": kpi.code if (kpi.code or "").lower() not in codes else False,
                "currency_id": kpi.currency_id.id,
                "department_id": kpi.department_id.filtered("active").id,
                "direction_id": directions.get(kpi.direction_id.name),
                "baseline": kpi._round(baselines.get(kpi.id, kpi.target)),
            })
            for kpi in before.kpi_ids if kpi.name not in known
        ]})
        return True

    def _copy_directions(self, before):
        """Make the directions that are missing here; return dict name → id."""
        known = set(self.direction_ids.mapped("name"))
        self.write({"direction_ids": [
            Command.create({"name": item.name, "description": item.description, "sequence": item.sequence})
            for item in before.direction_ids if item.name not in known
        ]})
        return {item.name: item.id for item in self.direction_ids}
