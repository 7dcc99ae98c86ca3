"""Which columns the breakdown of a month has in a workbook, and what travels through an import of one. Pure Python.

The columns are fields of the task; their headings are the fields' labels in the installed languages, the names of the fields,
and what people write over them in Chinese and English, below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .cells import folded
from .plan_sheets import BRACKETS, chinese

# what is written and read, in the order of the export
COLUMNS = (
    "name", "deliverable", "owner_id", "job_id", "helper_ids", "date_start", "date_end", "priority", "weight", "initiative_id",
    "is_routine", "consent_department_id", "asks_evidence", "description",
)
ID = "id"  # the task, as an export says it
DATES, DEPARTMENT, KIND, IGNORED = "dates", "department", "kind", "ignored"
# what an empty cell never empties, whatever the row
KEPT = {"name", "priority", "weight", "is_routine", "asks_evidence"}

# key of a column → words that mean it, apart by |
WORDS = {
    ID: "Task ID|任务ID|任务编号",
    "name": "task|tasks|task name|name|work item|work|to do|activity|任务|任务名称|工作任务|重点任务|工作内容|工作事项|工作项|事项|"
            "重点工作|主要工作|任务内容|工作名称|月度任务|本月任务|本月工作|具体工作",
    "deliverable": "deliverable|deliverables|standard|acceptance|acceptance standard|expected result|output|交付标准|交付物|交付成果|"
                   "完成标准|验收标准|工作标准|成果|输出成果|预期成果|目标标准",
    "owner_id": "owner|responsible|person in charge|assignee|assigned to|who|责任人|负责人|承办人|执行人|主责人|主办人|责任者|经办人",
    "job_id": "post|position|job|role|job position|岗位|责任岗位|职位|职务|岗位名称",
    "helper_ids": "co-workers|coworkers|helpers|support|supporting|with|participants|team|协作人|协办人|配合人|参与人|协助人|参与人员|"
                  "协作人员|配合人员|协同人",
    "date_start": "start|start date|begin|begins|from|开始|开始日期|开始时间|起始日期|起始时间|计划开始|计划开始时间|计划开始日期|启动时间",
    "date_end": "end|end date|due|due date|deadline|until|to|finish|by|结束|结束日期|结束时间|截止|截止日期|截止时间|完成时间|完成日期|"
                "完成时限|计划完成|计划完成时间|计划完成日期|时限|要求完成时间",
    DATES: "dates|period|time|when|schedule|时间|起止时间|起止日期|计划时间|时间安排|工期|时间节点|进度安排|周期",
    "priority": "priority|urgency|importance|优先级|优先级别|重要程度|紧急程度|重要性|级别",
    "weight": "weight|weight (%)|share|权重|权重%|权重(%)|占比|比重|分值|权重占比",
    "initiative_id": "initiative|key initiative|annual plan|link|linked to|source|举措|关键举措|重点举措|年度举措|对应举措|关联举措|所属举措|"
                     "年度计划|对应年度计划|来源|任务来源|年度重点工作",
    "is_routine": "routine|recurring|routine?|常规|日常|是否常规|是否日常|例行|常规工作|日常工作|常规任务|日常任务",
    KIND: "type|kind|category|task type|任务类型|任务类别|类型|类别|性质|任务性质|工作类型",
    "consent_department_id": "consent|consent of|consent department|needs|depends on|department needed|other department|协作部门|配合部门|"
                             "协同部门|需协作部门|协办部门|支持部门|需征得同意部门|同意部门",
    "asks_evidence": "evidence|evidence needed|proof|是否需要佐证|佐证|需要证据|证据|需佐证",
    "description": "description|remark|remarks|note|notes|comment|comments|details|说明|备注|描述|详细说明|任务说明|工作要求|具体措施|措施",
    DEPARTMENT: "department|team|部门|责任部门|所属部门|部门名称|牵头部门|科室|班组",
    IGNORED: "id|no|no.|#|number|nr|序号|编号|seq|progress|progress (%)|state|status|completed|completion|进度|状态|完成情况|完成率|"
             "实际完成情况|月份|month",
}
# choices as people write them; what their labels say is added
YES, NO = "是 对 y yes true 1 x √ ✓", "否 不是 n no false 0 - ×"
CHOICES = {
    "priority": {"1": "高 紧急 重要 a h 1 p1 urgent hi ★★★ 一级 特急", "2": "中 一般 普通 b m 2 p2 normal mid ★★ 二级",
                 "3": "低 次要 c l 3 p3 lo minor ★ 三级"},
    "is_routine": {
        "yes": f"{YES} 常规 日常 例行 routine recurring 常规工作 日常工作 日常任务 例行工作 常规任务",
        "no": f"{NO} 重点 专项 项目 新增 重点工作 重点任务 专项工作 project special key once",
    },
    "asks_evidence": {"yes": f"{YES} 需要 有", "no": f"{NO} 不需要 无"},
}
SEPARATORS = re.compile(r"[,，、;；/|\n&＆]+|\s+and\s+|\s+und\s+")
HAN = re.compile("[㐀-鿿]")
IN_BRACKETS = re.compile(r"(.+?)\s*[(（]([^()（）]+)[)）]")
NUMBERED = re.compile(r"^(?:举措|initiative|#|no\.?|第)?\s*(\d{1,3})\s*(?:项)?$")
LEADING = re.compile(r"^(?:\d{1,3}|[一二三四五六七八九十]+)\s*[.、,:)）]\s*")


def heading_keys(labels: dict[str, list[str]]) -> dict[str, str]:
    """Return what may stand over the columns: folded heading → key of the column.

    :param labels: key of the column → its labels in languages; they win over what people else write

    >>> keys = heading_keys({"name": ["Task"], "date_end": ["End"]})
    >>> keys["工作内容"], keys["end"], keys["deadline"], keys["序号"]
    ('name', 'date_end', 'date_end', 'ignored')
    """
    result = {}
    for key, texts in labels.items():
        for text in texts if key == ID else (*texts, key):  # people call their own numbers “ID”
            result.setdefault(folded(text), key)
    for key, words in WORDS.items():
        for text in words.split("|"):
            result.setdefault(folded(text), key)
    return result


def column_of(keys: dict[str, str], heading: object) -> str | None:
    """Return the key of the column under a heading; None when nobody knows it.

    >>> keys = heading_keys({})
    >>> column_of(keys, "责 任 人 *"), column_of(keys, "权重（%）"), column_of(keys, "完成\\n时间："), column_of(keys, "Budget")
    ('owner_id', 'weight', 'date_end', None)
    """
    text = folded(heading).strip("*:★ ")
    for spelled in (text, text.replace(" ", ""), BRACKETS.sub("", text), BRACKETS.sub("", text).replace(" ", "")):
        if key := keys.get(spelled):
            return key
    return None


def name_key(value: object) -> str:
    """Return a name by which people are compared: blanks inside Chinese names do not count.

    >>> name_key("张　三"), name_key("Ann  LEE"), name_key(10086.0)
    ('张三', 'ann lee', '10086')
    """
    text = folded(value)
    return text.replace(" ", "") if HAN.search(text) else text


def spellings(text: str) -> set[str]:
    """Return how a name may be stored: as written, in small letters, without needless blanks; what stands in brackets too.

    >>> {"Ann  Lee (alee)", "Ann Lee", "ann lee", "alee"} <= spellings("Ann  Lee (alee)"), "张三" in spellings("张 三")
    (True, True)
    """
    parts = {text}
    if match := IN_BRACKETS.fullmatch(text):
        parts |= {" ".join(match[1].split()), match[2].strip()}
    parts |= {" ".join(part.split()) for part in parts}
    parts |= {part.replace(" ", "") for part in parts if HAN.search(part)}
    return parts | {part.lower() for part in parts} | {part.title() for part in parts if part.islower()}


def pieces(text: str | None) -> list[str]:
    """Return the names that stand in one cell.

    >>> pieces("Ann Lee, Bob、张三；李四"), pieces(None)
    (['Ann Lee', 'Bob', '张三', '李四'], [])
    """
    return [piece.strip() for piece in SEPARATORS.split(text or "") if piece and piece.strip()]


def choices(name: str) -> dict[str, str]:
    """Return what may be written for a choice, whatever the language: folded word → key."""
    return chinese(CHOICES[name])


@dataclass(eq=False)
class Item:
    """A row that is imported: which task it changes, if any, and what it says."""

    table: object
    row: int
    cells: dict
    sheet: str = ""  # its title
    name: str = ""
    record: int | None = None
    exact: bool = False  # the row names the task by its ID
    owner: int | None = None
    owner_name: str = ""
    what: str = "new"  # new, changed, same, left
    namesake: str = ""  # whose task of this name the plan has already
    before: dict = field(default_factory=dict)  # column → what the task says now, where the row says something else
    values: dict = field(default_factory=dict)
    is_made: bool = False  # by this import


@dataclass(eq=False)
class Run:
    """One import: of which plan, what was read, what was found."""

    plan: object
    leave: bool = False
    tables: list = field(default_factory=list)
    ignored: list = field(default_factory=list)
    items: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    existing: dict = field(default_factory=dict)  # id of a task → task
    shown: dict = field(default_factory=dict)  # id of a task → column → how an export shows it
    titles: dict = field(default_factory=dict)  # title of a sheet → itself, as the annual plan's import names its own
    people: dict = field(default_factory=dict)  # login, number, email, name → compared name → users
    jobs: dict = field(default_factory=dict)  # folded name → ids
    holders: dict = field(default_factory=dict)  # (job, company) → user
    initiatives: dict = field(default_factory=dict)  # folded name → ids
    own_initiatives: list = field(default_factory=list)  # of the department's annual plan, in their order
    departments: dict | None = None
    inside: set | None = None  # folded names of the plan's department and of those below it
    choices: dict = field(default_factory=dict)
    weight_scale: float = 1.0
    month_first: bool | None = None

    def count(self, what: str) -> int:
        """Return how many rows are ``what``."""
        return sum(item.what == what for item in self.items)
