"""Who of the demo company has read what of the handbook: some at once, some late, some not yet; and somebody who is new."""
from functools import partial

from odoo import models

from ..handbook.hr_employee import TYPE
from .ops_demo_handbook_stories import CONFIRMED, NEWCOMER


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _handbook_readings(self, stem, anchor, published):
        """Return the scenes in which people confirm an article that was published on a working day counted from ``anchor``."""
        return [
            (self._on_workday(anchor, published - day, 11), partial(self._handbook_confirm, stem, logins))
            for day, logins in CONFIRMED.get(stem, ())
        ]

    def _handbook_confirm(self, stem, logins):
        """Let people confirm what they have been asked to read of an article."""
        for login in logins.split():
            self._handbook_asked(login).filtered(lambda reading: reading.article_id == self._article(stem)).action_confirm()

    def _handbook_asked(self, login):
        readings = self._as(login, self.env["ops.article.reading"])
        return readings.search([("reader_id", "=", readings.env.uid), ("state", "=", "asked")], order="asked_on, article_id")

    def _handbook_newcomer_scenes(self, today):
        first = NEWCOMER["day"]
        return [
            (self._on_workday(today, first, 8.5), self._handbook_welcome),
            *((self._on_workday(today, day, 17), self._handbook_newcomer_reads) for day in range(first - 1, 0, -1)),
        ]

    def _handbook_welcome(self):
        """Personnel start the onboarding: the activity asks the newcomer to read everything that is to be confirmed."""
        newcomer = self._user("newcomer")
        self.env.ref("ops_handbook.demo_employee_huang_xiaoyu").activity_schedule(TYPE, user_id=newcomer.id)

    def _handbook_newcomer_reads(self):
        """A few articles a day, in the order of the book, until half of them are read."""
        asked = self._handbook_asked("newcomer").sorted(lambda reading: reading.article_id.sort_path)
        if len(asked) > NEWCOMER["until"]:
            asked[:NEWCOMER["per_day"]].action_confirm()
