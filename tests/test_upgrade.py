"""Upgrading a landed release with data: what people entered and administrators edited stays, what is new is there."""

import os
import tarfile
import xml.etree.ElementTree as ET

import pytest

from .support import company as companies
from .support import server as servers
from .support.browser import settle
from .support.client import Client
from .support.odoo import base, odoo, shell
from .support.server import sql

ADDON = servers.CHECKOUT / "ops_handbook"
RELEASES = sorted((servers.CHECKOUT / "tests" / "releases").glob("*.tar.xz"))
# from the last release always, from those before it in the full run
FROM = [pytest.param(path, marks=[pytest.mark.full] * (path != RELEASES[-1])) for path in RELEASES]

# What an administrator edits, and what people do, in the release: standards, their levels, ladders, mails, jobs.
WORK = """
env.ref('ops_handbook.ops_standard_m6').write({'due_day': 21, 'name': 'Our own name'})
env.ref('ops_handbook.ops_standard_m6').with_context(lang='zh_CN').name = '我们自己的名称'
env.ref('ops_handbook.ops_standard_m4').active = False
env.ref('ops_handbook.ops_standard_variant_i2_level2').offset_value = 2
env.ref('ops_handbook.ops_standard_step_a2_1').value = 5
env.ref('ops_handbook.ops_standard_step_a2_2').unlink()
template = env.ref('ops_handbook.ops_reminder_template_digest')
template.body_html = '<p>Our own words</p>'
template.with_context(lang='zh_CN').body_html = '<p>我们自己的话</p>'
env.ref('ops_handbook.ops_problem_mail_received').subject = 'Our own subject'
env.ref('ops_handbook.ops_problem_mail_closed').active = False
env.ref('ops_handbook.ops_reminder_cron').interval_number = 7
employee = env['res.users'].search([('login', '=', 'employee')])
problem = env['ops.problem'].with_user(employee)._report([{'name': '升级前的问题', 'company_id': employee.company_id.id}])
problem.with_user(employee).message_post(body='请尽快处理')
env['ops.obligation']._generate()
env.cr.commit()
env.ref('ops_handbook.ops_reminder_cron').method_direct_trigger()
env.cr.commit()
if 'ops.search.entry' in env:
    env.ref('ops_handbook.ops_search_cron').method_direct_trigger()
"""
# the external ids of what was edited, and the columns that show it
EDITED = {
    "ops_standard_m6": ("ops_standard", "name, due_day"),
    "ops_standard_m4": ("ops_standard", "active"),
    "ops_standard_variant_i2_level2": ("ops_standard_variant", "offset_value"),
    "ops_standard_step_a2_1": ("ops_standard_step", "value"),
    "ops_reminder_template_digest": ("mail_template", "subject, body_html"),
    "ops_problem_mail_received": ("mail_template", "subject, body_html"),
    "ops_problem_mail_closed": ("mail_template", "active"),
    "ops_reminder_cron": ("ir_cron", "interval_number, interval_type, active"),
}
DELETED = ("ops_standard_step_a2_2",)
# columns that a migration of ours gave another name: what was entered is found there
RENAMED = {("ops_form_transition", "reason"): "reason_text"}
# written by every upgrade, or by the jobs
VOLATILE = {"write_date", "write_uid"}


