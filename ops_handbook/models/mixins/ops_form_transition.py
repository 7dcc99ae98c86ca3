from psycopg2.extras import Json, execute_values

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import clock
from ...tools.saying import parts_of, spoken
from .domains import DomainAnd, DomainCondition


def _json(reason):
    parts = parts_of(reason)
    return Json(parts) if parts else None


class OpsFormTransition(models.Model):
    """Who did what to which form, when, why and in whose name: append-only, for everybody.

    The chatter can be edited by whoever may write the document; this log cannot, so it is what counts.
    """

    _name = "ops.form.transition"
    _description = "Log of Transitions"
    _order = "id desc"
    _rec_name = "reason"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True, index=True
    )
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True, ondelete="restrict", index="btree_not_null")
    on_behalf_id = fields.Many2one(
        "res.users", string="In the Name of", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    from_state = fields.Char(string="From", readonly=True)
    to_state = fields.Char(string="To", readonly=True)
    from_label = fields.Char(string="State Before", compute="_compute_labels")
    to_label = fields.Char(string="State After", compute="_compute_labels")
    reason = fields.Text(
        compute="_compute_reason", search="_search_reason",
        help="What somebody gave as the reason, or what the system notes, then in the language of whoever reads it.",
    )
    reason_text = fields.Text(string="Reason as Written", readonly=True)
    reason_parts = fields.Json(string="Reason for Any Language", readonly=True)

    _record_idx = models.Index("(res_model, res_id, id)")

    @api.depends("res_model", "from_state", "to_state")
    @api.depends_context("lang")
    def _compute_labels(self):
        labels = {}
        for line in self:
            if line.res_model not in labels:
                model = self.env.get(line.res_model)
                field = model is not None and model._fields.get("state")
                labels[line.res_model] = dict(field._description_selection(self.env)) if field else {}
            line.from_label = labels[line.res_model].get(line.from_state, line.from_state)
            line.to_label = labels[line.res_model].get(line.to_state, line.to_state)

    @api.depends("reason_text", "reason_parts")
    @api.depends_context("lang")
    def _compute_reason(self):
        in_words = self.env._

        def translate(source, args):
            return in_words(source, **args)

        def label_of(model, name, value):
            field = self.env[model]._fields.get(name) if model in self.env else None
            return (dict(field._description_selection(self.env)).get(value) if field else None) or value

        for line in self:
            line.reason = spoken(line.reason_parts, translate, label_of) if line.reason_parts else line.reason_text

    @api.model
    def _search_reason(self, operator, value):
        return [("reason_text", operator, value)]

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("The log of transitions is written by the system only."))
        return super().create(vals_list)

    def write(self, vals):
        raise UserError(self.env._("The log of transitions cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of transitions cannot be deleted."))

    @api.model
    def _log(self, records, previous, state, reason=None, on_behalf=None):
        """Append one line per record of ``records``.

        :param records: records of one model
        :param dict previous: id → state before
        :param str state: state after; None where the state stays as it is (a note of the engine)
        :param reason: text for all, or a dict by id; what the machinery says comes from ``tools.saying``
        :param dict on_behalf: id → id of the user in whose name this was done
        """
        if not records.ids:
            return
        reasons = reason if isinstance(reason, dict) else dict.fromkeys(records.ids, reason)
        rows = [
            (
                records._name, record_id, clock.now(), self.env.uid, (on_behalf or {}).get(record_id) or None,
                previous.get(record_id), state or previous.get(record_id), reasons.get(record_id) or None,
                _json(reasons.get(record_id)), self.env.uid, clock.now(),
            )
            for record_id in records.ids
        ]
        # plain INSERT: thousands of forms may move at once, and nothing hangs on the creation of a line
        execute_values(self.env.cr._obj, """
            INSERT INTO ops_form_transition (res_model, res_id, date, user_id, on_behalf_id, from_state, to_state,
                                             reason_text, reason_parts, create_uid, create_date) VALUES %s
            """, rows, page_size=1000)
        records.invalidate_recordset(["transition_ids"], flush=False)

    def _check_access(self, operation):
        """A line of the log is read by whoever may read the record that it speaks of."""
        result = super()._check_access(operation)
        if operation != "read" or not any(self._ids) or (result and result[0] == self):
            return result
        remaining = self - result[0] if result else self
        forbidden = remaining._filtered_unreadable()
        if not forbidden:
            return result
        if result:
            return result[0] | forbidden, result[1]
        return forbidden, lambda: self.env["ir.rule"]._make_access_error("read", forbidden)

    def _filtered_unreadable(self):
        """Return the lines whose record the current user may not read."""
        readable = set()
        by_model = {}
        for line in self.sudo():
            by_model.setdefault(line.res_model, set()).add(line.res_id)
        for model, ids in by_model.items():
            if model in self.env:
                found = self.env[model].browse(ids).exists()._filtered_access("read")
                readable.update((model, record_id) for record_id in found.ids)
        return self.filtered(lambda line: (line.sudo().res_model, line.sudo().res_id) not in readable)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Only lines of records that the user may read are found, by administrators as well: reasons tell a lot.

        A part of the statement, so that pages are whole and nothing is loaded that nobody asked for.
        """
        domain = Domain(domain)
        if not self.env.su:
            domain &= self._readable_domain(domain)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _readable_domain(self, domain):
        """Return the domain of the lines whose record the user may read; of those models only that ``domain`` asks for."""
        readable = Domain.FALSE
        for name in self._models_asked(domain):
            model = self.env[name].with_context(active_test=False)
            if model.has_access("read"):
                readable |= Domain("res_model", "=", name) & Domain("res_id", "in", model._search([]))
        return readable

    @api.model
    def _models_asked(self, domain):
        """Return the names of the models with a log, as far as ``domain`` does not leave them out."""
        logged = {name for name, model in self.env.registry.items() if "transition_ids" in model._fields and not model._abstract}
        parts = domain.children if isinstance(domain, DomainAnd) else (domain,)
        for part in parts:
            if isinstance(part, DomainCondition) and part.field_expr == "res_model":
                if part.operator == "=":
                    logged &= {part.value}
                elif part.operator == "in":
                    logged &= set(part.value)
        return sorted(logged)
