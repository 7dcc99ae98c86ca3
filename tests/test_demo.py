"""The demo company as a stranger meets it, whatever day it is: one year that fits together, something to do for everybody."""

import os
import re

import pytest

from .support import company as companies
from .support import server as servers
from .support.odoo import base, odoo, shell

# None: the template of all tests, installed today. The others by their clock, 10 o'clock in the company:
# first working day of a year, the leap day, and small hours that are another day elsewhere.
DAYS = [None, *(pytest.param(day, marks=pytest.mark.full) for day in (
    "2027-01-04 02:00:00", "2028-02-29 02:00:00", "2027-05-18 17:30:00",
))]
# `employee` | works on … | 中文
ROW = re.compile(r"^\| ((?:`[\w.]+`(?:, )?)+) \| [^|]+ \| (中文|English) \|$", re.M)

CHECKS = """
import re
from odoo.addons.ops_handbook.tools import clock

now, today, logins = clock.now(), clock.today('Asia/Shanghai'), %(logins)r
month = f'{today:%%Y-%%m}'
wrong = []

for login, lang in logins.items():
    user = env['res.users'].search([('login', '=', login)])
    work = env['ops.my.work'].with_user(user).with_context(lang=user.lang).get_data()
    if user.lang != lang or not any(work['lists'].values()):
        wrong.append(f'{login}: {user.lang}, {work["total"]} rows in My Work')

# what is planned lies ahead, PostgreSQL goes by its own clock; all other days and moments say what has happened
PLANNED = re.compile('^(date|month|period_month|due_day|create_date|write_date)$|^date_(?!closed|done)|_until$')
for model in env.values():
    if not model._name.startswith('ops.') or model._abstract or model._transient or not model._auto:
        continue
    for field in model._fields.values():
        if field.type not in ('date', 'datetime') or not field.store or PLANNED.search(field.name):
            continue
        if found := model.sudo().with_context(active_test=False).search([(field.name, '>', now if field.type == 'datetime' else today)]):
            wrong.append(f'{model._name}.{field.name} lies ahead: {found[:3].mapped("display_name")}')

HAPPENED = {
    'ops.meeting': [('date_start', '>', now), ('state', 'in', ('held', 'distributed', 'closed'))],
    'ops.month.plan': [('period', '>', month), ('state', 'in', ('reported', 'closed'))],
    'ops.task': [('month_plan_id.period', '>', month), ('state', '=', 'unfinished')],
    'ops.progress.report': [('period', '>', month)],
    'ops.progress.analysis': [('period', '=', month), ('state', '=', 'published')],
    'ops.month.analysis': [('period', '>=', month), ('state', '=', 'published')],
    'ops.lesson': [('month', '>', today), ('state', '=', 'published')],
}
for name, domain in HAPPENED.items():
    if found := env[name].search(domain):
        wrong.append(f'{name}: {found[:3].mapped("display_name")} has not come yet')
if not env['ops.cycle'].search([('year', '=', today.year)]).plan_ids:
    wrong.append('there is no plan of this year')

env.cr.execute('''
    SELECT res_model, res_id FROM (
        SELECT res_model, res_id, date, lag(date) OVER (PARTITION BY res_model, res_id ORDER BY id) AS before FROM ops_form_transition
    ) AS step WHERE date < before OR date > %%s LIMIT 5''', [now])
wrong += [f'the log of {name},%%s is not in order' %% number for name, number in env.cr.fetchall()]
env.cr.execute('SELECT count(*) FROM mail_mail')
wrong += ['mails of the year that is told would go out'] * (env.cr.fetchone() != (0,))

for cron in env['ir.cron'].search([('cron_name', 'like', 'Operations Handbook')]):
    answer = cron.method_direct_trigger()
    wrong += [f'{cron.cron_name}: {answer}'] * (answer is not True)
    env.cr.commit()
assert not wrong, '\\n'.join(wrong)
"""


def logins():
    """Who can log in, as the README says it: dict login → language."""
    table = {"中文": "zh_CN", "English": "en_US"}
    rows = ROW.findall((servers.CHECKOUT / "README.md").read_text(encoding="utf-8"))
    return {login: table[lang] for names, lang in rows for login in re.findall(r"[\w.]+", names)}


def test_the_readme_names_a_login_for_each_role():
    assert {"employee", "head", "operations", "gmoffice", "gm", "opsadmin", "newcomer", "admin"} <= logins().keys()


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day or "today")
def test_the_year_fits_the_day(new_database, day):
    """Nothing has happened that is yet to come, every login has something to do, the jobs run."""
    if not day:
        shell(new_database(), CHECKS % {"logins": logins()})
        return
    ahead = servers.seconds_ahead(day)  # once: the checks come after the installation
    database = companies.copy(base("demo"), f"ops_system_{os.getpid()}_day")
    try:
        odoo(database, "-i", "ops_handbook", "--with-demo", ahead=ahead)
        shell(database, CHECKS % {"logins": logins()}, ahead=ahead)
    finally:
        servers.drop(database)
