"""The collaborations of the demo company: asked for, agreed to or declined, kicked off, briefed every week, assessed."""
from datetime import timedelta
from functools import partial

from odoo import Command, models

from ...tools import clock
from ...tools.moments import DAY

# Days are working days before today, negative ones ahead. A step is (day, hour, what, …). A party is (department, what is
# asked, resources); an item, resolved at the kick-off, is (what, owner, due).
COLLABORATIONS = [
    {
        "key": "leak", "by": "head.quality", "name": "端盖渗油联合攻关", "lead": "quality", "priority": "1", "due": 62,
        "background": "客户投诉泵体端盖渗油，单个部门无法查清原因。", "goal": "三个月内渗油投诉降为零。",
        "standard": "连续五十台台架试验不渗油，作业指导书已修订。",
        "parties": [("research", "复核端盖密封结构", "一名工程师，四周"), ("procurement", "密封圈供应商现场审核", "")],
        "items": [("修改密封槽尺寸并试装", "xiao.ran", 72), ("审核两家密封圈供应商", "liaison", 74),
                  ("修订端盖装配作业指导书", "xu.jing", 70)],
        "steps": [(90, 9, "submit"), (90, 14, "accept", "research", "xiao.ran"), (90, 15, "accept", "procurement", "liaison"),
                  (90, 16, "file"), (89, 9, "plan", 88, 10), (88, 11, "kickoff"), (75, 15, "done", 1), (73, 15, "done", 0),
                  (70, 17, "done", 2), (69, 10, "finish"), (67, 9, "close", "4", "渗油问题解决，供应商审核比计划晚两天。")],
    },
    {
        "key": "portal", "by": "gmoffice", "name": "对外报价审批改为线上流程", "lead": "sales", "priority": "2", "due": -3,
        "background": "调整权限后报价仍靠纸质流转，平均两天才能批复。", "goal": "五万元以下报价当天批复。",
        "standard": "连续两周平均批复时间不超过一天。",
        "parties": [("sales", "整理报价权限和模板", "冯涛每周一天"), ("hr", "核对授权名单", "")],
        "items": [("整理报价模板", "feng.tao", 12), ("核对授权名单并公布", "opsadmin", 10)],
        "steps": [(20, 10, "submit"), (20, 15, "accept", "sales", "feng.tao"), (19, 10, "accept", "hr", "opsadmin"),
                  (19, 11, "file"), (19, 14, "plan", 18, 9), (18, 10, "kickoff"), (12, 15, "done", 0), (11, 15, "done", 1),
                  (2, 16, "finish")],
    },
    {
        "key": "pump", "by": "head.research", "name": "第二代节能泵样机试制", "lead": "research", "lead_by": "xiao.ran",
        "priority": "1", "due": -25,
        "background": "图纸完成，试制需要生产、采购、质量和欧洲服务部共同参与。", "goal": "三台样机通过型式试验。",
        "standard": "型式试验报告合格，试用客户书面反馈。",
        "parties": [("production", "安排两个班次试制", "装配钳工两名，三周"), ("procurement", "采购高效电机和特种密封", "预算 18 万元"),
                    ("quality", "型式试验与检验规程", "试验台两周"), ("europe_service", "寻找一家试用客户", "")],
        "items": [("特种密封到货", "liaison", 2), ("样机装配工艺卡", "liu.yang", 8), ("型式试验大纲", "xu.jing", 6),
                  ("确定欧洲试用客户", "branch.employee", -6), ("完成首台样机装配", "employee", -4),
                  ("样机外观与铭牌设计", "xiao.ran", -9)],
        "steps": [(25, 9, "submit"), (25, 11, "accept", "production", "liu.yang"), (25, 14, "accept", "procurement", "liaison"),
                  (25, 15, "accept", "quality", "xu.jing"), (24, 16, "accept", "europe_service", "branch.employee"),
                  (24, 10, "file"), (24, 11, "plan", 23, 10), (23, 11, "kickoff"), (8, 16, "done", 1), (6, 10, "done", 2),
                  (4, 9, "progress", 0, 60, "供应商承诺下周发货，已催两次"), (3, 9, "progress", 4, 40, "壳体已装，等密封件")],
        "skip_brief": 2,
    },
    {
        "key": "fair", "by": "head.sales", "name": "行业展会样机与资料准备", "lead": "sales", "priority": "2", "due": -35,
        "background": "上次展会样机晚到两天，错过首日接待。", "goal": "展会前一周样机和资料全部到位。",
        "standard": "样机通电运行，中英文资料齐全。",
        "parties": [("production", "提供两台展示样机", "装配一周"), ("hr", "抽调两名讲解人员", "三天"),
                    ("europe_sales", "英文资料校对", "")],
        "steps": [(1, 9, "submit"), (1, 11, "accept", "production", "liu.yang"),
                  (1, 14, "decline", "hr", "展会期间正值结账，抽不出人，请考虑外聘讲解员。"),
                  (1, 16.5, "accept", "europe_sales", "branch.employee"), (1, 17, "file")],
    },
    {
        "key": "interlock", "by": "head", "name": "夜班设备联锁改造", "lead": "production", "lead_by": "liu.yang",
        "priority": "1", "due": -20,
        "background": "夜班有人绕过联锁装置，现有结构容易被短接。", "goal": "全部设备的联锁无法用工具短接。",
        "standard": "逐台验收，报警记录可查。",
        "parties": [("research", "设计不可短接的联锁结构", "电气工程师一名，两周"), ("procurement", "采购安全继电器 24 只", "预算 3 万元"),
                    ("quality", "制定验收规程", ""), ("europe_service", "提供欧洲安全标准要求", "")],
        "steps": [(0, 8.5, "submit")],
    },
    {
        "key": "stock", "by": "head.procurement", "name": "呆滞物料清理", "lead": "procurement", "priority": "3", "due": 20,
        "background": "仓库呆滞物料占用资金约八十万元。", "goal": "清理一半以上。", "standard": "清单逐项有处理结果。",
        "parties": [("production", "确认可利用物料", ""), ("hr", "账务处理意见", "")],
        "steps": [(40, 10, "submit"), (40, 15, "accept", "production", "liu.yang"), (39, 10, "file"),
                  (37, 9, "cancel", "与仓库盘点合并进行，不再单独立项。")],
    },
    {
        "key": "training", "by": "head.hr", "name": "多能工交叉培训", "lead": "hr", "priority": "3", "due": -45,
        "background": "关键岗位只有一人会操作。", "goal": "每个关键岗位至少两人。", "standard": "考核合格名单。",
        "parties": [("production", "确定关键岗位和带教人", "")],
        "steps": [(1, 15, "draft")],
    },
]


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _scenes(self, today):
        return super()._scenes(today) + self._collaboration_scenes(today)

    def _collaboration_scenes(self, today):
        """Return the scenes of all collaborations; what runs is briefed on the last working day of each week."""
        told, scenes = {}, []
        for story in COLLABORATIONS:
            for day, hour, step, *details in story["steps"]:
                moment = self._on_workday(today, day, hour)
                scenes.append((moment, partial(getattr(self, f"_collaboration_{step}"), story, today, told, *details)))
        workdays = self.env.ref("ops_handbook.demo_company")._ops_workdays()
        for week in range(20):
            friday = workdays.last_of_week(today - 7 * week * DAY)
            if friday and friday < today:
                moment = self._on_workday(friday, 0, 15)
                scenes.append((moment, partial(self._collaboration_briefs, told, week)))
        return scenes

    def _collaboration_draft(self, story, today, told):
        values = {"lead_id": self._user(story["lead_by"]).id} if "lead_by" in story else {}
        told[story["key"]] = self._as(story["by"], self.env["ops.collaboration"]).create({
            **values, "name": story["name"], "background": story["background"], "goal": story["goal"],
            "deliverable_standard": story["standard"], "priority": story["priority"],
            "date_expected": self._workday(today, story["due"]), "lead_department_id": self._department(story["lead"]).id,
            "party_ids": [
                Command.create({"department_id": self._department(name).id, "request": request, "resources": resources})
                for name, request, resources in story["parties"]
            ],
        })

    def _department(self, name):
        return self.env.ref(f"ops_handbook.demo_department_{name}")

    def _collaboration_submit(self, story, today, told):
        self._collaboration_draft(story, today, told)
        told[story["key"]].action_submit()

    def _party(self, story, told, department):
        """Return a party as the head of its department sees it."""
        department = self._department(department)
        party = told[story["key"]].sudo().party_ids.filtered(lambda item: item.department_id == department)
        return self._as(department.manager_id.user_id.login, party)

    def _collaboration_accept(self, story, today, told, department, liaison):
        self._party(story, told, department).action_accept(self._user(liaison).id)

    def _collaboration_decline(self, story, today, told, department, reason):
        self._party(story, told, department).action_decline(reason)

    def _collaboration_file(self, story, today, told):
        self._as("operations", told[story["key"]]).action_file()

    def _collaboration_plan(self, story, today, told, day, hour):
        """Operations plan and call the kick-off."""
        start = self._on_workday(today, day, hour)
        self._as("operations", told[story["key"]])._create_kickoff(start, start + timedelta(hours=1)).action_call()

    def _collaboration_kickoff(self, story, today, told):
        """Hold the kick-off, and send its minutes: the resolutions become the items."""
        meeting = self._as("operations", told[story["key"]].sudo().kickoff_id)
        meeting.action_hold()
        self._generate()  # as the job does that the kick-off wakes: the briefs of these weeks are due
        meeting.attendee_ids.write({"presence": "present"})
        meeting.agenda_ids[-1:].notes = "<p>分工、时间和联系人已逐项确认，每周五提交简报。</p>"
        told[story["key"], "items"] = self.env["ops.resolution"].with_env(meeting.env).create([
            {"meeting_id": meeting.id, "name": name, "owner_id": self._user(owner).id, "date_due": self._workday(today, due)}
            for name, owner, due in story["items"]
        ])
        meeting.action_distribute()

    def _item(self, story, told, which):
        """Return an item of a collaboration as its owner sees it."""
        item = told[story["key"], "items"][which].sudo().item_ids
        return self._as(item.owner_id.login, item)

    def _collaboration_done(self, story, today, told, which):
        self._item(story, told, which).action_done("已完成，资料见共享盘。")

    def _collaboration_progress(self, story, today, told, which, progress, note):
        self._item(story, told, which).write({"progress": progress, "progress_note": note})

    def _collaboration_briefs(self, told, week):
        """The leads file the brief of the week, pre-filled from the items; one of them forgets it once."""
        for story in COLLABORATIONS:
            request = told.get(story["key"])
            if not request or request.sudo().state != "running" or story.get("skip_brief") == week:
                continue
            lead = request.sudo().lead_id.login
            brief = self._as(lead, self.env["ops.collaboration.brief"]).create({
                "collaboration_id": request.id, "week_start": clock.today("Asia/Shanghai"),
            })
            brief.write({
                "done": brief.done or "按计划推进，无到期事项。", "next": brief.next or "继续推进各项分工。",
                "help": "请采购部协助催促特种密封到货。" if "密封" in (brief.risks or "") else False,
            })
            brief.action_submit()

    def _collaboration_finish(self, story, today, told):
        request = told[story["key"]]
        self._as(request.sudo().lead_id.login, request).action_finish()

    def _collaboration_close(self, story, today, told, rating, assessment):
        self._as(story["by"], told[story["key"]]).action_close(rating, assessment)

    def _collaboration_cancel(self, story, today, told, reason):
        self._as(story["by"], told[story["key"]]).action_cancel(reason)
