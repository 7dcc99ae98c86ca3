"""How the handbook of the demo company lives: what is revised and why, who proposes what, who has read it.

The texts are what Chinese users would type: they are content, not words of the software, and so not translated.
"""

# What a revision writes: article, language → (passage of the starter handbook, what stands there from then on).
# A revision because of a case follows the lessons of the month in which its problem was reported (days ago).
REVISIONS = [
    {
        "article": "problem_acceptance", "case": "客户投诉泵体漏油", "ago": 301, "kind": "minor",
        "wanted": "一级问题涉及客户的，开始处理时要同时告知客户。",
        "learnt": "内部已经在处理，客户却不知道，三天后才接到我们的电话。",
        "reason": {
            "zh_CN": "客户投诉泵体漏油一案：涉及客户的问题，开始处理时即由销售部告知客户。",
            "en_US": "After the leaking pump bodies: where a customer is concerned, Sales tell the customer when handling starts.",
        },
        "texts": {
            "zh_CN": ("计时停止，随后再提交处理方案。", "计时停止，随后再提交处理方案。涉及客户的，由销售部当即告知客户。"),
            "en_US": ("The plan follows.", "The plan follows. Where a customer is concerned, Sales tell the customer at once."),
        },
    },
    {
        "article": "monthly_daily", "case": "检测设备校准过期", "ago": 96, "kind": "major",
        "wanted": "校准、点检、保养等周期性工作也要列为任务，写明下次日期，不能只靠记忆。",
        "learnt": "校准日期只记在一个人的本子上，人一忙就漏掉。",
        "reason": {
            "zh_CN": "检测设备校准过期一案：周期性工作一律列为任务，完成时写明下次日期。",
            "en_US": "After the overdue calibrations: work that comes back is a task, and whoever finishes it notes the next date.",
        },
        "texts": {
            "zh_CN": (
                "<h2>填写日志</h2>",
                "<h2>周期性工作</h2>\n<p>校准、点检、保养等周期性工作一律列为日常任务。完成时在说明中写明<strong>下次日期</strong>，"
                "部门负责人据此排入月度计划。</p>\n<h2>填写日志</h2>",
            ),
            "en_US": (
                "<h2>Writing the log</h2>",
                "<h2>Work that comes back</h2>\n<p>Calibration, inspection and maintenance are routine tasks as well. Whoever "
                "finishes one notes the <strong>next date</strong>, and the head puts it on the month plan.</p>\n"
                "<h2>Writing the log</h2>",
            ),
        },
    },
]
# Published as major some working days ago, because of what has just happened.
RECENT = {
    "article": "problem_report", "kind": "major", "day": 6,
    "reason": {
        "zh_CN": "试制车间通风不良时有人头晕仍继续作业：安全隐患先停机，再反馈，不追究停机造成的产量损失。",
        "en_US": "People went on working although the bad air made them dizzy: stop first, then report; nobody is blamed for lost output.",
    },
    "texts": {
        "zh_CN": (
            "<h2>反馈途径</h2>",
            "<p><strong>安全隐患</strong>先停机，再反馈。任何人都有权停机，因停机少完成的产量不予追究。</p>\n<h2>反馈途径</h2>",
        ),
        "en_US": (
            "<h2>Ways of reporting</h2>",
            "<p><strong>Where safety is at risk</strong>, stop the machine first, then report. Everybody may stop it, and nobody is "
            "blamed for the output that is lost.</p>\n<h2>Ways of reporting</h2>",
        ),
    },
}
# Who has confirmed a major version, by working days after it was published. Whoever is left out has not.
CONFIRMED = {
    "monthly_daily": [
        (1, "head head.quality operations gmoffice"), (2, "employee liu.yang xu.jing head.operations admin"), (4, "head.hr opsadmin"),
        (6, "liaison head.procurement branch.head"), (9, "head.research gm"), (14, "head.sales"),
    ],
    "problem_report": [(1, "head head.quality"), (2, "employee operations"), (3, "liu.yang liaison"), (4, "head.hr branch.head")],
}
# What a newcomer reads, some of it each working day: of the reading list of a dozen articles the first half.
NEWCOMER = {"day": 5, "per_day": 2, "until": 6}
# Proposals: article, by whom, and what becomes of them by working days before today.
PROPOSALS = [
    {
        "key": "late", "article": "about_deadlines", "by": "feng.tao", "name": "逾期一天以内也可申请延期", "day": 38,
        "passage": "逾期后申请延期的不予批准，仍按原期限计算。", "wanted": "逾期一天以内提出、说明理由的，可以补办延期。",
        "reason": "出差途中没有网络，来不及事先申请。",
        "declined": (36, "延期必须事先申请，否则期限失去意义。出差前请指定代理人，由代理人提出。"),
    },
    {
        "key": "term", "article": "problem_verification", "by": "xu.jing", "name": "给设备类问题留出试运行时间", "day": 9,
        "passage": "到现场查看问题是否消失，而不只是看有没有采取措施。", "wanted": "设备类问题先试运行三个班次，再作验证。",
        "reason": "空压机修好的第二天又停了，当天验证看不出来。", "taken_up": 4,
    },
    {
        "key": "meeting", "article": "monthly_meeting", "by": "employee", "name": "周例会先讲安全", "day": 2,
        "passage": "先过逾期的任务。", "wanted": "开会先用两分钟说本周的安全情况，再过逾期的任务。",
        "reason": "班组每天班前会都讲安全，部门例会却没有。",
    },
]
# The draft that takes the proposal up changes the standard as well, and waits for the GM office.
IN_REVIEW = {
    "article": "problem_verification", "proposal": "term", "standard": "i4", "rule": {"offset_value": 5.0},
    "reason": "设备类问题要试运行后才能验证，验证期限相应延长。",
    "text": (
        "<li>选择“有效”或“无效”",
        "<li>设备类问题先试运行三个班次，观察正常后再作验证。</li>\n<li>选择“有效”或“无效”",
    ),
}
# A draft that came back.
RETURNED = {
    "article": "appendix_glossary", "by": "head.operations", "reason": "补充“备用件”一词。",
    "text": (
        "<tr><td>工作日</td>",
        "<tr><td>备用件</td><td>为防止停机而预先准备的零部件</td></tr>\n<tr><td>工作日</td>",
    ),
    "returned": "请与采购部的“安全库存”用语保持一致，并说明由谁保管。",
}
OWNERS = {"annual": "gmoffice", "meeting_notice": "head.hr"}
REVIEW = {"article": "meeting_notice", "days": 4}  # is to be looked through in a few days
