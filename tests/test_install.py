"""Installing on a database that is in use, removing the addon: nothing of others is touched, nothing of ours is left."""

import os

import pytest

from .support import company as companies
from .support import server as servers
from .support.odoo import base, odoo
from .support.server import sql


@pytest.fixture
def copy(new_database):
    """Factory: a copy of a database that is dropped after the test."""
    made = []

    def make(source, label):
        made.append(companies.copy(source, f"ops_system_{os.getpid()}_{label}"))
        return made[-1]

    yield make
    for name in made:
        servers.drop(name)


# -- what a database looks like ------------------------------------------------------------------------------------

# how records of a kind are told apart, for those that Odoo keeps about modules
TECHNICAL = {
    "columns": "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'",
    "sequences": "SELECT sequence_name FROM information_schema.sequences",
    "constraints": "SELECT conrelid::regclass || ' ' || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "views": "SELECT table_name FROM information_schema.views WHERE table_schema = 'public'",
    "functions": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "crons": "SELECT cron_name FROM ir_cron",
    "parameters": "SELECT key FROM ir_config_parameter",
    "groups": "SELECT id || name::text FROM res_groups",
    "privileges": "SELECT name::text FROM res_groups_privilege",
    "menus": "SELECT name::text FROM ir_ui_menu",
    "rules": "SELECT name FROM ir_rule",
    "actions": "SELECT type || name::text FROM ir_actions",
    "screens": "SELECT name || coalesce(model, '') FROM ir_ui_view",
    "mail templates": "SELECT name::text FROM mail_template",
    "aliases": "SELECT alias_name FROM mail_alias WHERE alias_name IS NOT NULL",
    "number sequences": "SELECT name FROM ir_sequence",
    "assets": "SELECT path FROM ir_asset",
    "papers": "SELECT name FROM report_paperformat",
    "subtypes": "SELECT name::text FROM mail_message_subtype",
    "categories": "SELECT name::text FROM ir_module_category",
}


def technical(database):
    return {name: {row[0] for row in sql(database, query)} for name, query in TECHNICAL.items()}


