"""What the demo company did not finish in a month, why, and what it does about it.

The texts are what Chinese users would type: they are content, not words of the software, and so not translated.
"""

# Months ago: department: tasks that end before the report is due (task, owner, last day, how one sees that it is done)
SHORT = {
    2: {
        "production": [("试压台基础施工", "liu.yang", 18, "混凝土强度报告合格"), ("设备点检表改为二维码", "employee", 20, "扫码可见点检记录"),
                       ("加急订单排班表发布", "head", 12, "各班组签收")],
        "quality": [("来料检验规程修订", "xu.jing", 19, "规程批准并发放"), ("季度客诉分析", "head.quality", 15, "报告发各部门")],
        "procurement": [("国产密封第二轮试样", "liaison", 17, "试样送达质量部")],
        "sales": [("代理商资质核查", "feng.tao", 18, "三家资质齐全")],
        "hr": [("多能工培训课件", "opsadmin", 16, "课件经生产部确认")],
    },
    1: {
        "production": [("换型工具车配齐", "liu.yang", 16, "六辆工具车按清单配齐"), ("2号线安全护栏整改", "employee", 14, "整改照片归档")],
        "quality": [("压力表周期检定", "xu.jing", 18, "检定证书归档")],
        "procurement": [("铸件二供首批到货", "liaison", 17, "首批 200 件入库合格")],
        "sales": [("北方展会客户回访", "feng.tao", 15, "回访记录上传")],
        "hr": [("年度体检组织", "opsadmin", 18, "参检率 95%")],
    },
    0: {
        "production": [("快换夹具试装", "liu.yang", 18, "连续三次换型记录"), ("扭力扳手自检记录上墙", "employee", 12, "现场可见")],
        "quality": [("内审不符合项整改", "xu.jing", 19, "整改证据齐全")],
        "procurement": [("密封圈安全库存补足", "liaison", 17, "库存不低于两周用量")],
        "sales": [("年度框架合同续签", "feng.tao", 19, "五家客户签回")],
    },
}
# task: the initiative of the annual plan that it is part of; all others are routine
BELONGS = {
    "扩产改造试压工艺评审": "2号线扩产改造", "试压台基础施工": "2号线扩产改造", "2号线安全护栏整改": "2号线扩产改造",
    "设备点检表改为二维码": "设备预防性维护覆盖关键设备", "换型工具车配齐": "2号线换型时间压缩到四十分钟",
    "快换夹具试装": "2号线换型时间压缩到四十分钟", "来料检验规程修订": "供应商来料质量提升", "内审不符合项整改": "质量体系外审",
    "国产密封第二轮试样": "特种密封国产替代", "铸件二供首批到货": "铸件供应商重新谈价", "密封圈安全库存补足": "关键物料安全库存",
    "代理商资质核查": "北方化工市场渠道建设", "北方展会客户回访": "北方化工市场渠道建设", "年度框架合同续签": "节能泵重点客户开发",
    "多能工培训课件": "内训师与培训教材",
}
STILL = {"快换夹具试装"}  # this month's: neither done nor given up
# (months ago, task): cause, proposed, what the department says; then, where it is ruled otherwise: why; then the objection,
# the answer to it, and whether it was upheld. What has no line here gets done.
CAUSES = {
    (2, "试压台基础施工"): ("other_department", "objective", "地脚螺栓到货晚八天，基础无法浇筑。", "到货延迟提前三天已知，未调整施工顺序。",
                      "到货日期有入库单为证，施工顺序受吊装限制无法调整。", "已核对入库单和吊装方案，异议成立，改为客观原因。", True),
    (2, "设备点检表改为二维码"): ("execution", "objective", "点检员被抽调到夜班，没有时间录入。", "抽调由本部门安排，可以提前录入。",
                         "抽调是为了完成加急订单。", "加急订单只占两天，其余时间没有安排，维持主观原因。", False),
    (2, "来料检验规程修订"): ("planning", "subjective", "评审安排在月底，没有留出修改时间。"),
    (2, "国产密封第二轮试样"): ("external", "objective", "材料厂家停产检修，试样推迟三周。"),
    (2, "代理商资质核查"): ("execution", "subjective", "核查表发出后没有跟催，两家未回。"),
    (2, "多能工培训课件"): ("planning", "subjective", "低估了现场拍摄的工作量。"),
    (1, "设备点检表改为二维码"): ("execution", "subjective", "录入完成七成，夜班没有坚持扫码。"),
    (1, "换型工具车配齐"): ("resource", "objective", "工具柜供应商少发两套。", "验收时没有清点，少发十天后才提出。"),
    (1, "压力表周期检定"): ("skill", "subjective", "送检清单漏登两台，补送后证书未到。"),
    (1, "铸件二供首批到货"): ("external", "objective", "二供模具返修，首批推迟到下月。"),
    (0, "内审不符合项整改"): ("other_department", "objective", "培训记录由人力部补充，尚未收到。"),
    (0, "年度框架合同续签"): ("external", "objective", "两家客户年度预算下月批准。"),
    (0, "密封圈安全库存补足"): ("planning", "subjective", "订货点仍按旧用量计算。"),
}
# what else was not finished: (cause, proposed, what the department says), by turns
OTHER_CAUSES = [
    ("change", "objective", "客户调整交期，人员转到加急订单。"), ("planning", "subjective", "工作量估计不足，月底前无法完成。"),
    ("other_department", "objective", "等待其他部门的确认，已催办。"), ("execution", "subjective", "安排在月末，被其他工作挤占。"),
]
RETURN = "原因写得太简单，请说明何时发现、采取了什么措施。"
REWORKED = "补充说明：发现后第二天已提出，并调整了后续工序。"
SUMMARY = "本月主要任务按计划完成，未完成任务已说明原因和下一步安排。"

