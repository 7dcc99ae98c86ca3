from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.deadline import ops_my_work
from .engine import EngineCase

TODAY = "2026-11-25 10:00"  # a Wednesday


@tagged("ops_my_work")
class TestMyWork(EngineCase):
    """The first screen: what I owe, what waits for my decision, what comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.employee_of(cls.employee)

    def owe(self, code="C5", user=None, due=None, number=1, **options):
        """Make obligations of ``user`` with a local due time (none without); return them."""
        moment = self.utc(due) if due else False
        rounds = range(self.Obligation.search_count([]) + 1, self.Obligation.search_count([]) + number + 1)
        found = self.Obligation.browse()
        with self.at("2026-11-02 09:00"):
            for number_of_round in rounds:
                found |= self.Obligation._start(
                    code, self.source, due=moment, round=number_of_round, responsible=user,
                    **{"name": f"Resolution {number_of_round}", **options},
                )
        return found

    def data(self, user, now=TODAY):
        self.env.invalidate_all()  # a result is a question of the clock; each request asks it anew
        with self.at(now):
            return self.env["ops.my.work"].with_user(user).get_data()

    def ids(self, data, name):
        return [row["id"] for row in data["lists"][name]]

    # -- which list ---------------------------------------------------------------------------------------------------

    def test_due_late_first_then_upcoming(self):
        """C5: late ones first; what is due within three working days is due, the rest comes."""
        later = self.owe(user=self.employee, due="2026-12-20 18:00")
        today = self.owe(user=self.employee, due="2026-11-25 18:00")
        late = self.owe(user=self.employee, due="2026-11-20 18:00")
        # Wednesday + 3 working days is Monday; Tuesday is one more
        monday = self.owe(user=self.employee, due="2026-11-30 18:00")
        tuesday = self.owe(user=self.employee, due="2026-12-01 18:00")
        data = self.data(self.employee)
        self.assertEqual(self.ids(data, "due"), [late.id, today.id, monday.id])
        self.assertEqual(self.ids(data, "upcoming"), [tuesday.id, later.id])
        self.assertEqual(data["lists"]["due"][0]["result"], "late")
        self.assertEqual(data["lists"]["due"][1]["result"], "pending")
        self.assertEqual(data["now"], fields.Datetime.to_string(self.utc(TODAY)))

    def test_row_says_what_whose_and_when(self):
        late = self.owe(user=self.employee, due="2026-11-20 18:00")
        row = self.data(self.employee)["lists"]["due"][0]
        self.assertEqual(row["name"], late.display_name)
        self.assertEqual(row["due"], fields.Datetime.to_string(self.utc("2026-11-20 18:00")))
        self.assertEqual((row["behalf"], row["role"], row["company"]), ("", "", ""))
        self.assertEqual(row["department"], self.department.name)
        self.assertEqual(row["process"], "collaboration")

    def test_decisions_have_a_list_of_their_own(self):
        """I1 and D1 wait for operations, I4 for the reporter: reviews and decisions, not chores."""
        accept = self.owe("I1")
        decide = self.owe("D1", role="operations")
        verify = self.owe("I4", user=self.employee)
        operations = self.data(self.operations)
        self.assertEqual(set(self.ids(operations, "decision")), {accept.id, decide.id})
        self.assertEqual(self.ids(operations, "decision")[-1], decide.id, "without a due time it comes last")
        self.assertEqual(self.ids(self.data(self.employee), "decision"), [verify.id])

    def test_chores_of_a_role_are_no_decisions(self):
        """I5: operations writes the lessons of the month itself."""
        lessons = self.owe("I5", due="2026-11-26 18:00")
        data = self.data(self.operations)
        self.assertEqual(self.ids(data, "due"), [lessons.id])
        self.assertFalse(self.ids(data, "decision"))

    def test_held_waits_among_the_upcoming(self):
        held = self.owe(user=self.employee, due="2026-11-20 18:00")
        held.write({"state": "held", "hold_until": self.utc("2026-12-05 00:00")})
        data = self.data(self.employee)
        self.assertEqual(self.ids(data, "upcoming"), [held.id])
        self.assertEqual(data["lists"]["upcoming"][0]["result"], "held")
        over = self.data(self.employee, "2026-12-06 10:00")
        self.assertEqual(self.ids(over, "due"), [held.id], "a hold that is over holds nothing")

    def test_finished_is_gone(self):
        done = self.owe(user=self.employee, due="2026-11-20 18:00")
        with self.at(TODAY):
            self.Obligation._fulfil("C5", self.source)
        self.assertEqual(done.state, "done")
        self.assertEqual(self.data(self.employee)["total"], 0)

    # -- whose --------------------------------------------------------------------------------------------------------

    def test_nobody_elses(self):
        self.owe(user=self.head, due="2026-11-20 18:00")
        self.assertEqual(self.data(self.employee)["total"], 0)
        self.assertEqual(self.data(self.other_head)["total"], 0)

    def test_a_heads_people_are_not_the_heads_work(self):
        """The head may read what the own people owe; that is the cockpit's matter, not My work's."""
        self.owe(user=self.employee, due="2026-11-20 18:00")
        self.assertEqual(self.data(self.head)["total"], 0)

    def test_substitute_sees_it_with_the_name(self):
        item = self.owe(user=self.head, due="2026-11-20 18:00")
        self.employee.sudo().write({})  # nothing changes before the substitution
        self.assertFalse(self.ids(self.data(self.employee), "due"))
        with self.at(TODAY, python=True):
            self.env["ops.substitution"].create({
                "user_id": self.head.id, "substitute_id": self.employee.id,
                "date_from": "2026-11-24", "date_to": "2026-11-27", "company_id": self.company.id,
            })
            self.env["res.users"]._ops_refresh_rights()
            data = self.data(self.employee)
        self.assertEqual(self.ids(data, "due"), [item.id])
        self.assertEqual(data["lists"]["due"][0]["behalf"], self.head.name)

    def test_role_answers_until_somebody_is_named(self):
        """Empty responsible: anybody of the role sees it; named: only they."""
        open_to_all = self.owe("I1")
        named = self.owe("I1", user=self.operations)
        self.assertEqual(set(self.ids(self.data(self.operations), "decision")), {open_to_all.id, named.id})
        colleague = self.data(self.operations_colleague)
        self.assertEqual(self.ids(colleague, "decision"), [open_to_all.id])
        self.assertTrue(colleague["lists"]["decision"][0]["role"])
        self.assertFalse(self.data(self.employee)["total"])

    def test_roles_of_each_office(self):
        items = {role: self.owe("D1", role=role) for role in ("operations", "gm_office", "general_manager")}
        for role, user in (("operations", self.operations), ("gm_office", self.gm_office), ("general_manager", self.gm)):
            self.assertEqual(self.ids(self.data(user), "decision"), items[role].ids)

    def test_role_counts_in_allowed_companies_only(self):
        """A branch's matter is seen by those who serve the branch, whichever company they have chosen in the corner."""
        only_here = self._create_user("local.operations", "ops_handbook.group_operations", self.company)
        with self.at("2026-11-02 09:00"):
            item = self.Obligation._start("I1", self.employee_of(self.branch_employee))
        self.assertEqual(item.company_id, self.branch)
        with self.at(TODAY):
            chosen = self.env["ops.my.work"].with_user(self.operations).with_context(allowed_company_ids=self.company.ids)
            data = chosen.get_data()
        self.assertEqual(self.ids(data, "decision"), item.ids)
        self.assertEqual(data["lists"]["decision"][0]["company"], self.branch.name)
        self.assertFalse(self.data(only_here)["total"])

    # -- the rest of the screen -----------------------------------------------------------------------------------------

    def test_not_started_is_said(self):
        self.assertTrue(self.data(self.employee)["started"])
        (self.company | self.branch).ops_started = False
        self.assertFalse(self.data(self.employee)["started"])

    def test_labels_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.standard("C5").with_context(lang="zh_CN").verb = "落实决议"
        item = self.owe(user=self.employee, due="2026-11-20 18:00")
        with self.at(TODAY):
            data = self.env["ops.my.work"].with_user(self.employee).with_context(lang="zh_CN").get_data()
        self.assertIn("落实决议", data["lists"]["due"][0]["name"])
        self.assertEqual(self.ids(data, "due"), item.ids)

    def test_more_than_the_limit_is_counted(self):
        self.owe(user=self.employee, due="2026-11-20 18:00", number=4)
        self.patch(ops_my_work, "LIMIT", 3)
        data = self.data(self.employee)
        self.assertEqual((len(data["lists"]["due"]), data["total"]), (3, 4))

    # -- speed ----------------------------------------------------------------------------------------------------------

    def test_statements_do_not_grow(self):
        """At most 25 statements, as many for 5 obligations as for 500."""
        rows = self.Obligation.browse()
        counts = {}
        for size in (5, 50, 500):
            rows |= self._many(size - len(rows))
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            with self.at(TODAY):
                self.env["ops.my.work"].with_user(self.operations).get_data()  # caches of the registry
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                data = self.env["ops.my.work"].with_user(self.operations).get_data()
                counts[size] = self.env.cr.sql_log_count - before
            self.assertEqual(data["total"], size)
        self.assertLessEqual(counts[500], 25)
        self.assertEqual(counts[5], counts[500], counts)

    def _many(self, number):
        """Make obligations of many departments, people and standards for operations."""
        people = self.operations | self.head | self.other_head
        standards = [self.standard(code) for code in ("C5", "I1", "I3", "M3", "D1")]
        start, rows = self.utc("2026-11-02 09:00"), []
        first = self.Obligation.search_count([]) + 1
        for index in range(first, first + number):
            standard = standards[index % len(standards)]
            rows.append({
                **standard._frozen_columns(standard.revision_id),
                "urgent": False, "company_id": self.company.id, "role": "operations",
                "department_id": (self.department | self.other_department | self.sub_department)[index % 3].id,
                "responsible_id": people[:1].id if index % 2 else None,
                "source_model": "hr.employee", "source_id": self.source.id, "round": index, "name": f"Item {index}",
                "date_start": start, "date_due": start + timedelta(hours=index * 3),
            })
        return self.Obligation._insert(rows)


@tagged("ops_my_work")
class TestObligationAction(EngineCase):
    """One click opens what fulfils it; where nothing can, the obligation itself."""

    def test_opens_what_started_it(self):
        item = self.Obligation._start("D1", self.employee_of(self.employee), role="operations")
        action = item.with_user(self.operations).action_open_form()
        self.assertEqual(action["type"], "ir.actions.act_window")
        self.assertTrue(action["res_id"])
