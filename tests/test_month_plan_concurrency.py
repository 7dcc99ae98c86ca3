"""Many people on one month plan at the same moment, over HTTP: nothing is lost, and whoever is too late is told so in words."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from .support import company as companies
from .support.client import Client, RpcError, at_once
from .support.server import sql

PEOPLE, TURNS = 50, 6

# fifty people of the workshop with a task each on one issued plan; a plan that was submitted; ten more for races
SCENE = """
from odoo import Command
from odoo.addons.ops_handbook.tools import token
env = env(context={**env.context, "tracking_disable": True, "no_reset_password": True, "lang": "en_US"})
company = env.ref("base.main_company")
head = env["res.users"].search([("login", "=", "head")])
workshop = head.employee_ids.department_id
people = env["res.users"].create([{
    "name": f"Worker {n}", "login": f"worker{n}", "password": f"worker{n}", "email": f"worker{n}@company.example.com",
    "company_id": company.id, "company_ids": [Command.set(company.ids)], "tz": "Asia/Shanghai", "lang": "en_US",
    "group_ids": [Command.set([env.ref("base.group_user").id])],
} for n in range(PEOPLE)])
env["hr.employee"].create([
    {"name": user.name, "user_id": user.id, "company_id": company.id, "department_id": workshop.id} for user in people
])
(head | env["res.users"].search([("login", "=", "operations")])).lang = "en_US"

def plan(month, owners, state):
    made = env["ops.month.plan"].create({
        "department_id": workshop.id, "company_id": company.id, "author_id": head.id, "month": f"{month}-01",
        "task_ids": [Command.create({
            "name": f"Task of {owner.name}", "owner_id": owner.id, "is_routine": True, "date_start": f"{month}-01",
            "date_end": f"{month}-20",
        }) for owner in owners],
    })
    for step in ("assigned", "submitted", "filed", "issued"):
        made._transition(step)
        if step == state:
            return made

hot = plan("2031-01", people, "issued")
shared = hot.task_ids[0]
plan("2031-02", head, "submitted")
for month in range(3, 13):
    plan(f"2031-{month:02}", head, "submitted")
env["ops.month.plan"].create({"department_id": workshop.id, "company_id": company.id, "author_id": head.id, "month": "2030-12-01"})
meeting = env["ops.meeting"].create({
    "name": "Monday round", "type_id": env["ops.meeting.type"].search([], limit=1).id, "company_id": company.id,
    "organiser_id": head.id, "date_start": "2030-12-02 01:00:00", "date_stop": "2030-12-02 02:00:00",
})
resolution = env["ops.resolution"].create({
    "meeting_id": meeting.id, "name": "Measure the hall", "owner_id": head.id, "date_due": "2030-12-12",
})
token.marked(resolution).write({"in_force": True})
env["res.users"]._ops_refresh_rights()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def company(new_server):
    """A server with four worker processes: what happens at once there happens in different processes."""
    server = new_server("company", workers=4, options=["--limit-time-real", "600", "--limit-time-cpu", "600"])
    companies.shell(server.database, SCENE.replace("range(PEOPLE)", f"range({PEOPLE})"))
    return server


def clients(company, logins):
    def connect(login):
        client = Client(company.url, company.database, login)
        client.session.headers["Connection"] = "close"  # a worker that is busy closes what waits for it
        return client

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(connect, logins))


def test_fifty_people_on_lines_of_one_plan(company):
    """Each says again and again how far their own task is: nobody waits for an error, every write is there in the end."""
    workers = clients(company, [f"worker{n}" for n in range(PEOPLE)])
    rows = sql(company.database, """
        SELECT task.id, split_part(account.login, 'worker', 2)::int, task.content_version FROM ops_task task
          JOIN res_users account ON account.id = task.owner_id WHERE task.period = '2031-01'""")
    task_of = {int(number): (int(task), int(version)) for task, number, version in rows}
    plan_version = sql(company.database, "SELECT content_version FROM ops_month_plan WHERE period = '2031-01'")

    def work(number, client):
        for turn in range(1, TURNS + 1):
            client.call("ops.task", "write", [task_of[number][0]], {
                "progress": turn * 10, "progress_note": f"Step {turn} of {number}",
            })

    answers = at_once([lambda n=number, c=client: work(n, c) for number, client in enumerate(workers)])
    assert not [answer for answer in answers if answer is not None]
    found = sql(company.database, """
        SELECT task.id, task.progress, task.progress_note, task.content_version, task.state FROM ops_task task
         WHERE task.period = '2031-01'""")
    found = {int(task): rest for task, *rest in found}
    for number, (task, version) in task_of.items():
        progress, note, grown, state = found[task]
        assert (int(progress), note, state) == (TURNS * 10, f"Step {TURNS} of {number}", "progress"), number
        assert int(grown) - version >= TURNS, f"{number}: a write was lost"
    assert sql(company.database, "SELECT content_version FROM ops_month_plan WHERE period = '2031-01'") == plan_version
    assert not faults(company)


