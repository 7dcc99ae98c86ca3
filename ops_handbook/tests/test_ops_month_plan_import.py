"""The breakdown of a month as people have it in a workbook: in, out again, and what is refused (process 2; form 5)."""

import base64
import io
import re
import zipfile
from datetime import date, datetime

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .execution import ExecutionCase

HEAD = ["Task", "Owner", "Start", "End"]


def saved(made):
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def book(*rows, title="Tasks", change=None):
    """Return a workbook of one sheet; ``change`` does more to the sheet."""
    made = openpyxl.Workbook()
    page = made.active
    page.title = title
    for row in rows:
        page.append(row)
    if change:
        change(page)
    return saved(made)


@tagged("post_install", "-at_install")
class TestMonthPlanImport(ExecutionCase):
    def setUp(self):
        super().setUp()
        self.plan = self._month_plan(tasks=[])

    def wizard(self, content, plan=None, user=None, **values):
        return self.env["ops.month.plan.import.wizard"].with_user(user or self.head).create({
            "file": base64.b64encode(content), "plan_id": (plan or self.plan).id, **values,
        })

    def imported(self, content, plan=None, user=None, **values):
        """Import a workbook in which nothing is wrong; return the dialog."""
        wizard = self.wizard(content, plan, user, **values)
        wizard.action_import()
        self.assertEqual(wizard.state, "done", "\n".join(f"{line.row} {line.message}" for line in wizard.line_ids))
        return wizard

    def errors(self, content, plan=None, user=None):
        """Return what is wrong with a workbook: list of (row, column, what stands there, message)."""
        wizard = self.wizard(content, plan, user)
        before = self.env["ops.task"].search([])
        wizard.action_import()
        self.assertEqual(wizard.state, "errors")
        self.assertEqual(self.env["ops.task"].search([]), before, "nothing is written when one row is wrong")
        return [(line.row, line.column_name, line.value, line.message) for line in wizard.line_ids]

    def tasks(self, plan=None):
        return self.env["ops.task"].search([("month_plan_id", "=", (plan or self.plan).id)], order="id")

    def task(self, name):
        found = self.tasks().filtered(lambda task: task.name == name)
        self.assertEqual(len(found), 1, name)
        return found

    # -- as people have it ----------------------------------------------------------------------------------------------

    def test_a_chinese_sheet_with_title_merged_cells_captions_and_totals(self):
        """Headings in Chinese in any order, a title above them, one owner merged over two rows, captions, a total."""
        def change(page):
            page.merge_cells("A1:H1")
            page.merge_cells("A4:H4")
            page.merge_cells("C5:C6")
        content = book(
            ["2027年2月车间重点工作计划表"], [],
            ["序号", "工作内容", "责 任 人", "权重（%）", "计划完成时间", "是否常规", "配合部门", "交付标准 *"],
            ["一、重点工作"],
            [1, "订购包装线", "employee.test", "30%", "2月5日", "否", self.other_department.name, "合同已签"],
            [2, "招聘装配工", None, 0.2, "2/20", "否"],
            ["二、日常"],
            [3, "清扫车间", "Newcomer", "50", datetime(2027, 2, 26), "是"],
            ["合计", None, None, "100%"],
            change=lambda page: (change(page), setattr(page["D6"], "number_format", "0%")),
            title="2月",
        )
        wizard = self.imported(content)
        order, hire, clean = self.tasks()
        self.assertEqual((order.name, order.owner_id, order.weight), ("订购包装线", self.employee, 30))
        self.assertEqual((order.date_end, order.deliverable), (date(2027, 2, 5), "合同已签"))
        self.assertEqual(order.consent_department_id, self.other_department)
        self.assertEqual((hire.owner_id, hire.weight, hire.date_end), (self.employee, 20, date(2027, 2, 20)))
        self.assertEqual((clean.owner_id, clean.is_routine, clean.date_end), (self.newcomer, True, date(2027, 2, 26)))
        self.assertIn("4", wizard.remarks)
        self.assertEqual(order.job_id, self.fitter, "the post follows from the owner")

    def test_headings_in_two_rows_and_columns_nobody_knows(self):
        def change(page):
            for place in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
                page.merge_cells(place)
        content = book(
            ["Work item", "Person in charge", "Time", None, "Budget"], [None, None, "Begin", "Deadline"],
            ["Order", "employee.test", "3 Feb", "Feb 5", 12], change=change,
        )
        wizard = self.imported(content)
        task = self.task("Order")
        self.assertEqual((task.date_start, task.date_end), (date(2027, 2, 3), date(2027, 2, 5)))
        self.assertIn("E Budget", wizard.remarks)

    def test_days_in_the_forms_people_type(self):
        typed = ["2月5日", "2/5", "2-5", "2.5", "2027-02-05", "5日", "Feb 5", datetime(2027, 2, 5), 46423, "2月5日（周五）", "5"]
        self.imported(book(HEAD, *[[f"Task {number}", None, None, text] for number, text in enumerate(typed)]))
        self.assertEqual({task.date_end for task in self.tasks()}, {date(2027, 2, 5)})
        plan = self._month_plan(tasks=[], month="2027-01-01")
        content = book(
            ["任务", "起止时间"], ["A", "12/28-1/5"], ["B", "1月中旬"], ["C", "1月4日至8日"], ["D", datetime(2026, 1, 6)],
            change=lambda page: setattr(page["B5"], "number_format", 'm"月"d"日"'),
        )
        self.imported(content, plan)
        self.assertEqual([(task.date_start, task.date_end) for task in self.tasks(plan)], [
            (date(2026, 12, 28), date(2027, 1, 5)), (False, date(2027, 1, 20)), (date(2027, 1, 4), date(2027, 1, 8)),
            (False, date(2027, 1, 6)),
        ], "the year of a date that shows none is the plan's")

    def test_owners_by_name_number_login_and_email_and_several_co_workers(self):
        self.employee_of(self.newcomer).barcode = "N1024"
        content = book(
            ["任务", "负责人", "协作人", "优先级"],
            ["A", "Employee", "Colleague、newcomer.test", "高"], ["B", "N1024", "Colleague Newcomer", "low"],
            ["C", "employee.test@test.example.com", None, "中"], ["D", "Newcomer (newcomer.test)", None, "B"],
        )
        self.imported(content)
        first, second, third, fourth = self.tasks()
        self.assertEqual((first.owner_id, first.helper_ids, first.priority), (self.employee, self.colleague | self.newcomer, "1"))
        self.assertEqual((second.owner_id, second.helper_ids, second.priority), (self.newcomer, self.colleague, "3"))
        self.assertEqual((third.owner_id, third.priority, fourth.owner_id, fourth.priority), (self.employee, "2", self.newcomer, "2"))

    def test_a_post_instead_of_an_owner(self):
        self.imported(book(["任务", "岗位"], ["A", "Fitter"], ["B", "packer"]))
        self.assertEqual(self.tasks().owner_id, self.employee | self.newcomer)

    def test_initiatives_by_name_and_number_and_what_is_called_routine(self):
        content = book(
            ["Task", "Initiative", "Type"], ["A", "new packaging line"], ["B", 2], ["C", "日常工作"], ["D", "1. New packaging line"],
            ["E", None, "日常"], ["F", None, "研发"],
        )
        self.imported(content)
        line, calls = self.annual.initiative_ids
        self.assertEqual([task.initiative_id for task in self.tasks()], [line, calls, line.browse(), line, line.browse(), line.browse()])
        self.assertEqual(self.tasks().mapped("is_routine"), [False, False, True, False, True, False])

    def test_weights_that_are_parts_of_one_or_merged(self):
        wizard = self.imported(book(["Task", "Weight"], ["A", 0.3], ["B", 0.7]))
        self.assertEqual(self.tasks().mapped("weight"), [30, 70])
        self.assertIn("percent", wizard.remarks)
        plan = self._month_plan(tasks=[], month="2027-03-01")
        self.imported(book(["Task", "Weight"], ["A", 30], ["B"], change=lambda page: page.merge_cells("B2:B3")), plan)
        self.assertEqual(self.tasks(plan).mapped("weight"), [15, 15])

    def test_hidden_sheets_and_sheets_of_other_months_are_not_read(self):
        made = openpyxl.Workbook()
        for title in ("1月", "2月", "参数"):
            page = made.create_sheet(title)
            page.append(["任务"])
            page.append([f"Task of {title}"])
        made["参数"].sheet_state = "hidden"
        made.remove(made["Sheet"])
        wizard = self.imported(saved(made))
        self.assertEqual(self.tasks().mapped("name"), ["Task of 2月"])
        self.assertIn("1月", wizard.remarks)
        self.assertIn("参数", wizard.remarks)

    def test_formulas_count_with_the_value_they_have(self):
        content = book(["Task", "Weight"], ["A", "=10+20"])
        self.assertIn("B2", self.errors(content)[0][3], "a formula that nothing has computed")
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
            for part in source.infolist():  # what a spreadsheet program stores beside the formula
                archive.writestr(part, re.sub(rb"(<f>10\+20</f>)<v ?/?>(?:</v>)?", rb"\1<v>30</v>", source.read(part)))
        self.imported(target.getvalue())
        self.assertEqual(self.task("A").weight, 30)

    # -- what is on the plan already --------------------------------------------------------------------------------------

    def plan_with_tasks(self):
        self.plan.write({"task_ids": [(0, 0, vals) for vals in (
            self._values("Order the line", initiative_id=self.annual.initiative_ids[0].id, weight=30, deliverable="Signed"),
            self._values("Clean the hall", owner_id=self.newcomer.id, is_routine=True),
        )]})
        return self.tasks()

    def test_a_preview_tells_what_becomes_of_each_row_and_writes_nothing(self):
        order, clean = self.plan_with_tasks()
        content = book(
            ["Task", "Owner", "Weight", "Deliverable"], ["order the line", "Employee", 40], ["Clean the hall", "Newcomer"],
            ["Clean the hall", "Employee"], ["New", "Employee", 5],
        )
        wizard = self.wizard(content)
        wizard.action_check()
        self.assertEqual(wizard.state, "checked")
        self.assertEqual(wizard.line_ids.mapped("what"), ["changed", "same", "new", "new"])
        self.assertIn("Weight: 30 → 40", wizard.line_ids[0].message)
        self.assertIn("Newcomer has a task of this name", wizard.line_ids[2].message)
        self.assertEqual((order.weight, self.tasks()), (30, order | clean))
        wizard.action_import()
        self.assertEqual((order.weight, order.deliverable, len(self.tasks())), (40, "Signed", 4))

    def test_tasks_on_the_plan_can_be_left_as_they_are(self):
        order, clean = self.plan_with_tasks()
        wizard = self.imported(book(["Task", "Owner", "Weight"], ["Order the line", "Employee", 40], ["New", "Employee", 5]), existing="leave")
        self.assertEqual(wizard.line_ids.mapped("what"), ["left", "new"])
        self.assertEqual((order.weight, clean.weight, len(self.tasks())), (30, 10, 3))

    def test_a_prefilled_task_without_an_owner_gets_one(self):
        order = self.plan_with_tasks()[0]
        order.owner_id = False
        self.imported(book(["Task", "Owner"], ["Order the line", "Employee"]))
        self.assertEqual((order.owner_id, len(self.tasks())), (self.employee, 2))

    def test_out_and_in_again(self):
        """An export that nobody changed changes nothing; texts that look like formulas stay texts."""
        order, clean = self.plan_with_tasks()
        clean.write({"name": "=HYPERLINK(\"x\")", "description": " - first\n- second ", "consent_department_id": self.other_department.id})
        order.write({"helper_ids": [(6, 0, (self.newcomer | self.colleague).ids)], "priority": "1", "asks_evidence": True})
        for lang in ("en_US", "zh_CN"):
            exporter = self.env["ops.month.plan.export"].with_user(self.head).with_context(lang=lang)
            content = exporter._workbook(self.plan)
            cells = [cell for page in openpyxl.load_workbook(io.BytesIO(content)).worksheets for row in page for cell in row]
            self.assertFalse([cell.value for cell in cells if cell.data_type == "f"])
            wizard = self.imported(content)
            self.assertEqual(wizard.line_ids.mapped("what"), ["same", "same"], wizard.line_ids.mapped("message"))
        self.assertEqual((clean.name, clean.description), ("=HYPERLINK(\"x\")", " - first\n- second "))
        plan = self._month_plan(tasks=[], month="2027-03-01")
        sheet = openpyxl.load_workbook(io.BytesIO(content))
        page = sheet.worksheets[0]
        page.delete_cols(next(cell.column for cell in page[1] if cell.value in ("Task ID", "任务编号")))
        for row in range(2, 4):
            page.cell(row, 6).value = page.cell(row, 7).value = None
        self.imported(saved(sheet), plan)
        kept = ("name", "deliverable", "owner_id", "helper_ids", "priority", "weight", "initiative_id", "is_routine", "asks_evidence")
        self.assertEqual([[task[name] for name in kept] for task in self.tasks(plan)], [[task[name] for name in kept] for task in (order | clean)])

    def test_a_row_with_an_id_renames_and_empties(self):
        order = self.plan_with_tasks()[0]
        self.imported(book(["Task ID", "Task", "Owner", "Deliverable"], [order.id, "Order two lines", "Newcomer", None]))
        self.assertEqual((order.name, order.owner_id, order.deliverable), ("Order two lines", self.newcomer, False))

    def test_the_template_has_examples_and_imports_nothing(self):
        for lang in ("en_US", "zh_CN"):
            content = self.env["ops.month.plan.export"].with_context(lang=lang).with_user(self.head)._template()
            self.assertEqual(len(openpyxl.load_workbook(io.BytesIO(content)).worksheets), 3)
            self.assertIn("no task", self.errors(content)[0][3])

    # -- what is refused ----------------------------------------------------------------------------------------------------

    def test_all_errors_of_all_rows_at_once(self):
        self.plan_with_tasks()
        content = book(
            ["Task", "Owner", "Start", "End", "Priority", "Weight", "Initiative", "Routine", "Consent", "Department", "Post"],
            ["A", "Nobody", "2027-02-30", "soon", "very", "much", "Nothing", "perhaps", "Nowhere", "Elsewhere", "Astronaut"],
            [None, "Employee"],
            ["B", "Employee, Newcomer", "2/20", "2/10"],
            ["C", "Employee", "2027-04-01", "2027-04-02"],
            ["D", "Employee", None, None, None, -1, "New packaging line", "yes", self.department.name],
            ["E", "Employee"], ["e", "employee.test"],
        )
        found = self.errors(content)
        self.assertEqual({(row, column.split(" ")[0]) for row, column, _value, _message in found}, {
            *((2, letter) for letter in "BCDEFGHIJK"), (3, "A"), (4, "B"), (4, "D"), (5, "D"), (6, "F"), (6, "H"), (6, "I"), (8, "A"),
        })
        message = {(row, column.split(" ")[0]): text for row, column, _value, text in found}
        self.assertIn("one owner", message[4, "B"])
        self.assertIn("before the start", message[4, "D"])
        self.assertIn("outside the month", message[5, "D"])
        self.assertIn("itself", message[6, "I"])

    def test_one_of_several_people_of_a_name_is_not_guessed(self):
        """Refused with those who may be meant; people of another company are not named."""
        twins = [self._create_user("twin.one"), self._create_user("twin.two")]
        stranger = self._create_user("twin.three", companies=self.branch)
        for user in (*twins, stranger):
            user.name = "Wang Wei"
        found = self.errors(book(["Task", "Owner", "Helpers"], ["A", "Wang Wei", "Wang Wei"]))
        self.assertEqual(len(found), 2)
        for _row, _column, _value, message in found:
            self.assertIn("Wang Wei (twin.one.test)", message)
            self.assertIn("twin.two.test", message)
            self.assertNotIn("twin.three", message)
        self.imported(book(["Task", "Owner"], ["A", "Wang Wei (twin.two.test)"]))
        self.assertEqual(self.tasks().owner_id, twins[1])

    def test_files_that_are_none(self):
        for content, text in ((b"x", "no workbook"), (b"\xd0\xcf\x11\xe0", "old workbook"), (book(["Budget"], [1]), "No sheet has a table")):
            self.assertIn(text, self.errors(content)[0][3])
        with self.assertRaises(UserError):
            self.wizard(b"").action_import()

    def test_only_who_writes_the_plan_and_only_while_it_is_open(self):
        """M1, M2: over RPC as well; nothing is imported into what was handed in or issued."""
        content = book(["Task", "Owner"], ["A", "Employee"])
        for user in (self.employee, self.other_head):
            with self.assertRaises(UserError):
                self.wizard(content, user=user).action_import()
        with self.assertRaises(AccessError):
            self.wizard(content, user=self.operations).action_import()
        wizard = self.wizard(content)
        with self.assertRaises(AccessError):
            wizard.with_user(self.employee).action_import()
        self.plan_with_tasks()
        for state in ("submitted", "issued"):
            self._reach(self.plan, state)
            with self.refused(UserError, "imported while the plan is made"):
                self.wizard(content).action_import()
            with self.assertRaises(UserError):
                self.plan.action_import_workbook()
        self.assertEqual(len(self.tasks()), 2)

    def test_a_thousand_rows_in_few_statements(self):
        def cost(rows):
            wizard = self.wizard(book(["Task", "Owner", "Helpers", "End", "Weight", "Initiative", "Consent"], *rows))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            wizard.action_import()
            self.env.flush_all()
            self.assertEqual(wizard.state, "done", wizard.line_ids.mapped("message")[:3])
            return self.env.cr.sql_log_count - start

        def rows(prefix, count, weight):
            return [
                [f"{prefix} {number}", ("Employee", "Newcomer")[number % 2], "Colleague", f"2/{number % 28 + 1}", weight,
                 "New packaging line", self.other_department.name]
                for number in range(count)
            ]

        cost(rows("first", 3, 1))
        few, many = cost(rows("few", 10, 1)), cost(rows("many", 1000, 1))
        self.assertLess(many, few + 25, "adding")
        few, many = cost(rows("few", 10, 2)), cost(rows("many", 1000, 2))
        self.assertLess(many, few + 25, "changing")
        self.assertEqual(len(self.tasks()), 1013)

    def test_links_of_many_rows_are_asked_for_together(self):
        """Each row has an initiative of its own, which is read with those of the others."""
        names = [f"Step {number:02}" for number in range(44)]
        self.env["ops.plan.initiative"].create([
            {"plan_id": self.annual.id, "name": name, "owner_id": self.head.id, "date_start": "2027-01-11", "date_end": "2027-06-30",
             "deliverable": "A drawing", "weight": 1} for name in names
        ])

        def cost(numbers, initiative=None):
            wizard = self.wizard(book(["Task", "Owner", "End", "Initiative"], *(
                [f"Task {number}", "Employee", "2/10", initiative or names[number]] for number in numbers
            )))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            wizard.action_import()
            self.env.flush_all()
            self.assertEqual(wizard.state, "done", wizard.line_ids.mapped("message")[:3])
            return self.env.cr.sql_log_count - start

        few, many = range(4), range(4, 44)
        for numbers in (few, many):
            cost(numbers, "New packaging line")
        costs = [cost(numbers) for numbers in (few, many)]
        self.assertLess(costs[1], costs[0] + 15, costs)
        self.assertEqual(set(self.tasks().initiative_id.mapped("name")), set(names))


@tagged("post_install", "-at_install")
class TestMonthPlanDownload(ExecutionCase, HttpCase):
    def test_downloads_are_for_those_who_read_the_plan(self):
        plan = self._month_plan()
        self.env.flush_all()
        for login, status in (("head.test", 200), ("other.head.test", 404), ("employee.test", 404), ("operations.test", 200)):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(f"/ops_handbook/month_plan/{plan.id}/workbook").status_code, status, login)
        self.assertEqual(self.url_open("/ops_handbook/month_plan/0/workbook").status_code, 404)
        answer = self.url_open("/ops_handbook/month_plan/template.xlsx")
        self.assertEqual(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]["A1"].value, "Task *")
