"""The weekly meetings of some departments of the demo company: series that plan, hold and minute themselves."""
from datetime import timedelta
from functools import partial

from odoo import Command, models

from ...tools import clock
from ...tools.moments import DAY, at_hour
from .ops_demo_handbook_stories import NEWCOMER

WEEKS = 4
# One list of resolutions (what, owner, due days after the meeting, done after days or None) for each week, the oldest first.
# What stands under ``odd`` says in which week it went differently: "late" moved to the Saturday, "missed" cancelled.
# The texts are what users would type: they are content, not words of the software, and so not translated.
WEEKLY = [
    {
        "department": "production", "by": "head", "recorder": "liu.yang", "people": "employee", "weekday": 0,
        "hour": 8.5, "name": "生产部周例会", "place": "生产部会议室", "odd": {},
        "notes": ["上周遗留事项逐项确认。", "A型泵完成 76 台，B型泵完成 31 台，均达到周计划。", "气压仍有波动，继续每日点检。",
                  "本周重点：试压工位积压清零。"],
        "resolutions": [
            [("整理工具柜并张贴定置图", "employee", 4, 3), ("完成试压工位安全操作培训", "liu.yang", 5, 5)],
            [("编制换型标准作业指导书", "liu.yang", 10, None)], [("整理近一月返工记录", "employee", 6, 4)],
            [("完成新员工三级安全培训并交回考核表", "newcomer", 9, None), ("更换2号线照明灯管", "employee", 11, None)],
        ],
    },
    {
        "department": "quality", "by": "head.quality", "recorder": "xu.jing", "people": "", "weekday": 1, "hour": 9,
        "name": "质量部周例会", "place": "质量部会议室", "odd": {1: "late"},
        "notes": ["压力表校准证书已更新。", "来料抽检 42 批，不合格 1 批。", "铸件气孔比例上升，请采购部协助。", "准备外审资料。"],
        "resolutions": [
            [("复核近三月客户投诉关闭情况", "xu.jing", 5, 4)], [("铸件供应商现场审核", "xu.jing", 15, None)],
            [("更新抽检方案", "head.quality", 7, 6)], [("汇总外审不符合项历史", "xu.jing", 10, None)],
        ],
    },
    {
        "department": "research", "by": "head.research", "recorder": "xiao.ran", "people": "", "weekday": 2, "hour": 16,
        "name": "研发部周例会", "place": "研发中心", "odd": {2: "missed"},
        "notes": ["图纸发放登记已建立。", "节能泵样机完成装配图。", "试制需要生产部提供两个班次。", "本周完成样机评审资料。"],
        "resolutions": [[("完成样机热仿真报告", "xiao.ran", 6, 6)], [], [], [("整理专利检索结果", "xiao.ran", 12, None)]],
    },
    {
        "department": "europe_service", "company": "branch", "by": "branch.head", "recorder": "branch.employee", "people": "",
        "weekday": 3, "hour": 10, "name": "Weekly meeting European Service", "place": "Hamburg", "odd": {},
        "notes": ["Two spare pumps arrived.", "Eleven service calls, all within the agreed time.", "The temperature logger fails.",
                  "Inventory of the adhesives next week."],
        "resolutions": [[], [("Label all shelves of the spare parts", "branch.employee", 5, 4)], [],
                        [("Count the adhesives and report what has expired", "branch.employee", 8, None)]],
    },
    # the others meet for a quarter of an hour and write no minutes
    *(
        {"department": department, "by": by, "recorder": by, "people": people, "weekday": 4, "hour": hour, "name": name,
         "place": place, "odd": {}, "notes": [], "resolutions": [[]] * WEEKS, **more}
        for department, by, people, hour, name, place, more in (
            ("sales", "head.sales", "feng.tao", 9, "销售部周例会", "销售部", {}),
            ("procurement", "head.procurement", "liaison", 9.5, "采购部周例会", "采购部", {}),
            ("hr", "head.hr", "opsadmin", 10, "人力资源与财务部周例会", "培训教室", {}),
            ("operations", "head.operations", "operations", 8.5, "运营管理部周例会", "二楼会议室", {}),
            ("gm_office", "gmoffice", "gm", 11, "总经理办公室周例会", "总经理会议室", {}),
            ("europe_sales", "branch.head", "branch.employee", 11, "Weekly meeting European Sales", "Hamburg", {"company": "branch"}),
        )
    ),
]
TZ = "Asia/Shanghai"


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _scenes(self, today):
        return super()._scenes(today) + self._weekly_scenes(today)

    def _open_companies(self, company, branch, start):
        """Weekly meetings became a rule some weeks ago: before, nobody owed any (M5)."""
        self.env["ops.standard"].search([("code", "=", "M5")]).active = False
        super()._open_companies(company, branch, start)

    def _weekly_rule(self):
        self.env["ops.standard"].with_context(active_test=False).search([("code", "=", "M5")]).active = True
        self._generate()

    def _weekly_scenes(self, today):
        """Return the scenes of all series: each plans its next meeting on the Friday before; the meetings are held."""
        first, told = today - (today.weekday() + 7 * WEEKS) * DAY, {}
        scenes = [
            (at_hour(first - 4 * DAY, 9, TZ), partial(self._weekly_series, first, told)),
            (at_hour(first, 1, TZ), self._weekly_rule),
            (self._on_workday(today, NEWCOMER["day"], 9), partial(self._weekly_joins, told)),
        ]
        for week in range(WEEKS + 2):
            monday = first + week * 7 * DAY
            scenes += [
                (at_hour(monday - 3 * DAY, 18, TZ), partial(self._weekly_plan, told)),
                (at_hour(monday, 7, TZ), partial(self._weekly_change, week, told)),
            ]
            # wherever holidays have put them: what is over by the evening is held and minuted
            scenes += [(at_hour(monday + day * DAY, 20, TZ), partial(self._weekly_held, told)) for day in range(7)]
        return [scene for scene in scenes if scene[0] <= clock.now()]

    def _weekly_series(self, first, told):
        kind = self.env.ref("ops_handbook.ops_meeting_type_weekly")
        for place, story in enumerate(WEEKLY):
            told[place] = self._as(story["by"], self.env["ops.meeting.series"]).create({
                "name": story["name"], "type_id": kind.id, "location": story["place"], "call_at_once": True,
                "days_ahead": 7, "department_id": self._department(story["department"]).id, "date_from": first,
                "company_id": self.env.ref(f"ops_handbook.demo_{story.get('company', 'company')}").id,
                "recorder_id": self._user(story["recorder"]).id, "weekday": str(story["weekday"]), "hour": story["hour"],
                "user_ids": [Command.set(self._users(story["people"]).ids)], "duration": 1.0 if story["notes"] else 0.25,
            })

    def _weekly_joins(self, told):
        """Somebody is new: invited to the meetings from now on."""
        told[0].with_env(self.env).user_ids |= self._user("newcomer")

    def _weekly_plan(self, told):
        for place in range(len(WEEKLY)):
            told[place].with_env(self.env)._create_due()

    def _weekly_coming(self, series):
        return self.env["ops.meeting"].search([("series_id", "=", series.id), ("state", "=", "called")], order="date_start")

    def _weekly_change(self, week, told):
        """The week begins: one meeting moves to the Saturday, another does not take place."""
        for place, story in enumerate(WEEKLY):
            odd = story["odd"].get(week)
            meeting = self._as(story["by"], self._weekly_coming(told[place])[:1]) if odd else None
            if odd == "late" and meeting:
                meeting.date_start += timedelta(days=5 - story["weekday"])
            elif odd == "missed" and meeting:
                meeting.action_cancel("多数同事出差参加展会。")

    def _weekly_held(self, told):
        """Hold what is over, write short notes, say what is done of the weeks before."""
        waiting = told.setdefault("waiting", {})
        for item in [item for item, moment in waiting.items() if moment <= clock.now()]:
            self._as(item.owner_id.login, item).action_done("已完成。")
            del waiting[item]
        for place, story in enumerate(WEEKLY):
            for meeting in self._weekly_coming(told[place]):
                if meeting.date_stop <= clock.now():
                    self._weekly_minutes(story, self._as(story["recorder"], meeting), told[place], waiting)

    def _weekly_minutes(self, story, meeting, series, waiting):
        meeting.action_hold()
        day, week = meeting.date_start.date(), (meeting.date_start.date() - series.date_from).days // 7
        planned = story["resolutions"][week] if week < WEEKS else []
        if not planned and not meeting.is_cross_department:
            return
        meeting.attendee_ids.write({"presence": "present"})
        own = meeting.agenda_ids.filtered(lambda item: not item.resolution_id)
        for item, notes in zip(own, story["notes"], strict=False):
            item.notes = f"<p>{notes}</p>"
        items = self.env["ops.resolution"].with_env(meeting.env).create([
            {"meeting_id": meeting.id, "name": name, "owner_id": self._user(owner).id, "date_due": day + due * DAY}
            for name, owner, due, _done in planned
        ])
        meeting.action_distribute()
        waiting.update({
            item.sudo(): clock.now() + done * DAY for item, (*_what, done) in zip(items, planned, strict=True) if done
        })