def contents(database, columns):
    """A checksum of the rows of each table, by the columns given: dict table → checksum."""
    tables = {}
    for column in sorted(columns):
        table, name = column.split(".")
        # technical tables change with every installation; the rest is what people have entered
        if not table.startswith(("ir_", "res_groups", "bus_", "base_registry", "orm_", "auth_", "report_", "wizard_ir")):
            tables.setdefault(table, []).append(name)
    plain = {row[0] for row in sql(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    queries = [
        f"SELECT '{table}', md5(coalesce(string_agg(md5(ROW({fields})::text), '' ORDER BY md5(ROW({fields})::text)), '')) FROM \"{table}\""
        for table, names in tables.items() if table in plain
        for fields in [", ".join(f'"{name}"' for name in names if name not in ("write_date", "write_uid")) or "1"]
    ]
    found = {}
    for start in range(0, len(queries), 40):
        found |= dict(sql(database, " UNION ALL ".join(queries[start:start + 40])))
    return found


# -- installation --------------------------------------------------------------------------------------------------


def test_install_on_a_used_database_starts_nothing(copy):
    """Departments, employees, meetings and mails are there; nothing changes, nothing is asked of anybody, no mail goes out."""
    database = copy(base("demo"), "used")
    sql(database, "UPDATE ir_module_module SET demo = false")  # what the demo data made is this company's own now
    before, entered = technical(database), contents(database, technical(database)["columns"])
    mails, activities = (sql(database, f"SELECT count(*) FROM {table}") for table in ("mail_mail", "mail_activity"))
    messages = sql(database, "SELECT count(*) FROM mail_message WHERE model NOT LIKE 'ir.%'")
    odoo(database, "-i", "ops_handbook")
    for _ in range(2):  # the jobs run as they will
        companies.shell(database, """
for cron in env['ir.cron'].search([('cron_name', 'like', 'Operations Handbook')]):
    answer = cron.method_direct_trigger()
    assert answer is True, answer
    env.cr.commit()
""")
    assert sql(database, "SELECT count(*) FROM ops_obligation") == [["0"]]
    assert sql(database, "SELECT count(*) FROM ops_obligation_reminder") == [["0"]]
    assert sql(database, "SELECT count(*) FROM mail_mail") == mails
    assert sql(database, "SELECT count(*) FROM res_company WHERE ops_started") == [["0"]]
    [[standards]] = sql(database, "SELECT count(*) FROM ops_standard WHERE active")
    assert int(standards) >= 24
    after = contents(database, before["columns"])
    touched = {table for table, checksum in entered.items() if after.get(table) != checksum}
    # templates of mails, the activity of newcomers with its plan, and the messages in which Odoo notes that actions and jobs
    # were created
    assert touched <= {
        "mail_template", "mail_activity_type", "mail_activity_plan", "mail_activity_plan_template", "mail_message",
        "mail_message_subtype", "rule_group_rel", "res_users_log",
    }, touched
    assert sql(database, "SELECT count(*) FROM mail_activity") == activities
    assert sql(database, "SELECT count(*) FROM mail_message WHERE model NOT LIKE 'ir.%'") == messages


# -- removal -------------------------------------------------------------------------------------------------------

USE = """
company = env.ref('base.main_company')
company.alias_domain_id = env['mail.alias.domain'].create({'name': 'company.example.com'})
settings = env['res.config.settings'].create({'ops_problem_alias_name': 'wenti'})
settings.execute()
employee, head, operations = (env['res.users'].search([('login', '=', login)]) for login in ('employee', 'head', 'operations'))
problem = env['ops.problem'].with_user(employee)._report([{'name': '卸载前的问题', 'company_id': company.id}], photos=[[('a.png', b'x')]])
problem.with_user(operations).action_accept('1', head.employee_id.department_id.id, head.id)
problem.with_user(head).action_start('停机')
problem.with_user(head).message_post(body='请注意')
problem.sudo().activity_schedule('mail.mail_activity_data_todo', user_id=head.id)
head.employee_id.department_id._ops_ensure_report_code()
env['ops.rate.limit']._admit('127.0.0.1', '/ops/report/x')
env['ops.obligation']._generate()
env['ir.config_parameter'].set_param('ops_handbook.door_limit_all', '60')
env.cr.commit()
"""
# a handbook in use: two versions of an article with a picture, who has read them, a proposal with a photo, two newcomers of whom
# one is through, what the search knows of it all
USE_HANDBOOK = """
from odoo import Command
office = env['res.users'].search([('login', '=', 'gmoffice')])
handbook = env['ops.handbook'].search([('company_id', 'in', [False, company.id])], limit=1)
article = env['ops.article'].with_user(operations).create({'name': '交接班', 'handbook_id': handbook.id, 'to_confirm': True})
picture = env['ir.attachment'].with_user(operations).create({'name': '现场.png', 'raw': b'x', 'res_model': 'ops.article.version', 'res_id': 0})
for body in ('<p>交接班前检查气压。</p>', '<p>交接班前后检查气压。</p>'):
    version = article._revise('zh_CN')
    version.write({'name': '交接班', 'body': f'{body}<img src="/web/image/{picture.id}"/>', 'change_kind': 'major'})
    version.action_submit()
    version.with_user(office).action_publish()
    version.message_post(body='已发布', attachments=[('规程.pdf', b'%PDF-1.4')])
readings = env['ops.article.reading'].search([('version_id', '=', version.id)])
readings.filtered(lambda reading: reading.reader_id == employee).with_user(employee).action_confirm()
photo = env['ir.attachment'].with_user(employee).create({'name': '照片.png', 'raw': b'y'})
proposal = env['ops.article.proposal'].with_user(employee).create({
    'article_id': article.id, 'name': '补充', 'wanted': '也检查油位', 'photo_ids': [Command.set(photo.ids)],
})
proposal.action_submit()
users = env['res.users'].create([{
    'name': login, 'login': login, 'company_id': company.id, 'company_ids': [Command.set(company.ids)],
    'group_ids': [Command.set(env.ref('base.group_user').ids)],
} for login in ('newcomer', 'reader')])
newcomers = env['hr.employee'].create([{
    'name': user.name, 'user_id': user.id, 'company_id': company.id, 'department_id': head.employee_id.department_id.id,
} for user in users])
newcomers.activity_schedule('mail.mail_activity_data_todo', summary='合同')
env['mail.activity.schedule'].create({
    'res_model': 'hr.employee', 'res_ids': str(newcomers.ids), 'plan_id': env.ref('ops_handbook.ops_handbook_activity_plan').id,
}).action_schedule_plan()
env['ops.article.reading'].search([('reader_id', '=', users[1].id)]).with_user(users[1]).action_confirm()
todo = env.ref('mail.mail_activity_data_todo')
ours = env['mail.activity'].with_context(active_test=False).search([('res_model', '=', 'hr.employee'), ('activity_type_id', '!=', todo.id)])
assert len(ours.filtered('active')) == 1, ours
env['ops.search.entry']._cron_index()
assert env['ops.search.entry'].search_count([('res_model', '=', 'ops.article')])
env['ir.filters'].create({'name': '我的', 'model_id': 'ops.article', 'domain': '[]', 'context': '{}', 'sort': '[]', 'user_ids': []})
env.cr.commit()
"""
LEFT = """
    SELECT 'external id', module || '.' || name FROM ir_model_data WHERE module = 'ops_handbook' AND model != 'ir.module.module.exclusion'
    UNION ALL SELECT 'attachment', name FROM ir_attachment WHERE res_model LIKE 'ops.%' OR url LIKE '%ops_handbook%'
    UNION ALL SELECT 'message', model FROM mail_message WHERE model LIKE 'ops.%'
    UNION ALL SELECT 'follower', res_model FROM mail_followers WHERE res_model LIKE 'ops.%'
    UNION ALL SELECT 'activity', res_model FROM mail_activity WHERE res_model LIKE 'ops.%'
    UNION ALL SELECT 'activity', summary FROM mail_activity WHERE res_model = 'hr.employee' AND summary IS DISTINCT FROM '合同'
    UNION ALL SELECT 'activity type', name->>'en_US' FROM mail_activity_type WHERE name->>'en_US' LIKE '%Handbook%'
    UNION ALL SELECT 'activity plan', name FROM mail_activity_plan WHERE name LIKE '%Handbook%'
    UNION ALL SELECT 'default', f.name FROM ir_default AS d JOIN ir_model_fields AS f ON f.id = d.field_id WHERE f.model LIKE 'ops.%'
    UNION ALL SELECT 'calendar event', name FROM calendar_event WHERE description LIKE '%/odoo/ops%'
    UNION ALL SELECT 'filter', model_id FROM ir_filters WHERE model_id LIKE 'ops.%'
    UNION ALL SELECT 'parameter', key FROM ir_config_parameter WHERE key LIKE '%ops_handbook%'
    UNION ALL SELECT 'holiday', name FROM resource_calendar_leaves WHERE resource_id IS NULL
"""


# of others, kept in tables in which ours stood too
OTHERS = (
    "SELECT model, res_id, subtype_id, body FROM mail_message WHERE model NOT LIKE 'ops.%' AND model NOT LIKE 'ir.%' ORDER BY id",
    "SELECT res_model, res_id, partner_id FROM mail_followers WHERE res_model NOT LIKE 'ops.%' ORDER BY id",
    "SELECT res_id, summary, date_deadline, user_id FROM mail_activity WHERE summary = '合同' ORDER BY id",
    "SELECT res_model, res_id, name, checksum FROM ir_attachment WHERE res_model IN ('res.partner', 'res.company', 'hr.employee') ORDER BY id",
)
# tables in which rows of ours stand: threads, templates and aliases; links of rules to groups; holidays that were loaded
SHARED = ("mail_", "message_", "rule_group_rel", "resource_calendar_leaves")
BEFORE = {}


def of_others(database):
    """What stood in the tables of others before and should after: checksums of tables, and rows of tables that we use too."""
    tables = contents(database, technical(base("plain"))["columns"])
    return {table: tables[table] for table in tables if not table.startswith(SHARED)} | {query: sql(database, query) for query in OTHERS}


@pytest.fixture(scope="module")
def removed(new_database):
    """A company that has worked with the addon, and has removed it."""
    database = new_database("company")
    companies.shell(database, USE + USE_HANDBOOK)
    BEFORE.update(of_others(database))
    companies.shell(database, "env['ir.module.module'].search([('name', '=', 'ops_handbook')]).button_immediate_uninstall()")
    return database


def test_removal_leaves_nothing(removed):
    before, after = technical(base("plain")), technical(removed)
    left = {name: sorted(after[name] - before[name]) for name in TECHNICAL if after[name] - before[name]}
    lost = {name: sorted(before[name] - after[name]) for name in TECHNICAL if before[name] - after[name]}
    assert not left, left
    assert not lost, lost
    assert sql(removed, LEFT) == []
    assert sql(removed, "SELECT count(*) FROM res_users WHERE login = 'employee'") == [["1"]]


def test_removal_leaves_what_is_of_others(removed):
    """Departments, people, their other activities and their own files are what they were."""
    after = of_others(removed)
    assert {key for key in BEFORE if after.get(key) != BEFORE[key]} == set()
    assert sql(removed, "SELECT count(*) FROM mail_activity WHERE summary = '合同'") == [["2"]]


def test_installing_again_works(removed):
    odoo(removed, "-i", "ops_handbook")
    assert sql(removed, "SELECT count(*) FROM ops_problem") == [["0"]]
    assert sql(removed, "SELECT count(*) FROM res_company WHERE ops_started") == [["0"]]


# -- beside project ------------------------------------------------------------------------------------------------

STATE = "SELECT state FROM ir_module_module WHERE name = 'ops_handbook_project'"
COUNTED = "SELECT (SELECT count(*) FROM ops_task), (SELECT count(*) FROM ops_standard), (SELECT count(*) FROM project_task)"


def test_the_bridge_to_project_comes_and_goes(copy, new_database):
    """It installs itself beside project, and leaves the handbook and the projects whole when it is removed."""
    database = copy(new_database("plain"), "bridge")
    before = technical(database)
    assert sql(database, STATE) == [["uninstalled"]], "nobody is forced to have project"
    odoo(database, "-i", "project")
    assert sql(database, STATE) == [["installed"]]
    companies.shell(database, """
project = env['project.project'].create({'name': 'Fitting'})
task = env['project.task'].create({'name': 'Drill', 'project_id': project.id})
assert task.ops_task_count == 0
env['ops.my.task'].search([])
env.cr.commit()
""")
    counted = sql(database, COUNTED)
    companies.shell(database, "env['ir.module.module'].search([('name', '=', 'ops_handbook_project')]).button_immediate_uninstall()")
    after = technical(database)
    assert sql(database, COUNTED) == counted
    assert not {name for name in after["columns"] if name.startswith(("ops_task.project_", "ops_my_task"))}
    lost = {name: sorted(before[name] - after[name]) for name in TECHNICAL if before[name] - after[name]}
    assert not lost, lost
    assert sql(database, "SELECT count(*) FROM ir_model_data WHERE module = 'ops_handbook_project'") == [["0"]]


# -- beside surveys ------------------------------------------------------------------------------------------------

READ = "SELECT (SELECT count(*) FROM ops_article), (SELECT count(*) FROM ops_article_version), (SELECT count(*) FROM survey_survey)"


def test_the_bridge_to_surveys_comes_and_goes(copy, new_database):
    """It installs itself beside Surveys; articles, versions and quizzes stay whole when it is removed."""
    database = copy(new_database("plain"), "quiz")
    before = technical(database)
    odoo(database, "-i", "survey")
    assert sql(database, STATE.replace("project", "survey")) == [["installed"]]
    companies.shell(database, """
quiz = env['survey.survey'].create({'title': 'Understood?', 'scoring_type': 'scoring_without_answers'})
env['survey.question'].create({'survey_id': quiz.id, 'title': 'Yes?', 'question_type': 'char_box'})
article = env['ops.article'].search([('is_published', '=', True)], limit=1)
article.survey_id = quiz
assert article.version_ids[:1]._quiz() == quiz
env['ops.article.reading'].search([]).mapped('can_take_quiz')
env.cr.commit()
""")
    counted = sql(database, READ)
    companies.shell(database, "env['ir.module.module'].search([('name', '=', 'ops_handbook_survey')]).button_immediate_uninstall()")
    after = technical(database)
    assert sql(database, READ) == counted
    assert not {name for name in after["columns"] if name.startswith(("ops_article.survey", "ops_article_version.survey"))}
    lost = {name: sorted(before[name] - after[name]) for name in TECHNICAL if before[name] - after[name]}
    assert not lost, lost
    assert sql(database, "SELECT count(*) FROM ir_model_data WHERE module = 'ops_handbook_survey'") == [["0"]]
