"""The month plans of the demo company: those of the last two months, this month's and, later in the month, those of the next."""
from datetime import timedelta
from functools import partial

from odoo import models
from odoo.fields import Date

from ...tools import clock
from ...tools.moments import at_hour
from .ops_demo_month_stories import BELONGS
from .ops_demo_plan_stories import PLANS

TZ = "Asia/Shanghai"
RULES = ("M1", "M2", "M3")  # begin with the first month that is told: before, nobody owed them
SLOW = "hr"  # assigns and submits only when it has been reminded
# Routine that the heads add: (task, owner, priority, weight, how one sees that it is done)
ROUTINE = {
    "production": [("设备点检与保养", "employee", "2", 10, "点检表齐全"), ("月度盘点在制品", "liu.yang", "3", 5, "盘点表签字"),
                   ("班组岗位练兵", "employee", "2", 10, "练兵记录完成")],
    "quality": [("来料与过程检验", "xu.jing", "2", 15, "检验记录无遗漏"), ("月度质量报告", "head.quality", "1", 10, "每月三日前发布")],
    "procurement": [("月度采购订单跟踪", "liaison", "1", 15, "到货及时率 95%"), ("供应商对账", "liaison", "3", 5, "差异当月处理")],
    "sales": [("客户拜访与订单评审", "feng.tao", "1", 15, "拜访记录上传")],
    "research": [("图纸变更与技术支持", "xiao.ran", "2", 10, "两日内答复")],
    "hr": [("薪酬核算与发放", "opsadmin", "1", 10, "每月十日前发放")],
    "operations": [("月度任务汇总与检查", "operations", "1", 15, "汇总表按时发布")],
    "gm_office": [("总经理例会与纪要", "gmoffice", "2", 10, "纪要当日发出")],
    "europe_sales": [("Monthly forecast", "branch.employee", "2", 10, "Sent by the fifth")],
    "europe_service": [("Service calls", "branch.employee", "1", 15, "Answered within two days")],
}
CONSENT = ("production", "quality", "扩产改造试压工艺评审", "liu.yang", "工艺评审记录双方签字")
DONE = "已完成，资料见共享盘。"
MONTHS = (2, 1, 0, -1)  # how many months ago


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _open_companies(self, company, branch, start):
        self.env["ops.standard"].search([("code", "in", RULES)]).active = False
        super()._open_companies(company, branch, start)

    def _scenes(self, today):
        return super()._scenes(today) + [scene for scene in self._month_scenes(today) if scene[0] <= clock.now()]

    def _month_rules(self):
        self.env["ops.standard"].with_context(active_test=False).search([("code", "in", RULES)]).active = True
        self._generate()

    def _month_scenes(self, today):
        """Return the scenes of all months."""
        this, scenes = today.replace(day=1), []
        first = Date.add(this, months=-MONTHS[0])
        scenes.append((at_hour(Date.add(first, months=-1, days=2), 7, TZ), self._month_rules))
        for ago in MONTHS:
            scenes += self._month_told_scenes({"month": Date.add(this, months=-ago), "ago": ago}, today)
        return scenes

    def _month_told_scenes(self, told, today):
        """Return the scenes of one month: planned in the last third of the month before, then carried out."""
        month, others = told["month"], [name for name in PLANS if name != SLOW]
        before, end = Date.add(month, months=-1), Date.end_of(month, "month")
        scenes = self._month_chain(told, at_hour(before, 0, TZ), [
            (self._month_day(before, day), hour, step, *details) for day, hour, step, *details in (
                (21, 9, self._month_open, list(PLANS)), (23, 10, self._month_add, list(PLANS)), (24, 15, self._month_assign, others),
                (25, 10, self._month_consent), (26, 15, self._month_assign, [SLOW]), (26, 16, self._month_submit, others),
                (27, 16, self._month_submit, [SLOW]), (28, 9, self._month_file),
            )
        ])
        begin = self._workday(before.replace(day=28), -1)
        scenes.append((max(at_hour(begin, 20, TZ), at_hour(month, 8, TZ)), partial(self._month_begin, told)))
        scenes += [
            (at_hour(month + timedelta(days=day), 17, TZ), partial(self._month_progress, told, share))
            for day, share in ((7, 1), (14, 2), (20, 3))
        ]
        if told["ago"] > 0:
            scenes.append((at_hour(end, 18, TZ), partial(self._month_end, told)))
        return scenes

    def _month_chain(self, told, moment, steps):
        """Return scenes from (day, hour, step, …), one after the other, wherever holidays put the days."""
        scenes = []
        for day, hour, step, *details in steps:
            moment = max(at_hour(day, hour, TZ), moment + timedelta(minutes=5))
            scenes.append((moment, partial(step, told, *details)))
        return scenes

    def _month_day(self, month, day):
        """Return that day of a month, or the last working day before it."""
        found = month.replace(day=day)
        workdays = self.env.ref("ops_handbook.demo_company")._ops_workdays()
        return workdays.add(found + timedelta(days=1), -1)

    # -- planned --------------------------------------------------------------------------------------------------------

    def _month_plans(self, told, names):
        """Yield (name, plan as its head sees it)."""
        for name in names:
            plan = told["plans"].filtered(lambda item, name=name: item.department_id == self._department(name))
            yield name, self._as(PLANS[name]["by"], plan)

    def _month_open(self, told, names):
        """The heads open their plans from My work: filled in from the annual plan, what is open and what was decided."""
        plans, period = self.env["ops.month.plan"], f"{told['month']:%Y-%m}"
        told["plans"] = plans.union(*(
            self._as(PLANS[name]["by"], plans)._open_month(self._department(name), period) for name in names
        )).with_env(self.env)

    def _month_add(self, told, names):
        """The heads add routine, give what nobody owns to somebody, and say on whom they depend."""
        first, last = told["month"], Date.end_of(told["month"], "month")
        for name, plan in self._month_plans(told, names):
            values = [
                {"month_plan_id": plan.id, "name": task, "owner_id": self._user(owner).id, "priority": priority, "weight": weight,
                 "deliverable": standard, "is_routine": True, "date_start": first, "date_end": last}
                for task, owner, priority, weight, standard in ROUTINE[name]
            ]
            if name == CONSENT[0]:
                _own, other, task, owner, standard = CONSENT
                values.append({
                    "month_plan_id": plan.id, "name": task, "owner_id": self._user(owner).id, "deliverable": standard,
                    "consent_department_id": self._department(other).id, "date_start": first, "date_end": last,
                    **self._month_initiative(plan, task),
                })
            self.env["ops.task"].with_env(plan.env).create(values)
            plan.task_ids.filtered(lambda task: not task.owner_id).owner_id = self._user(PLANS[name]["by"])
            plan.summary = PLANS[name]["summary"]

    def _month_initiative(self, plan, task):
        """Return whereto a task belongs: an initiative of the annual plan that runs in this month, or routine."""
        initiative = plan.task_ids.initiative_id.filtered(lambda item: item.name == BELONGS.get(task))
        return {"initiative_id": initiative.id, "is_routine": not initiative}

    def _month_assign(self, told, names):
        for _name, plan in self._month_plans(told, names):
            plan.action_assign()

    def _month_consent(self, told):
        """The department that is needed agrees."""
        asked = told["plans"].task_ids.filtered(lambda task: task.consent_state == "asked")
        for department, tasks in asked.grouped("consent_department_id").items():
            self._as(department.manager_id.user_id.login, tasks).action_consent()

    def _month_submit(self, told, names):
        for _name, plan in self._month_plans(told, names):
            plan.action_submit()

    def _month_file(self, told):
        """Operations file and issue; those of their own are the GM office's."""
        own = told["plans"].filtered(lambda plan: plan.department_id == self._department("operations"))
        for login, plans in (("operations", told["plans"] - own), ("gmoffice", own)):
            plans = self._as(login, plans)
            plans.action_file()
            plans.action_issue()

    # -- carried out ----------------------------------------------------------------------------------------------------

    def _month_tasks(self, told):
        """Return what is open; by its number a task always goes the same way."""
        return told["plans"].task_ids.filtered(lambda task: task.state in ("todo", "progress")).sorted("id")

    def _month_each(self, tasks, step, *details):
        """Let the owners of tasks take a step, each with all of theirs at once."""
        for owner, own in tasks.grouped("owner_id").items():
            getattr(self._as(owner.login, own), step)(*details)

    def _month_begin(self, told):
        self._month_each(self._month_tasks(told).filtered(lambda task: task.id % 5 != 4), "action_start")

    def _month_progress(self, told, share):
        """From week to week more is done; how far the rest is the work logs say."""
        tasks = self._month_tasks(told)
        if share > 1:
            self._month_each(tasks.filtered(lambda task: task.state == "todo" and task.id % 3), "action_start")
        ready = (share,) if told["ago"] == 0 else (share, share + 3)  # this month more is still to be done
        self._month_each(tasks.filtered(lambda task: task.id % 8 in ready), "action_done", DONE)

    def _month_end(self, told):
        """The month is over: all is done but for what has a story of its own.

        Anything else would go on in the next month beside what that month has of the same initiative or routine.
        """
        self._month_each(self._month_tasks(told), "action_done", DONE)
