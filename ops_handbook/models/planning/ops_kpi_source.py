from odoo import api, fields, models
from odoo.exceptions import ValidationError

AGGREGATES = [
    ("count", "Number of Records"), ("sum", "Sum"), ("avg", "Average"), ("min", "Smallest"), ("max", "Largest"),
]


class OpsKpiSource(models.Model):
    """An administrator's rule that reads an indicator's actual figures from any model: which records, what of them, of when.

    What it may name is checked when it is saved (``ops_kpi_source_check.py``); it is carried out in a read-only transaction
    with a limit of time (``ops_kpi_source_read.py``).
    """

    _name = "ops.kpi.source"
    _description = "Source of an Indicator"
    _order = "code, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company.root_id,
        help="Of whose annual cycles; branches are read with it.",
    )
    code = fields.Char(
        string="Code of the Indicator", required=True, help="The indicator with this code, in each year's cycle."
    )
    model = fields.Selection(
        "_selection_model", required=True,
        help="Records of this model are read by the system itself, whoever may see them: an administrator decides here that "
             "their number or sum may be known. An administrator can choose only what they may read themselves.",
    )
    domain = fields.Char(
        required=True, default="[]", help="Which records: a list like [('state', '=', 'done')], of plain values only."
    )
    aggregate = fields.Selection(AGGREGATES, required=True, default="count")
    measure = fields.Char(string="Field to Reckon", help="A number that is stored; not asked for when records are counted.")
    date_field = fields.Char(required=True, help="The date or time by which a record belongs to a month.")
    department_path = fields.Char(
        string="Department Field", help="Leads to the department, like department_id or employee_id.department_id. Empty: all "
        "records count for one department.",
    )
    department_id = fields.Many2one(
        "hr.department", string="For Department", index="btree_not_null", ondelete="restrict",
        help="Gets the figure when there is no department field; otherwise the department that answers for the indicator.",
    )
    company_path = fields.Char(
        string="Company Field", help="Leads to the company, like company_id, which is taken when the model has one."
    )
    overwrite = fields.Boolean(help="Also over figures that somebody typed, imported or reported.")

    last_run = fields.Datetime(readonly=True, copy=False)
    last_count = fields.Integer(string="Figures", readonly=True, copy=False, aggregator=None, help="Written by the last run.")
    last_error = fields.Text(readonly=True, copy=False)
    value_ids = fields.One2many("ops.kpi.value", "source_id", string="Actual Figures", readonly=True)

    _once = models.UniqueIndex(
        "(company_id, code, COALESCE(department_id, 0)) WHERE active",
        "Code: another rule reads this indicator already. Archive that one first.",
    )

    @api.model
    def _selection_model(self):
        """Return the models that can be read: none of the machinery, nothing that is secret, and what the user may read."""
        names = [name for name in self.env.registry if not self._refused_model(name)]
        labels = {model.model: model.name for model in self.env["ir.model"].sudo().search([("model", "in", names)])}  # sudo: names
        return sorted(((name, labels.get(name, name)) for name in names), key=lambda item: (item[1], item[0]))

    @api.constrains("aggregate", "measure")
    def _check_measure_given(self):
        for source in self:
            if source.aggregate != "count" and not source.measure:
                raise ValidationError(self.env._("Field to reckon: say of which field, or count the records."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_model(vals)
        sources = super().create(vals_list)
        sources._check_readable()
        return sources

    def write(self, vals):
        self._check_model(vals)
        result = super().write(vals)
        if {"model", "domain", "measure", "aggregate", "date_field", "department_path", "company_path"} & set(vals):
            self._check_readable()
        return result

    @api.model
    def _check_model(self, vals):
        """Refuse a model that is not read in words; the selection would only say that it is a wrong value."""
        if "model" in vals and (refused := self._refused_model(str(vals["model"]))):
            raise ValidationError(refused)