def rows(database, tables):
    """The rows of each table by the columns given, texts that are translated left out: dict (table, id) → checksum."""
    found = {}
    for table, columns in tables.items():
        present = {row[0] for row in sql(database, f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")}
        names = [name if name in present else RENAMED.get((table, name), name) for name in columns]
        fields = ", ".join(f'"{name}"' for name in names)
        found |= {(table, row[0]): row[1] for row in sql(database, f'SELECT id, md5(ROW({fields})::text) FROM "{table}"')}
    return found


def tables_of_ours(database):
    """Our tables with their columns, those that are translated and those that change by themselves left out."""
    tables = {}
    for table, name in sql(database, """
        SELECT c.table_name, c.column_name FROM information_schema.columns c
          JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
          JOIN ir_model m ON replace(m.model, '.', '_') = c.table_name AND NOT m.transient
         WHERE c.table_name LIKE 'ops\\_%' AND c.data_type != 'jsonb' ORDER BY 1, 2
    """):
        if name not in VOLATILE:
            tables.setdefault(table, []).append(name)
    return tables


def external_ids(database):
    return {row[0]: row[1] for row in sql(database, "SELECT name, res_id FROM ir_model_data WHERE module = 'ops_handbook'")}


def edited(database, ids):
    return {
        name: sql(database, f"SELECT {columns} FROM {table} WHERE id = {ids[name]}")
        for name, (table, columns) in EDITED.items()
    }


def schema(database):
    """Columns, indexes and constraints of our tables, and our fields on those of others."""
    return {
        kind + row[0] for kind, query in (
            ("column ", """SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type || ' null ' || c.is_nullable
                             FROM information_schema.columns c WHERE c.column_name LIKE 'ops\\_%' OR c.table_name LIKE 'ops\\_%'"""),
            ("index ", "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND (tablename || indexname) LIKE '%ops\\_%'"),
            ("constraint ", """SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                                WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text LIKE 'ops\\_%'"""),
        ) for row in sql(database, query)
    }


def shipped_standards():
    """The codes of the standards in the data files of the present sources."""
    codes = set()
    for path in sorted((ADDON / "data").glob("*.xml")):
        for record in ET.parse(path).getroot().iter("record"):
            if record.get("model") == "ops.standard":
                codes |= {field.text for field in record.iter("field") if field.get("name") == "code"}
    return codes


@pytest.fixture(scope="module", params=FROM, ids=lambda path: path.name.removesuffix(".tar.xz"))
def upgraded(request, tmp_path_factory, new_database):
    """A company with demo data that worked with a release, upgraded: (database, what it looked like before)."""
    folder = tmp_path_factory.mktemp("release")
    with tarfile.open(request.param) as archive:
        archive.extractall(folder)  # an archive of our own
    database = companies.copy(base("demo"), f"ops_system_{os.getpid()}_upgrade")
    try:
        odoo(database, "-i", "ops_handbook", "--with-demo", "--addons-path", folder)
        shell(database, WORK, "--addons-path", folder)
        ids, tables = external_ids(database), tables_of_ours(database)
        before = {"ids": ids, "tables": tables, "rows": rows(database, tables), "edited": edited(database, ids)}
        odoo(database, "-u", "ops_handbook")
        yield database, before
    finally:
        servers.drop(database)


def test_edits_of_administrators_stay(upgraded):
    database, before = upgraded
    assert "我们自己的名称" in str(before["edited"]) and "我们自己的话" in str(before["edited"])
    assert edited(database, before["ids"]) == before["edited"]
    after = external_ids(database)
    assert not {name for name in DELETED if name in after}, "what an administrator removed stays removed"


def test_nothing_that_was_entered_is_lost_or_changed(upgraded):
    """Obligations, the log of reminders, problems, transitions, standards with their ladders: row by row."""
    database, before = upgraded
    for table in ("ops_obligation", "ops_obligation_reminder", "ops_problem", "ops_form_transition", "ops_standard"):
        assert any(key[0] == table for key in before["rows"]), f"the release left nothing in {table}: this test proves nothing"
    after = rows(database, before["tables"])
    # sums are counted anew at every upgrade
    lost = sorted(key for key in before["rows"] if key not in after and key[0] != "ops_obligation_stat")
    # M3 became a duty of the company as a whole with 19.0.1.2.0
    meant = {("ops_standard", before["ids"]["ops_standard_m3"])}
    changed = sorted(key for key, value in before["rows"].items() if after.get(key, value) != value and key not in meant)
    assert not lost, lost[:20]
    assert not changed, changed[:20]
    # people enter nothing during an upgrade: only configuration may have come, and the starter handbook with who published it
    added = after.keys() - before["rows"].keys()
    logged = [str(record) for table, record in added if table == "ops_form_transition"]
    if logged:
        models = sql(database, f"SELECT DISTINCT res_model FROM ops_form_transition WHERE id IN ({', '.join(logged)})")
        assert models == [["ops.article.version"]]
    tables = {table for table, _id in added}
    assert not tables & {"ops_obligation", "ops_obligation_reminder", "ops_problem", "ops_problem_plan"}, tables


def test_what_is_new_is_there(upgraded, new_database):
    """After the upgrade there is everything that a fresh installation has."""
    database, _before = upgraded
    codes = {row[0] for row in sql(database, "SELECT code FROM ops_standard WHERE company_id IS NULL")}
    assert shipped_standards() <= codes, shipped_standards() - codes
    fresh = new_database("plain")
    missing = external_ids(fresh).keys() - external_ids(database).keys() - set(DELETED)
    assert not missing, sorted(missing)[:20]
    absent = schema(fresh) - schema(database)
    assert not absent, sorted(absent)[:20]


def test_lines_of_reports_know_their_indicator(upgraded):
    """Since 19.0.1.6.0 they keep the one by which the goal was measured then."""
    database, before = upgraded
    lines = sql(database, "SELECT kpi_id IS NULL, count(*) FROM ops_progress_report_line WHERE goal_id IS NOT NULL GROUP BY 1")
    if "ops_progress_report_line" in before["tables"]:
        assert [row[0] for row in lines] == ["f"], lines


def test_a_mail_that_nobody_edited_gets_its_new_text(upgraded):
    """Since 19.0.1.7.0 operations are told of all plans that changed in one mail; the text of before is gone."""
    database, _before = upgraded
    name = "ops_month_plan_mail_changes"
    found = sql(database, f"""
        SELECT body_html ->> 'en_US' LIKE '%items or %' FROM mail_template WHERE id = {external_ids(database)[name]}""")
    assert found == [["t"]]
    assert not [other for other in external_ids(database) if other.startswith(f"{name}_")]


def finds(client, question):
    """The problems that the search shows, by their titles."""
    groups = client.call("ops.search.entry", "get_results", question, ["form"])["groups"]
    ids = [row["id"] for group in groups for row in group["results"] if row["model"] == "ops.problem"]
    return [problem["name"] for problem in client.call("ops.problem", "read", ids, ["name"])]


def test_the_app_opens(upgraded, new_server, page):
    database, before = upgraded
    server = new_server(database=database)
    client = Client(server.url, database, "operations")
    assert client.call("ops.my.work", "get_data")["started"]
    found = client.call("ops.problem", "search_read", [("name", "=", "升级前的问题")], ["state"])
    assert [problem["state"] for problem in found] == ["new"]
    if "ops_search_entry" in before["tables"]:
        assert finds(client, "升级前") == ["升级前的问题"], "before the job has run again"
    Client(server.url, database, "admin").run_cron("ops_handbook.ops_search_cron")
    assert finds(client, "升级前") == ["升级前的问题"]
    screen = page("operations", on=server)
    screen.goto("/odoo/ops-problems")
    screen.wait_for_selector(".o_list_view, .o_kanban_view")
    settle(screen)
    assert server.log_errors() == []
    server.stop()
