"""What the demo company sets out to do in the year to come: it goes on from this year's plans.

The texts are what users would type: they are content, not words of the software, and so not translated.
"""

SUMMARIES = {
    "production": "产能上台阶：新试压台全面投产，1号线接着改造。",
    "research": "第二代节能泵量产，第三代完成方案验证。",
    "gm_office": "年度计划、季度复盘和决议督办一体运行。",
}
# This year's initiative: next year's, what is there in the end, milestone
INITIATIVES = {
    "2号线换型时间压缩到四十分钟": ("1号线换型时间压缩到四十分钟", "连续十次换型不超过四十分钟", "1号线快换夹具到位"),
    "2号线扩产改造": ("1号线扩产改造", "月产能由 480 台提高到 520 台", "第二套试压台投入使用"),
    "设备预防性维护覆盖关键设备": ("设备预防性维护覆盖全部设备", "全部设备月度点检完成率 100%", "点检标准修订"),
    "多能工培养": ("多能工分级与认证", "每个工位至少两人持证", "分级标准发布"),
    "试压工位过程检验前移": ("装配工位过程检验前移", "过程检验记录上线，返工再减三成", "装配检验规程发布"),
    "供应商来料质量提升": ("供应商免检认证", "十家供应商通过免检认证", "首批三家通过认证"),
    "质量体系外审": ("质量体系监督审核", "零严重不符合", "年度内审完成"),
    "铸件供应商重新谈价": ("电机供应商集中采购", "两家签订框架协议，单价下降 3%", "框架协议签订"),
    "特种密封国产替代": ("轴承国产替代", "两个型号通过验证并批量使用", "首个型号通过验证"),
    "关键物料安全库存": ("关键物料供应商寄售", "五类物料实行寄售", "首家寄售协议签订"),
    "节能泵重点客户开发": ("节能泵改造项目推广", "完成二十个老泵改造项目", "首批五个项目签约"),
    "北方化工市场渠道建设": ("西南市场渠道建设", "签约两家区域代理", "首家代理签约"),
    "应收账款专项清理": ("客户信用分级管理", "全部客户完成信用分级", "分级办法发布"),
    "节能泵系列化设计": ("节能泵大流量规格设计", "三个规格图纸和工艺文件齐套", "图纸发放"),
    "第二代节能泵样机": ("第三代节能泵方案验证", "原理样机通过效率试验", "方案评审通过"),
    "专利布局": ("欧洲专利申请", "受理通知书两件", "第一件受理"),
    "关键岗位薪酬对标": ("关键岗位接班人计划", "每个关键岗位一名接班人", "名单批准"),
    "内训师与培训教材": ("岗位培训地图", "全部岗位有培训路径", "首批岗位上线"),
    "月结提前到次月三日": ("产品成本按月核算", "每月五日前发布产品成本", "首次发布"),
    "运营手册系统上线推广": ("运营手册推广到供应商", "十家供应商在线反馈问题", "首家供应商上线"),
    "月度经营分析标准化": ("经营分析数据自动取数", "七成指标自动取数", "取数清单确定"),
    "年度计划闭环管理": ("三年滚动规划", "规划经战略研讨会通过", "规划初稿"),
    "重大决议督办": ("重大决议督办", "决议按期完成率 95%", "督办办法修订"),
    "Dealer network in Austria and Poland": ("Dealers in the Czech Republic", "Two dealers under contract", "First contract"),
    "Energy label for the pump series": ("Energy label for the large sizes", "Label granted for three sizes", "Tests handed in"),
    "Spare parts store Hamburg": ("Spare parts delivered overnight", "Nine of ten orders on the next day", "Contract with the carrier"),
    "Remote diagnosis": ("Remote diagnosis for all new pumps", "Every new pump leaves with a data logger", "First fifty connected"),
}


def next_story(story, department):
    """Return a department's story of the year to come: the same people and months, other things to do."""
    return {
        **story, "summary": SUMMARIES.get(department, story["summary"]),
        "initiatives": [
            (*INITIATIVES[name][:1], owner, begin, end, *INITIATIVES[name][1:], month, day, goal)
            for name, owner, begin, end, _deliverable, _milestone, month, day, goal in story["initiatives"]
        ],
    }