# (months ago, department) of the report: root cause, then measures (what, owner, working days from today on which it is due,
# negative ones are done on that day), and what becomes of it: "verify" waits for operations, "again" had no effect, "works"
IMPROVEMENTS = {
    (2, "production"): ("点检表改造没有专人负责，夜班没有交接要求。", [
        ("指定夜班点检责任人", "liu.yang", -6), ("每班交接时核对扫码记录", "employee", -5)], "again"),
    (2, "quality"): ("规程评审没有倒排时间。", [
        ("评审计划按完成日倒排并公布", "xu.jing", -4), ("规程修订模板增加评审节点", "head.quality", -2)], "verify"),
    (2, "sales"): ("外发核查没有跟催节点。", [("核查表三日一催并登记", "feng.tao", -9)], "works"),
    (2, "hr"): ("课件制作没有现场人员参与。", [
        ("试讲换型课程并收集班组意见", "employee", 3), ("课件拍摄安排列入月度任务", "opsadmin", 6)], "runs"),
    (1, "quality"): ("检定台账与现场不一致。", [
        ("现场盘点压力表并更新台账", "xu.jing", 5), ("到期前一个月自动提醒", "head.quality", 8)], "runs"),
}
FINDING = "抽查两周记录，措施得到执行，没有再发生。"
NO_EFFECT = "抽查上周夜班，仍有三天没有扫码，措施没有效果，请提出新的措施。"
ANALYSIS = (
    "<p><b>完成情况</b>：多数部门完成率在九成左右，生产部和质量部偏低。</p>"
    "<p><b>原因</b>：客观原因集中在到货和外部检定；主观原因多为计划没有留出余量。生产部点检表一项连续两个月未完成。</p>"
    "<p><b>要求</b>：主观原因的任务三个工作日内提交改进计划；常规任务占比高的部门下月复核任务分解。</p>"
)

# What people write into their logs: what they did, by turns
NOTES = (
    "按计划推进，今天完成当日部分", "与班组核对数据，更新记录", "资料已备齐，等待评审", "现场确认后继续下一步", "完成一半，剩余明天处理",
    "与供应商电话确认到货", "整理照片和记录归档", "按评审意见修改", "处理两项遗留，其余正常", "完成本周检查",
)
NOTES_ABROAD = ("Went on as planned", "Called the customer, notes are filed", "Prepared the papers for the review", "Checked on site")
# (login, working days ago): problem, what was done about it
PROBLEMS = {
    ("employee", 1): ("扭力扳手送检未回，2号线只剩一把", "借用1号线备用扳手，下班前归还"),
    ("employee", 6): ("夜班交接时点检记录缺两项", "当班补录，并告知班长"),
    ("liu.yang", 2): ("快换夹具定位销偏紧", "请机修打磨，明天再试"),
    ("xu.jing", 3): ("外审资料缺两份培训记录", "已请人力部补充"),
    ("liaison", 2): ("铸件二供报价单缺运费", "已退回重报"),
}
