from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.saying import saying
from .ops_obligation import OPEN_STATES
from .ops_obligation_upkeep import UPKEEP

SLICE = 200  # obligations in the first slice of the job
# what was changed, by the field that names it: a calendar (of a company), a ladder → how many follow at once
AT_ONCE = {"company_id": 500, "standard_id": 1_000}


class ResCompany(models.Model):
    _inherit = "res.company"

    ops_pending_from = fields.Integer(
        string="Deadlines Waiting from ID", readonly=True, copy=False,
        help="Open deadlines from this ID on still go by the former working days: a job works them off. 0: none.",
    )


class OpsStandard(models.Model):
    _inherit = "ops.standard"

    ops_pending_from = fields.Integer(
        string="Deadlines Waiting from ID", readonly=True, copy=False,
        help="Open deadlines from this ID on still go by the former reminders: a job works them off. 0: none.",
    )


class OpsObligation(models.Model):
    """What is open follows a calendar or a ladder that was changed: a few at once, many by a job, a slice after the other.

    How far the job has come is noted with what was changed, in the transaction of each slice: a worker that was killed goes on
    from there, and what is changed once more is begun anew.
    """

    _inherit = "ops.obligation"

    @api.model
    def _follow(self, name, changed):
        """Let what is open follow companies whose calendar, or standards whose ladder was changed.

        :param str name: the field that names them, a key of ``AT_ONCE``
        """
        engine = self.sudo()  # sudo: whoever edits holidays or ladders need not see what is due
        leaves = [(name, "in", changed.ids), ("state", "in", OPEN_STATES)]
        if engine.search_count(leaves, limit=AT_ONCE[name] + 1) <= AT_ONCE[name]:
            engine.search(leaves)._follow_now(name)
        else:
            engine._note_pending(changed, 1)
            engine.env.ref(UPKEEP)._trigger()

    def _follow_now(self, name):
        if name == "company_id":
            self._recompute_due()
        else:  # what is on hold has no next step before it ends
            self.filtered(lambda item: item.state == "open")._replan_steps()

    # -- the job --------------------------------------------------------------------------------------------------------

    @api.model
    def _follow_pending(self):
        """Go on with what follows what was changed (superuser); return whether there was time for all of it."""
        return all(
            self._in_slices(
                partial(self._pending, name), partial(self._follow_slice, name), partial(self._note_done, name), SLICE
            )
            for name in AT_ONCE
        )

    @api.model
    def _pending(self, name, size):
        """Return some that wait for the job, by id and all of one company or standard; empty when nothing waits any more."""
        model = self.env[self._fields[name].comodel_name].with_context(active_test=False)
        while changed := model.search([("ops_pending_from", ">", 0)], order="id", limit=1):
            if changed.ops_pending_from == 1:  # changed by another worker: what this one remembers of days may be older
                self.env.registry.clear_cache()
            self.flush_model([name, "state"])
            # OFFSET keeps the planner from walking by id through all that was settled in many years
            rows = self.env.execute_query(SQL(
                """
                SELECT id FROM (
                    SELECT id FROM ops_obligation WHERE %s = %s AND state IN %s AND id >= %s OFFSET 0
                ) AS item ORDER BY id LIMIT %s
                """,
                SQL.identifier(name), changed.id, OPEN_STATES, changed.ops_pending_from, size,
            ))
            if rows:
                return self.browse([row[0] for row in rows])
            self._note_pending(changed, 0)
        return self.browse()

    @api.model
    def _follow_slice(self, name, items):
        items._follow_now(name)
        self._note_done(name, items)

    @api.model
    def _note_done(self, name, items):
        """Note how far the job has come: what cannot be worked on stays as it is, the server's log says so."""
        self._note_pending(items[name], max(items.ids) + 1)

    @api.model
    def _note_pending(self, changed, first):
        """Note from which obligation on what is open still has to follow; 0: all of it does."""
        self.env.cr.execute(SQL(  # by SQL: a company or a standard is not written for it, nor is anybody told
            "UPDATE %s SET ops_pending_from = %s WHERE id IN %s", SQL.identifier(changed._table), first, tuple(changed.ids)
        ))
        changed.invalidate_recordset(["ops_pending_from"], flush=False)

    # -- who cannot wait for the job ------------------------------------------------------------------------------------

    def _caught_up(self):
        """Let those follow the calendar now to which the job has not come yet (superuser); return them."""
        waiting = self.filtered(lambda item: 0 < item.company_id.ops_pending_from <= item.id)
        if waiting:
            waiting._recompute_due()
            self.env.flush_all()  # statements of our own read what has moved
        return waiting

    def _judge_anew(self):
        """Say by the present calendar when these, just fulfilled, were due: the job had not come to them yet (superuser)."""
        moved = self.browse()
        for item, original, due, closes in list(self._by_calendar()):
            if due != item.date_due:
                moved |= item
            item.write({
                "date_original": original, "date_due": due, "date_close": closes, "on_time": not due or due >= item.date_done,
            })
        moved._log(saying(self.env)._("The working days have changed."))
