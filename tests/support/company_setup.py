# Run by support/company.py in `odoo shell`: makes a small Chinese company of the database, ready to work. All content
# is Chinese, as its people would type it; password = login.
# ruff: noqa: F821
from odoo import Command

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "no_reset_password": True}
env = env(context={**env.context, **QUIET})

company = env.ref("base.main_company")
calendar = env["resource.calendar"].create({
    "name": "周一至周五",
    "tz": "Asia/Shanghai",
    "company_id": company.id,
    "attendance_ids": [Command.clear()] + [
        Command.create({
            "name": "工作", "dayofweek": str(day), "hour_from": start, "hour_to": end,
            "day_period": "morning" if start < 12 else "afternoon",
        })
        for day in range(5) for start, end in ((9.0, 12.0), (13.0, 18.0))
    ],
})
company.write({
    "name": "江南精密制造有限公司", "country_id": env.ref("base.cn").id, "resource_calendar_id": calendar.id,
    "email": "oa@company.example.com",
})
company.partner_id.lang = "zh_CN"  # the language of what is written once for all, such as minutes


def user(login, name, *groups):
    return env["res.users"].create({
        "name": name, "login": login, "password": login, "email": f"{login}@company.example.com",
        "company_id": company.id, "company_ids": [Command.set(company.ids)], "tz": "Asia/Shanghai", "lang": "zh_CN",
        "group_ids": [Command.set([env.ref(group).id for group in ("base.group_user", *groups)])],
    })


def department(name, head):
    found = env["hr.department"].create({"name": name, "company_id": company.id, "ops_keeps_plans": True})
    found.manager_id = employ(head, found)
    return found


def employ(person, where):
    return env["hr.employee"].create({
        "name": person.name, "user_id": person.id, "company_id": company.id, "department_id": where.id,
        "work_email": person.email,
    })


people = {login: user(login, name, *groups) for login, name, *groups in (
    ("employee", "李小红"), ("colleague", "王建国"), ("head", "张伟"), ("otherhead", "赵敏"),
    ("operations", "陈静", "ops_handbook.group_operations"),
    ("gmoffice", "刘洋", "ops_handbook.group_gm_office"),
    ("gm", "周总", "ops_handbook.group_general_manager"),
    ("opsadmin", "孙丽", "ops_handbook.group_administrator"),
)}
workshop = department("装配车间", people["head"])
office = department("运营管理部", people["operations"])
gm_office = department("总经理办公室", people["gmoffice"])
department("市场营销部", people["otherhead"])
for login in ("employee", "colleague"):
    employ(people[login], workshop)
employ(people["opsadmin"], office)
employ(people["gm"], gm_office)

administrator = env.ref("base.user_admin")
administrator.write({"tz": "Asia/Shanghai", "lang": "en_US", "email": "admin@company.example.com", "group_ids": [
    Command.link(env.ref("ops_handbook.group_administrator").id)]})
# as the start wizard does, without its dialog: which day it is is the business of the test
for year in (2026, 2027):
    env["ops.holiday.wizard"].with_context(lang="zh_CN")._load(company, year)
company.write({
    "ops_started": True, "ops_start_date": "2026-01-01", "ops_operations_department_id": office.id,
    "ops_gm_office_department_id": gm_office.id, "ops_duty_officer_id": people["operations"].id,
})
env["res.users"]._ops_refresh_rights()
# the scripts and styles of the web client, once for all copies of this database
for bundle in ("web.assets_web", "web.assets_frontend", "web.assets_frontend_minimal", "web.assets_frontend_lazy"):
    env["ir.qweb"]._get_asset_bundle(bundle, css=False, js=True).js()
    env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False).css()
env.cr.commit()
