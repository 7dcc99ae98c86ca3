"""The year that the demo company has lived through, told through the same doors that people use.

Nothing here runs outside the demo data. Each scene sets the clock, acts as one of the demo users, and lets flow, engine
and log do the rest, so that the demo company looks as a real one would after a year, relative to today.
"""
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools.misc import file_open

from ...tools import clock


class OpsDemo(models.AbstractModel):
    _name = "ops.demo"
    _description = "Demo Company's Year"

    @api.model
    def _tell(self):
        """Start the demo company a year ago and play all scenes up to today."""
        # Odoo loads a module's translations after its demo data, but what the log says is written now
        self.env["ir.module.module"].search([("name", "=", "ops_handbook")])._update_translations(["zh_CN"])
        company, branch = self.env.ref("ops_handbook.demo_company"), self.env.ref("ops_handbook.demo_branch")
        today = clock.today("Asia/Shanghai")
        mails_before = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self._open_companies(company, branch, today - timedelta(days=365))
        scenes = sorted(self._scenes(today), key=lambda scene: scene[0])
        for moment, scene in self._with_months(scenes, today):
            with clock.frozen(moment):
                scene()
        # a year of notices is history: none of it leaves the house
        self.env["mail.mail"].search([("id", ">", mails_before)]).unlink()

    def _open_companies(self, company, branch, start):
        self.env["res.users"]._ops_refresh_rights()
        operations = self.env.ref("ops_handbook.demo_department_operations")
        offices = {
            "ops_operations_department_id": operations.id,
            "ops_gm_office_department_id": self.env.ref("ops_handbook.demo_department_gm_office").id,
            "ops_duty_officer_id": self._user("operations").id,
        }
        for one in company | branch:
            for year in range(start.year, start.year + 3):
                self.env["ops.holiday.wizard"]._load(one, year)
            one.write({"ops_start_date": start, "ops_started": True} | (offices if one == company else {
                "ops_duty_officer_id": offices["ops_duty_officer_id"],
            }))

    def _user(self, login):
        return self.env["res.users"].search([("login", "=", login)], limit=1)

    def _with_months(self, scenes, today):
        """Yield the scenes in order, and before the first scene of each month what the engine does on its first day."""
        month = None
        for moment, scene in scenes:
            if (moment.year, moment.month) != month:
                month = (moment.year, moment.month)
                yield datetime(moment.year, moment.month, 1, 1), self._generate
            yield moment, scene
        yield clock.now(), self._generate

    def _generate(self):
        self.env["ops.obligation"]._generate()

    def _scenes(self, today):
        """Return the scenes as (moment in UTC, callable); each process adds its own."""
        return self._problem_scenes(today)

    def _at(self, today, days_ago, hour, tz="Asia/Shanghai"):
        """Return the moment of a scene: ``hour`` o'clock local time, ``days_ago`` days before today, in UTC."""
        whole, part = divmod(hour, 1)
        local = datetime.combine(today - timedelta(days=days_ago), time(int(whole), int(part * 60)), ZoneInfo(tz))
        return min(local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None), clock.now())

    def _photo(self, name):
        with file_open(f"ops_handbook/demo/photos/{name}", "rb") as photo:
            return (name, photo.read())
