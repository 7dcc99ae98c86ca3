"""The job of the search when things go wrong: killed at any moment, both jobs at once, users who write what is indexed.
Afterwards every record has one entry that says what the record says, and nothing else is there."""

import json
import random
import time

import pytest

from .support import company as companies
from .support import jobs
from .support.server import sql
from .support.users import Users

CRONS = ("ops_handbook.ops_search_cron", "ops_handbook.ops_search_cron_whole")
PROBLEMS, TASKS, MEETINGS = 900, 900, 300

# one of each, made by the application, and as many like it: written so long ago that only a comparison of everything sees
# what differs
SCENE = """
from odoo import Command
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
env = env(context={**env.context, **QUIET})
company = env.ref("base.main_company")
employee, head = (env["res.users"].search([("login", "=", login)]) for login in ("employee", "head"))
problem = env["ops.problem"].with_user(employee)._report([{"name": "空压机停机", "description": "气压不足", "company_id": company.id}])
plan = env["ops.month.plan"].create({
    "department_id": head.employee_id.department_id.id, "company_id": company.id, "author_id": head.id, "month": "2031-01-01",
    "task_ids": [Command.create({
        "name": "检查", "owner_id": head.id, "is_routine": True, "date_start": "2031-01-01", "date_end": "2031-01-20",
        "helper_ids": [Command.set(employee.ids)],
    })],
})
meeting = env["ops.meeting"].create({
    "name": "周会", "type_id": env["ops.meeting.type"].search([], limit=1).id, "company_id": company.id,
    "organiser_id": head.id, "recorder_id": employee.id, "date_start": "2031-02-03 01:00:00", "date_stop": "2031-02-03 02:00:00",
    "agenda_ids": [Command.create({"name": "质量"}), Command.create({"name": "交付"})],
})
env.flush_all()


def multiply(record, times, **changed):
    table = record._table
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id'", [table])
    names = [name for name, in env.cr.fetchall()]
    changed = {"write_date": "write_date - interval '10 days'", **changed}
    picked = ", ".join(changed.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({columns}) SELECT {picked} FROM {table}, generate_series(1, %s) AS turn WHERE id = %s", [times, record.id]
    )


multiply(problem, PROBLEMS, name="name || ' ' || turn", number="'PR-' || turn")
multiply(plan.task_ids, TASKS, name="name || ' ' || turn")
multiply(meeting, MEETINGS, name="name || ' ' || turn", number="'HY-' || turn")
for line in meeting.agenda_ids:
    multiply(line, MEETINGS, name="name || ' ' || turn", meeting_id=f"{meeting.id} + turn")
env.cr.execute("INSERT INTO ops_task_helper_rel (task_id, user_id) SELECT id, %s FROM ops_task WHERE id %% 2 = 0 ON CONFLICT DO NOTHING", [head.id])
ours = env["ir.model.data"].search([("module", "=", "ops_handbook"), ("model", "=", "ir.cron"), ("name", "like", "ops_search_cron")]).mapped("res_id")
env["ir.cron"].search([("id", "not in", ours)]).active = False
env["ir.cron"].browse(ours).nextcall = "2099-01-01"
env.cr.execute("DELETE FROM ir_cron_trigger")
env.cr.commit()
"""

# one undisturbed run of the frequent job, one of that of the night; then an index that is made from nothing, to compare with
RUNS = """
import json
Entry = env["ops.search.entry"]
COLUMNS = "res_model, res_id, lang, kind, date, stamp, words, text"
found = {}


def differs(one, other):
    env.cr.execute(f"SELECT res_model, res_id FROM (SELECT {COLUMNS} FROM {one} EXCEPT ALL SELECT {COLUMNS} FROM {other}) AS rows")
    return env.cr.fetchall()


def gone():
    return [
        (name, number) for name in Entry._searched() for number, in env.execute_query(SQL(
            "SELECT res_id FROM ops_search_entry WHERE res_model = %s AND NOT EXISTS (SELECT FROM %s AS record WHERE record.id = res_id)",
            name, SQL.identifier(env[name]._table),
        ))
    ]


from odoo.tools import SQL
for label, whole in (("lately", False), ("whole", True)):
    Entry._cron_index(whole)
    env.cr.commit()
    found["gone_" + label] = len(gone())
    env.cr.execute(f"CREATE TEMP TABLE {label} AS SELECT {COLUMNS} FROM ops_search_entry")
env.cr.execute("TRUNCATE ops_search_entry")
env.cr.commit()
Entry._cron_index()
env.cr.commit()
found["missing"], found["wrong"] = differs("ops_search_entry", "whole"), differs("whole", "ops_search_entry")
env.cr.execute("SELECT res_model, count(*) FROM ops_search_entry GROUP BY 1")
found["entries"] = dict(env.cr.fetchall())
found["records"] = {name: env[name].sudo().with_context(active_test=False).search_count([]) for name in found["entries"] if name != "ops.article"}
print("FOUND", json.dumps(found))
"""


