# Run by tests/test_reminder_faults.py in `odoo shell` on the company of company_setup.py: gives the engine much to do at
# any hour of any day. Every employee owes something every day: the company has a rule I5 of its own.
# ruff: noqa: F821
import os
from datetime import timedelta

from odoo import Command
from odoo.addons.ops_handbook.tools import clock

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "no_reset_password": True}
env = env(context={**env.context, **QUIET})
company = env.ref("base.main_company")
company.resource_calendar_id.attendance_ids.unlink()
company.resource_calendar_id.attendance_ids = [
    Command.create({"name": "班", "dayofweek": str(day), "hour_from": 0, "hour_to": 24, "day_period": "morning"}) for day in range(7)
]
workshop = env["hr.department"].search([("name", "=", "装配车间")])
people = env["res.users"].create([
    {
        "name": f"工人{number}", "login": f"worker{number}", "email": f"worker{number}@company.example.com", "lang": "zh_CN",
        "tz": "Asia/Shanghai", "company_id": company.id, "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.set([env.ref("base.group_user").id])],
    }
    for number in range(int(os.environ["OPS_WORKERS"]))
])
env["hr.employee"].create([
    {"name": user.name, "user_id": user.id, "company_id": company.id, "department_id": workshop.id} for user in people
])
env.ref("ops_handbook.ops_standard_i5").copy({
    "company_id": company.id, "trigger": "daily", "scope": "person", "role": "owner", "verb": "填写班组记录",
})
company.write({"ops_start_date": clock.today("Asia/Shanghai") - timedelta(days=15), "ops_horizon_days": 15})
env["res.users"]._ops_refresh_rights()
# the mails stay in the queue, where they are counted; what is sent then is Odoo's business
ours = env["ir.model.data"].search([("module", "=", "ops_handbook"), ("model", "=", "ir.cron")]).mapped("res_id")
env["ir.cron"].search([("id", "not in", ours)]).active = False
env["ir.cron"].browse(ours).nextcall = "2099-01-01"
env.cr.execute("DELETE FROM ir_cron_trigger")
env.cr.commit()
