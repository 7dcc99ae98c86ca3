"""What the demo company sets out to do in a year: directions, indicators, the plans of its departments and what becomes of them.

The texts are what Chinese users would type: they are content, not words of the software, and so not translated.
"""

DIRECTIONS = [
    ("增长", "节能泵和欧洲市场带动收入两位数增长。"),
    ("效率", "交期、合格率和采购成本达到行业前列。"),
    ("创新", "新一代节能泵上市，并形成自己的专利。"),
    ("人才", "关键岗位稳定，多能工覆盖每条产线。"),
]
# code: direction, name, department, unit, decimals, baseline, target, weight, better, months add up
KPIS = {
    "REV": (0, "销售收入", "sales", "万元", 0, 9340, 10500, 25, "higher", True),
    "EUR": (0, "欧洲销售收入", "europe_sales", "万元", 0, 900, 1200, 10, "higher", True),
    "OTD": (1, "准时交付率", "production", "%", 1, 88, 95, 15, "higher", False),
    "OUT": (1, "产量", "production", "台", 0, 4600, 5200, 10, "higher", True),
    "FPY": (1, "一次合格率", "quality", "%", 1, 97, 98.5, 15, "higher", False),
    "COST": (1, "采购降本额", "procurement", "万元", 0, 120, 180, 10, "higher", True),
    "NEW": (2, "新产品销售收入", "research", "万元", 0, 300, 800, 10, "higher", True),
    "TURN": (3, "关键岗位流失率", "hr", "%", 1, 9, 6, 5, "lower", False),
}
SEASON = [6, 5, 8, 9, 9, 9, 8, 8, 9, 9, 10, 10]  # pumps are bought from spring on, and before the year ends

