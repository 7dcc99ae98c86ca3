"""Which sheets and columns the workbook of an annual plan has, and what travels through an import of one. Pure Python.

The columns are fields of the models; their headings are the fields' labels in the reader's language, in English, the names of
the fields, and the Chinese words below, so that a Chinese workbook can be read where Chinese is not installed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .cells import folded, month

# sheet → (model, fields); those of a cycle first, then those of plans. A sheet may name what stands in one before it.
SHEETS = {
    "directions": ("ops.direction", ("name", "description")),
    "kpis": ("ops.kpi", (
        "code", "name", "direction_id", "department_id", "unit", "currency_id", "digits", "baseline", "target", "weight",
        "better", "is_additive",
    )),
    "goals": ("ops.plan.goal", ("name", "direction_id", "kpi_id", "target")),
    "initiatives": ("ops.plan.initiative", (
        "name", "goal_id", "owner_id", "date_start", "date_end", "deliverable", "weight",
    )),
    "milestones": ("ops.plan.milestone", ("name", "date", "initiative_id", "owner_id")),
    "resources": ("ops.plan.resource", (
        "kind", "name", "quantity", "amount", "currency_id", "date_needed", "reason", "initiative_id",
    )),
    "risks": ("ops.plan.risk", ("name", "probability", "impact", "contingency", "owner_id")),
}
OF_CYCLE = ("directions", "kpis")
OF_PLAN = tuple(key for key in SHEETS if key not in OF_CYCLE)
BREAKDOWN = "breakdown"
# fields that keep what they have, or take their default, where a cell is empty
KEPT = {"kind", "quantity", "currency_id", "probability", "impact", "digits", "better", "is_additive"}
# what must be there in a line
REQUIRED = {"name", "date"}

SHEET_WORDS = {
    "directions": "战略方向 方向",
    "kpis": "关键指标 KPI 指标",
    "goals": "年度目标 目标",
    "initiatives": "关键举措 重点举措 举措 重点工作",
    "milestones": "里程碑",
    "resources": "资源需求 资源",
    "risks": "风险",
    "breakdown": "分解 指标分解 月度分解",
}
# key of a column → words that mean it in any sheet
WORDS = {
    "id": "编号 ID 序号(系统)",
    "plan": "部门 部门名称",
    "kind": "类型 种类 类别",
    "direction_id": "战略方向 方向",
    "kpi_id": "关键指标 KPI 指标",
    "department_id": "责任部门 负责部门 归口部门 部门",
    "goal_id": "目标 年度目标",
    "initiative_id": "举措 关键举措 重点举措",
    "owner_id": "负责人 责任人",
    "currency_id": "币种 货币",
    "target": "目标值",
    "weight": "权重 权重(%)",
    "code": "代码 指标代码",
    "unit": "单位",
    "digits": "小数位 小数位数",
    "baseline": "基线值 基准值 上年值",
    "better": "方向性 优劣方向",
    "is_additive": "可累加 是否累加",
    "description": "说明 描述",
    "date": "日期 完成日期",
    "date_start": "开始日期 开始 起始日期",
    "date_end": "结束日期 结束 完成日期 截止日期",
    "date_needed": "需要日期 需求日期",
    "deliverable": "交付物 交付成果",
    "quantity": "数量",
    "amount": "金额",
    "reason": "原因 理由",
    "probability": "概率 可能性",
    "impact": "影响 影响程度",
    "contingency": "应急预案 应对措施",
}
# the name of a line, which each sheet calls differently
NAMES = {
    "directions": "Direction 战略方向 方向 名称",
    "kpis": "KPI Indicator 关键指标 指标 指标名称 名称",
    "goals": "年度目标 目标 目标名称 名称",
    "initiatives": "关键举措 重点举措 举措 举措名称 名称",
    "milestones": "里程碑 里程碑名称 名称",
    "resources": "资源 内容 资源名称 名称",
    "risks": "风险 风险名称 名称",
    "breakdown": "名称 目标或举措 目标/举措",
}
# choices in Chinese
CHOICES = {
    ("ops.plan.resource", "kind"): {"headcount": "人员 人力 编制", "budget": "预算 资金 费用", "equipment": "设备"},
    ("ops.plan.risk", "probability"): {"1": "低", "2": "中", "3": "高"},
    ("ops.plan.risk", "impact"): {"1": "低", "2": "中", "3": "高"},
    ("ops.kpi", "better"): {"higher": "越高越好 高", "lower": "越低越好 低"},
    ("breakdown", "kind"): {"goal": "目标 年度目标", "initiative": "举措 关键举措 重点举措"},
}
BRACKETS = re.compile(r"\s*\([^()]*\)$")


def heading_keys(labels: dict[str, list[str]], sheet: str) -> dict[str, str]:
    """Return what may stand over the columns of a sheet: folded heading → key of the column.

    :param labels: key of the column → its labels in languages; an earlier column wins where two share a heading

    >>> keys = heading_keys({"name": ["Goal"], "weight": ["Weight (%)"]}, "goals")
    >>> keys["目标"], keys["goal"], keys["weight (%)"], keys["weight"], keys["权重"]
    ('name', 'name', 'weight', 'weight', 'weight')
    """
    result = {}
    for key, texts in labels.items():
        for text in (*texts, key):
            result.setdefault(folded(text), key)
    for key in labels:
        words = NAMES.get(sheet, "") if key == "name" else WORDS.get(key, "")
        for text in words.split():
            result.setdefault(folded(text), key)
    return result


def column_of(keys: dict[str, str], heading: object, year: int | None = None) -> str | None:
    """Return the key of the column under a heading; None when nobody knows it.

    >>> column_of({"weight": "weight"}, "Weight (%) *"), column_of({}, "3月", 2027), column_of({}, "3月")
    ('weight', '2027-03', None)
    """
    text = folded(heading).rstrip("*").strip()
    if key := keys.get(text) or keys.get(BRACKETS.sub("", text)):
        return key
    return month(heading, year) if year else None


def chinese(options: dict[str, str]) -> dict[str, str]:
    """Return choices by their folded Chinese words.

    >>> chinese({"1": "低 小"})
    {'低': '1', '小': '1'}
    """
    return {folded(word): key for key, words in options.items() for word in words.split()}


@dataclass
class Finding:
    """What is wrong in one place: sheet, row and column as the reader sees them."""

    sheet: str
    row: int | None
    column: str
    value: str
    message: str


@dataclass(eq=False)
class Item:
    """A row that is imported: of which plan (the id of its department), which record it changes, and to what."""

    sheet: str
    row: int
    cells: dict
    plan: int | None = None
    record: int | None = None
    name: str = ""
    is_made: bool = False  # by this import
    values: dict = field(default_factory=dict)
    refs: dict = field(default_factory=dict)  # field → (sheet, folded name) of a line that the same file may add


@dataclass(eq=False)
class Run:
    """One import: what it is for, what was read, what was found."""

    cycle: object
    plan: object = None
    replace: bool = False
    book: object = None
    titles: dict = field(default_factory=dict)  # key of a sheet → its title as written
    items: dict = field(default_factory=dict)  # key of a sheet → list of items
    unusable: set = field(default_factory=set)  # sheets that lack the columns by which rows are known
    findings: list = field(default_factory=list)
    plans: dict = field(default_factory=dict)  # id of a department → plan
    existing: dict = field(default_factory=dict)  # key of a sheet → records
    of_row: dict = field(default_factory=dict)  # (sheet, row) → ids of the departments that it may mean
    departments: dict | None = None
    currencies: dict | None = None
    people: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)  # (sheet, id) → department of an existing line
    choices: dict = field(default_factory=dict)  # (sheet, field) → folded word → key
    months: dict = field(default_factory=dict)  # (model, id) → months as they were
    created: int = 0
    updated: int = 0
    removed: int = 0
    plans_created: int = 0
    ids: dict = field(default_factory=dict)  # (sheet, department or None, folded name) → ids of lines, items of new ones