@pytest.fixture(scope="module")
def scene(new_database):
    """A company with some thousand forms that were never indexed."""
    name = new_database("company")
    script = SCENE
    for label, number in (("PROBLEMS", PROBLEMS), ("TASKS", TASKS), ("MEETINGS", MEETINGS)):
        script = script.replace(f", {label}", f", {number}")
    companies.shell(name, script)
    return name


class Writers(Users):
    """Writes what is indexed, slowly, and deletes some of it."""

    turns = deleted = 0

    def __exit__(self, *exception):
        super().__exit__(*exception)
        assert self.deleted

    def write(self, cr):
        cr.execute("""UPDATE ops_problem SET name = name || ' 改', write_date = now() AT TIME ZONE 'UTC'
                      WHERE id IN (SELECT id FROM ops_problem ORDER BY random() LIMIT 5)""")
        cr.execute("""UPDATE ops_meeting_agenda SET name = name || ' 议', write_date = now() AT TIME ZONE 'UTC'
                      WHERE id IN (SELECT id FROM ops_meeting_agenda ORDER BY random() LIMIT 2)""")
        written = cr.rowcount
        time.sleep(0.2 if self.turns % 5 == 0 else 0)  # its transaction ends after that of others
        self.turns += 1
        cr.execute("DELETE FROM ops_task WHERE id IN (SELECT id FROM ops_task ORDER BY random() LIMIT 1)")
        self.deleted += cr.rowcount
        return written

    def change_many(self, turn):
        """Give the jobs something to do: every other time by a clock that is wrong by days."""
        days = 9 if turn % 2 else 0
        with self.alone:
            for table in ("ops_problem", "ops_task", "ops_meeting"):
                sql(self.server.database, f"""
                    UPDATE {table} SET name = name || ' 轮{turn}', write_date = (now() AT TIME ZONE 'UTC') - interval '{days} days'
                    WHERE id % 3 != {turn % 3}""")


def wait_for_a_job(database, crons, seconds=20):
    """Wait until a job runs; they are asked for again, for a worker that begins has not heard of it."""
    deadline = time.monotonic() + seconds
    while not jobs.running(database):
        assert time.monotonic() < deadline, "no job runs"
        jobs.wake(database, crons)
        time.sleep(0.1)


def wait_for_the_first_index(database, upto, seconds=60):
    """Wait until everything up to these ids (dict table → id) is indexed, by the frequent job alone."""
    missing = " + ".join(
        f"""(SELECT count(*) FROM {table} AS record WHERE id <= {last} AND NOT EXISTS (
            SELECT FROM ops_search_entry WHERE res_model = '{table.replace("_", ".")}' AND res_id = record.id))"""
        for table, last in upto.items()
    )
    deadline = time.monotonic() + seconds
    while sql(database, f"SELECT {missing}") != [["0"]]:
        assert time.monotonic() < deadline, "the job does not go on with what was written long ago"
        jobs.wake(database, CRONS[:1])
        time.sleep(0.3)


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=pytest.mark.full)])
def test_killed_jobs_leave_an_index_that_the_next_run_completes(scene, new_server, kills):
    """kill -9 of the workers that index, both jobs at once, at random points, while users write and delete what they index."""
    chance = random.Random(kills)
    database = companies.copy(scene, f"{scene}_kill{kills}")
    upto = {table: sql(database, f"SELECT max(id) FROM {table}")[0][0] for table in ("ops_problem", "ops_task", "ops_meeting")}
    server = new_server(database=database, workers=2, cron=2)
    together = 0
    with Writers(server) as users:
        for _turn in range(kills // 2):
            wait_for_a_job(database, CRONS[:1])
            time.sleep(chance.uniform(0.1, 0.8))
            jobs.kill(server, chance, 2)
        wait_for_the_first_index(database, upto)
        for turn in range(kills - kills // 2):
            users.change_many(turn)
            wait_for_a_job(database, CRONS)
            time.sleep(chance.uniform(0, 0.8))
            together += jobs.running(database) == len(CRONS)
            jobs.kill(server, chance, chance.choice([1, 2]))
    server.stop()
    assert not jobs.unexpected(server, killed=True)
    assert together, "the two jobs never ran at the same time"
    check(database)
    sql("postgres", f'DROP DATABASE "{database}"')


def check(database):
    """One run of each job makes of what is there what an index made from nothing would be."""
    printed = companies.shell(database, RUNS)
    found = json.loads(printed.split("FOUND ")[1].splitlines()[0])
    assert found["gone_whole"] == 0, "an entry of what was deleted"
    assert not found["missing"], f"{len(found['missing'])} entries missing or old: {found['missing'][:5]}"
    assert not found["wrong"], f"{len(found['wrong'])} entries too many: {found['wrong'][:5]}"
    entries = {name: number for name, number in found["entries"].items() if name in found["records"]}
    assert entries == found["records"], "not one entry for each record"
    assert entries["ops.problem"] > PROBLEMS and entries["ops.meeting"] > MEETINGS and 0 < entries["ops.task"] <= TASKS
