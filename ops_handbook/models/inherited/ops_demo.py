"""The year that the demo company has lived through, told through the same doors that people use.

Nothing here runs outside the demo data. Each scene sets the clock, acts as one of the demo users, and lets flow, engine
and log do the rest, so that the demo company looks as a real one would after a year, relative to today.
"""
from datetime import datetime, timedelta
from functools import partial

from odoo import api, models

from ...tools import clock
from ...tools.moments import at_hour


class OpsDemo(models.AbstractModel):
    _name = "ops.demo"
    _description = "Demo Company's Year"

    @api.model
    def _tell(self):
        """Start the demo company a year ago and play all scenes up to today."""
        # Odoo loads a module's translations after its demo data, but what the log says is written now
        self.env["ir.module.module"]._load_module_terms(["ops_handbook"], ["zh_CN"])
        company, branch = self.env.ref("ops_handbook.demo_company"), self.env.ref("ops_handbook.demo_branch")
        today = clock.today("Asia/Shanghai")
        mails_before = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self._open_companies(company, branch, today - timedelta(days=365))
        scenes = sorted(self._scenes(today), key=lambda scene: scene[0])
        for moment, scene in self._with_months(scenes, today):
            last = self._last_message()
            with clock.frozen(moment):
                scene()
            self._date_messages(last, moment)
        # a year of notices is history: none of it leaves the house
        self.env["mail.mail"].search([("id", ">", mails_before)]).unlink()
        self.env["ops.meeting.invitation"].search([("state", "=", "pending")]).unlink()
        self.env["ops.task"]._take_untold(self.env["ops.task"]._untold())

    def _open_companies(self, company, branch, start):
        self.env["res.users"]._ops_refresh_rights()
        (company | branch).partner_id.lang = "zh_CN"  # what everybody reads alike: minutes, messages of the bots
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

    def _last_message(self):
        return self.env["mail.message"].search([], order="id desc", limit=1).id or 0

    def _date_messages(self, last, moment):
        """Let what a scene wrote into the chatter bear the scene's date, as the records themselves do."""
        self.env["mail.message"].search([("id", ">", last)]).write({"date": moment})

    def _user(self, login):
        return self.env["res.users"].search([("login", "=", login)], limit=1)

    def _as(self, login, records):
        """Return ``records`` as somebody sees them, in their language."""
        user = self._user(login)
        return records.with_env(self.env).with_user(user).with_context(lang=user.lang)

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
        return self._problem_scenes(today) + [
            (self._at(today, 40, 9), partial(self._substitution, "head.research", "xiao.ran", today, 38, 30)),
            (self._at(today, 2, 9), partial(self._substitution, "head.sales", "feng.tao", today, 1, -6)),
            (self._at(today, 1, 10), partial(self._substitution, "head.quality", "xu.jing", today, -8, -12)),
            (self._at(today, 5, 10), partial(self._ask_extension, "head", "安装固定排风系统", 15, "供应商交货推迟两周。", True)),
            (self._at(today, 1, 11), partial(self._ask_extension, "liu.yang", "喷涂区加装浓度报警", 7, "报警器型号需重新选定。", False)),
        ]

    def _substitution(self, login, substitute, today, begins, ends):
        """Let somebody name who acts for them from ``begins`` to ``ends`` days ago; negative: days ahead."""
        self._as(login, self.env["ops.substitution"]).create({
            "user_id": self._user(login).id,
            "substitute_id": self._user(substitute).id,
            "date_from": today - timedelta(days=begins),
            "date_to": today - timedelta(days=ends),
            "reason": "出差",
        })

    def _ask_extension(self, login, subject, days, reason, approved):
        """Let somebody ask for more time for a measure; operations decide, or still have to."""
        obligation = self.env["ops.obligation"].search([("name", "=like", f"%{subject}%"), ("state", "=", "open")], limit=1)
        change = self._as(login, self.env["ops.obligation.change"]).create({
            "obligation_id": obligation.id,
            "kind": "extension",
            "reason": reason,
            "date_until": obligation.date_due + timedelta(days=days),
        })
        if approved:
            self._as("operations", change).action_approve()

    def _at(self, today, days_ago, hour, tz="Asia/Shanghai"):
        """Return the moment of a scene: ``hour`` o'clock local time, ``days_ago`` days before today, in UTC."""
        return min(at_hour(today - timedelta(days=days_ago), hour, tz), clock.now())
