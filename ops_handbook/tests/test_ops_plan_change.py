"""Form 4: how a released plan changes; flow, limits, what is refused, what an approval does."""

import runpy

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import file_path

from ..tools import token
from .planning import PlanningCase


class ChangeCase(PlanningCase):
    """The plan of the workshop is released; ``_change`` writes a request about it as its head."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._released().with_user(cls.head)
        cls.goal = cls.plan.goal_ids[0]
        cls.initiative = cls.plan.initiative_ids[0]

    def _line(self, record, field, value, **values):
        return {"kind": "change", "target_model": record._name, "target_id": record.id, "target_field": field,
                "new_json": value, **values}

    def _change(self, *lines, user=None, plan=None, **values):
        """Return the draft of a request with these lines."""
        change = self.env["ops.plan.change"].with_user(user or self.head).create({
            "plan_id": (plan or self.plan).id, "reason": "The supplier closed", "impact": "Turnover of spring", **values,
        })
        change._propose(list(lines))
        return change

    def _handed_in(self, *lines, **values):
        change = self._change(*lines, **values)
        change.action_submit()
        return change

    def _approved(self, *lines, **values):
        """Return a request that went all the way."""
        change = self._handed_in(*lines, **values)
        change.with_user(self.gm_office).action_check()
        change.with_user(self.gm).action_approve()
        return change

    def _decided(self, change):
        return [
            (item.responsible_id.login or item.role, item.state)
            for item in self._owed("D1", ("source_model", "=", "ops.plan.change"), ("source_id", "=", change.id)).sorted("round")
        ]


@tagged("post_install", "-at_install")
class TestOpsPlanChange(ChangeCase):
    def test_a_goal_gets_its_first_indicator(self):
        goal = self.plan.goal_ids[2]
        self._approved(self._line(goal, "target", 92.5), self._line(goal, "kpi_id", self.satisfaction.id))
        self.assertEqual((goal.target, goal.target_ids.mapped("value")), (92.5, [92.5] * 12))

    def test_a_goal_is_measured_by_another_indicator(self):
        """Its months are those of the new one, also those that are over: figures of the old one say nothing of it."""
        orders = self.env["ops.kpi"].create({
            "cycle_id": self.cycle.id, "name": "Orders", "digits": 0, "direction_id": self.growth.id, "target": 120,
        })
        with self.at("2027-06-15 10:00"):
            self._approved(self._line(self.goal, "kpi_id", orders.id), self._line(self.goal, "target", 120))
        self.assertEqual((self.goal.target, self.goal.target_ids.mapped("value")), (120, [10] * 12))

    # -- writing it --------------------------------------------------------------------------------------------------------

    def test_a_line_in_words(self):
        change = self._change(
            self._line(self.initiative, "owner_id", self.employee.id), self._line(self.goal, "target", 132_000),
            self._line(self.initiative, "date_end", "2027-07-31"),
        )
        self.assertEqual(
            [(line.display_name, line.field_label, line.old_value, line.new_value) for line in change.line_ids],
            [
                ("Key Initiative “New packaging line”", "Owner", "Head", "Employee"),
                ("Annual Goal “Sell more”", "Target", "120,000", "132,000"),
                ("Key Initiative “New packaging line”", "End", "06/30/2027", "07/31/2027"),
            ],
        )
        self.assertEqual((change.department_id, change.company_id), (self.department, self.company))
        self.assertFalse(change.date_effective, "from the approval on")

    def test_the_old_value_is_the_servers(self):
        change = self._change()
        line = self.env["ops.plan.change.line"].with_user(self.head).with_context(default_old_json={"target": 1}).create({
            "change_id": change.id, **self._line(self.goal, "target", 5), "old_json": {"target": 7}, "name": "Something else",
        })
        self.assertEqual((line.old_json, line.name), ({"target": 120_000.0}, "Sell more"))
        line.write({"old_json": {"target": 3}})
        self.assertEqual(line.old_json, {"target": 120_000.0})
        line.write({"new_json": {"target": 6}})
        self.assertEqual((line.old_json, line.new_json), ({"target": 120_000.0}, {"target": 6.0}))

    def test_nonsense_is_refused_in_words(self):
        change, other = self._change(), self._plan(self.other_department).goal_ids[0]
        for values, text in (
            (self._line(self.goal, "state", 1), "one of these can change"),
            (self._line(self.goal, "plan_id", 1), "one of these can change"),
            (self._line(other, "target", 1), "choose one of the plan"),
            (self._line(self.goal, "target", "much"), "Target: “much” is no value"),
            (self._line(self.goal, "target", float("nan")), "is no value"),
            (self._line(self.goal, "target", 1e30), "is no value"),
            (self._line(self.goal, "target", True), "is no value"),
            (self._line(self.initiative, "date_end", "2027-02-30"), "End: “2027-02-30” is no value"),
            (self._line(self.initiative, "owner_id", 10**9), "Owner"),
            (self._line(self.initiative, "owner_id", [[]]), "Owner"),
            (self._line(self.plan.risk_ids, "impact", "9"), "Impact"),
            (self._line(self.goal, "name", 3), "is no value"),
            ({**self._line(self.goal, "target", 1), "target_model": "res.users"}, "choose what shall change"),
            ({**self._line(self.goal, "target", 1), "target_id": "x"}, "choose one of the plan"),
            ({**self._line(self.goal, "target", 1), "target_field": {}}, "one of these can change"),
            ({**self._line(self.goal, "target", 1), "kind": []}, "choose what shall change"),
            ({**self._line(self.goal, "target", 1), "target_model": {}}, "choose what shall change"),
            (self._line(self.goal, "target", {"target": 1, "name": "x"}), "and no other"),
            ({"kind": "add", "target_model": "ops.plan.target", "new_json": {"value": 3}}, "only goals"),
            ({"kind": "remove", "target_model": "ops.kpi", "target_id": self.scrap.id}, "only goals"),
            (self._line(self.turnover, "target", 1), "choose one of the plan"),  # another department's indicator
        ):
            with self.subTest(values=values), self.refused(UserError, text), self.cr.savepoint():
                change._propose([values])

    def test_only_the_head_asks(self):
        for user in (self.other_head, self.operations, self.gm_office, self.gm, self.employee, self.admin_ops):
            with self.subTest(user=user.login), self.assertRaises(UserError), self.cr.savepoint():
                self._change(user=user)

    def test_a_plan_that_is_not_released_is_edited(self):
        draft = self._plan(self.other_department)
        with self.refused(ValidationError, "once a plan is released"):
            self._change(plan=draft, user=self.other_head)

    def test_nonsense_of_a_client(self):
        change = self._change(self._line(self.goal, "target", 5))
        lines = self.env["ops.plan.change.line"].with_user(self.head)
        for values in ({"target_id": [1]}, {"target_id": {}}, {"change_id": [1]}, {"change_id": {}}, {"target_model": ["x"]}, {"new_json": [[]]}):
            with self.subTest(values=values), self.assertRaises(UserError), self.cr.savepoint():
                lines.create({"change_id": change.id, **self._line(self.goal, "target", 1), **values})
            if "change_id" not in values:
                with self.subTest(values=values), self.assertRaises(UserError), self.cr.savepoint():
                    change.line_ids.write(values)
        for plan in ([1], {}, "x", 0, -1, True, 10**9, None):
            with self.subTest(plan=plan), self.assertRaises(UserError), self.cr.savepoint():
                change.create({"plan_id": plan, "reason": "Because"})

    def test_what_is_missing_is_named(self):
        with self.refused(UserError, "Reason, Impact, Changes"):
            self._change(reason=False, impact=False).action_submit()

    def test_all_errors_at_once(self):
        change = self._change(
            self._line(self.initiative, "date_end", "2028-07-31"), self._line(self.initiative, "owner_id", self.branch_head.id),
            self._line(self.goal, "target", 120_000), self._line(self.goal, "name", False),
            {"kind": "add", "target_model": "ops.plan.milestone", "new_json": {"date": "2026-05-01"}},
        )
        with self.assertRaises(UserError) as caught:
            change.action_submit()
        said = str(caught.exception).split("\n")
        self.assertEqual(len(said), 7, said)
        for text in ("choose a day in 2027", "does not work for", "the one that the plan has", "fill this in", "Milestone: fill"):
            self.assertTrue([line for line in said if text in line], (text, said))

    def test_the_plans_own_rules_are_asked_before_it_is_handed_in(self):
        for line, text in (
            (self._line(self.initiative, "date_end", "2027-01-05"), "would end before it starts"),
            (self._line(self.initiative, "weight", 30), "add up to 70"),
            (self._line(self.plan.target_ids[0], "value", 1), "too little"),
            ({"kind": "remove", "target_model": "ops.plan.risk", "target_id": self.plan.risk_ids.id}, "would lack: Risks"),
        ):
            with self.subTest(text=text), self.refused(UserError, text), self.cr.savepoint():
                self._change(line).action_submit()
            self.assertEqual(self.initiative.date_end.isoformat(), "2027-06-30")

    # -- who decides -----------------------------------------------------------------------------------------------------

    def test_small_changes_are_the_gm_offices(self):
        self.company.write({"ops_change_office_dates": "quarter", "ops_change_office_percent": 5})
        for line, small in (
            (self._line(self.initiative, "owner_id", self.employee.id), True),
            (self._line(self.initiative, "date_end", "2027-05-31"), True),
            (self._line(self.initiative, "date_end", "2027-07-01"), False),
            (self._line(self.goal, "target", 126_000), True),
            (self._line(self.goal, "target", 126_000.01), False),
            (self._line(self.initiative, "name", "Another line"), False),
            ({"kind": "remove", "target_model": "ops.plan.goal", "target_id": self.goal.id}, False),
        ):
            change = self._change(line)
            self.assertEqual(change.is_small, small, line)
            self.assertIn("The GM office decides" if small else "The general manager decides", change.decided_by)

    def test_a_small_change_is_approved_by_the_gm_office(self):
        change = self._handed_in(self._line(self.initiative, "owner_id", self.employee.id))
        self.assertEqual(self._decided(change), [("gm_office", "open")])
        change.with_user(self.gm_office).action_approve()
        self.assertEqual((change.state, self.initiative.owner_id), ("approved", self.employee))
        self.assertEqual(self._decided(change), [("gm_office", "done")])

    def test_a_large_change_is_checked_and_goes_to_the_general_manager(self):
        change = self._handed_in(self._line(self.goal, "target", 240_000))
        office = change.with_user(self.gm_office)
        self.assertFalse(office.can_approve)
        with self.assertRaises(AccessError), self.cr.savepoint():
            office.action_approve()
        office.action_check()
        self.assertEqual(self._decided(change), [("gm_office", "done"), ("general_manager", "open")])
        for user in (self.gm_office, self.head, self.operations, self.admin_ops):
            with self.subTest(user=user.login), self.assertRaises(AccessError), self.cr.savepoint():
                change.with_user(user).action_approve()
        change.with_user(self.gm).action_approve()
        self.assertEqual(self._decided(change), [("gm_office", "done"), ("general_manager", "done")])
        self.assertEqual(self.goal.target, 240_000)

    def test_nobody_decides_on_their_own(self):
        self.head.group_ids += self.env.ref("ops_handbook.group_gm_office") + self.env.ref("ops_handbook.group_general_manager")
        change = self._handed_in(self._line(self.initiative, "owner_id", self.employee.id))
        for step in ("action_check", "action_approve", "action_reject"):
            with self.subTest(step=step), self.assertRaises(AccessError), self.cr.savepoint():
                getattr(change, step)(*(["No"] if step == "action_reject" else []))

    def test_whoever_hands_it_in_does_not_decide_either(self):
        boss = self._create_boss("gm_office")
        change = self._change(self._line(self.initiative, "owner_id", self.employee.id))
        change.with_user(boss).action_submit()
        with self.assertRaises(AccessError), self.cr.savepoint():
            change.with_user(boss).action_approve()
        change.with_user(self.gm_office).action_approve()

    def test_the_gm_offices_own_plan_goes_to_the_general_manager(self):
        plan = self._released(self._plan(self.gm_department))
        change = self._handed_in(
            self._line(plan.initiative_ids[0], "owner_id", self.gm.id), plan=plan, user=self.gm_office,
        )
        self.assertIn("request of the GM office itself", change.decided_by)
        self.assertEqual(self._decided(change), [("general_manager", "open")])
        with self.assertRaises(AccessError), self.cr.savepoint():
            change.action_approve()
        change.with_user(self.gm).action_approve()
        self.assertEqual(plan.initiative_ids[0].owner_id, self.gm)

    # -- what an approval does ---------------------------------------------------------------------------------------------

    def test_an_approval_makes_a_version(self):
        change = self._approved(self._line(self.goal, "target", 240_000), self._line(self.initiative, "name", "A longer line"))
        versions = self.plan.version_ids.sorted("version")
        self.assertEqual(versions.mapped("version"), [1, 2])
        self.assertEqual((versions[1].reason, change.version_id, versions[1].change_id), ("The supplier closed", versions[1], change))
        found = {item["field"].split(" › ")[-1]: (item["before"], item["after"]) for item in versions[1]._diff(versions[0])
                 if "Breakdown" not in item["field"]}
        self.assertEqual(found["Initiative"], ("New packaging line", "A longer line"))
        self.assertEqual(sum(self.goal.target_ids.mapped("value")), 240_000)

    def test_the_head_acknowledges_anew(self):
        """V2: a change makes a version that the head has not read."""
        self.plan.action_acknowledge()
        self._approved(self._line(self.goal, "target", 240_000))
        self.assertFalse(self.plan.acknowledged_on)
        owed = self._owed("V2", ("source_id", "=", self.plan.id)).sorted("round")
        self.assertEqual(owed.mapped("state"), ["done", "open"])
        self.plan.action_acknowledge()
        self.assertEqual((self.plan.acknowledged_version, set(owed.mapped("state"))), (2, {"done"}))

    def test_what_has_changed_meanwhile_is_not_overwritten(self):
        first = self._handed_in(self._line(self.goal, "target", 240_000), self._line(self.initiative, "name", "A longer line"))
        second = self._handed_in(self._line(self.goal, "target", 150_000))
        (first | second).with_user(self.gm_office).action_check()
        second.with_user(self.gm).action_approve()
        with self.refused(UserError, "Annual Goal “Sell more”, Target: changed meanwhile from “120,000” to “150,000”"):
            first.with_user(self.gm).action_approve()
        self.assertEqual((first.state, self.initiative.name, self.goal.target), ("checked", "New packaging line", 150_000))
        first.with_user(self.gm).action_return("Please renew")
        first.with_user(self.head).action_submit()
        self.assertEqual(first.line_ids[0].old_json, {"target": 150_000.0})

    def test_two_requests_approved_at_once_are_compared_one_by_one(self):
        both = self._handed_in(self._line(self.goal, "target", 240_000)) | self._handed_in(self._line(self.goal, "target", 150_000))
        both.with_user(self.gm_office).action_check()
        with self.refused(UserError, "changed meanwhile"):
            both.with_user(self.gm).action_approve()
        self.assertEqual((self.goal.target, set(both.mapped("state"))), (120_000, {"checked"}))

    def test_parts_come_and_go(self):
        goal = self.plan.goal_ids[2]
        self._approved(
            {"kind": "add", "target_model": "ops.plan.goal", "new_json": {"name": "Sell abroad", "kpi_id": self.turnover.id, "target": 10_000}},
            {"kind": "add", "target_model": "ops.plan.risk", "new_json": {"name": "Strike", "probability": "1", "impact": "1"}},
            {"kind": "remove", "target_model": "ops.plan.goal", "target_id": goal.id},
        )
        self.assertEqual(self.plan.goal_ids.mapped("name"), ["Sell more", "Content customers", "Sell abroad"])
        self.assertEqual(sum(self.plan.goal_ids[2].target_ids.mapped("value")), 10_000)
        self.assertIn("Strike", self.plan.risk_ids.mapped("name"))
        self.assertTrue(goal.exists(), "reports speak of it")
        content = self.plan.version_ids.sorted("version")[-1].content
        self.assertEqual(sorted(line["name"] for line in content["goal_ids"].values()), ["Content customers", "Sell abroad", "Sell more"])

    def test_a_new_goal_serves_a_direction_those_of_before_need_not(self):
        goal = self.plan.goal_ids[2]
        token.PLAN.on(goal.sudo()).write({"direction_id": False})  # released before it was asked for
        self._approved(self._line(goal, "name", "No detours"))
        self.assertEqual(goal.name, "No detours")
        with self.refused(UserError, "Goal “Sell abroad”: choose the direction that it serves"):
            self._handed_in({"kind": "add", "target_model": "ops.plan.goal", "new_json": {"name": "Sell abroad"}})
        self._approved({
            "kind": "add", "target_model": "ops.plan.goal", "new_json": {"name": "Sell abroad", "direction_id": self.growth.id},
        })
        self.assertEqual(self.plan.goal_ids[3:].direction_id, self.growth)

    def test_months_move_together(self):
        rows = self.goal.target_ids.sorted("month")
        change = self._approved(self._line(rows[0], "value", 5_000), self._line(rows[11], "value", 15_000))
        self.assertEqual([rows[0].value, rows[11].value, sum(rows.mapped("value"))], [5_000, 15_000, 120_000])
        self.assertEqual(change.line_ids[0].display_name, "Month of a Breakdown “Sell more · 2027-01”")

    def test_the_indicator_of_the_department(self):
        self._approved(self._line(self.scrap, "target", 2))
        self.assertEqual(self.scrap.target, 2)

    def test_the_new_and_the_old_owner_are_told(self):
        self.env["mail.mail"].sudo().search([]).unlink()
        change = self._handed_in(self._line(self.initiative, "owner_id", self.employee.id))
        change.with_user(self.gm_office).action_approve()
        told = dict(self.mails())
        self.assertEqual(told["From now on yours: New packaging line"], [self.employee.email])
        self.assertEqual(told["No longer yours: New packaging line"], [self.head.email])
        self.assertEqual(told[f"{change.number}: approved"], [self.head.email])

    # -- from when on ------------------------------------------------------------------------------------------------------

    def test_a_change_is_asked_for_before_it_is_carried_out(self):
        change = self._change(self._line(self.goal, "target", 240_000), date_effective="2026-11-30")
        with self.refused(UserError, "Carried out from: a change is asked for before it is carried out. Choose today or a later day."):
            change.action_submit()
        change.date_effective = "2026-12-01"
        change.action_submit()
        self.assertEqual(change.state, "submitted")

    def test_a_draft_that_lay_about_names_no_day_that_is_over(self):
        change = self._change(self._line(self.goal, "target", 240_000))
        with self.at("2026-12-10 10:00"):
            change.action_submit()
            change.with_user(self.gm_office).action_return("Why so much?")
        with self.at("2026-12-11 10:00"):
            change.action_submit()
        self.assertEqual(change.state, "submitted")

    def test_work_follows_a_change_from_the_approval_on_or_later(self):
        first, second = self.plan.initiative_ids
        changes = [
            self._handed_in(self._line(self.goal, "target", 240_000)),
            self._handed_in(self._line(first, "name", "Another line"), date_effective="2026-12-02"),
            self._handed_in(self._line(second, "name", "Call some customers"), date_effective="2027-01-15"),
        ]
        with self.at("2026-12-10 10:00"):
            for change in changes:
                change.with_user(self.gm_office).action_check()
                change.with_user(self.gm).action_approve()
        self.assertEqual([str(change.date_effective) for change in changes], ["2026-12-10", "2026-12-10", "2027-01-15"])
        self.assertEqual((self.goal.target, second.name), (240_000, "Call some customers"), "the plan says so at once")

    def test_an_upgrade_forgets_the_days_that_nobody_chose(self):
        changes = [self._change(self._line(self.goal, "target", 240_000)) for _number in range(3)]
        self.env.flush_all()
        for change, day, begun in zip(changes, ("2026-12-02", "2026-12-24", "2026-12-01"), ("2026-12-01 17:00",) * 3, strict=True):
            self.env.cr.execute(
                "UPDATE ops_plan_change SET date_effective = %s, create_date = %s WHERE id = %s", [day, begun, change.id]
            )
        self.env.invalidate_all()
        runpy.run_path(file_path("ops_handbook/migrations/19.0.1.6.0/post-change-days.py"))["migrate"](self.env.cr, "19.0.1.5.0")
        self.assertEqual([str(change.date_effective) for change in changes], ["False", "2026-12-24", "False"])

    # -- what becomes of what is not approved ------------------------------------------------------------------------------

    def test_rejected_and_written_anew(self):
        change = self._handed_in(self._line(self.goal, "target", 240_000), self._line(self.goal, "name", "Sell much more"))
        change.with_user(self.gm_office).action_check()
        with self.refused(UserError, "Reason"), self.cr.savepoint():
            change.with_user(self.gm).action_reject("")
        change.with_user(self.gm).action_reject("Too bold")
        self._approved(self._line(self.goal, "target", 130_000))
        change = change.with_user(self.head)
        self.assertTrue(change.can_rework)
        draft = self.env["ops.plan.change"].with_user(self.head).browse(change.action_rework()["res_id"])
        self.assertEqual((draft.state, draft.previous_id, draft.author_id), ("draft", change, self.head))
        self.assertEqual([line.old_json for line in draft.line_ids], [{"target": 130_000.0}, {"name": "Sell more"}])
        self.assertEqual(change.action_rework()["res_id"], draft.id)
        self.assertEqual(change.line_ids[0].old_json, {"target": 120_000.0}, "what was rejected stays as it was")

    def test_withdrawn(self):
        change = self._handed_in(self._line(self.goal, "target", 240_000))
        change.with_user(self.gm_office).action_check()
        change.action_cancel("Not needed any more")
        self.assertEqual([state for _who, state in self._decided(change)], ["done", "cancelled"])

    def test_a_plan_that_is_closed_takes_its_requests_with_it(self):
        change = self._handed_in(self._line(self.goal, "target", 240_000))
        self.plan.sudo()._transition("closed")
        self.assertEqual(change.state, "cancelled")

    def test_whoever_leads_the_department_by_then_reworks_it(self):
        """R1: asked of the head of the day of the return, of the next one, and of whoever took the plan over."""
        change = self._handed_in(self._line(self.goal, "target", 240_000))
        self.department.manager_id = self.employee_of(self.newcomer)
        change.with_user(self.gm_office).action_return("Why so much?")
        rework = self._owed("R1", ("source_model", "=", change._name), ("source_id", "=", change.id))
        self.assertEqual(rework.responsible_id, self.newcomer)
        self.department.manager_id = self.employee_of(self.employee)
        self.assertEqual(rework.responsible_id, self.employee)
        buyer = self._create_user("buyer")
        purchasing = self._create_department("Purchasing", buyer)
        self.plan.with_user(self.gm_office).action_hand_over_department(purchasing.id, "Merged")
        self.assertEqual((rework.state, rework.department_id, rework.responsible_id), ("open", purchasing, buyer))
        change.with_user(buyer).action_submit()
        self.assertEqual(rework.state, "done")

    def test_locked_once_handed_in(self):
        change = self._handed_in(self._line(self.goal, "target", 240_000))
        for write in (
            lambda: change.line_ids.write({"new_json": {"target": 1}}), lambda: change.line_ids.unlink(),
            lambda: change.write({"reason": "Another"}), lambda: change._propose([self._line(self.goal, "name", "X")]),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                write()

    # -- screens -----------------------------------------------------------------------------------------------------------

    def _dialog(self, change, method):
        action = getattr(change, method)()
        return Form(self.env[action["res_model"]].with_user(self.head).with_context(**action["context"]))

    def test_the_dialog_shows_the_plan_and_takes_what_is_written_over_it(self):
        change = self._change()
        dialog = self._dialog(change, "action_change_part")
        dialog.item_initiative_id = self.initiative
        self.assertEqual((dialog.value_name, str(dialog.value_date_end)), ("New packaging line", "2027-06-30"))
        dialog.value_date_end = "2027-07-31"
        dialog.value_owner_id = self.employee
        dialog.save().action_confirm()
        self.assertEqual(sorted(change.line_ids.mapped("target_field")), ["date_end", "owner_id"])
        again = self._dialog(change, "action_change_part")
        again.item_initiative_id = self.initiative
        self.assertEqual(str(again.value_date_end), "2027-07-31", "what the request says already")
        again.value_date_end = "2027-06-30"
        again.save().action_confirm()
        self.assertEqual(change.line_ids.mapped("target_field"), ["owner_id"])
        with self.refused(UserError, "Nothing differs"), self.cr.savepoint():
            same = self._dialog(change, "action_change_part")
            same.target_model = "ops.plan.goal"
            same.item_goal_id = self.goal
            same.save().action_confirm()

    def test_the_dialog_adds_and_takes_out(self):
        change = self._change()
        dialog = self._dialog(change, "action_add_part")
        dialog.target_model = "ops.plan.milestone"
        dialog.value_name, dialog.value_date = "Half of it", "2027-03-15"
        dialog.save().action_confirm()
        dialog = self._dialog(change, "action_take_out_part")
        dialog.item_initiative_id = self.initiative
        dialog.save().action_confirm()
        self.assertEqual(
            [(line.kind, line.name, line.new_json) for line in change.line_ids],
            [("add", "Half of it", {"name": "Half of it", "date": "2027-03-15"}), ("remove", "New packaging line", False)],
        )
        edit = self.env["ops.plan.change.wizard"].with_user(self.head).with_context(
            **change.line_ids[0].action_edit()["context"])
        edit = Form(edit)
        self.assertEqual(edit.value_name, "Half of it")
        edit.value_name = "A third of it"
        edit.save().action_confirm()
        self.assertEqual(change.line_ids.filtered(lambda line: line.kind == "add").mapped("name"), ["A third of it"])

    def test_the_preview_shows_the_plan_after_it(self):
        change = self._change(
            self._line(self.goal, "target", 240_000),
            {"kind": "remove", "target_model": "ops.plan.risk", "target_id": self.plan.risk_ids.id},
        )
        for text in ("240,000", "120,000", "Taken Out", "Changed"):
            self.assertIn(text, change.preview)
        self.assertNotIn("Milestone", change.preview)

    def test_a_form_with_many_lines_asks_no_more_often(self):
        """No query for each line: 24 months as 2."""
        def count(lines):
            change = self._handed_in_silently(lines)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            change.web_read({
                "display_name": {}, "is_small": {}, "decided_by": {}, "preview": {}, "can_approve": {},
                "line_ids": {"fields": {"display_name": {}, "field_label": {}, "old_value": {}, "new_value": {}}},
            })
            return self.cr.sql_log_count - before

        rows = self.goal.target_ids | self.plan.goal_ids[1].target_ids
        count(rows[:2])
        self.assertLessEqual(count(rows), count(rows[:2]) + 4)

    def _handed_in_silently(self, rows):
        change = self._change(*(self._line(row, "value", row.value + 1) for row in rows))
        return change
