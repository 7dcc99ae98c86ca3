from collections import defaultdict

from odoo import api, fields, models

from ...tools import clock
from ...tools.moments import local_date


class OpsObligation(models.Model):
    """The resolution ledger: everything that was decided anywhere, as far as it is an obligation of somebody."""

    _inherit = "ops.obligation"

    in_ledger = fields.Boolean(
        string="In the Ledger", readonly=True, help="Something that was decided: a resolution, a measure, an agreed item."
    )
    days_late = fields.Integer(
        compute="_compute_days_late", help="Calendar days since the due time, or until it was done; 0 when it is in time."
    )
    workdays_late = fields.Integer(
        string="Working Days Late", compute="_compute_days_late", help="The same, working days of the company only."
    )
    source_kind = fields.Selection(
        "_selection_source_kind", string="Kind of Source", compute="_compute_source_kind", search="_search_source_kind"
    )
    source_label = fields.Char(string="Source", compute="_compute_source_label", help="Where it was decided.")
    last_reminder = fields.Datetime(compute="_compute_last_reminder")

    # the ledger is a small part of many years of obligations: indexes of its own, as large as the ledger
    _ledger_idx = models.Index("(date_due DESC, id DESC) WHERE in_ledger IS TRUE")
    _ledger_open_idx = models.Index("(date_due, id) WHERE in_ledger IS TRUE AND state IN ('open', 'held')")
    _ledger_department_idx = models.Index("(department_id, date_due DESC, id DESC) WHERE in_ledger IS TRUE")
    _ledger_responsible_idx = models.Index("(responsible_id, date_due DESC, id DESC) WHERE in_ledger IS TRUE")

    # -- how late -------------------------------------------------------------------------------------------------------

    @api.depends("state", "date_due", "date_done", "hold_until")
    def _compute_days_late(self):
        now = clock.now()
        for item in self:
            until = item.date_done if item.state == "done" else now if item._is_running(now) else None
            item.workdays_late, item.days_late = item._days_late(until)

    def _days_late(self, moment):
        """Return how late it is at ``moment`` (naive UTC, None: it does not count): (working days, calendar days).

        Days are those of the company: what was due on Wednesday is one day late on Thursday, at whatever hour.
        """
        if not moment or not self.date_due or moment <= self.date_due:
            return 0, 0
        tz = self.company_id._ops_tz()
        due, day = local_date(self.date_due, tz), local_date(moment, tz)
        return self.company_id._ops_workdays().count(due, day), (day - due).days

    # -- where it was decided -------------------------------------------------------------------------------------------

    @api.model
    def _selection_source_kind(self):
        models_sudo = self.env["ir.model"].sudo()  # sudo: their names, in the language of whoever asks
        return [
            (name, models_sudo._get(name).name) for name, model in sorted(self.env.registry.items())
            if not model._abstract and "obligation_ids" in model._fields and name != self._name
        ]

    @api.depends("source_model")
    def _compute_source_kind(self):
        known = dict(self._selection_source_kind())
        for item in self:
            item.source_kind = item.source_model if item.source_model in known else False

    def _search_source_kind(self, operator, value):
        return [("source_model", operator, value)] if operator in ("in", "not in") else NotImplemented

    def _field_to_sql(self, alias, field_expr, query=None):
        """Group and sort by the kind of source: it is the stored name of the model, with a label."""
        return super()._field_to_sql(alias, "source_model" if field_expr == "source_kind" else field_expr, query)

    @api.depends("source_model", "source_id", "name")
    @api.depends_context("lang")
    def _compute_source_label(self):
        texts = self._source_texts()
        for item in self:
            item.source_label = texts[item.id]

    def _source_texts(self):
        """Return what cites the source of each obligation in the language of the context: dict id → text.

        The records of a model are asked together, by :meth:`ops.clock.mixin._letter_source`.
        """
        by_model, texts = defaultdict(set), {}
        for item in self:
            if item.source_id and item.source_model in self.env:
                by_model[item.source_model].add(item.source_id)
        for model, ids in by_model.items():
            # sudo: what an obligation is about is known to whoever may read the obligation
            sources_sudo = self.env[model].sudo().browse(sorted(ids)).exists()
            if hasattr(sources_sudo, "_letter_source"):
                texts[model] = sources_sudo._letter_source()
        return {
            item.id: texts.get(item.source_model, {}).get(item.source_id) or item.name or item.period_label or ""
            for item in self
        }

    def action_open_source(self):
        """Open what was decided, or the obligation where there is nothing (any more) that the user may read."""
        self.ensure_one()
        found = self._source()
        record = found.sudo(False) if found else self
        if not record.has_access("read"):
            record = self
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "name": record.display_name,
        }

    def _ledger_by_department(self):
        """Return these obligations for the printed ledger: list of (name of the department, obligations by due time)."""
        # sudo: the name of the department belongs to the item
        names = {item.id: item.sudo().department_id.name or self.env._("Without a department") for item in self}
        groups = self.sorted(lambda item: (item.date_due or item.date_start, item.id)).grouped(lambda item: names[item.id])
        return sorted(groups.items())

    @api.model
    def _ledger_moment(self):
        """Return the moment for which a printed ledger holds: results and days late are those of the addon's clock."""
        return clock.now()

    # -- reminders ------------------------------------------------------------------------------------------------------

    def _compute_last_reminder(self):
        # sudo: when somebody was reminded belongs to the obligation
        groups = self.env["ops.obligation.reminder"].sudo()._read_group(
            [("obligation_id", "in", self.ids), ("state", "=", "sent")], ["obligation_id"], ["moment:max"]
        )
        last = {item.id: moment for item, moment in groups}
        for item in self:
            item.last_reminder = last.get(item.id, False)