# Department: head; goals (name, indicator, direction); initiatives (name, owner, first and last month, what is there in the
# end, milestone, its month and day, goal); what it needs (kind, what, quantity, amount, why); risks (name, probability,
# impact, contingency, owner).
PLANS = {
    "production": {
        "by": "head", "summary": "交期第一：用换型时间和产能两件事保证准时交付。",
        "goals": [("提高准时交付率", "OTD", 1), ("提高全年产量", "OUT", 1)],
        "initiatives": [
            ("2号线换型时间压缩到四十分钟", "liu.yang", 1, 12, "连续十次换型不超过四十分钟", "快换夹具方案确定", 4, 20, 0),
            ("2号线扩产改造", "head", 3, 11, "月产能由 420 台提高到 480 台", "新试压台投入使用", 9, 25, 1),
            ("设备预防性维护覆盖关键设备", "employee", 1, 12, "关键设备月度点检完成率 100%", "点检标准发布", 3, 15, 1),
            ("多能工培养", "liu.yang", 2, 10, "每个关键工位至少两人持证", "首批考核完成", 6, 30, 0),
        ],
        "resources": [("equipment", "试压台", 1, 680000, "扩产改造"), ("headcount", "装配钳工", 4, 0, "两班生产")],
        "risks": [("关键铸件交货不稳", "3", "3", "与采购部每周核对到货，备第二供应商。", "head"),
                  ("熟练工流失", "2", "2", "多能工培养，旺季前锁定劳务派遣。", "liu.yang")],
    },
    "quality": {
        "by": "head.quality", "summary": "把检验前移，减少返工。",
        "goals": [("提高一次合格率", "FPY", 1)],
        "initiatives": [
            ("试压工位过程检验前移", "xu.jing", 1, 8, "过程检验记录上线，终检返工减半", "检验规程发布", 3, 28, 0),
            ("供应商来料质量提升", "head.quality", 2, 11, "来料批次合格率 99%", "五家供应商审核完成", 7, 31, 0),
            ("质量体系外审", "xu.jing", 1, 12, "取得续证，零严重不符合", "年度内审完成", 9, 18, 0),
        ],
        "resources": [("budget", "检具与校准", 1, 120000, "过程检验"), ("headcount", "检验员", 1, 0, "来料检验")],
        "risks": [("外审发现严重不符合", "1", "3", "外审前两个月内审并关闭问题。", "xu.jing")],
    },
    "procurement": {
        "by": "head.procurement", "summary": "保供优先，降本不降质。",
        "goals": [("降低采购成本", "COST", 1)],
        "initiatives": [
            ("铸件供应商重新谈价", "head.procurement", 1, 12, "三家签订新协议，单价下降 4%", "首家供应商降价", 5, 31, 0),
            ("特种密封国产替代", "liaison", 3, 12, "两个型号通过验证并批量使用", "首个型号通过验证", 8, 20, 0),
            ("关键物料安全库存", "liaison", 1, 9, "缺料停线不超过每月一次", "库存模型上线", 4, 15, 0),
        ],
        "resources": [("budget", "替代件验证费用", 1, 150000, "国产替代")],
        "risks": [("铸件原料价格上涨", "2", "3", "签订季度锁价条款。", "head.procurement")],
    },
    "sales": {
        "by": "head.sales", "summary": "稳住华东，打开北方化工市场。",
        "goals": [("扩大销售收入", "REV", 0)],
        "initiatives": [
            ("节能泵重点客户开发", "feng.tao", 1, 12, "新签十家年采购额百万以上的客户", "签下首批五家", 6, 15, 0),
            ("北方化工市场渠道建设", "head.sales", 2, 10, "签约三家区域代理", "首家代理签约", 4, 30, 0),
            ("应收账款专项清理", "feng.tao", 3, 9, "逾期应收款降到 5% 以内", "逾期清单销号过半", 6, 30, 0),
        ],
        "resources": [("budget", "展会与推广", 1, 900000, "渠道建设"), ("headcount", "区域销售", 2, 0, "北方市场")],
        "risks": [("大客户扩产推迟", "2", "3", "每月更新客户项目清单，提前开发备选项目。", "head.sales")],
    },
    "research": {
        "by": "head.research", "summary": "节能泵按期上市，第二代样机年底完成试验。",
        "goals": [("扩大新产品销售收入", "NEW", 2), ("申请发明专利三件", None, 2)],
        "initiatives": [
            ("节能泵系列化设计", "xiao.ran", 1, 7, "五个规格图纸和工艺文件齐套", "图纸发放", 5, 20, 0),
            ("第二代节能泵样机", "head.research", 5, 12, "三台样机通过型式试验", "样机装配完成", 11, 30, 0),
            ("专利布局", "xiao.ran", 2, 11, "受理通知书三件", "第一件受理", 6, 10, 1),
        ],
        "resources": [("equipment", "能效试验台", 1, 1300000, "型式试验"), ("budget", "专利代理费", 1, 90000, "专利申请")],
        "risks": [("高效电机供货不足", "2", "3", "同时验证两家供应商。", "xiao.ran")],
    },
    "hr": {
        "by": "head.hr", "summary": "留住关键岗位，算清每一分钱。",
        "goals": [("降低关键岗位流失率", "TURN", 3)],
        "initiatives": [
            ("关键岗位薪酬对标", "head.hr", 1, 5, "对标报告和调整方案获批", "方案获批", 4, 25, 0),
            ("内训师与培训教材", "opsadmin", 2, 11, "十名内训师、二十门课程", "首批课程上线", 6, 20, 0),
            ("月结提前到次月三日", "head.hr", 3, 9, "连续三个月按时月结", "首次按时月结", 7, 3, 0),
        ],
        "resources": [("budget", "培训费", 1, 260000, "内训师")],
        "risks": [("生产旺季招工困难", "3", "2", "与两家职业学校签订实习协议。", "opsadmin")],
    },
    "operations": {
        "by": "head.operations", "summary": "让手册真正运行起来。",
        "goals": [("规则按时完成率达到 95%", None, 1)],
        "initiatives": [
            ("运营手册系统上线推广", "operations", 1, 6, "各部门每月按系统提交", "全员培训完成", 3, 20, 0),
            ("月度经营分析标准化", "head.operations", 2, 12, "每月五日前发布分析", "模板发布", 3, 31, 0),
        ],
        "resources": [("budget", "系统与培训", 1, 180000, "手册推广")],
        "risks": [("部门填报流于形式", "2", "2", "每季抽查，纳入部门评价。", "operations")],
    },
    "gm_office": {
        "by": "gmoffice", "summary": "年度计划从编制到复盘闭环。",
        "goals": [("年度计划按期发布并每季复盘", None, 1)],
        "initiatives": [
            ("年度计划闭环管理", "gmoffice", 1, 12, "四次季度复盘按期召开", "一季度复盘", 4, 12, 0),
            ("重大决议督办", "gmoffice", 1, 12, "决议按期完成率 90%", "督办台账启用", 2, 28, 0),
        ],
        "resources": [("budget", "会议与咨询", 1, 200000, "季度复盘")],
        "risks": [("年中战略调整", "1", "2", "按变更流程调整计划并重新发布。", "gmoffice")],
    },
    "europe_sales": {
        "by": "branch.head", "summary": "在德国之外再打开两个国家。",
        "goals": [("扩大欧洲销售收入", "EUR", 0)],
        "initiatives": [
            ("Dealer network in Austria and Poland", "branch.head", 2, 10, "Two dealers under contract", "First contract", 5, 15, 0),
            ("Energy label for the pump series", "branch.employee", 1, 6, "Label granted for five sizes", "Tests handed in", 3, 25, 0),
        ],
        "resources": [("budget", "Trade fair Hannover", 1, 320000, "Dealers")],
        "risks": [("Exchange rate", "2", "2", "Prices reviewed every quarter.", "branch.head")],
    },
    "europe_service": {
        "by": "branch.head", "summary": "两天内到达现场。",
        "goals": [("现场服务两天内到达率 95%", None, 0)],
        "initiatives": [
            ("Spare parts store Hamburg", "branch.employee", 1, 8, "120 parts on stock, turnover three times", "Store opened", 5, 2, 0),
            ("Remote diagnosis", "branch.head", 4, 12, "Half of all faults found remotely", "First customer online", 9, 1, 0),
        ],
        "resources": [("equipment", "Data loggers", 20, 160000, "Remote diagnosis")],
        "risks": [("Customs delay of spare parts", "2", "3", "Safety stock for the ten fastest parts.", "branch.employee")],
    },
}
LATE = "europe_service"  # hands its draft in after the date, and is final after the others are released
RETURNED = ("procurement", "“采购降本”的测算依据没有写，请补充每项降本的来源后重新提交。")
# who besides the GM office reviews whose plan, and what they say: (criterion, verdict, comment, answer, text)
REVIEWS = {
    "production": ("head.sales", [("resources", "conditional", "扩产改造与旺季重叠，请说明如何保证三季度交付。", "adopted",
                                   "改造分两段，七、八月停止施工。"),
                                  ("risks", "conditional", "建议把外协加工列为备选方案。", "not_adopted",
                                   "外协件精度达不到要求，去年已试过两家。")]),
    "quality": ("head", [("strategy", "pass", "", None, None)]),
    "procurement": ("head.quality", [("risks", "conditional", "国产密封的验证周期估计偏短。", "adopted", "验证周期由两个月改为四个月。")]),
    "sales": ("head.hr", [("resources", "conditional", "新增区域销售没有列入编制。", "adopted", "已与人力部确认两个编制。")]),
    "research": ("head.procurement", [("resources", "fail", "试验台预算超出年度投资上限。", "not_adopted",
                                       "没有试验台无法做型式试验，已申请分两年付款。")]),
    "hr": ("head.operations", []),
    "operations": ("head.hr", [("strategy", "conditional", "请写明按时完成率如何统计。", "adopted", "以系统的到期记录为准。")]),
    "gm_office": ("head.operations", []),
    "europe_sales": ("head.sales", []),
    "europe_service": ("head.research", []),
}
OVERRULED = ("research", "型式试验是上市的前提，付款分两年，同意继续。")

