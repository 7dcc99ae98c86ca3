from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html2plaintext

from ...tools.roles import OFFICE_DEPARTMENTS


class OpsAnalysisMixin(models.AbstractModel):
    """A form that is compiled from others' forms and published by one office: nobody decides on it, nothing changes afterwards.

    A descendant says who publishes in ``_flow``, whose duty it is in ``_analysis_role``, what stays as it was first written in
    ``_analysis_kept``, who is told beside the heads in ``_analysis_told`` and by which mail in ``_analysis_mail``, and compiles
    its figures in ``_compile``.
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
    _decision_barred_by = ()
    _analysis_role = None
    _analysis_kept = ()
    _analysis_told = ()
    _analysis_mail = None

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

    def _period_in_words(self):
        """Hook: return of which time the analysis speaks, in the language of the context."""
        raise NotImplementedError

    @api.depends("company_id", "author_id")
    def _compute_department_id(self):
        """That of the office which writes the analysis."""
        for analysis in self:
            office = analysis.company_id.sudo()[OFFICE_DEPARTMENTS[self._analysis_role]]  # sudo: which department it is
            belongs = not office.company_id or office.company_id == analysis.company_id
            analysis.department_id = office if belongs else False

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

    def _decided_by(self):
        return self._analysis_role, self.env["res.users"]

    def _decision_barred(self):
        """Nobody: whoever wrote it publishes it."""
        return self.env["res.users"]

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

    # -- publication ---------------------------------------------------------------------------------------------------

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "published":
            for analysis in self.sudo():  # sudo: the content decides
                analysis._check_publishable()

    def _check_publishable(self):
        """Refuse to publish what says nothing yet; a descendant adds from when on it may."""
        if not html2plaintext(self.body or "").strip():
            raise UserError(self.env._(
                "Analysis: say what the figures of %(period)s show and what follows from it, then publish.",
                period=self._period_in_words(),
            ))

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        if published := self._entered("published", previous):
            published._fulfil("D1")
            published._announce()
        if cancelled := self._entered("cancelled", previous):
            cancelled._cancel_clock("D1", reason)

    def _announce(self):
        """Tell the heads of the departments and the offices that read it by mail, in one pass."""
        mails, users = [], self.env["res.users"].sudo()  # sudo: the notice is the system's
        for analysis in self.sudo():  # sudo: as above
            told = users.union(*analysis.line_ids.department_id._ops_heads().values())
            for role in self._analysis_told:
                told |= users._ops_of_role(role, analysis.company_id)
            mails += [
                {"object": analysis, "user": user, "company": analysis.company_id} for user in told if user.id != self.env.uid
            ]
        self.env["ops.notice"]._queue(self._analysis_mail, mails)
