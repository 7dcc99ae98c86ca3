"""A reorganisation in the middle of the year: plans and what is owed for them stay right, readable and somebody's."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsPlanReorganise(PlanningCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third_head = cls._create_user("third.head")
        cls.third_department = cls._create_department("Purchasing", cls.third_head)

    def _office(self, plan):
        return plan.with_user(self.gm_office)

    def _a6(self, department, local="2027-03-01 08:00"):
        self._generate(local)
        return self._owed("A6", ("department_id", "=", department.id), ("period", "=", "2027-03"))

    # -- another head ------------------------------------------------------------------------------------------------

    def test_head_changes_while_the_plan_is_returned(self):
        plan = self._submitted()
        self._office(plan).action_return("Figures are missing")
        rework = self._owed("R1", ("source_id", "=", plan.id))
        self.assertEqual(rework.responsible_id, self.head)
        self.department.manager_id = self.employee_of(self.employee)
        self.assertEqual(rework.responsible_id, self.employee)
        self.assertEqual(plan.author_id, self.head)  # who wrote it stays so
        with self.assertRaises(AccessError):
            plan.with_user(self.head).write({"summary": "x"})
        with self.assertRaises(AccessError):
            plan.with_user(self.head).action_submit()
        mine = plan.with_user(self.employee)
        mine.summary = "<p>Ours now</p>"
        mine.action_submit()
        self.assertEqual((plan.state, rework.state), ("submitted", "done"))

    def test_head_changes_while_the_plan_is_released(self):
        plan = self._released()
        item = self._a6(self.department)
        self.assertEqual((plan.department_name, plan.head_name), ("Workshop", "Head"))
        self.department.manager_id = self.employee_of(self.employee)
        self.assertEqual(item.responsible_id, self.employee)
        self.assertEqual(plan.head_name, "Head")  # of the day of the release
        self.assertTrue(plan.with_user(self.employee).milestone_ids.can_reach)
        self.assertFalse(plan.milestone_ids.with_user(self.third_head).can_reach)

    def test_department_gets_another_place(self):
        plan = self._released(self._plan(self.third_department))
        item = self._a6(self.third_department)
        self.third_department.manager_id = False
        self.assertEqual(item.role, "operations")
        self.third_department.parent_id = self.department
        self.assertEqual(item.responsible_id, self.head)
        self.assertEqual(plan.with_user(self.head).read(["state"])[0]["state"], "released")
        self.assertIn("head", plan.with_user(self.head)._flow_roles()[plan.id])

    def test_department_is_renamed(self):
        plan = self._released()
        self.department.name = "Factory"
        self.assertEqual(plan.department_name, "Workshop")
        self.assertIn("Factory", plan.display_name)
        self._office(plan).action_close()
        self.department.name = "Plant 1"
        self.assertIn("Workshop", plan.display_name)

    # -- merged ------------------------------------------------------------------------------------------------------

    def test_archived_department_without_a_successor(self):
        plan = self._released(self._plan(self.third_department))
        item = self._a6(self.third_department)
        self.third_department.active = False
        self.assertEqual(item.role, "operations")  # nobody above: operations look after it
        for user in (self.gm_office, self.operations, self.gm, self.other_head):
            self.assertEqual(plan.with_user(user).read(["state", "department_name"])[0]["department_name"], "Purchasing")
        self.assertFalse(plan.with_user(self.gm_office).can_edit)

    def test_merged_into_a_department_without_a_plan(self):
        """The plan moves, with what is owed for it; the new head reports, the old names stay readable."""
        plan = self._released(self._plan(self.third_department))
        item = self._a6(self.third_department)
        # Sales owes its own reports as well: those of Purchasing are not owed twice
        theirs = self._owed("A6", ("department_id", "=", self.other_department.id), ("period", "=", "2027-03"))
        versions = plan.sudo().version_ids.mapped("content")
        self._office(plan).action_hand_over_department(self.other_department.id, "Purchasing becomes part of Sales")
        self.third_department.active = False
        self.assertEqual((plan.department_id, plan.state), (self.other_department, "released"))
        self.assertEqual(plan.goal_ids.department_id, self.other_department)
        self.assertEqual((plan.department_name, plan.head_name), ("Purchasing", "Third Head"))
        self.assertEqual((item.state, theirs.state), ("cancelled", "open"))
        self.assertIn("becomes part of Sales", item.transition_ids[:1].reason)
        self.assertIn("becomes part of Sales", plan.transition_ids[:1].reason)
        self.assertIn("head", plan.with_user(self.other_head)._flow_roles()[plan.id])
        self.assertEqual(self._owed("V2", ("source_id", "=", plan.id), ("state", "=", "open")).mapped("responsible_id"),
                         self.other_head)
        self.assertEqual(plan.sudo().version_ids.mapped("content"), versions)
        with self.assertRaises(UserError):
            plan.with_user(self.other_head).write({"summary": "x"})

    def test_merged_into_a_team_that_owes_nothing_yet(self):
        plan = self._released(self._plan(self.third_department))
        item = self._a6(self.third_department)
        self._office(plan).action_hand_over_department(self.sub_department.id, "A team of the workshop now")
        self.assertEqual((item.department_id, item.responsible_id, item.state), (self.sub_department, self.head, "open"))

    def test_merged_into_a_department_with_a_plan(self):
        plan, other = self._released(self._plan(self.third_department)), self._released(self._plan(self.other_department))
        item = self._a6(self.third_department)
        self._office(plan).action_hand_over_department(self.other_department.id, "Merged")
        self.assertEqual((plan.state, plan.successor_id, other.state), ("closed", self.other_department, "released"))
        self.assertEqual(plan.department_id, self.third_department)
        self.assertEqual(item.state, "cancelled")
        self.assertIn("Carried on by Sales: Merged", plan.transition_ids[:1].reason)

    def test_what_is_no_department_is_refused_in_words(self):
        plan = self._released(self._plan(self.third_department))
        for given in (True, "7", -1, 2**40, [1]):
            with self.subTest(given=given), self.refused(ValidationError, "Department: choose one that exists"):
                self._office(plan).action_hand_over_department(given, "Merged")

    def test_draft_of_a_merged_department(self):
        plan = self._plan(self.third_department)
        self._plan(self.other_department)
        self._generate()
        self._office(plan).action_hand_over_department(self.other_department.id, "Merged")
        self.assertEqual((plan.state, plan.successor_id), ("cancelled", self.other_department))
        item = self._owed("A2", ("department_id", "=", self.third_department.id))
        self.assertEqual(item.state, "cancelled")

    def test_plan_of_a_merged_department_in_review_or_final(self):
        """It ends as the others do; by a button nobody cancels one that is so far."""
        self._plan(self.other_department)
        for made in (self._in_review, self._final):
            plan = made(self._plan(self.third_department))
            with self.subTest(state=plan.state):
                self._generate()
                for user in (self.third_head, self.gm_office):
                    self.assertFalse(plan.with_user(user).can_cancel)
                    with self.assertRaises(AccessError):
                        plan.with_user(user).action_cancel("Not needed")
                self._office(plan).action_hand_over_department(self.other_department.id, "Merged")
                self.assertEqual((plan.state, plan.successor_id), ("cancelled", self.other_department))
                item = self._owed("A2", ("department_id", "=", self.third_department.id))
                self.assertEqual(item.state, "cancelled")

    def test_who_took_over_a_plan_before_its_release_signs_it(self):
        """The names are those of the day of the release: of the department that has written it to the end."""
        for number, made in enumerate((lambda plan: plan, self._submitted, self._final)):
            plan = made(self._plan(self.third_department))
            with self.subTest(state=plan.state):
                user = self._create_user(f"successor.{number}")
                department = self._create_department(f"Department {number}", user)
                self._office(plan).action_hand_over_department(department.id, "Merged")
                self.assertEqual((plan.department_id, plan.department_name, plan.head_name), (department, False, False))
                self._released(plan.with_user(user))
                self.assertEqual((plan.department_name, plan.head_name), (department.name, user.name))

    def test_returned_plan_moves_with_its_rework(self):
        plan = self._submitted(self._plan(self.third_department))
        self._office(plan).action_return("Not yet")
        self._office(plan).action_hand_over_department(self.other_department.id, "Merged")
        rework = self._owed("R1", ("source_id", "=", plan.id))
        self.assertEqual((rework.state, rework.responsible_id, rework.department_id),
                         ("open", self.other_head, self.other_department))
        plan.with_user(self.other_head).action_submit()
        self.assertEqual(rework.state, "done")

    def test_who_may_hand_over_and_to_whom(self):
        plan = self._released()
        for user in (self.head, self.other_head, self.operations, self.gm):
            with self.refused(UserError, "handed over by the GM office"):
                plan.with_user(user).action_hand_over_department(self.other_department.id, "Merged")
        office = self._office(plan)
        with self.refused(UserError, "Reason"):
            office.action_hand_over_department(self.other_department.id, " ")
        foreign = self._create_department("Foreign", company=self._create_company("Elsewhere", "Asia/Shanghai", "base.cn"))
        for department in (foreign.id, 0, -1, "x", [1], self.department.id):
            with self.assertRaises(ValidationError, msg=department):
                office.action_hand_over_department(department, "Merged")
        self.assertEqual(office.action_hand_over_department()["res_model"], "ops.plan.hand.over.wizard")
        office.action_close()
        with self.refused(UserError, "there is nothing to hand over"):
            office.action_hand_over_department(self.other_department.id, "Merged")

    def test_dialog(self):
        plan = self._released(self._plan(self.third_department))
        wizard = self.env["ops.plan.hand.over.wizard"].with_user(self.gm_office).create({
            "plan_ids": plan.ids, "department_id": self.other_department.id, "reason": "Merged",
        })
        wizard.action_confirm()
        self.assertEqual(plan.department_id, self.other_department)

    # -- split -------------------------------------------------------------------------------------------------------

    def test_split_gets_a_plan_of_its_own(self):
        """The old plan goes on; the new department's is entered as running, and it reports from then on."""
        plan, painter = self._released(), self._create_user("painter")
        with self.at("2027-04-01 10:00"):
            paint = self._create_department("Paint shop", painter)
            mine = self.env["ops.plan"].with_user(self.gm_office).create({
                "cycle_id": self.cycle.id, "department_id": paint.id,
                "goal_ids": [(0, 0, {"name": "Fewer runs", "kpi_id": self.scrap.id, "target": 2})],
            })
            self.assertEqual(mine.author_id, painter)
            mine.action_enter_running("Split off the workshop on 1 April")
        self.assertEqual((plan.state, mine.state), ("released", "released"))
        self._generate("2027-04-05 08:00")
        self.assertTrue(self._owed("A6", ("department_id", "=", paint.id), ("period", "=", "2027-04")))

    # -- branch closed -----------------------------------------------------------------------------------------------

    def test_closed_branch(self):
        plan = self._released(self._plan(self.branch_department))
        item, theirs = self._a6(self.branch_department), self._a6(self.department)
        self.branch_employee.active = self.branch_head.active = False
        self.branch.active = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual((item.state, theirs.state), ("cancelled", "open"))
        self.assertIn("Operations Test Branch was closed.", item.transition_ids[:1].reason)
        for user in (self.gm_office, self.operations, self.gm, self.head):
            self.assertEqual(plan.with_user(user).read(["department_name"])[0]["department_name"], "Branch workshop")
        with self.assertRaises(UserError):
            plan.with_user(self.gm_office).write({"summary": "x"})
        self._office(plan).action_hand_over_department(self.department.id, "The branch was closed")
        self.assertEqual((plan.state, plan.successor_id), ("closed", self.department))

    def test_people_read_what_their_new_department_does(self):
        workshop, sales = self._released(), self._released(self._plan(self.other_department))
        mine = self.env["ops.plan"].with_user(self.employee)
        self.assertEqual(mine.search([]), workshop)
        self.employee_of(self.employee).department_id = self.other_department
        self.assertEqual(mine.search([]), sales)
        # a team reads what the department above it does
        self.assertEqual(mine.with_user(self.colleague).search([]), workshop)