# What goes worse than planned: (department, part, which) → factor by how many months ago; part is goal or initiative.
LAGS = {
    ("production", "initiative", 1): {1: 0.62, 2: 0.70, 3: 0.84, 4: 0.88},
    ("production", "goal", 0): {1: 0.93, 2: 0.94},
    ("sales", "initiative", 1): {1: 0.86, 2: 0.82},
    ("sales", "goal", 0): {4: 0.72, 5: 0.80},
    ("procurement", "initiative", 1): {1: 0.55, 2: 0.60, 3: 0.72, 4: 0.85, 5: 0.88},
    ("research", "initiative", 1): {1: 0.83, 2: 0.88},
    ("research", "goal", 0): {6: 0.6, 7: 0.7},
    ("europe_sales", "initiative", 0): {1: 0.74, 2: 0.86},
    ("hr", "initiative", 1): {3: 0.75, 4: 0.85},
}
# cause, what is done, help needed
CAUSES = {
    "production": ("试压台到货推迟三周，旺季停线时间不足。", "改为两段安装，周末加班调试。", "请采购部催促试压台尾款和发货。"),
    "sales": ("两家代理对账期有异议，谈判延长。", "总经理参加下月拜访，准备两套账期方案。", ""),
    "procurement": ("首轮国产密封寿命试验未通过。", "更换材料配方，下月做第二轮试验。", "请质量部安排试验台时间。"),
    "research": ("高效电机样品晚到两周。", "并行验证第二家供应商。", "请采购部协助催样。"),
    "europe_sales": ("波兰代理商更换负责人。", "改由奥地利先签约。", ""),
    "hr": ("旺季讲师抽不出时间。", "课程改为晚间录制。", ""),
}
CAUSE = ("订单结构变化，月度安排有偏差。", "下月调整排产和人员，逐周跟踪。", "")
