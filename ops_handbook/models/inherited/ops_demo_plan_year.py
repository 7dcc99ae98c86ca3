"""What becomes of the demo company's plans in the year: milestones, reports, analyses, and the changes that are asked for."""
from datetime import date
from functools import partial

from odoo import Command, models
from odoo.fields import Date

from ...tools import clock
from ...tools.moments import DAY, at_hour
from .ops_demo_plan_stories import CAUSE, CAUSES, LAGS, LATE, PLANS

TZ = "Asia/Shanghai"
WOBBLE = (1.0, 1.03, 0.99, 1.02, 0.98, 1.01, 1.04)  # no month is exactly as planned
LATE_MILESTONES = {"新试压台投入使用", "首个型号通过验证", "First contract"}  # nobody says that they are reached
QUARTER_END = (3, 6, 9, 12)
# department, working days before today of each step, reason, impact; what changes is said by ``_change_<key>``
CHANGES = [
    ("market", "sales", {"submit": 32, "check": 31, "approve": 30, "acknowledge": 28},
     "北方化工两家客户签约提前，全年收入可以上调。", "收入指标上调五百万元，下半年产量随之增加，已与生产部核对产能。"),
    ("owner", "quality", {"submit": 4, "approve": 2}, "吴敏专职准备外审，来料项目交给徐静负责。", "不影响目标和时间。"),
    ("delay", "production", {"submit": 3, "check": 1}, "试压台供应商交货推迟，改造须避开旺季。",
     "改造项目顺延，月产能提升推迟到年底；全年产量目标不变。"),
]
BODY = (
    "<p><b>总体</b>：多数任务按计划推进，收入与降本累计达到计划。</p>"
    "<p><b>偏差</b>：生产扩产改造和特种密封国产替代落后，原因是设备到货和试验未通过。</p>"
    "<p><b>要求</b>：两个部门每周报告进展，采购部协助催货。</p>"
)


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _progress_scenes(self, year, told):
        """Return the scenes of the months: reports on the last working day, then the acceptance and the analysis."""
        scenes, workdays = [], self.env.ref("ops_handbook.demo_company")._ops_workdays()
        for month in range(1, 13):
            end = Date.end_of(date(year, month, 1), "month")
            last = workdays.add(end + DAY, -1)
            scenes += [
                (at_hour(last, 15, TZ), partial(self._progress_reports, told, month, [name for name in PLANS if name != LATE])),
                (at_hour(workdays.add(end, 1), 9, TZ), partial(self._progress_reports, told, month, [LATE])),
                (at_hour(workdays.add(end, 1), 14, TZ), partial(self._progress_accept, told, month)),
                (at_hour(workdays.add(end, 3), 10, TZ), partial(self._progress_analysis, told, f"{year}-{month:02}")),
            ]
            if month in QUARTER_END:
                scenes.append((
                    at_hour(workdays.add(end, 4), 16, TZ), partial(self._progress_analysis, told, f"{year}-Q{month // 3}"),
                ))
        today = clock.today(TZ)
        if year == today.year:
            scenes += self._change_scenes(year, told, today)
            if today.day > 20:
                scenes.append((clock.now(), partial(self._progress_drafts, told, today)))
        return scenes

    # -- reports ------------------------------------------------------------------------------------------------------

    def _progress_reports(self, told, month, names):
        """The heads say what was reached, complete what the prefill knows, and hand the report in."""
        period, today = f"{told['year']}-{month:02}", told["today"]
        ago = today.year * 12 + today.month - (told["year"] * 12 + month)
        for name, _story, plan in self._plans(told, names):
            day = clock.today(TZ)
            due = plan.milestone_ids.filtered(
                lambda item: item.date.month == month and not item.reached_on and item.name not in LATE_MILESTONES
            )
            for milestone in due:
                milestone.action_reach(min(milestone.date, day))
            report = self.env["ops.progress.report"].with_env(plan.env).create({"plan_id": plan.id, "period": period})
            self._progress_lines(report, name, month, ago)
            report.action_submit()

    def _progress_lines(self, report, name, month, ago):
        order = {
            **{("goal", item.id): place for place, item in enumerate(report.plan_id.goal_ids.sorted("sequence"))},
            **{("initiative", item.id): place for place, item in enumerate(report.plan_id.initiative_ids.sorted("sequence"))},
        }
        for line in report.line_ids:
            place = order[line.kind, (line.goal_id or line.initiative_id).id]
            line.actual = self._progress_actual(line, LAGS.get((name, line.kind, place), {}).get(ago, 1.0), month + len(name))
            if not line.light:
                line.light = "green"
            elif line.light != "green":
                cause, action, help_needed = CAUSES.get(name, CAUSE)
                line.write({"cause": cause, "action": action, "help_needed": help_needed})
        if "red" in report.line_ids.mapped("light"):
            report.summary = "主要任务按计划推进，个别项目落后，已采取措施。"

    def _progress_actual(self, line, factor, seed):
        """Return the actual figure of a line: as planned, but for the wobble of the months and what lags."""
        if line.initiative_id:
            return min(100, round(line.target_to_date * factor))
        kpi, wobble = line.sudo().kpi_id, WOBBLE[seed % len(WOBBLE)]
        if not kpi.is_additive:
            wobble = 1 + (wobble - 1) / 10
        if kpi.better == "lower":
            factor = 2 - factor
        return kpi._round(line.target * factor * wobble)

    def _progress_accept(self, told, month):
        reports = self.env["ops.progress.report"].search([
            ("cycle_id", "=", told["cycle"].id), ("period", "=", f"{told['year']}-{month:02}"), ("state", "=", "submitted"),
        ])
        own = reports.filtered(lambda report: report.department_id == self._department("gm_office"))
        self._as("gmoffice", reports - own).action_accept()
        self._as("gm", own).action_accept()

    def _progress_drafts(self, told, today):
        """As the job does some working days ahead: the reports of this month lie there, filled in."""
        plans = told["cycle"].sudo().plan_ids.filtered(lambda plan: plan.state == "released")
        if plans and clock.now() < at_hour(Date.end_of(today, "month"), 15, TZ):
            reports = self.env["ops.progress.report"]
            known = reports.search([("plan_id", "in", plans.ids), ("period", "=", f"{today:%Y-%m}")]).plan_id
            reports._make_batch([(plan.id, f"{today:%Y-%m}") for plan in plans - known])

    def _progress_analysis(self, told, period):
        analysis = self.env["ops.progress.analysis"]._ensure(told["cycle"].sudo(), period)
        analysis = self._as("gmoffice", analysis)
        if analysis.state == "draft":
            analysis.action_compile()
            analysis.body = BODY
            analysis.action_publish()

    # -- changes ------------------------------------------------------------------------------------------------------

    def _change_scenes(self, year, told, today):
        """Return the scenes of the changes; a year that has just begun has none yet."""
        scenes, released = [], self._workday(self._first_workday(year), -6)
        for key, department, steps, reason, impact in CHANGES:
            for step, days in steps.items():
                moment = self._on_workday(today, days, 10)
                if self._workday(today, max(steps.values())) > released:
                    scenes.append((moment, partial(getattr(self, f"_change_{step}"), told, key, department, reason, impact)))
        return scenes

    def _change_submit(self, told, key, department, reason, impact):
        for _name, _story, plan in self._plans(told, [department]):
            told[key] = self.env["ops.plan.change"].with_env(plan.env).create({
                "plan_id": plan.id, "reason": reason, "impact": impact,
                "line_ids": [Command.create(line) for line in getattr(self, f"_changes_{key}")(plan)],
            })
            told[key].action_submit()

    def _changes_market(self, plan):
        goal = plan.goal_ids[:1]
        return [{"target_model": "ops.plan.goal", "target_id": goal.id, "target_field": "target", "new_json": {"target": goal.target + 500}}]

    def _changes_owner(self, plan):
        item, head = plan.initiative_ids.sorted("sequence")[1], self._user("xu.jing")
        return [{"target_model": item._name, "target_id": item.id, "target_field": "owner_id", "new_json": {"owner_id": head.id}}]

    def _changes_delay(self, plan):
        item = plan.initiative_ids.sorted("sequence")[1]
        milestone = item.milestone_ids[:1]
        return [
            {"target_model": item._name, "target_id": item.id, "target_field": "date_end", "new_json": {"date_end": f"{plan.year}-12-31"}},
            {"target_model": milestone._name, "target_id": milestone.id, "target_field": "date",
             "new_json": {"date": f"{plan.year}-12-15"}},
        ]

    def _change_check(self, told, key, *_details):
        self._as("gmoffice", told[key]).action_check()

    def _change_approve(self, told, key, *_details):
        change = told[key]
        self._as("gm" if change.sudo().state == "checked" else "gmoffice", change).action_approve()

    def _change_acknowledge(self, told, _key, department, *_details):
        self._plan_acknowledge(told, [department])
