from datetime import date, datetime

from odoo import api, models
from odoo.fields import Domain

from ...tools import clock
from ...tools.moments import close_of_day
from .ops_obligation import OPEN_STATES
from .ops_obligation_insert import NEW_ROW


class OpsObligation(models.Model):
    """The verbs of the engine: start the clock, fulfil, cancel, reopen, move."""

    _inherit = "ops.obligation"

    # -- start --------------------------------------------------------------------------------------------------------

    @api.model
    def _start(
        self, code, sources, *, start=None, variant="", due=None, round=0, department=None, responsible=None, role=None,
        period="", name=None, event=None, close=None,
    ):
        """Start the clock of a standard for each of ``sources``.

        Each option is a value for all, or a dict by record id. Where it was started already, nothing happens.

        :param str code: the standard
        :param sources: records that start the clock
        :param datetime start: naive UTC; default: now
        :param str variant: key of a variant of the standard
        :param due: due time (naive UTC), or due day (a date: its close); default: by the rule
        :param int round: which time it is asked for
        :param department: who owes it; default: the record's department
        :param responsible: user who answers; default: by the role
        :param str role: default: the standard's
        :param str period: key of a period
        :param str name: subject; default: the record's display name
        :param datetime event: what the due time is reckoned from (naive UTC) when that is not the start of the clock:
            a notice is due before the meeting (C2), and asked for from the day on which the meeting is planned
        :param datetime close: from when on it counts as missed (naive UTC); default: never
        :return: the obligations of these sources, code, period and round (sudo)
        """
        options = {
            "start": start, "variant": variant, "due": due, "round": round, "department": department,
            "responsible": responsible, "role": role, "period": period, "name": name,
            "event": event, "close": close,
        }
        engine, rows = self.sudo(), []  # sudo: nobody but the engine writes obligations
        for source in sources.sudo():
            chosen = {
                key: value.get(source.id, NEW_ROW.get(key)) if isinstance(value, dict) else value
                for key, value in options.items()
            }
            rows += engine._row_of_source(code, source, chosen)
        created = engine._insert(rows)
        if len(created) == len(rows):
            return created
        keys = {(row["source_id"], row["period"], row["round"]) for row in rows}
        found = engine.search([("code", "=", code), *engine._source_leaves(sources)])
        return found.filtered(lambda item: (item.source_id, item.period, item.round) in keys)

    @api.model
    def _row_of_source(self, code, source, chosen):
        """Return the row for one source as a list; empty where the engine has not been started or the rule is off."""
        # any record may start a clock; one of ours says whose working days count
        known = "company_id" in source._fields and source.company_id or self.env.company
        company = source._clock_company() if hasattr(source, "_clock_company") else known
        standard = self.env["ops.standard"]._get(code, company)
        if not standard or not company.ops_started:
            return []
        revision, key = standard._revision_at(clock.today(company._ops_tz())), chosen["variant"] or ""
        values, start = revision._values(key), chosen["start"] or clock.now()
        department = chosen["department"] or ("department_id" in source._fields and source.department_id)
        department = department or self.env["hr.department"]
        role, user = self._answers(chosen["role"] or values["role"], department, source, chosen["responsible"])
        by_rule = not chosen["due"]
        event = chosen["event"] or start
        due = standard._due_of_event(revision, company, event, key) if by_rule else self._moment(chosen["due"], company)
        return [{
            **NEW_ROW,
            **standard._frozen_columns(revision),
            "variant": key,
            "urgent": bool(values["urgent"]),
            "company_id": company.id,
            "department_id": department.id or None,
            "role": role,
            "responsible_id": user.id or None,
            "period": chosen["period"] or "",
            "round": chosen["round"] or 0,
            "source_model": source._name,
            "source_id": source.id,
            "name": chosen["name"] or source.display_name,
            "date_start": start,
            "date_event": chosen["event"],
            "date_due": due,
            "date_original": due,
            "date_close": chosen["close"],
            "due_by_rule": by_rule and bool(due),
        }]

    @api.model
    def _moment(self, due, company):
        """Return a due time as naive UTC; of a day, its close in the company."""
        if isinstance(due, date) and not isinstance(due, datetime):
            return close_of_day(due, company._ops_tz(), company.ops_day_close_hour or 24.0)
        return due

    # -- fulfil, cancel, reopen ---------------------------------------------------------------------------------------

    @api.model
    def _source_leaves(self, records):
        return [("source_model", "=", records._name), ("source_id", "in", records.ids)]

    @api.model
    def _fulfil(self, code, sources, *, moment=None, form=None):
        """Close the open obligations of a standard that ``sources`` started.

        :param datetime moment: when it was fulfilled, naive UTC; default: now
        :param form: the record that fulfils it, or a dict source id → record; default: the source itself
        :return: the obligations that were closed (sudo)
        """
        leaves = [("code", "=", code), ("state", "in", OPEN_STATES), *self._source_leaves(sources)]
        found = self.sudo().search(leaves)  # sudo: fulfilling a form closes it, whoever owed it
        if isinstance(form, dict):
            return found._close(moment, lambda item: form.get(item.source_id))
        return found._close(moment, lambda item: form or sources.browse(item.source_id))

    @api.model
    def _fulfil_domain(self, code, domain, *, moment=None, form=None):
        """Close the open obligations of a standard that a domain finds, e.g. by department and period; see _fulfil.

        :param form: the record that fulfils it, or a function obligation → record
        """
        leaves = Domain("code", "=", code) & Domain("state", "in", OPEN_STATES) & Domain(domain)
        found = self.sudo().search(leaves)  # sudo: as in _fulfil
        return found._close(moment, form if callable(form) else lambda item: form)

    def _close(self, moment, form_of):
        """Close these obligations at ``moment`` in one statement, however many; ``form_of`` finds the form of each."""
        if not self:
            return self
        self.flush_recordset()
        previous = {item.id: item.state for item in self}
        behalf = {item.id: item._on_behalf() for item in self}
        forms = {item.id: form_of(item) for item in self}
        # while the clock is stopped the due time lies ahead: a hold moves it when it is granted
        self.env.cr.execute(
            """
            UPDATE ops_obligation item
               SET state = 'done', date_done = %(moment)s, date_next_step = NULL, done_by_id = %(user)s,
                   on_time = COALESCE(item.date_due >= %(moment)s, TRUE), on_behalf_id = new.behalf_id,
                   form_model = new.form_model, form_id = new.form_id, write_uid = %(uid)s, write_date = %(now)s
              FROM unnest(%(ids)s::int[], %(behalf)s::int[], %(models)s::varchar[], %(form_ids)s::int[])
                   AS new(id, behalf_id, form_model, form_id)
             WHERE item.id = new.id
         RETURNING item.id, EXISTS (SELECT FROM ops_obligation_change WHERE obligation_id = item.id AND state = 'requested'),
                   EXISTS (SELECT FROM res_company AS company
                            WHERE company.id = item.company_id AND company.ops_pending_from BETWEEN 1 AND item.id)
            """,
            {
                "moment": moment or clock.now(), "now": clock.now(), "uid": self.env.uid,
                "user": self.env.uid,
                "ids": self.ids, "behalf": [behalf[item] or None for item in self.ids],
                "models": [forms[item]._name if forms[item] else None for item in self.ids],
                "form_ids": [forms[item].id if forms[item] else None for item in self.ids],
            },
        )
        rows = self.env.cr.fetchall()
        self.invalidate_recordset(flush=False)
        self.env["ops.form.transition"]._log(
            self, previous, "done", on_behalf={item: user for item, user in behalf.items() if user}
        )
        self.browse([item for item, asked, _pending in rows if asked])._drop_requests()
        self.browse([item for item, _asked, pending in rows if pending])._judge_anew()
        return self

    def _on_behalf(self):
        """Return the id of the user in whose name the current user acts, False when in their own."""
        answers, user = self.responsible_id, self.env.user
        return answers.id if answers and answers != user and answers in user.sudo().ops_principal_ids else False

    @api.model
    def _cancel(self, code, sources, reason):
        """Cancel the open obligations of a standard that ``sources`` started; the log says why."""
        leaves = [("code", "=", code), ("state", "in", OPEN_STATES), *self._source_leaves(sources)]
        found = self.sudo().search(leaves)  # sudo: whoever may cancel the form has been asked there
        return found._set_state("cancelled", reason)

    @api.model
    def _reopen(self, code, sources, reason):
        """Open again what was closed or cancelled: obligations that ``sources`` started, or fulfilled as the form."""
        leaves = Domain("source_model", "=", sources._name) & Domain("source_id", "in", sources.ids)
        leaves |= Domain("form_model", "=", sources._name) & Domain("form_id", "in", sources.ids)
        return self._reopen_domain(Domain("code", "=", code) & leaves, reason)

    @api.model
    def _reopen_form(self, forms, reason):
        """Open again what ``forms`` had fulfilled for something other than themselves: they have been cancelled."""
        leaves = Domain("form_model", "=", forms._name) & Domain("form_id", "in", forms.ids)
        own = Domain("source_model", "=", forms._name) & Domain("source_id", "in", forms.ids)
        return self._reopen_domain(leaves & ~own, reason)

    @api.model
    def _reopen_domain(self, domain, reason):
        # sudo: whoever may reopen or cancel the form has been asked there
        found = self.sudo().search(domain & Domain("state", "in", ("done", "cancelled")))
        found._set_state("open", reason, form_model=False, form_id=False)
        found._refresh_next_steps()
        found._reassign_opened()
        return found

    def _set_state(self, state, reason, **values):
        """Write a state with its log; ``values`` change with it."""
        if not self:
            return self
        previous = {item.id: item.state for item in self}
        done = {"date_done": False, "done_by_id": False, "on_behalf_id": False, "on_time": False} if state == "open" else {}
        self.write({"state": state, "date_next_step": False, **done, **values})
        self.env["ops.form.transition"]._log(self, previous, state, reason)
        return self

    # -- due times ----------------------------------------------------------------------------------------------------

    @api.model
    def _move_due(self, new_due, reason, **values):
        """Move due times; the log says why.

        :param dict new_due: obligation (record or id) → naive UTC moment
        :param reason: text, or a dict by id
        :param values: further values that change with it
        """
        moved = {getattr(key, "id", key): moment for key, moment in new_due.items()}
        found = self.sudo().browse(moved).filtered(  # sudo: decided by the engine or by a change that was approved
            lambda item: item.state in OPEN_STATES and (item.date_due or None) != moved[item.id]
        )
        by_moment = {}
        for item in found:
            by_moment.setdefault(moved[item.id], []).append(item.id)
        for moment, ids in by_moment.items():
            self.sudo().browse(ids).write({"date_due": moment, **values})
        found._refresh_next_steps()
        found._log(reason)
        return found

    def _log(self, reason):
        """Append a note of the engine to the log of each obligation.

        :param reason: text for all, or a dict by id
        """
        if self:
            self.env["ops.form.transition"]._log(self, {item.id: item.state for item in self}, None, reason)
