"""The workbook of annual plans: out, in again, and what is refused (process 1; forms 1 and 2)."""

import base64
import io
import zipfile
from datetime import date, datetime

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.workbook import MAX_BYTES
from .planning import PlanningCase

INITIATIVES = ["Initiative", "Goal", "Owner", "Start", "End", "Deliverable", "Weight (%)"]


def book(**sheets):
    """Return a workbook: title of a sheet → rows, the first the headings."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    return saved(made)


def saved(made):
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


@tagged("post_install", "-at_install")
class TestPlanImport(PlanningCase):
    def wizard(self, content, plan=None, user=None, **values):
        plan = self.plan if plan is None else plan
        return self.env["ops.plan.import.wizard"].with_user(user or self.head).create({
            "file": base64.b64encode(content), "plan_id": plan.id if plan else False, "cycle_id": self.cycle.id, **values,
        })

    def run_import(self, content, plan=None, user=None, **values):
        wizard = self.wizard(content, plan, user, **values)
        wizard.action_import()
        return wizard

    def imported(self, content, plan=None, user=None, **values):
        wizard = self.run_import(content, plan, user, **values)
        self.assertEqual(wizard.state, "done", "\n".join(wizard.line_ids.mapped("message")))
        return wizard

    def errors(self, wizard):
        self.assertEqual(wizard.state, "errors")
        return [(line.sheet, line.row, line.column_name, line.value, line.message) for line in wizard.line_ids]

    def export(self, plan=None, user=None):
        exporter = self.env["ops.plan.export"].with_user(user or self.gm_office)
        cycle = self.cycle.with_user(user or self.gm_office)
        if plan:
            return exporter._workbook(cycle, plan.with_user(user or self.gm_office))
        return exporter._workbook(cycle, cycle._plans_to_export(), whole=True)

    def setUp(self):
        super().setUp()
        self.plan = self._plan()

    def state_of(self, plan):
        self.env.flush_all()
        return self.env["ops.plan.version"]._snapshot(plan)

    # -- out and in again --------------------------------------------------------------------------------------------------

    def test_an_export_that_nobody_changed_changes_nothing(self):
        self.plan.initiative_ids[0].name = "=HYPERLINK(A1)"
        self.plan.risk_ids.contingency = " - first\n- second "
        self._broken_down(self.plan)
        before = self.state_of(self.plan)
        content = self.export(self.plan)
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Initiatives"]
        self.assertEqual(sheet["B2"].value, "'=HYPERLINK(A1)", "no formula leaves the house")
        self.assertNotEqual(sheet["B2"].data_type, "f")
        wizard = self.imported(content)
        self.assertIn("added: 0, changed: 0, deleted: 0", wizard.summary)
        self.assertEqual(self.state_of(self.plan), before)
        wizard = self.imported(content, replace=True)
        self.assertEqual(self.state_of(self.plan), before)

    def test_the_whole_cycle_goes_out_and_in_again(self):
        self._broken_down(self._plan(self.other_department))
        self._broken_down(self._plan(self.branch_department))
        before = [self.state_of(plan) for plan in self.cycle.plan_ids]
        content = self.export()
        titles = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
        self.assertEqual(titles[:3], ["Directions", "KPIs", "Goals"])
        wizard = self.imported(content, plan=False, user=self.gm_office)
        self.assertIn("added: 0, changed: 0, deleted: 0; plans begun: 0", wizard.summary)
        self.assertEqual([self.state_of(plan) for plan in self.cycle.plan_ids], before)

    def test_in_chinese(self):
        """Headings, choices and sheets in Chinese, and an export in Chinese that comes back."""
        content = book(风险=[["风险", "概率", "影响", "负责人"], ["供应商破产", "高", "中", "head.test"]])
        self.imported(content)
        risk = self.plan.risk_ids.filtered(lambda risk: risk.name == "供应商破产")
        self.assertEqual((risk.probability, risk.impact, risk.owner_id), ("3", "2", self.head))
        before = self.state_of(self.plan)
        self.head.lang = "zh_CN"
        exporter = self.env["ops.plan.export"].with_user(self.head).with_context(lang="zh_CN")
        content = exporter._workbook(self.cycle, self.plan.with_user(self.head).with_context(lang="zh_CN"))
        self.imported(content)
        self.assertEqual(self.state_of(self.plan), before)

    # -- what cells may say ------------------------------------------------------------------------------------------------

    def test_cells_in_many_spellings(self):
        content = book(
            Goals=[["Goal", "Direction", "Key Indicator", "Target"], ["Double the turnover", "growth", "turn", "￥1,200,000.50"]],
            Initiatives=[
                INITIATIVES,
                ["One", "Double the turnover", "Head", "2027年1月5日", datetime(2027, 3, 1), "A", "12%"],
                ["Two", "sell more", "HEAD.TEST", 46392, "30.6.2027", "B", 0.5],
                ["Three", None, "head.test@test.example.com", "Jan 5, 2027", "20270630", "C", " 7 "],
            ],
            Milestones=[["Milestone", "Date", "Initiative"], ["Half way", date(2027, 6, 30), "Two"]],
        )
        self.imported(content)
        goal = self.plan.goal_ids.filtered(lambda goal: goal.name == "Double the turnover")
        self.assertEqual((goal.direction_id, goal.kpi_id, goal.target), (self.growth, self.turnover, 1_200_000.5))
        one, two, three = (self.plan.initiative_ids.filtered(lambda line, name=name: line.name == name) for name in (
            "One", "Two", "Three"))
        self.assertEqual(one.goal_id, goal, "a line of the same file")
        self.assertEqual(two.goal_id.name, "Sell more")
        self.assertEqual((one | two | three).owner_id, self.head)
        self.assertEqual({line.date_start for line in one | three}, {date(2027, 1, 5)})
        self.assertEqual((two.date_start, two.date_end), (date(2027, 1, 5), date(2027, 6, 30)))
        self.assertEqual((one.weight, two.weight, three.weight), (12, 0.5, 7))
        self.assertEqual(self.plan.milestone_ids.filtered("initiative_id").initiative_id, two)

    def test_percent_cells_and_computed_formulas(self):
        made = openpyxl.load_workbook(io.BytesIO(book(Initiatives=[["Initiative", "Weight (%)"], ["Call every customer", 0.25]])))
        made["Initiatives"]["B2"].number_format = "0%"
        self.imported(saved(made))
        self.assertEqual(self.plan.initiative_ids.filtered(lambda line: line.name.startswith("Call")).weight, 25)
        content = book(Initiatives=[["Initiative", "Weight (%)"], ["Call every customer", "=20+10"]])
        [error] = self.errors(self.run_import(content))
        self.assertIn("B2", error[4])

    def test_a_row_changes_what_bears_its_name_and_columns_that_are_missing_stay(self):
        first = self.plan.initiative_ids[0]
        self.imported(book(Initiatives=[["initiative *", "Deliverable"], [f" {first.name.upper()} ", "2,000 boxes"]]))
        self.assertEqual((first.deliverable, first.owner_id, first.weight), ("2,000 boxes", self.head, 60))
        self.imported(book(Initiatives=[["ID", "Initiative", "Deliverable"], [first.id, "Renamed", None]]))
        self.assertEqual((first.name, first.deliverable, len(self.plan.initiative_ids)), ("Renamed", False, 2))

    def test_replace_deletes_what_the_workbook_no_longer_has(self):
        self.imported(book(Risks=[["Risk"], ["Another"]]), replace=True)
        self.assertEqual(self.plan.risk_ids.mapped("name"), ["Another"])
        self.assertEqual(len(self.plan.goal_ids), 3, "sheets that are not there are left alone")

    # -- all errors at once, and nothing written ---------------------------------------------------------------------------

    def test_all_errors_at_once(self):
        self._create_user("twin").name = "Same Name"
        self._create_user("twin2").name = "Same Name"
        before = self.state_of(self.plan)
        content = book(
            Goals=[["Goal", "Direction", "Target"], ["New", "Growht", "many"], [None, "Growth", 1]],
            Initiatives=[
                INITIATIVES,
                ["One", "Nothing like it", "Nobody", "2027-02-30", "31.12.2027", "A", 1],
                ["Two", None, "Same Name", "5/3/27", None, "B", 1],
                ["Two", None, None, None, None, "B", 1],
            ],
            Risks=[["Risk", "Probability"], ["Good", "High"], ["Bad", "huge"]],
            Resources=[["What", "Kind", "Amount"], ["Machine", "equipment", 1e15]],
        )
        found = self.errors(self.run_import(content))
        places = {(sheet, row, column) for sheet, row, column, _value, _message in found}
        self.assertEqual(places, {
            ("Goals", 2, "B Direction"), ("Goals", 2, "C Target"), ("Goals", 3, "A Goal"), ("Initiatives", 2, "B Goal"),
            ("Initiatives", 2, "C Owner"), ("Initiatives", 2, "D Start"), ("Initiatives", 3, "C Owner"),
            ("Initiatives", 3, "D Start"), ("Initiatives", 4, "A Initiative"), ("Risks", 3, "B Probability"),
            ("Resources", 2, "C Amount"),
        })
        self.assertIn(("Goals", 2, "C Target", "many"), {error[:4] for error in found})
        self.assertIn("Low, Medium, High", next(message for *_place, message in found if "chosen" in message))
        self.assertEqual(self.state_of(self.plan), before, "nothing is imported when one row is bad")

    @mute_logger("odoo.sql_db")
    def test_what_the_models_refuse_is_told_by_its_row(self):
        """Constraints of the ORM and of the database, each at its row; the good rows between them are not written either."""
        before = self.state_of(self.plan)
        content = book(Initiatives=[
            INITIATIVES,
            ["Good 1", None, "head.test", "2027-01-05", "2027-02-05", "A", 1],
            ["Backwards", None, "head.test", "2027-03-05", "2027-02-05", "A", 1],
            ["Good 2", None, "head.test", "2027-01-05", "2027-02-05", "A", 1],
            ["Next year", None, "head.test", "2028-01-05", "2028-02-05", "A", 1],
            ["Heavy", None, "head.test", None, None, "A", 120],
        ], Milestones=[["Milestone", "Date", "Initiative"], ["Elsewhere", "2029-01-01", "Good 1"]])
        found = self.errors(self.run_import(content))
        self.assertEqual([error[:2] for error in found], [
            ("Initiatives", 3), ("Initiatives", 5), ("Initiatives", 6), ("Milestones", 2),
        ])
        self.assertIn("before the start", found[0][4])
        self.assertIn("outside 2027", found[1][4])
        self.assertEqual(self.state_of(self.plan), before)

    def test_columns_and_sheets_that_nobody_knows(self):
        found = self.errors(self.run_import(book(Goals=[["Goal", "Taregt", "Goal"], ["x", 1, 2]])))
        self.assertEqual([(error[0], error[2], error[3]) for error in found], [("Goals", "B", "Taregt"), ("Goals", "C", "Goal")])
        found = self.errors(self.run_import(book(Goals=[["Target"], [1]], Initiatives=[["Initiative", "Goal", "Start"], ["a", "b", "c"]])))
        self.assertEqual([error[:2] for error in found], [("Goals", 0), ("Initiatives", 2)], "the other sheets are checked too")
        [error] = self.errors(self.run_import(book(Sheet1=[["Goal"], ["x"]])))
        self.assertIn("Initiatives", error[4])
        wizard = self.imported(book(Risks=[["Risk"], ["The supplier is late"]], Notes=[["…"]], Mine=[["x"]]))
        self.assertIn("Mine", wizard.summary)

    def test_files_that_are_none(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b" " * 130 * 1024 * 1024)
        entity = io.BytesIO()
        with zipfile.ZipFile(entity, "w") as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
        for content, word in (
            (b"Goal;Target\nx;1", "no workbook"), (b"\xd0\xcf\x11\xe0rest", "old workbook"), (bomb.getvalue(), "unpacks"),
            (b"PK\x03\x04rest", "damaged"), (b"x" * (MAX_BYTES + 1), "10 MB"), (entity.getvalue(), "damaged"),
            (self.export(self.plan)[:-900], "damaged"),
        ):
            with self.subTest(word):
                [error] = self.errors(self.run_import(content))
                self.assertIn(word, error[4])
        with self.refused(UserError, "choose the file"):
            self.env["ops.plan.import.wizard"].with_user(self.head).create({"plan_id": self.plan.id}).action_import()

    def test_check_only_writes_nothing(self):
        wizard = self.wizard(book(Risks=[["Risk"], ["Another"]]))
        wizard.action_check()
        self.assertEqual((wizard.state, len(self.plan.risk_ids)), ("checked", 1))
        self.assertIn("added: 1", wizard.summary)

    # -- breakdown ----------------------------------------------------------------------------------------------------------

    def test_breakdown_adds_up(self):
        months = [f"2027-{number:02}" for number in range(1, 13)]
        head = ["Kind", "Goal or Initiative", *months]
        goal = self.plan.goal_ids[0]
        self.imported(book(Breakdown=[head, ["Goal", "Sell more", *[10_000] * 12]]))
        self.assertEqual(sum(goal.target_ids.mapped("value")), 120_000)
        content = book(分解=[["类型", "名称", *[f"{number}月" for number in range(1, 13)]], ["目标", "Sell more", *[9_000] * 12],
                           ["举措", "New packaging line", *[10] * 12]])
        found = self.errors(self.run_import(content))
        self.assertEqual([error[1] for error in found], [2, 3])
        self.assertIn("too little", found[0][4].replace(",", ""))
        self.assertEqual(sum(goal.target_ids.mapped("value")), 120_000)

    def test_months_of_many_goals_follow_together(self):
        """A re-import with other figures costs no statements for the months of each goal."""
        self.plan.write({"goal_ids": [
            Command.create({"name": f"Goal {number}", "kpi_id": self.turnover.id, "target": 1_200}) for number in range(12)
        ]})
        self.plan.action_split()
        goals = self.plan.goal_ids.filtered(lambda goal: goal.name.startswith("Goal "))
        self._statements_to_import(goals, 200)  # what is read once is read
        few, many = self._statements_to_import(goals[:2], 300), self._statements_to_import(goals, 400)
        self.assertLessEqual(many, few + 20)
        for index, goal in enumerate(goals):
            self.assertEqual(goal.target_ids.mapped("value"), [400 + index] * 12)
        line = self.plan.initiative_ids[0]
        self.imported(book(Initiatives=[["Initiative", "Start", "End"], [line.name, "2027-01-11", "2027-02-28"]]))
        self.assertAlmostEqual(sum(line.target_ids.mapped("value")), 100)
        self.assertFalse(any(row.value for row in line.target_ids if row.month > "2027-02"), "the months of an initiative too")

    def _statements_to_import(self, goals, month):
        """Import other figures of the year for these goals: ``month`` a month, and one more for each goal."""
        wizard = self.wizard(book(Goals=[
            ["Goal", "Target"], *[[goal.name, 12 * (month + index)] for index, goal in enumerate(goals)],
        ]))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        wizard.action_import()
        self.env.flush_all()
        self.assertEqual(wizard.state, "done", wizard.line_ids.mapped("message"))
        return self.env.cr.sql_log_count - before

    def test_breakdown_of_goals_of_the_same_file(self):
        months = [f"2027-{number:02}" for number in range(1, 13)]
        self.imported(book(
            Goals=[["Goal", "Key Indicator", "Target"], ["Sell more", "Turnover", 240_000], ["New", "Turnover", 12]],
            Breakdown=[["Kind", "Goal or Initiative", *months], ["Goal", "Sell more", *[20_000] * 12], ["Goal", "New", *[1] * 12]],
        ))
        self.assertEqual(sum(self.plan.target_ids.mapped("value")), 240_012)

    # -- rights --------------------------------------------------------------------------------------------------------------

    def test_nobody_imports_into_what_they_may_not_write(self):
        content = book(Risks=[["Risk"], ["Another"]])
        for user in (self.other_head, self.employee, self.operations, self.gm):
            with self.subTest(user.login):
                try:
                    wizard = self.run_import(content, user=user)
                except (AccessError, ValidationError):  # they may not even know of the plan
                    continue
                self.assertEqual(wizard.state, "errors")
        with self.refused(AccessError, "GM office"):
            self.run_import(content, plan=False)
        with self.refused(AccessError, "GM office"):
            self.run_import(content, running=True, reason="x")
        self.assertEqual(len(self.plan.risk_ids), 1)

    def test_a_plan_that_was_handed_in_is_locked(self):
        self._submitted(self.plan)
        for user in (self.head, self.gm_office):
            [error] = self.errors(self.run_import(book(Risks=[["Risk"], ["Another"]]), user=user))
            self.assertIn("cannot be changed now", error[4])
        before = self.state_of(self.plan)
        self.assertEqual(self.errors(self.run_import(book(Risks=[["Risk", "Impact"], ["The supplier is late", "Low"]])))[0][1], 2)
        self.assertEqual(self.state_of(self.plan), before)

    def test_a_released_plan_stays_what_it_is(self):
        self._released(self.plan)
        before = self.state_of(self.plan)
        months = [f"2027-{number:02}" for number in range(1, 13)]
        for content in (
            book(Goals=[["Goal", "Target"], ["Sell more", 1]]),
            book(Breakdown=[["Kind", "Goal or Initiative", *months], ["Goal", "Sell more", 20_000, 0, *[10_000] * 10]]),
        ):
            for user in (self.head, self.gm_office):
                self.errors(self.run_import(content, user=user))
        self.imported(self.export(self.plan, self.head))
        self.assertEqual(self.state_of(self.plan), before)

    # -- the whole cycle -----------------------------------------------------------------------------------------------------

    def test_all_departments_begin_their_plans(self):
        self.cycle.sudo().department_ids = self.department | self.other_department
        self.assertEqual(self.cycle.plan_ids, self.plan)
        content = book(
            KPIs=[["Key Indicator", "Code", "Direction", "Target", "Better"], ["Deliveries", "DEL", "Efficiency", 98, "higher"]],
            Goals=[["Department", "Goal", "Key Indicator", "Target"], ["Sales", "On time", "DEL", 98]],
            Initiatives=[["部门", "举措", "目标"], ["Sales", "A second van", "On time"], ["Workshop", "Paint it", None]],
        )
        wizard = self.imported(content, plan=False, user=self.gm_office)
        self.assertIn("plans begun: 1", wizard.summary)
        plan = self.cycle.plan_ids.filtered(lambda plan: plan.department_id == self.other_department)
        self.assertEqual((plan.state, plan.author_id, plan.initiative_ids.goal_id.name), ("draft", self.other_head, "On time"))
        self.assertEqual(plan.goal_ids.kpi_id.direction_id, self.efficiency)
        found = self.errors(self.run_import(book(Risks=[
            ["Department", "Risk"], ["Nowhere", "x"], [None, "y"], ["Operations", "z"],
        ]), plan=False, user=self.gm_office))
        self.assertEqual([error[1] for error in found], [2, 3, 4])

    def test_plans_that_run_already(self):
        content = book(Goals=[["Department", "Goal"], ["Workshop", "Go on"]])
        self.imported(content, plan=False, user=self.gm_office, running=True, reason="Approved by the board in January")
        self.assertEqual((self.plan.state, self.plan.entered_running), ("released", True))
        self.assertTrue(self.plan.version_ids)

    def test_a_thousand_rows_cost_few_statements(self):
        """A few statements for 100 rows, whatever the number of departments."""
        heads = self._create_user("many")
        departments = self.env["hr.department"].create([
            {"name": f"Line {number:03}", "company_id": self.company.id, "ops_keeps_plans": True} for number in range(30)
        ])
        departments.manager_id = self._employ(heads, departments[0])
        self.env["res.users"]._ops_refresh_rights()
        self.cycle.sudo().department_ids |= departments
        rows = [
            [department.name, f"Initiative {number}", "Goal 1", "many.test", "2027-01-05", "2027-06-30", "Done", 5]
            for department in departments for number in range(20)
        ]
        content = book(
            Goals=[["Department", "Goal"], *[[department.name, "Goal 1"] for department in departments]],
            Initiatives=[["Department", *INITIATIVES], *rows],
        )
        self.imported(book(Risks=[["Department", "Risk"], ["Line 000", "x"]]), plan=False, user=self.gm_office)
        wizard = self.wizard(content, plan=False, user=self.gm_office)
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        wizard.action_import()
        self.env.flush_all()
        used = self.env.cr.sql_log_count - start
        self.assertEqual(wizard.state, "done", wizard.line_ids.mapped("message")[:3])
        self.assertEqual(self.env["ops.plan.initiative"].search_count([("department_id", "in", departments.ids)]), 600)
        self.assertLess(used, 300, "630 rows of 30 departments")
        changed = [[*row[:6], "Done well", 5] for row in rows]
        wizard = self.wizard(book(Initiatives=[["Department", *INITIATIVES], *changed]), plan=False, user=self.gm_office)
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        wizard.action_import()
        self.env.flush_all()
        self.assertIn("changed: 600", wizard.summary)
        self.assertLess(self.env.cr.sql_log_count - start, 300)

    # -- Odoo's own import -----------------------------------------------------------------------------------------------------

    def test_odoos_own_import(self):
        [template] = self.env["ops.plan.initiative"].get_import_templates()
        self.assertIn("/ops_handbook/template/initiatives.xlsx", template["template"])
        content = self.env["ops.plan.export"]._template("initiatives")
        made = openpyxl.load_workbook(io.BytesIO(content))
        made.active.append([self.plan.number, "From the list", None, "Head", "2027-01-05", "2027-02-05", "A", 1])
        importer = self.env["base_import.import"].with_user(self.head).create({
            "res_model": "ops.plan.initiative", "file": saved(made), "file_name": "x.xlsx",
            "file_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        })
        options = {"quoting": '"', "separator": ",", "has_headers": True, "date_format": "", "datetime_format": ""}
        preview = importer.parse_preview(dict(options))
        names = [preview["matches"].get(index) for index in range(len(preview["headers"]))]
        self.assertTrue(all(names), preview["headers"])
        fields = ["/".join(path) for path in names]
        result = importer.execute_import(fields, preview["headers"], preview["options"])
        self.assertFalse([message for message in result["messages"] if message["type"] == "error"], result["messages"])
        self.assertIn("From the list", self.plan.initiative_ids.mapped("name"))
        [template] = self.env["ops.kpi"].get_import_templates()
        self.assertIn("kpis", template["template"])


@tagged("post_install", "-at_install")
class TestPlanWorkbook(PlanningCase, HttpCase):
    """The workbooks over HTTP."""

    def test_downloads(self):
        plan = self._plan()
        self.authenticate(self.head.login, self.head.login)
        answer = self.url_open(f"/ops_handbook/plan/{plan.id}/workbook")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Initiatives"]
        self.assertEqual(sheet["B2"].value, "New packaging line")
        for path in (f"cycle/{self.cycle.id}/workbook", "template/kpis.xlsx", "template/initiatives.xlsx"):
            self.assertEqual(self.url_open(f"/ops_handbook/{path}").status_code, 200, path)
        for path in ("plan/999999999/workbook", "plan/99999999999/workbook", "cycle/0/workbook", "template/users.xlsx"):
            self.assertEqual(self.url_open(f"/ops_handbook/{path}").status_code, 404, path)

    def test_nobody_downloads_what_they_may_not_read(self):
        plan = self._plan()
        self.authenticate(self.other_head.login, self.other_head.login)
        self.assertEqual(self.url_open(f"/ops_handbook/plan/{plan.id}/workbook").status_code, 404, "another's draft")
        answer = self.url_open(f"/ops_handbook/cycle/{self.cycle.id}/workbook")
        self.assertEqual(openpyxl.load_workbook(io.BytesIO(answer.content))["Initiatives"].max_row, 1)
