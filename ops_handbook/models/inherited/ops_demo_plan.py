"""The annual cycle of the demo company: this year's from the draft to the release, and next year's as far as it has come."""
from datetime import date
from functools import partial

from odoo import Command, models
from odoo.fields import Date

from ...tools import clock
from ...tools.moments import DAY, at_hour
from ..planning.ops_cycle_meeting import PLANNED_IN
from .ops_demo_meeting_stories import HEADS
from .ops_demo_plan_next import next_story
from .ops_demo_plan_stories import DIRECTIONS, KPIS, LATE, OVERRULED, PLANS, RETURNED, REVIEWS, SEASON

TZ = "Asia/Shanghai"
# The rules of the plans begin when the company takes them up: before, nobody owed them. code → month of the year before, or of it
RULES = {"A1": -11, "A2": -11, "A3": -11, "A4": -11, "A5": -11, "A6": 1, "A7": 4}
WEIGHTS = {2: (60, 40), 3: (50, 30, 20), 4: (40, 30, 20, 10)}
OFFICE = "gm_office"  # its own plan is decided on by the general manager
KICK_OFF = {
    "key": "kickoff", "anchor": "kickoff", "day": 0, "hour": 15, "hours": 1.5, "kind": "kick_off", "name": "年度计划启动大会",
    "by": "gmoffice", "recorder": "operations", "chair": "gm", "people": HEADS, "place": "一楼报告厅",
    "agenda": [("年度目标与重点任务", "gm", 30, "各部门计划今天发布，一周内确认。"),
               ("月度报告与变更办法", "gmoffice", 30, "每月最后一天前提交进度，变更先申请后执行。")],
    "resolutions": [], "steps": [(3, 10, "call"), (0, 17, "hold"), (-1, 10, "distribute"), (-3, 9, "close")],
}


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    # -- what the year hangs on ---------------------------------------------------------------------------------------

    def _open_companies(self, company, branch, start):
        self.env["ops.standard"].search([("code", "in", list(RULES))]).active = False
        super()._open_companies(company, branch, start)

    def _plan_rules(self, codes):
        self.env["ops.standard"].with_context(active_test=False).search([("code", "in", codes)]).active = True
        self._generate()

    def _scenes(self, today):
        start = self.env.ref("ops_handbook.demo_company").ops_start_date
        scenes = super()._scenes(today)
        for month in sorted(set(RULES.values())):
            day = date(today.year - 1, -month, 5) if month < 0 else date(today.year, month, 1)
            codes = [code for code, begins in RULES.items() if begins == month]
            # later in the year it would be asked for by now
            moment = min(max(at_hour(day, 7, TZ), at_hour(start + DAY, 7, TZ)), clock.now())
            scenes.append((moment, partial(self._plan_rules, codes)))
        for year in (today.year, today.year + 1):
            scenes += self._cycle_scenes(year, {"today": today})
        return [scene for scene in scenes if scene[0] <= clock.now()]

    def _first_workday(self, year):
        return self._workday(date(year - 1, 12, 31), -1)

    def _anchors(self, today):
        """Meetings of the plan hang on the year that runs, and on the next one."""
        found = super()._anchors(today) | {"kickoff": self._first_workday(today.year)}
        for year, name in ((today.year - 1, ""), (today.year, "+1")):
            found[f"seminar{name}"] = self._last_workday(date(year, 12, 8))
            found[f"review{name}"] = self._last_workday(date(year, 12, 23))
        return found | {f"quarter{number}": self._last_workday(date(today.year, 3 * number + 1, 12)) for number in (1, 2, 3)}

    def _meeting_stories(self, today):
        """The seminar and the review come back for the next year, the review of a quarter for those before the last."""
        stories = super()._meeting_stories(today)
        by_key = {story["key"]: story for story in stories}
        again = [{**by_key[key], "key": f"{key}+1", "anchor": f"{key}+1"} for key in ("seminar", "review")]
        steps = [(4, 9, "call"), (0, 17, "hold"), (-1, 10, "distribute"), (-3, 9, "close")]
        last = self._anchors(today)["quarter"]
        again += [
            {**by_key["quarter"], "key": f"quarter{number}", "anchor": f"quarter{number}", "resolutions": [], "steps": steps}
            for number in (1, 2, 3) if date(today.year, 3 * number + 1, 12) < last
        ]
        return [*stories, KICK_OFF, *again]

    def _meeting_planned(self, story, anchor):
        """A meeting of the cycle is planned from it, as the GM office does."""
        kind, before = story.get("kind"), anchor - 30 * DAY
        if kind not in PLANNED_IN:
            return super()._meeting_planned(story, anchor)
        quarter = f"{before.year}-Q{(before.month + 2) // 3}" if kind == "quarterly_review" else None
        year = before.year if quarter else anchor.year + (anchor.month == 12)
        cycle = self.env["ops.cycle"]._cycle_of(self.env.ref("ops_handbook.demo_company"), year)
        if not cycle:
            return super()._meeting_planned(story, anchor)
        action = self._as(story["by"], cycle).action_plan_meeting(kind, quarter)
        return self._as(story["by"], self.env["ops.meeting"].browse(action["res_id"]))

    # -- the cycle ----------------------------------------------------------------------------------------------------

    def _cycle_scenes(self, year, told):
        """Return the scenes of a year's cycle up to the acknowledgement of its plans, and of what follows."""
        start, ready, first = date(year - 1, 12, 8), date(year - 1, 12, 20), self._first_workday(year)
        told["year"] = year
        others = [name for name in PLANS if name not in (LATE, RETURNED[0])]
        steps = [
            (date(year - 1, 11, 10), 0, 10, self._cycle_prepare), (start, 1, 10, self._cycle_open),
            (ready, -3, 10, self._plan_write, [*others, RETURNED[0]]), (ready, -2, 14, self._plan_submit, [*others, RETURNED[0]]),
            (ready, 1, 9, self._plan_return, *RETURNED), (ready, 1, 10, self._plan_review, others),
            (ready, 1, 15, self._plan_submit, [RETURNED[0]]), (ready, 2, 9, self._plan_write, [LATE]),
            (ready, 2, 10, self._plan_submit, [LATE]), (ready, 2, 11, self._plan_review, [RETURNED[0], LATE]),
            (ready, 2, 12, self._plan_sheets), (ready, 3, 15, self._plan_answer),
            (ready, 4, 10, self._plan_finalise, [*others, RETURNED[0]]), (first, 0, 14, self._plan_release, [*others, RETURNED[0]]),
            (first, 2, 10, self._plan_acknowledge, [name for name in others if name != "hr"]),
            (first, 3, 9, self._plan_acknowledge, ["hr", RETURNED[0]]), (first, 3, 10, self._plan_finalise, [LATE]),
            (first, 4, 9, self._plan_release, [LATE]), (first, 5, 9, self._plan_acknowledge, [LATE]),
        ]
        scenes = [
            (at_hour(self._workday(day, -days), hour, TZ), partial(step, told, *details)) for day, days, hour, step, *details in steps
        ]
        return scenes + self._progress_scenes(year, told)

    def _cycle_prepare(self, told):
        """The GM office writes directions and indicators; of a second year it begins from those of the first."""
        cycle = self._as("gmoffice", self.env["ops.cycle"]).create({"year": told["year"]})
        told["cycle"] = cycle
        if cycle.can_copy_last_year:
            cycle.action_copy_last_year()
            for kpi in cycle.kpi_ids:
                kpi.target = kpi._round(kpi.baseline * (1.1 if kpi.is_additive else 1.005 if kpi.better == "higher" else 0.9))
            return
        cycle.direction_ids = [
            Command.create({"name": name, "description": text, "sequence": 10 * place})
            for place, (name, text) in enumerate(DIRECTIONS, 1)
        ]
        cycle.kpi_ids = [
            Command.create({
                "code": code, "direction_id": cycle.direction_ids[direction].id, "name": name, "unit": unit, "digits": digits,
                "department_id": self._department(department).id, "baseline": baseline, "target": target, "weight": weight,
                "better": better, "is_additive": additive, "sequence": 10 * place,
            })
            for place, (code, (direction, name, department, unit, digits, baseline, target, weight, better, additive))
            in enumerate(KPIS.items(), 1)
        ]

    def _cycle_open(self, told):
        told["cycle"].action_open()

    def _plans(self, told, names):
        """Yield (name, story, plan as its head sees it) of the departments."""
        plans = {plan.department_id: plan for plan in told["cycle"].sudo().plan_ids}
        for name in names:
            story = PLANS[name] if told["year"] == told["today"].year else next_story(PLANS[name], name)
            yield name, story, self._as(story["by"], plans[self._department(name)])

    # -- the plans ----------------------------------------------------------------------------------------------------

    def _plan_write(self, told, names):
        """The heads fill in the five parts."""
        kpis = {kpi.code: kpi for kpi in told["cycle"].sudo().kpi_ids}
        directions, year = told["cycle"].sudo().direction_ids, told["year"]
        for _name, story, plan in self._plans(told, names):
            plan.write({"summary": f"<p>{story['summary']}</p>", "goal_ids": [
                Command.create({
                    "name": name, "direction_id": directions[direction].id,
                    "kpi_id": kpis[code].id if code else False, "target": kpis[code].target if code else 0, "sequence": 10 * place,
                })
                for place, (name, code, direction) in enumerate(story["goals"], 1)
            ]})
            goals, weights = plan.goal_ids.sorted("sequence"), WEIGHTS[len(story["initiatives"])]
            plan.initiative_ids = [
                Command.create({
                    "name": name, "owner_id": self._user(owner).id, "date_start": date(year, begin, 1), "weight": weights[place],
                    "date_end": Date.end_of(date(year, end, 1), "month"), "deliverable": deliverable, "goal_id": goals[goal].id,
                    "sequence": 10 * place + 10,
                })
                for place, (name, owner, begin, end, deliverable, *_milestone, goal) in enumerate(story["initiatives"])
            ]
            self._plan_write_rest(plan, story, year)

    def _plan_write_rest(self, plan, story, year):
        initiatives = plan.initiative_ids.sorted("sequence")
        plan.write({
            "milestone_ids": [
                Command.create({"name": name, "date": date(year, month, day), "owner_id": item.owner_id.id, "initiative_id": item.id})
                for item, (*_head, name, month, day, _goal) in zip(initiatives, story["initiatives"], strict=True)
            ],
            "resource_ids": [
                Command.create({"kind": kind, "name": name, "quantity": quantity, "amount": amount, "reason": reason,
                                "date_needed": date(year, 3, 31)})
                for kind, name, quantity, amount, reason in story["resources"]
            ],
            "risk_ids": [
                Command.create({"name": name, "probability": probability, "impact": impact, "contingency": plan_b,
                                "owner_id": self._user(owner).id})
                for name, probability, impact, plan_b, owner in story["risks"]
            ],
        })

    def _plan_submit(self, told, names):
        for _name, _story, plan in self._plans(told, names):
            plan.action_submit()

    def _plan_return(self, told, name, reason):
        for _name, _story, plan in self._plans(told, [name]):
            self._as("gmoffice", plan).action_return(reason)

    def _decider(self, name):
        return "gm" if name == OFFICE else "gmoffice"

    def _plan_review(self, told, names):
        for name, _story, plan in self._plans(told, names):
            self._as(self._decider(name), plan).action_start_review(self._user(REVIEWS[name][0]).ids)

    def _plan_sheets(self, told):
        """The reviewers give their sheets; where the story says nothing they pass the plan."""
        for name, _story, plan in self._plans(told, PLANS):
            for sheet in plan.sudo().review_ids:
                said = {item[0]: item for item in REVIEWS[name][1]} if sheet.reviewer_id.login == REVIEWS[name][0] else {}
                sheet = self._as(sheet.reviewer_id.login, sheet)
                for line in sheet.line_ids:
                    _criterion, verdict, comment, *_answer = said.get(line.criterion, (None, "pass", ""))
                    line.write({"verdict": verdict, "comment": comment})
                sheet.action_submit()

    def _plan_answer(self, told):
        """The authors answer every comment; what one reviewer refuses the GM office overrules."""
        for name, _story, plan in self._plans(told, PLANS):
            answers = {item[0]: item[3:] for item in REVIEWS[name][1]}
            for line in plan.review_line_ids:
                line.action_answer(*answers[line.criterion])
            if name == OVERRULED[0]:
                self._as("gmoffice", plan.sudo().review_ids.filtered(lambda sheet: sheet.verdict == "fail")).action_overrule(OVERRULED[1])

    def _plan_finalise(self, told, names):
        for _name, _story, plan in self._plans(told, names):
            plan.action_finalise()
            plan.action_split(SEASON)
            plan.save_breakdown(self._plan_levels(plan))

    def _plan_levels(self, plan):
        """Return the cells of what does not add up: from where it was to where it shall be, a little each month."""
        return [
            {"goal_id": goal.id, "month": f"{plan.year}-{month:02}",
             "value": kpi._round(kpi.baseline + (goal.target - kpi.baseline) * month / 12)}
            for goal in plan.sudo().goal_ids for kpi in goal.kpi_id if not kpi.is_additive for month in range(1, 13)
        ]

    def _plan_release(self, told, names):
        for login, group in (("gm", [OFFICE]), ("gmoffice", [name for name in names if name != OFFICE])):
            plans = self.env["ops.plan"].union(*(plan for name, _story, plan in self._plans(told, names) if name in group))
            if plans:
                self._as(login, plans).action_release()

    def _plan_acknowledge(self, told, names):
        for _name, _story, plan in self._plans(told, names):
            plan.action_acknowledge()
