from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.roles import ROLE_GROUPS
from .ops_obligation import OPEN_STATES
from .ops_obligation_decision import DECISION


class OpsClockMixin(models.AbstractModel):
    """The engine's verbs on a record that starts clocks or fulfils standards."""

    _name = "ops.clock.mixin"
    _description = "Record with Clocks"

    # codes of the standards that records of this model fulfil: what makes these standards ready
    _form_standards = ()
    # codes of the standards that recur by the calendar while a record of this model runs (C4 of a collaboration)
    _clock_standards = ()
    # code of a standard of the calendar → states in which a record has met it; found by company, department and period
    _clock_met = {}
    _form_decision_code = None
    _form_rework_code = None
    # fields, or paths of fields, that may name somebody whom a record keeps out of the decision on it (D1)
    _decision_barred_by = ()

    obligation_ids = fields.Many2many("ops.obligation", string="Obligations", compute="_compute_obligation_ids")
    obligation_count = fields.Integer(compute="_compute_obligation_ids")

    def _compute_obligation_ids(self):
        """What the record started or fulfils, as far as the user may read it."""
        leaves = Domain("source_model", "=", self._name) & Domain("source_id", "in", self.ids)
        leaves |= Domain("form_model", "=", self._name) & Domain("form_id", "in", self.ids)
        found = self.env["ops.obligation"].search(leaves) if self.ids else self.env["ops.obligation"]
        by_record = {}
        for item in found:
            for model, record_id in ((item.source_model, item.source_id), (item.form_model, item.form_id)):
                if model == self._name:
                    by_record.setdefault(record_id, set()).add(item.id)
        for record in self:
            record.obligation_ids = found.browse(sorted(by_record.get(record.id, ())))
            record.obligation_count = len(record.obligation_ids)

    def _forget_obligations(self):
        self.invalidate_recordset(["obligation_ids", "obligation_count"], flush=False)

    def _start_clock(self, code, **options):
        """Start the clock of a standard for these records; options as of ``ops.obligation._start``."""
        self._forget_obligations()
        return self.env["ops.obligation"]._start(code, self, **options)

    def _fulfil(self, code, **options):
        """Fulfil a standard whose clock these records started."""
        self._forget_obligations()
        return self.env["ops.obligation"]._fulfil(code, self, **options)

    def _cancel_clock(self, code, reason):
        """Cancel what these records started."""
        self._forget_obligations()
        return self.env["ops.obligation"]._cancel(code, self, reason)

    def _reopen_clock(self, code, reason):
        """Open again what these records started or fulfilled."""
        self._forget_obligations()
        return self.env["ops.obligation"]._reopen(code, self, reason)

    def _next_rounds(self, code):
        """Return how often a clock has run for each of these records, plus one: dict id → round."""
        # sudo: rounds are counted whoever may see them
        groups = self.env["ops.obligation"].sudo()._read_group(
            [("code", "=", code), ("source_model", "=", self._name), ("source_id", "in", self.ids)],
            ["source_id"], ["round:max"],
        )
        last = dict(groups)
        return {record.id: last.get(record.id, 0) + 1 for record in self}

    def _clock_named(self, role):
        """Return the user whom this record names for a role: its field of that name, or what its flow says."""
        name = getattr(self, "_flow_named", {}).get(role, f"{role}_id")
        field = self._fields.get(name)
        return self[name] if field and field.comodel_name == "res.users" else self.env["res.users"]

    # -- decisions (D1) ---------------------------------------------------------------------------------------------------

    def _decided_by(self):
        """Return who decides on this record by now: (role, user); the user is empty where everybody of an office does."""
        role = self._flow_deciding_office()
        return role, self.env["res.users"] if role in ROLE_GROUPS else self._clock_named(role)

    def _decision_barred(self):
        """Return whom this record keeps out of the decision that it waits for: everybody whom ``_decision_barred_by`` may name."""
        return self._flow_barred()

    def _start_decision(self, **options):
        """D1: ask whoever decides on these records (superuser), without a due time; each time is a round of its own."""
        decided = {record.id: record._decided_by() for record in self}
        return self._start_clock(
            DECISION, round=self._next_rounds(DECISION), role={key: role for key, (role, _user) in decided.items()},
            responsible={key: user for key, (_role, user) in decided.items()}, **options,
        )

    def _hand_over_decision(self, reason, department=None):
        """Let whoever decides on these records by now answer for what waits (D1); its log says why.

        :param department: asked for about this department from now on; default: as it is
        """
        self.env["ops.obligation"]._reassign_decisions(self, reason, department)

    # -- what recurs ------------------------------------------------------------------------------------------------------

    @api.model
    def _clock_sources(self, code, company):
        """Return the running records of a company that owe the standard ``code`` in each period."""
        return self.browse()

    def _fulfil_of_period(self, code):
        """Fulfil what the calendar asked of the departments of these records for their periods: one search, one statement.

        Found by ``_clock_met_key``, as ``_clock_fulfilled`` finds what was done before it was asked for.
        """
        if not self:
            return self.env["ops.obligation"]
        record_of = {}
        for record in self.sudo():  # sudo: names on the form
            _company, department, _source, period = record._clock_met_key(code)
            record_of[department, period] = record
        self._forget_obligations()
        # sudo: as in ops.obligation._fulfil
        owed = self.env["ops.obligation"].sudo().search([
            ("code", "=", code), ("state", "in", OPEN_STATES),
            ("department_id", "in", [department for department, _period in record_of]),
            ("period", "in", list({period for _department, period in record_of})),
        ]).filtered(lambda item: (item.department_id.id, item.period) in record_of)
        return owed._close(None, lambda item: record_of[item.department_id.id, item.period])

    @api.model
    def _clock_fulfilled(self, code, obligations):
        """Return which of new ``obligations`` of the standard ``code`` had been fulfilled before the calendar asked.

        :return: dict obligation → (moment UTC, record); see ``_clock_met``, and for models without a field ``period``
            ``_clock_met_domain`` and ``_clock_met_key``
        """
        states = self._clock_met.get(code)
        if not states:
            return {}
        # sudo: asked by the engine
        records = self.sudo().search([
            ("company_id", "in", obligations.company_id.ids), ("state", "in", sorted(states)),
            *self._clock_met_domain(code, obligations),
        ])
        met, of_company = {}, obligations.standard_id[:1].scope == "company"
        for record in records:
            company, department, source, period = record._clock_met_key(code)
            met.setdefault((company, department if not of_company else False, source, period), (record._clock_met_on(code), record))
        found = {}
        for item in obligations:
            source = (item.source_model, item.source_id) if item.source_id else None
            if known := met.get((item.company_id.id, item.department_id.id, source, item.period)):
                found[item] = known
        return found

    @api.model
    def _clock_met_domain(self, code, obligations):
        """Return what finds the records that may have met these obligations."""
        return [("period", "in", obligations.mapped("period"))]

    def _clock_met_key(self, code):
        """Return what this record met: (company id, department id or False, (model, id) of what recurs or None, period)."""
        return self["company_id"].id, self._clock_department().id, None, self["period"]

    def _clock_met_on(self, code):
        """Return when this record met the standard ``code`` (UTC)."""
        return self["submitted_on"]

    def _clock_department(self):
        """Return the department that owes what recurs while this record runs."""
        return self["department_id"] if "department_id" in self._fields else self.env["hr.department"]

    def _clock_company(self):
        """Return the company whose working days count for this record, and that reads its obligations."""
        return self["company_id"] if "company_id" in self._fields else self.env.company

    def _clock_since(self):
        """Return the first local day on which what recurs while this record runs can fall due; None: any."""
        return None

    @api.model
    def _obligation_defaults(self, obligation):
        """Return the values with which a new form for an obligation begins."""
        values = {"company_id": obligation.company_id.id, "department_id": obligation.department_id.id}
        if "period" in self._fields:
            values["period"] = obligation.period
        return values

    def _obligation_open_action(self, obligation=None):
        """Return the action that opens this record or, on an empty recordset, a new one filled for an obligation."""
        defaults = {} if self or not obligation else self._obligation_defaults(obligation)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self[:1].id,
            "views": [(False, "form")],
            "name": self[:1].display_name if self else obligation and obligation.display_name,
            "context": {f"default_{name}": value for name, value in defaults.items() if name in self._fields},
        }

    def action_open_obligations(self):
        """Open what these records started or fulfil."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.obligation",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Deadlines"),
            "domain": [("id", "in", self.obligation_ids.ids)],
        }
