"""The end of the demo company's months: completion reports in every state, objections, improvement plans, the analyses."""
from functools import partial

from odoo import models
from odoo.fields import Date

from ...tools import clock
from ...tools.moments import at_hour
from .ops_demo_month_plan import DONE, MONTHS, SLOW
from .ops_demo_month_stories import (
    ANALYSIS,
    CAUSES,
    OTHER_CAUSES,
    RETURN,
    REWORKED,
    SHORT,
    STILL,
    SUMMARY,
)
from .ops_demo_plan_stories import PLANS

TZ = "Asia/Shanghai"
RULE = "M6"  # begins with the first month that is told
STORIES = {task for _ago, task in CAUSES} | {task for month in SHORT.values() for tasks in month.values() for task, *_more in tasks}
HEAD = "production"  # who tries the demo as a head has this month's report to hand in, and a ruling to object to
LATE = "procurement"  # has reworked last month's report: operations rule on it now
DECIDERS = {"operations": "operations", "gm_office": "gmoffice", "general_manager": "gm"}


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _open_companies(self, company, branch, start):
        self.env["ops.standard"].search([("code", "=", RULE)]).active = False
        super()._open_companies(company, branch, start)

    def _report_rule_begins(self):
        self.env["ops.standard"].with_context(active_test=False).search([("code", "=", RULE)]).active = True
        self._generate()

    def _month_scenes(self, today):
        first = Date.add(today.replace(day=1), months=-MONTHS[0])
        begins = (at_hour(first, 9, TZ), self._report_rule_begins)
        return [begins, *super()._month_scenes(today), (clock.now(), partial(self._analysis_draft, today))]

    def _month_told_scenes(self, told, today):
        """Return the scenes of one month: after its tasks the reports, the rulings, and what operations say of it all."""
        scenes, ago = super()._month_told_scenes(told, today), told["ago"]
        if ago < 0:
            return scenes
        due, end = self._month_day(told["month"], 23), Date.end_of(told["month"], "month")
        submitted = [name for name in PLANS if name not in ((HEAD, SLOW) if ago == 0 else (SLOW,))]
        decided = [name for name in PLANS if name not in {0: (HEAD,), 1: (HEAD, LATE)}.get(ago, ())]
        steps = [
            (self._month_day(told["month"], 20), 16, self._month_short), (self._workday(due, 1), 14, self._report_open, list(PLANS)),
            (due, 11, self._report_submit, submitted), (self._workday(due, -1), 10, self._report_submit, [SLOW]),
            (self._workday(due, -2), 15, self._report_decide, decided), (self._workday(due, -3), 11, self._report_answer),
            (self._workday(due, -4), 16, self._report_settle),
        ]
        if ago == 0:
            scenes.append((clock.now(), partial(self._report_open, told, [HEAD])))
        if ago == 1:
            steps += [
                (self._workday(today, 5), 10, self._report_return, [HEAD, LATE]), (self._workday(today, 2), 16, self._report_submit, [HEAD]),
                (self._workday(today, 1), 10, self._report_decide, [HEAD]), (self._workday(today, 1), 16, self._report_submit, [LATE]),
            ]
        if ago:
            scenes.append((at_hour(self._workday(end, -3), 10, TZ), partial(self._analysis_publish, told)))
        return scenes + self._month_chain(told, at_hour(told["month"], 0, TZ), steps)

    # -- tasks that end before the report is due --------------------------------------------------------------------------

    def _month_add(self, told, names):
        """The heads also plan what has to be done before the twentieth."""
        super()._month_add(told, names)
        for name, plan in self._month_plans(told, SHORT.get(told["ago"], ())):
            self.env["ops.task"].with_env(plan.env).create([
                {"month_plan_id": plan.id, "name": task, "owner_id": self._user(owner).id, "priority": "1", "weight": 10,
                 "deliverable": standard, "date_start": told["month"], "date_end": told["month"].replace(day=last),
                 **self._month_initiative(plan, task)}
                for task, owner, last, standard in SHORT[told["ago"]][name]
            ])

    def _month_tasks(self, told):
        """What has a story goes its own way."""
        return super()._month_tasks(told).filtered(lambda task: task.name not in STORIES)

    def _story_tasks(self, told, state):
        return told["plans"].task_ids.filtered(lambda task: task.name in STORIES and task.state == state)

    def _month_begin(self, told):
        super()._month_begin(told)
        self._month_each(self._story_tasks(told, "todo"), "action_start")

    def _month_short(self, told):
        """What has no cause gets done; what was carried over says by itself that it will not."""
        running = self._story_tasks(told, "progress")
        late = running.filtered(lambda task: (told["ago"], task.name) in CAUSES)
        still = running.filtered(lambda task: told["ago"] == 0 and (task.carried_from_id or task.name in STILL))
        self._month_each(running - late - still, "action_done", DONE)
        self._month_each(late.filtered("carried_from_id"), "action_unfinished")

    # -- reports ----------------------------------------------------------------------------------------------------------

    def _reports(self, told, names=None, state=None):
        """Return the reports of a month, of some departments, in a state."""
        plans = told["plans"]
        if names is not None:
            plans = plans.filtered(lambda plan: plan.department_id in self._departments(names))
        return self.env["ops.completion.report"].search([
            ("month_plan_id", "in", plans.ids), *([("state", "=", state)] if state else []),
        ])

    def _departments(self, names):
        return self.env["hr.department"].union(*(self._department(name) for name in names))

    def _report_open(self, told, names):
        """The reports lie there, compiled, in the name of the heads."""
        plans = told["plans"].filtered(lambda plan: plan.department_id in self._departments(names) and plan.state == "issued")
        self.env["ops.completion.report"]._open_reports(plans)

    def _report_submit(self, told, names):
        """The heads say why tasks were not finished, and hand the reports in."""
        for name in names:
            report = self._as(PLANS[name]["by"], self._reports(told, [name]).filtered(lambda item: item.state in ("draft", "returned")))
            for one in report:
                one.action_compile()
                again = one.state == "returned"
                for line in one.line_ids.filtered(lambda line: line.result == "unfinished"):
                    kind, proposed, said = self._cause(told, line)[:3]
                    line.write({
                        "cause_kind": kind, "cause_proposed": proposed, "explanation": f"{said}{REWORKED}" if again else said,
                    })
                one.summary = SUMMARY
                one.action_submit()

    def _cause(self, told, line):
        task = line.sudo().task_id
        return CAUSES.get((told["ago"], task.name)) or OTHER_CAUSES[task.id % len(OTHER_CAUSES)]

    def _report_deciders(self, reports):
        """Yield (reports of one office as it sees them)."""
        for office, own in reports.grouped(lambda report: report._flow_deciding_office()).items():
            yield self._as(DECIDERS[office], own)

    def _report_return(self, told, names):
        for reports in self._report_deciders(self._reports(told, names, "submitted")):
            reports.action_return(RETURN)

    def _report_decide(self, told, names):
        """Operations rule on each unfinished task; mostly as the departments propose."""
        for reports in self._report_deciders(self._reports(told, names, "submitted")):
            unfinished = reports.line_ids.filtered(lambda line: line.result == "unfinished")
            otherwise = unfinished.filtered(lambda line: len(self._cause(told, line)) > 3)
            for line in otherwise:
                line.action_rule("subjective", self._cause(told, line)[3])
            (unfinished - otherwise).action_rule_as_proposed()
            reports.action_accept()

    def _report_answer(self, told):
        """The departments agree, or object."""
        for report in self._reports(told, state="ruled"):
            report = self._as(report.author_id.login, report)
            objections = {
                line.id: self._cause(told, line)[4] for line in report.line_ids if line.cause_ruled and len(self._cause(told, line)) > 4
            }
            if objections:
                report.action_object(objections)
            else:
                report.action_agree()

    def _report_settle(self, told):
        """Operations answer the objections: one is upheld, one is not."""
        for reports in self._report_deciders(self._reports(told, state="objected")):
            for line in reports.line_ids.filtered("objection"):
                *_before, answer, upheld = self._cause(told, line)
                line.action_rule("objective" if upheld else "subjective", answer)
            reports.action_decide()

    # -- the month as a whole -----------------------------------------------------------------------------------------------

    def _analysis_of(self, month):
        period = f"{month:%Y-%m}"
        analyses = self._as("operations", self.env["ops.month.analysis"]).with_company(self.env.ref("ops_handbook.demo_company"))
        return analyses.search([("period", "=", period), ("state", "!=", "cancelled")]) or analyses.create({"period": period})

    def _analysis_publish(self, told):
        analysis = self._analysis_of(told["month"])
        analysis.action_compile()
        analysis.body = ANALYSIS
        analysis.action_publish()

    def _analysis_draft(self, today):
        """Operations have begun that of the month that runs, or have yet to write that of the last one."""
        self.env["ops.month.analysis"]._propose()
        if not self.env["ops.month.analysis"].search_count([("state", "=", "draft")]):
            self._analysis_of(today.replace(day=1))
