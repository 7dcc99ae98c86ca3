"""Two deciders on one plan change request at the same moment, over HTTP: it is applied once, the other is told so in words."""

import pytest

from .support import company as companies
from .support.client import Client, RpcError, at_once
from .support.server import sql

ROUNDS = 6

# a released plan with a request for each round, all checked; a second general manager, so that two may decide
SCENE = """
from odoo import Command
env = env(context={**env.context, "tracking_disable": True, "no_reset_password": True, "lang": "en_US"})
company = env.ref("base.main_company")
head, manager = (env["res.users"].search([("login", "=", login)]) for login in ("head", "gm"))
manager.copy({"login": "gm2", "password": "gm2", "name": "Second", "email": "gm2@company.example.com"})
env["res.users"].search([("login", "in", ("gm", "gm2"))]).lang = "en_US"
cycle = env["ops.cycle"].create({"company_id": company.id, "year": 2024})
plan = env["ops.plan"].create({
    "cycle_id": cycle.id, "department_id": head.employee_ids.department_id.id, "company_id": company.id, "author_id": head.id,
    "summary": "<p>What we do.</p>",
    "goal_ids": [Command.create({"name": f"Goal {n}", "target": 100}) for n in range(ROUNDS)],
    "initiative_ids": [Command.create({
        "name": "New line", "date_start": "2024-01-11", "date_end": "2024-06-30", "deliverable": "A line", "owner_id": head.id,
    })],
    "resource_ids": [Command.create({"name": "Line", "amount": 80_000})],
    "milestone_ids": [Command.create({"name": "The line runs", "date": "2024-05-31"})],
    "risk_ids": [Command.create({"name": "The supplier is late", "contingency": "Rent one"})],
})
for step in ("submitted", "review", "final", "released"):
    plan._transition(step)
for goal in plan.goal_ids:
    change = env["ops.plan.change"].create({
        "plan_id": plan.id, "author_id": head.id, "reason": "Customers left", "impact": "Turnover",
        "line_ids": [Command.create({
            "target_model": "ops.plan.goal", "target_id": goal.id, "target_field": "name", "new_json": {"name": goal.name + " changed"},
        })],
    })
    for step in ("submitted", "checked"):
        change._transition(step)
env["res.users"]._ops_refresh_rights()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def company(new_server):
    """A server with two worker processes: what happens at once there happens in different transactions."""
    server = new_server("company", workers=2)
    companies.shell(server.database, SCENE.replace("range(ROUNDS)", f"range({ROUNDS})"))
    return server


def deciders(company):
    return [Client(company.url, company.database, login) for login in ("gm", "gm2")]


def open_changes(company, limit):
    rows = sql(company.database, f"SELECT id FROM ops_plan_change WHERE state = 'checked' ORDER BY id LIMIT {limit}")
    return [int(change) for (change,) in rows]


def test_one_request_is_approved_by_two_at_once(company):
    """Each request is applied by exactly one of them: one version, one line in the log, one clear refusal."""
    people = deciders(company)
    for change in open_changes(company, ROUNDS - 2):
        before = versions(company)
        answers = at_once(
            lambda client=client, change=change: client.call("ops.plan.change", "action_approve", [change]) for client in people
        )
        refused = [answer for answer in answers if isinstance(answer, RpcError)]
        assert len(refused) == 1 and "cannot become" in str(refused[0]) and "Reload the page" in str(refused[0]), answers
        assert versions(company) == before + 1, "it was applied once"
        assert sql(company.database, f"""
            SELECT count(*) FROM ops_form_transition
             WHERE res_model = 'ops.plan.change' AND res_id = {change} AND to_state = 'approved'""") == [["1"]]
    assert sql(company.database, "SELECT count(*) FROM ops_plan_goal WHERE name LIKE '% changed'") == [[str(ROUNDS - 2)]]
    assert not real_errors(company)


def test_two_requests_for_one_plan_are_approved_at_once(company):
    """Both are applied, one after the other: no version is lost and none has the number of another."""
    people, changes, before = deciders(company), open_changes(company, 2), versions(company)
    answers = at_once(
        lambda client=client, change=change: client.call("ops.plan.change", "action_approve", [change])
        for client, change in zip(people, changes, strict=True)
    )
    assert not [answer for answer in answers if isinstance(answer, RpcError)], answers
    assert versions(company) == before + 2
    numbers = [int(number) for (number,) in sql(company.database, "SELECT version FROM ops_plan_version")]
    assert len(numbers) == len(set(numbers))
    assert sql(company.database, "SELECT count(*) FROM ops_plan_goal WHERE name LIKE '% changed'") == [[str(ROUNDS)]]
    assert not real_errors(company)


def real_errors(company):
    """Return what the log holds beside the collisions on locked rows: Odoo notes these, and tries the request again."""
    return [line for line in company.log_errors() if "FOR NO KEY UPDATE" not in line]


def versions(company):
    return int(sql(company.database, "SELECT count(*) FROM ops_plan_version")[0][0])
