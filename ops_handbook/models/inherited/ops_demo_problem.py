"""The problems of the demo company's year: what was reported, and what became of it."""
from datetime import timedelta
from functools import partial

from odoo import models

from ...tools import clock

# Each story: when (days ago, hour of the day), who, what; then the steps as (days after the report, what happens, …).
# The texts are what Chinese users would type: they are content, not words of the software, and so not translated.
STORIES = [
    {
        "ago": 340, "hour": 9.5, "by": "employee", "name": "2号装配线气源压力不足", "category": "resource", "level": "2",
        "text": "早班开机后气压只有0.4兆帕，气动扳手扭力不够，已返工12台。", "impact": "2号线产量下降约三成",
        "suggestion": "检查空压机滤芯，必要时更换", "department": "production", "handler": "liu.yang",
        "steps": [(1, "accept"), (3, "start", "先从1号线接管供气"), (5, "plan", [
            ("更换空压机滤芯并记录压差", "immediate", 7, "liu.yang"), ("每周点检气源压力", "corrective", 12, "head"),
            ("滤芯列入安全库存", "preventive", 20, "liaison")]),
            (7, "done", 0), (12, "done", 1), (20, "done", 2), (21, "resolve"), (22, "verify", True)],
    },
    {
        "ago": 301, "hour": 14, "by": "feng.tao", "name": "客户投诉泵体漏油", "category": "process", "level": "1",
        "text": "华东两家客户反馈泵体端盖渗油，要求三天内给出处理意见。", "impact": "已发货86台，涉及重点客户",
        "suggestion": "先停止发货同批次产品", "department": "quality", "handler": "xu.jing",
        "steps": [(0.05, "accept"), (0.2, "start", "同批次停止发货，派人到客户现场"), (2, "plan", [
            ("现场更换端盖密封圈", "immediate", 4, "liu.yang"), ("密封圈来料加测硬度", "corrective", 10, "xu.jing"),
            ("修订端盖装配作业指导书", "preventive", 18, "head.quality")]),
            (4, "done", 0), (10, "done", 1), (19, "done", 2), (20, "resolve"), (22, "verify", False),
            (23, "plan", [("复查全部库存并更换批次密封圈", "corrective", 30, "xu.jing")]),
            (29, "done", 0), (30, "resolve"), (32, "verify", True)],
    },
    {
        "ago": 262, "hour": 10, "by": "head.quality", "name": "图纸版本混用", "category": "process", "level": "2",
        "text": "车间使用的壳体图纸为旧版，新版变更未发放到工位。", "impact": "试制件报废5件",
        "suggestion": "图纸变更后收回旧版", "department": "research", "handler": "xiao.ran",
        "steps": [(1, "accept"), (2, "start", "收回旧版图纸"), (4, "plan", [
            ("建立图纸发放登记", "corrective", 9, "xiao.ran")]), (8, "done", 0), (9, "resolve"), (11, "verify", True)],
    },
    {
        "ago": 215, "hour": 16.5, "by": "head.sales", "name": "报价审批平均需要六天", "category": "execution", "level": "3",
        "text": "近一个月报价单从提交到批准平均六个工作日，客户转向竞争对手。", "impact": "丢失询价三单",
        "suggestion": "五万元以下由部门负责人批准", "department": "gm_office", "handler": "gmoffice",
        "steps": [(1, "accept"), (6, "start", "先清理积压报价"), (8, "plan", [
            ("调整报价审批权限", "corrective", 20, "gmoffice")]), (19, "done", 0), (20, "resolve"), (25, "verify", True)],
    },
    {
        "ago": 168, "hour": 11, "by": "liaison", "name": "供应商交期连续延误", "category": "resource", "level": "2",
        "text": "铸件供应商本季度四次延迟交货，最长九天。", "impact": "装配线待料", "suggestion": "开发第二供应商",
        "department": "procurement", "handler": "head.procurement",
        "steps": [(2, "accept"), (7, "start", "派人驻厂跟催"), (9, "plan", [
            ("开发第二家铸件供应商", "corrective", 40, "liaison"), ("合同增加延期条款", "preventive", 25, "head.procurement")]),
            (27, "done", 1), (45, "done", 0), (46, "resolve"), (52, "verify", True)],
    },
    {
        "ago": 120, "hour": 8.5, "by": "employee", "name": "食堂就餐排队时间长", "category": "other", "level": "3",
        "text": "午餐高峰排队超过二十分钟，影响下午准时开工。", "impact": "轻微", "suggestion": "分两批就餐",
        "department": "hr", "handler": "head.hr", "steps": [(1, "reject", "已在员工座谈会上答复：下月起分批就餐，不再单独立项。")],
    },
    {
        "ago": 96, "hour": 15, "by": "xu.jing", "name": "检测设备校准过期", "category": "execution", "level": "2",
        "text": "两台压力表校准证书已过期一个月仍在使用。", "impact": "检测数据可信度", "suggestion": "立即停用送检",
        "department": "quality", "handler": "head.quality",
        "steps": [(1, "accept"), (2, "start", "停用并贴标识"), (3, "plan", [
            ("送检两台压力表", "immediate", 8, "head.quality"), ("校准到期提前一个月提醒", "preventive", 15, "xu.jing")]),
            (8, "done", 0), (14, "done", 1), (15, "resolve"), (17, "verify", True)],
    },
    {
        "ago": 61, "hour": 9, "by": "employee", "name": "2号装配线气压再次不足", "category": "resource", "level": "2",
        "text": "与上次同样的问题：早班气压不足，扳手扭力不够。", "impact": "返工6台", "suggestion": "增加一台备用空压机",
        "department": "production", "handler": "liu.yang", "repeat_of": 0,
        "steps": [(1, "accept"), (4, "start", "临时启用移动空压机"), (6, "plan", [
            ("采购备用空压机", "corrective", 30, "liaison"), ("点检结果每日上墙", "preventive", 12, "liu.yang")]),
            (12, "done", 1), (33, "done", 0), (34, "resolve"), (37, "verify", True)],
    },
    {
        "ago": 33, "hour": 13.5, "by": "feng.tao", "name": "展会样机未按期到位", "category": "execution", "level": "3",
        "text": "样机比计划晚两天到达展馆。", "impact": "错过首日接待", "suggestion": "样机发运纳入项目计划",
        "department": "sales", "handler": "head.sales", "steps": [(2, "cancel", "与另一份反馈单重复，合并处理。")],
    },
    {
        "ago": 21, "hour": 10.5, "by": "xiao.ran", "name": "试制车间通风不良", "category": "resource", "level": "2",
        "text": "喷涂区通风不足，多名同事反映头晕。", "impact": "健康与安全", "suggestion": "增加排风机",
        "department": "production", "handler": "head",
        "steps": [(1, "accept"), (2, "start", "喷涂改为错峰并佩戴口罩"), (4, "plan", [
            ("租用移动排风机", "immediate", 6, "liu.yang"), ("安装固定排风系统", "corrective", 40, "head"),
            ("喷涂区加装浓度报警", "preventive", 45, "liu.yang")]), (6, "done", 0)],
    },
    {
        "ago": 15, "hour": 17, "by": "employee", "name": "工装夹具磨损导致偏心", "category": "process", "level": "2",
        "text": "3号夹具定位销磨损，泵轴同轴度超差。", "impact": "返修9台", "suggestion": "夹具定期更换定位销",
        "department": "production", "handler": "liu.yang",
        "steps": [(1, "accept"), (2, "start", "更换定位销"), (3, "plan", [
            ("更换全部磨损定位销", "immediate", 6, "liu.yang"), ("建立夹具点检表", "preventive", 10, "head")]),
            (6, "done", 0), (9, "done", 1), (12, "resolve")],
    },
    {
        "ago": 9, "hour": 11, "by": "liaison", "name": "来料标签与实物不符", "category": "process", "level": "3",
        "text": "两箱轴承标签型号与实物不符，仓库按标签入库。", "impact": "盘点差异", "suggestion": "入库抽检型号",
        "department": "quality", "handler": "xu.jing", "steps": [(1, "accept"), (5, "start", "两箱隔离存放")],
    },
    {
        "ago": 6, "hour": 9, "by": "head.research", "name": "研发样件领料流程过长", "category": "process", "level": "3",
        "text": "领料单需要五个签字，样件经常等两天。", "impact": "研发进度", "suggestion": "样件设快速通道",
        "department": "procurement", "handler": "head.procurement", "steps": [(2, "accept")],
    },
    {
        "ago": 3, "hour": 18.5, "by": "branch.employee", "name": "欧洲仓库温度记录仪停止工作", "category": "resource",
        "level": "2", "text": "周末起温度记录仪没有数据。", "impact": "胶水类配件储存", "suggestion": "更换电池并加报警",
        "department": "europe_service", "handler": "branch.head", "tz": "Europe/Berlin", "steps": [],
    },
    {
        "ago": 1, "hour": 15, "by": "", "name": "夜班有人绕过联锁装置", "category": "execution", "level": "2",
        "text": "为赶产量，夜班有人把设备联锁短接。", "impact": "人身安全", "suggestion": "加强夜班巡查",
        "department": "production", "handler": "", "steps": [],
    },
    {
        "ago": 0, "hour": 7.5, "by": "employee", "name": "1号线主控柜冒烟停机", "category": "resource", "level": "1",
        "text": "开机约十分钟后主控柜冒烟，已断电，无人受伤。", "impact": "1号线全部停产", "suggestion": "联系厂家紧急到场",
        "department": "production", "handler": "head", "steps": [],
    },
]


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _problem_scenes(self, today):
        """Return the scenes of all problem stories and of the monthly lessons."""
        told, scenes = {}, []
        for index, story in enumerate(STORIES):
            start = self._at(today, story["ago"], story["hour"], story.get("tz", "Asia/Shanghai"))
            scenes.append((start, partial(self._report, story, index, told)))
            for days, step, *details in story["steps"]:
                moment = start + timedelta(days=days)
                if moment <= self._at(today, 0, 23):
                    scenes.append((moment, partial(getattr(self, f"_scene_{step}"), story, index, told, *details)))
        draft = self._at(today, 0, 8)
        scenes.append((draft, self._draft))
        return scenes + self._lesson_scenes(today)

    def _report(self, story, index, told):
        branch = story["by"].startswith("branch")
        company = self.env.ref("ops_handbook.demo_branch" if branch else "ops_handbook.demo_company")
        problems = self.env["ops.problem"].with_company(company)
        if story["by"]:
            problems = self._as(story["by"], problems).with_company(company)
        values = {
            "name": story["name"], "description": story["text"], "impact": story["impact"], "company_id": company.id,
            "suggestion": story["suggestion"], "category": story["category"], "proposed_severity": story["level"],
            "channel": "quick" if story["by"] == "employee" else "web",
        }
        if not story["by"]:
            values.update(is_anonymous=True, author_id=False, channel="qr")
        told[index] = problems._report([values])
        if "repeat_of" in story:
            told[index].sudo().repeat_of_id = told[story["repeat_of"]]

    def _draft(self):
        self._as("employee", self.env["ops.problem"]).create({
            "name": "更衣室储物柜数量不足", "description": "新员工没有储物柜。", "category": "resource",
            "proposed_severity": "3", "company_id": self.env.ref("ops_handbook.demo_company").id,
        })

    def _scene_accept(self, story, index, told):
        self._as("operations", told[index]).action_accept(
            severity=story["level"],
            department_id=self.env.ref(f"ops_handbook.demo_department_{story['department']}").id,
            handler_id=self._user(story["handler"]).id,
        )

    def _scene_reject(self, story, index, told, reason):
        self._as("operations", told[index]).action_reject(reason)

    def _scene_cancel(self, story, index, told, reason):
        self._as(story["by"], told[index]).action_cancel(reason)

    def _scene_start(self, story, index, told, measure):
        self._as(story["handler"], told[index]).action_start(measure)

    def _scene_plan(self, story, index, told, measures):
        start = self._at(clock.today("Asia/Shanghai"), 0, 9).date()
        plan = self._as(story["handler"], self.env["ops.problem.plan"]).create({
            "problem_id": told[index].id,
            "root_cause": story["text"],
            "measure_ids": [
                (0, 0, {"name": name, "kind": kind, "owner_id": self._user(owner).id,
                        "date_due": start + timedelta(days=max(days - 5, 2)), "acceptance_standard": "现场可见，记录齐全"})
                for name, kind, days, owner in measures
            ],
        })
        plan.action_submit()
        told[index, "measures"] = plan.measure_ids.ids

    def _scene_done(self, story, index, told, which):
        measure = self.env["ops.problem.measure"].browse(told[index, "measures"][which])
        self._as(measure.owner_id.login, measure).action_done("已完成，见现场照片。")

    def _scene_resolve(self, story, index, told):
        self._as(story["handler"], told[index]).action_resolve("措施全部完成，请验证。")

    def _scene_verify(self, story, index, told, effective):
        comment = "问题没有再出现。" if effective else "还有渗油，请继续处理。"
        self._as(story["by"], told[index]).action_verify(effective, comment)

    def _lesson_scenes(self, today):
        """Return one scene per past month: operations compile and publish its lessons."""
        scenes, first = [], today.replace(day=1)
        for age in range(12):
            last = first - timedelta(days=1)
            first = last.replace(day=1)
            # one of them came late
            moment = self._at(last, -4 if age == 6 else 0, 17)
            scenes.append((moment, partial(self._lesson, first, revises=age < 2)))
        return scenes

    def _lesson(self, month, revises):
        """Publish the lessons of a month; where they are to revise the handbook, that waits for the GM office."""
        company = self.env.ref("ops_handbook.demo_company")
        lessons = self._as("operations", self.env["ops.lesson"]).with_company(company)
        lesson = lessons.create({"company_id": company.id, "month": month})
        lesson.action_compile()
        lesson.action_pick()
        if not (lesson.line_ids or revises):  # nothing typical: the first case of the month that is dealt with
            dealt_with = [("state", "in", ("handling", "resolved", "closed"))]
            problem = self.env["ops.problem"].sudo().search(lesson._problem_domain() + dealt_with, order="id", limit=1)
            lesson.line_ids.create([{"lesson_id": lesson.id, **lesson.line_ids._from_problem(one)} for one in problem])
        article = self.env.ref("ops_handbook.ops_article_problem_acceptance")
        for number, line in enumerate(lesson.line_ids - self._lesson_cases(lesson)):
            revising = revises and not number
            line.write({
                "decision": "revise_handbook" if revising else ("train", "share")[number % 2],
                "article_id": article.id if revising else False,
                "change_wanted": "写明首次响应的时限：一级问题两小时内，其余当天。" if revising else False,
                "learnt": "先控制影响，再找原因；措施要写明责任人和日期。",
            })
        lesson.action_publish()

    def _lesson_cases(self, lesson):
        """Hook: decide on cases whose story goes on, and return them; the handbook tells of those that revised it."""
        return lesson.line_ids.browse()
