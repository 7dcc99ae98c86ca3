from odoo import api, models
from odoo.tools import SQL

from ...tools.saying import saying
from .ops_article_reading import CODE
from .ops_article_reading_ask import BATCH

CRON = "ops_handbook.ops_article_reading_cron"


class OpsArticleReading(models.Model):
    """The hourly job: people come, move and leave, articles change hands; and what a large publication left to do."""

    _inherit = "ops.article.reading"

    @api.model
    def _cron_readings(self):
        """Bring the readings of everybody up to date, batch by batch with a commit after each; again, it changes nothing.

        A job that was killed goes on where it was: what is left to do is found anew each time.
        """
        readings_sudo = self.sudo()  # sudo: run by the clock
        readings_sudo._follow_departments()
        self.env["ir.cron"]._commit_progress()
        newcomers = self.env["hr.employee"]._ops_newcomers()
        missing = newcomers._ops_missing()
        newcomers._ops_follow_asked(missing)  # also of those who have a login by now
        done = (
            # found once: who cannot be asked is not looked for again and again
            readings_sudo._work_off(_slices(missing), readings_sudo._ask_newcomers)
            and readings_sudo._work_off(_slices(readings_sudo._missing()), readings_sudo._ask)
            and readings_sudo._work_off(lambda: readings_sudo._stale(limit=BATCH), readings_sudo._retire)
            and readings_sudo._work_off(readings_sudo._untold, lambda batch: readings_sudo.browse(batch)._tell())
        )
        if not done:
            self._work_on()

    @api.model
    def _work_on(self):
        """Have the job run as soon as this transaction is over."""
        self.env.ref(CRON).sudo()._trigger()  # sudo: jobs belong to the system

    @api.model
    def _work_off(self, find, act):
        """Do what ``find()`` returns until there is nothing left; return whether there was time for all."""
        while found := find():
            act(found)
            if self.env["ir.cron"]._commit_progress(len(found)) <= 0:
                return False
        return True

    @api.model
    def _follow_departments(self):
        """Let the heads of those departments see readings in which their readers work now."""
        self.flush_model(["department_id", "reader_id", "company_id"])
        table = self.env["res.users"]._ops_table
        moved = self.env.execute_query(SQL(
            """
            UPDATE ops_article_reading AS reading
               SET department_id = version.department_id
              FROM %s AS employee JOIN %s AS version ON version.id = employee.current_version_id
             WHERE employee.user_id = reading.reader_id AND employee.company_id = reading.company_id AND employee.active
               AND reading.department_id IS DISTINCT FROM version.department_id
         RETURNING reading.id, reading.state, version.department_id
            """,
            table("hr.employee", "user_id", "company_id", "active", "current_version_id"), table("hr.version", "department_id"),
        ))
        readings = self.sudo().browse([row[0] for row in moved])  # sudo: run by the clock
        readings.invalidate_recordset(["department_id"], flush=False)
        opened = readings.browse([reading_id for reading_id, state, _department in moved if state == "asked"])
        self.env["ops.obligation"]._hand_over(
            CODE, opened, saying(self.env)._("The reader works in another department."), role="owner",
            department={reading.id: reading.department_id for reading in opened},
        )


def _slices(items):
    """Return a function that gives ``items`` away, some at a time."""
    rest = list(items)

    def take():
        batch, rest[:BATCH] = rest[:BATCH], []
        return batch

    return take
