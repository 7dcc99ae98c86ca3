from odoo import api, models

from ...tools import clock

PAGE = 1_000  # rows of one INSERT
COLUMNS = (
    "standard_id", "revision_id", "code", "process", "variant", "urgent", "company_id", "department_id", "employee_id",
    "role", "responsible_id", "period", "round", "source_model", "source_id", "name", "date_start", "date_event",
    "date_due", "date_original", "date_close", "due_by_rule", "date_next_step", "in_ledger",
)
NEW_ROW = {
    "variant": "", "urgent": False, "department_id": None, "employee_id": None, "responsible_id": None, "period": "",
    "round": 0, "source_model": None, "source_id": None, "name": None, "date_event": None, "date_due": None,
    "date_original": None, "date_close": None, "due_by_rule": False, "date_next_step": None, "in_ledger": False,
}


class OpsObligation(models.Model):
    """The one place where obligations come into the world, and when their reminders begin."""

    _inherit = "ops.obligation"

    @api.model
    def _insert(self, rows):
        """Insert rows that are not there yet, in as few statements as possible.

        :param rows: dicts of :data:`COLUMNS`; what is missing is as in :data:`NEW_ROW`
        :return: the obligations that are new (sudo); the others existed
        """
        if not rows:
            return self.sudo().browse()
        for row, moment in zip(rows, self._next_steps(rows), strict=True):
            row["date_next_step"] = moment
        now, uid = clock.now(), self.env.uid
        query = f"INSERT INTO ops_obligation ({', '.join(COLUMNS)}, state, create_uid, create_date, write_uid, write_date)"
        query += " VALUES %s ON CONFLICT DO NOTHING RETURNING id"
        template = self.env.cr.mogrify(
            f"({', '.join(['%%s'] * len(COLUMNS))}, 'open', %s, %s, %s, %s)", (uid, now, uid, now)
        ).decode()
        values = [tuple([row.get(name, NEW_ROW.get(name)) for name in COLUMNS]) for row in rows]
        found = self.env.cr.execute_values(query, values, template=template, page_size=PAGE, fetch=True)
        return self.sudo().browse([row[0] for row in found])  # sudo: the caller is the engine or a process

    @api.model
    def _next_steps(self, rows):
        """Return the time of the first ladder step still to come for each of ``rows``; None when there is none.

        :param rows: dicts (or records) with standard_id, variant, company_id, responsible_id, urgent, date_start, date_due
        :return: list of naive UTC moments or None, in the same order
        """
        return [None] * len(rows)

    def _refresh_next_steps(self):
        """Set the time of the next ladder step anew, after a due time has moved or an obligation was opened again."""
        columns = ("id", *COLUMNS)
        rows = [
            {name: item[name].id if item._fields[name].type == "many2one" else item[name] or None for name in columns}
            for item in self
        ]
        by_moment = {}
        for item, moment in zip(self, self._next_steps(rows), strict=True):
            by_moment.setdefault(moment if item.state == "open" else None, []).append(item.id)
        for moment, ids in by_moment.items():
            self.browse(ids).write({"date_next_step": moment})