def test_eight_people_on_one_line(company):
    """Whoever saves over what they have not seen is told who changed it; each change that was accepted is counted once."""
    [task] = map(int, sql(company.database, """
        SELECT task.id FROM ops_task task JOIN res_users u ON u.id = task.owner_id
         WHERE task.period = '2031-01' AND u.login = 'worker0'""")[0])
    helpers = [int(user) for (user,) in sql(company.database, "SELECT id FROM res_users WHERE login ~ '^worker[1-7]$'")]
    values = ", ".join(f"({task}, {user})" for user in helpers)
    sql(company.database, f"INSERT INTO ops_task_helper_rel (task_id, user_id) VALUES {values}")
    people = clients(company, [f"worker{n}" for n in range(8)])
    before = version_of(company, task)

    def add(number, client):
        refused = 0
        while True:
            [read] = client.call("ops.task", "read", [task], ["content_version"])
            try:
                client.call("ops.task", "write", [task], {
                    "progress_note": f"{number} was here", "content_version": read["content_version"],
                })
                return refused
            except RpcError as error:
                assert "was changed by Worker" in str(error) and "Reload the page" in str(error), error
                refused += 1

    answers = at_once([lambda n=number, c=client: add(n, c) for number, client in enumerate(people)])
    assert all(isinstance(answer, int) for answer in answers), answers
    assert version_of(company, task) - before == len(people), "each saved exactly once"
    assert people[0].call("ops.task", "read", [task], ["progress_note"])[0]["progress_note"].endswith("was here")


def faults(company):
    """Return the errors of the log, but for what the server tried again by itself when two came at once."""
    return [line for line in company.log_errors() if "odoo.sql_db: bad query" not in line]


def version_of(company, task):
    return int(sql(company.database, f"SELECT content_version FROM ops_task WHERE id = {task}")[0][0])


def test_head_and_operations_on_one_plan(company):
    """The head has the plan open while operations return it: what the head saves then is refused in words, nothing is lost."""
    head, operations = clients(company, ["head", "operations"])
    plan = int(sql(company.database, "SELECT id FROM ops_month_plan WHERE period = '2031-02'")[0][0])
    head.call("ops.month.plan", "read", [plan], ["content_version"])
    with pytest.raises(RpcError, match="Submitted.*locked|locked"):
        head.call("ops.month.plan", "write", [plan], {"summary": "While it is submitted"})
    operations.call("ops.month.plan", "action_return", [plan], "Say which line")
    [seen] = head.call("ops.month.plan", "read", [plan], ["content_version"])

    # two screens of the returned plan: whoever saves second is told, and loses nothing but the click
    def save(text):
        return lambda: head.call("ops.month.plan", "write", [plan], {
            "summary": text, "content_version": seen["content_version"],
        })

    first, second = at_once([save("From the desk"), save("From the phone")])
    refused = [answer for answer in (first, second) if isinstance(answer, RpcError)]
    assert len(refused) == 1 and "Reload the page" in str(refused[0]), (first, second)
    kept = "From the phone" if isinstance(first, RpcError) else "From the desk"
    [now] = head.call("ops.month.plan", "read", [plan], ["summary", "state", "content_version"])
    assert (now["summary"], now["state"]) == (kept, "returned")
    assert head.call("ops.month.plan", "write", [plan], {"summary": "Both", "content_version": now["content_version"]})
    assert "Say which line" in str(sql(company.database, f"""
        SELECT reason_text FROM ops_form_transition WHERE res_model = 'ops.month.plan' AND res_id = {plan}"""))


def test_one_task_of_one_resolution(company):
    """*Make a Task of It* pressed at the same moment in four places: one task, which all of them open."""
    [[resolution]] = sql(company.database, "SELECT id FROM ops_resolution WHERE name = 'Measure the hall'")
    answers = at_once([
        lambda client=client: client.call("ops.resolution", "action_make_task", [int(resolution)])
        for client in clients(company, ["head"] * 4)
    ])
    assert all(isinstance(answer, dict) for answer in answers), answers
    [made] = sql(company.database, f"""
        SELECT id FROM ops_task WHERE source_model = 'ops.resolution' AND source_id = {resolution}""")
    assert {answer["res_id"] for answer in answers} == {int(made[0])}
    assert not faults(company)


def test_head_cancels_while_operations_file(company):
    """Two steps that exclude each other, pressed at once, ten times: exactly one is taken, the other is refused in words."""
    head, operations = clients(company, ["head", "operations"])
    plans = [int(plan) for (plan,) in sql(company.database, "SELECT id FROM ops_month_plan WHERE period >= '2031-03' ORDER BY id")]
    for plan in plans:
        filed, cancelled = at_once([
            lambda plan=plan: operations.call("ops.month.plan", "action_file", [plan]),
            lambda plan=plan: head.call("ops.month.plan", "action_cancel", [plan], "Not needed"),
        ])
        refused = [answer for answer in (filed, cancelled) if isinstance(answer, RpcError)]
        assert len(refused) == 1 and "cannot become" in str(refused[0]), (filed, cancelled)
        [[state]] = sql(company.database, f"SELECT state FROM ops_month_plan WHERE id = {plan}")
        assert state == ("cancelled" if isinstance(filed, RpcError) else "filed")
        steps = sql(company.database, f"""
            SELECT count(*) FROM ops_form_transition
             WHERE res_model = 'ops.month.plan' AND res_id = {plan} AND from_state = 'submitted' AND to_state <> 'submitted'""")
        assert steps == [["1"]], "the log holds one of the two steps"
    assert not faults(company)
