"""The annual plan at the size of a large company: a thousand departments with twenty initiatives each."""

import time

from odoo.tools import split_every

from ..harness import Result, raw_insert, row
from .engine import OPTIONS

PLANS, GOALS, INITIATIVES, OTHERS, PEOPLE, YEAR = 1_000, 5, 20, 5, 200, 2031
MONTHS = [f"{YEAR}-{month:02}" for month in range(1, 13)]


def company(env, count=PLANS):
    """Return (cycle, departments): a company whose departments have heads, and indicators for their goals."""
    env.company.write({"ops_started": True, "ops_start_date": "2020-01-01", "email": "bench@example.com"})
    users = env["res.users"].with_context(**OPTIONS).create([
        {"name": f"Head {index}", "login": f"bench.plan.{index}", "email": f"h{index}@example.com"} for index in range(PEOPLE)
    ])
    people = env["hr.employee"].with_context(**OPTIONS).create([{"name": user.name, "user_id": user.id} for user in users])
    departments = env["hr.department"].create([
        {"name": f"Department {index}", "manager_id": people[index % PEOPLE].id} for index in range(count)
    ])
    cycle = env["ops.cycle"].create({"year": YEAR, "department_ids": departments.ids})
    direction = env["ops.direction"].create({"cycle_id": cycle.id, "name": "Growth"})
    env["ops.kpi"].create([{
        "cycle_id": cycle.id, "direction_id": direction.id, "name": f"Indicator {index}", "target": 1_200_000, "weight": 20,
    } for index in range(GOALS)])
    return cycle, departments


def final_plans(env, count=PLANS):
    """Return ``count`` final plans with their five parts and their breakdown to months."""
    cycle, departments = company(env, count)
    kpis = cycle.kpi_ids
    plans = env["ops.plan"].with_context(**OPTIONS).create([
        {"cycle_id": cycle.id, "department_id": department.id, "author_id": department.manager_id.user_id.id}
        for department in departments
    ])
    owners = departments.manager_id.user_id.ids

    def parts(model, number, values):
        env[model].with_context(**OPTIONS).create([
            {"plan_id": plan.id, "name": f"Part {index}", **values(place, index)}
            for place, plan in enumerate(plans) for index in range(number)
        ])

    parts("ops.plan.goal", GOALS, lambda _place, index: {"kpi_id": kpis[index].id, "target": 1_200})
    parts("ops.plan.initiative", INITIATIVES, lambda place, index: {
        "owner_id": owners[(place + index % 3) % len(owners)], "date_start": f"{YEAR}-01-01", "date_end": f"{YEAR}-12-31",
        "deliverable": "There", "weight": 5,
    })
    parts("ops.plan.resource", OTHERS, lambda _place, _index: {"kind": "budget", "amount": 100, "reason": "Needed"})
    parts("ops.plan.milestone", OTHERS, lambda _place, _index: {"date": f"{YEAR}-05-31"})
    parts("ops.plan.risk", OTHERS, lambda place, _index: {"contingency": "Wait", "owner_id": owners[place % len(owners)]})
    env.flush_all()
    rows = [(goal.plan_id.id, goal.id, None, month, f"{YEAR}-Q{index // 3 + 1}", 100, env.company.id, goal.department_id.id)
            for goal in plans.goal_ids for index, month in enumerate(MONTHS)]
    rows += [(item.plan_id.id, None, item.id, month, f"{YEAR}-Q{index // 3 + 1}", 8 if index < 11 else 12, env.company.id,
              item.department_id.id) for item in plans.initiative_ids for index, month in enumerate(MONTHS)]
    raw_insert(env, "ops_plan_target", (
        "plan_id", "goal_id", "initiative_id", "month", "quarter", "value", "company_id", "department_id"), rows)
    env.cr.execute("UPDATE ops_plan SET state = 'final' WHERE id IN %s", [tuple(plans.ids)])
    for part in ("", "_goal", "_initiative", "_resource", "_milestone", "_risk", "_target"):
        env.cr.execute(f"ANALYZE ops_plan{part}")  # as the server does by itself with rows that have been there for a while
    env.invalidate_all()
    return plans


@row
def plan_release(bench):
    """Release 1,000 final plans with 20 initiatives each, a batch after the other as the job does: statements per plan."""
    from odoo.addons.ops_handbook.models.planning.ops_plan_release import BATCH

    with bench.env() as env:
        plans = final_plans(env)
        before, start = env.cr.sql_log_count, time.perf_counter()
        for ids in split_every(BATCH, plans.ids):
            batch = env["ops.plan"].browse(ids)
            missing = batch._missing_for_release()
            assert not any(missing.values()), next(filter(None, missing.values()))
            batch._release_batch()
            env.flush_all()
            env.invalidate_all()
        seconds, statements = time.perf_counter() - start, env.cr.sql_log_count - before
        versions = env["ops.plan.version"].search_count([("plan_id", "in", plans.ids)])
        assert versions == PLANS, versions
    per_plan = statements / PLANS
    return Result("plan_release", per_plan, 1, f"{PLANS} plans with {INITIATIVES} initiatives in {seconds:.1f} s, {statements} SQL")
