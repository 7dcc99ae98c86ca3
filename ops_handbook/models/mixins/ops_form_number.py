from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...tools import clock


class OpsFormNumber(models.Model):
    """How the numbers of a form are made, per company and year: 'PR-2026-0042'.

    A number of ours, because an administrator of the handbook has no right on ``ir.sequence``. Each company and year
    has a PostgreSQL sequence, so that nobody waits for anybody; a number of a form that was not saved is not reused.
    """

    _name = "ops.form.number"
    _description = "Form Number"
    _order = "form_number, id"

    name = fields.Char(string="Form", required=True, translate=True)
    form_number = fields.Integer(string="No.", help="Number of the form in the handbook's table of forms.")
    model = fields.Char(required=True, readonly=True)
    prefix = fields.Char(required=True, help="First part of the number, e.g. PR.")
    padding = fields.Integer(string="Digits", default=4, required=True)
    example = fields.Char(compute="_compute_example")

    _model_uniq = models.UniqueIndex("(model)", "A form has one rule for its numbers only.")
    _padding_sane = models.Constraint("CHECK(padding BETWEEN 1 AND 9)", "Digits: choose a number between 1 and 9.")

    @api.constrains("prefix")
    def _check_prefix(self):
        for rule in self:
            if not rule.prefix or not rule.prefix.replace("-", "").isalnum() or len(rule.prefix) > 12:
                raise ValidationError(
                    self.env._("Prefix: use up to 12 letters, digits and hyphens, not “%(prefix)s”.", prefix=rule.prefix)
                )

    @api.depends("prefix", "padding")
    def _compute_example(self):
        year = clock.now().year
        for rule in self:
            rule.example = rule._format(year, 1) if rule.prefix else False

    def _format(self, year, value):
        """Return the number ``value`` of ``year`` as it stands on the form."""
        return f"{self.prefix}-{year}-{value:0{self.padding or 1}d}"

    @api.model
    def _next(self, model, company, count=1):
        """Take the next ``count`` numbers of a form.

        :param str model: model of the form
        :param company: the ``res.company`` whose numbers they are
        :return: list of ``count`` strings
        """
        # sudo: whoever may write a form gets its number; the rule itself is the administrators'
        rule_sudo = self.sudo().search([("model", "=", model)], limit=1)
        if not rule_sudo:
            rule_sudo = self.sudo().create({
                "name": self.env[model]._description,
                "model": model,
                "prefix": "".join(part[0] for part in model.removeprefix("ops.").split(".")).upper(),
            })
        year = clock.today(company._ops_tz()).year
        sequence = f"ops_number_{rule_sudo.id}_{company.id}_{year}"
        self._ensure_sequence(sequence)
        self.env.cr.execute(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count))
        return [rule_sudo._format(year, value) for (value,) in self.env.cr.fetchall()]

    @api.model
    def _ensure_sequence(self, name):
        """Make the PostgreSQL sequence ``name`` unless it exists."""
        if self.env.execute_query(SQL("SELECT to_regclass(%s)", name))[0][0]:
            return
        # the first two of a year may come at once, and IF NOT EXISTS alone fails for whoever comes second
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", name))
        self.env.cr.execute(SQL("CREATE SEQUENCE IF NOT EXISTS %s", SQL.identifier(name)))
