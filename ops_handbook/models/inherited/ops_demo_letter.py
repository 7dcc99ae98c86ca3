"""What is late in the demo company is reminded of by letters; and the chat robots that it could use."""
from functools import partial

from odoo import models

# What is late, and the steps as (working days before today, hour, what, …).
LETTERS = [
    ("与三家铸件供应商重新谈价并签订协议", [
        (8, 9, "issue"), (7, 15, "reply", "两家已同意降价，第三家要求增加订货量，预计下周签订。"), (5, 9, "issue"), (2, 9, "draft"),
    ]),
    ("公布各产线能耗排名并提出改进", [
        (9, 9, "issue"), (8, 10, "reply", "电表周五装好，之后一周公布。"), (3, 15, "done"), (2, 10, "close"),
    ]),
    ("提交差旅费超支说明和控制办法", [(3, 10, "issue"), (2, 14, "reply", "财务数据昨天才拿到，本周内提交。")]),
    ("2号线连续三次换型不超过四十分钟", [(2, 9, "issue")]),
    ("完成电机能效对比试验", [(1, 9, "draft")]),
    ("编制换型标准作业指导书", [(1, 10, "draft")]),
]
# Addresses as the services make them, with keys that belong to nobody.
BOTS = [
    ("运营提醒群", "wecom", False, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-0000-0000-000000000000", False),
    ("生产部班组群", "dingtalk", "production", "https://oapi.dingtalk.com/robot/send?access_token=" + "0" * 64, "SEC" + "0" * 61),
    ("研发中心群", "feishu", "research", "https://open.feishu.cn/open-apis/bot/v2/hook/00000000-0000-0000-0000-000000000000", "example"),
]


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _scenes(self, today):
        scenes = [(self._on_workday(today, 15, 10), self._chat_bots)]
        for name, steps in LETTERS:
            told = {}
            for day, hour, step, *details in steps:
                moment = self._on_workday(today, day, hour)
                scenes.append((moment, partial(getattr(self, f"_letter_{step}"), name, told, *details)))
        return super()._scenes(today) + scenes

    def _letter_draft(self, name, told):
        """Operations draft the next letter about what is overdue, if it is."""
        obligation = self.env["ops.obligation"].search([("code", "=", "C5"), ("name", "=like", f"%{name}%")], limit=1)
        told["letter"] = self.env["ops.reminder.letter"]
        if obligation.is_overdue:
            action = self._as("operations", obligation).action_draft_letter()
            told["letter"] = self._as("operations", told["letter"].browse(action["res_id"]))

    def _letter_issue(self, name, told):
        self._letter_draft(name, told)
        told["letter"].action_issue()
        # the job that delivers does not wait for today
        lines = self.env["ops.obligation.reminder.receiver"].search([("state", "=", "waiting")])
        self.env["ops.obligation"]._deliver(lines.user_id.ids)

    def _letter_reply(self, name, told, reply):
        letter = told["letter"]
        self._as(letter.sudo().receiver_id.login, letter).action_reply(reply)

    def _letter_done(self, name, told):
        item = self.env["ops.resolution"].search([("name", "=", name)], limit=1)
        self._as(item.owner_id.login, item).action_done("排名已上墙，三条改进已列入月度任务。")

    def _letter_close(self, name, told):
        told["letter"].action_close()

    def _chat_bots(self):
        """Robots that are described but send nothing: whoever wants them enters addresses of their own."""
        company = self.env.ref("ops_handbook.demo_company")
        self.env["ops.chat.bot"].create([
            {"name": name, "service": service, "company_id": company.id, "webhook": webhook, "secret": secret, "active": False,
             "department_id": self._department(department).id if department else False}
            for name, service, department, webhook, secret in BOTS
        ])
