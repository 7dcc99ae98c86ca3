from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class OpsAnalysisMixin(models.AbstractModel):
    """A form that is compiled from others' forms and published by one office: nobody decides on it, nothing changes afterwards.

    A descendant says who publishes in ``_flow``, whose duty it is in ``_analysis_role``, what stays as it was first written in
    ``_analysis_kept``, and compiles its figures in ``_compile``.
    """

    _name = "ops.analysis.mixin"
    _description = "Analysis"
    _inherit = ["ops.form.mixin"]

    _flow_reason = {"cancelled"}
    _flow_open = {"draft"}
    _flow_closed = {"published", "cancelled"}
    _flow_buttons = {"can_publish": "published", "can_cancel": "cancelled"}
    _flow_protected = {"compiled_on", "heat_map"}
    _form_registrars = set()
    _form_decision_code = None
    _analysis_role = None
    _analysis_kept = ()

    body = fields.Html(string="Analysis", sanitize_style=True, help="What the figures show and what follows from it.")
    compiled_on = fields.Datetime(readonly=True, copy=False)
    can_publish = fields.Boolean(compute="_compute_can")

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("published", self.env._("Published")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.depends("number", "name")
    def _compute_display_name(self):
        super()._compute_display_name()

    @api.model_create_multi
    def create(self, vals_list):
        analyses = super().create(vals_list)
        analyses._compile()
        analyses._start_clock("D1", role=self._analysis_role)
        return analyses

    def _prepare_create(self, vals_list):
        if self.env.su:
            for vals in vals_list:
                vals.setdefault("author_id", False)  # proposed by the system
        super()._prepare_create(vals_list)

    def write(self, vals):
        if not self.env.su:
            for name, _analysis in self._said_otherwise(vals, (*self._analysis_kept, "department_id")):
                raise ValidationError(self.env._(
                    "%(field)s: an analysis stays one of what it was begun for. Write another one.",
                    field=self._fields[name]._description_string(self.env),
                ))
        return super().write(vals)

    def _compile(self):
        """Compile the figures of these analyses anew: those of drafts only; what was written beside them stays."""
        raise NotImplementedError

    def action_compile(self):
        """Compile the figures anew; what was written stays."""
        self.check_access("write")
        self._compile()
        return True

    def action_publish(self):
        """Publish: nothing changes any more, and those concerned are told."""
        return self._transition("published")

    def action_submit(self):
        """Publish; an analysis has no receiver who would decide on it."""
        return self.action_publish()

    def action_accept(self, *decision):
        raise UserError(self.env._("An analysis is published, not accepted."))

    def action_close(self, *decision):
        raise UserError(self.env._("An analysis is published, not closed."))

    def action_return(self, reason=None):
        raise UserError(self.env._("An analysis is published, not returned."))
