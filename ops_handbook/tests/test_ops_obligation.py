from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .engine import EngineCase


@tagged("post_install", "-at_install")
class TestObligation(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = cls.employee_of(cls.employee) | cls.employee_of(cls.colleague)
        cls.source = cls.sources[0]

    def start(self, code, sources=None, local="2026-11-20 18:30", **options):
        with self.at(local):
            return self.Obligation._start(code, self.source if sources is None else sources, **options)

    # -- start ----------------------------------------------------------------------------------------------------------

    def test_start_takes_the_rule_as_it_stands(self):
        """I1: 1 WD after submission; a Friday evening's is due on Monday evening."""
        found = self.start("I1")
        self.assertEqual((found.code, found.process, found.role), ("I1", "improvement", "operations"))
        self.assertEqual(found.revision_id, self.standard("I1").revision_id)
        self.assertEqual(found.date_due, self.utc("2026-11-23 23:59:59"))
        self.assertEqual(found.date_due, found.date_original)
        self.assertEqual((found.source_model, found.source_id), ("hr.employee", self.source.id))
        self.assertFalse(found.responsible_id, "anybody of operations answers")
        self.assertEqual(found.department_id, self.department)

    def test_start_variant_is_urgent(self):
        """I1, level 1: within 4 hours, at any hour."""
        found = self.start("I1", variant="level1")
        self.assertEqual((found.variant, found.urgent, found.date_due), ("level1", True, self.utc("2026-11-20 22:30")))

    def test_start_options_by_record(self):
        """Each option is a value for all or a dict by record id; C5 has the record's own date."""
        first, second = self.sources
        found = self.start(
            "C5", self.sources,
            due={first.id: date(2026, 12, 1), second.id: self.utc("2026-12-02 12:00")},
            responsible={first.id: self.head, second.id: self.other_head}, round=2, name="Resolution 7",
        )
        by_source = {item.source_id: item for item in found}
        self.assertEqual(by_source[first.id].date_due, self.utc("2026-12-01 23:59:59"))
        self.assertEqual(by_source[second.id].date_due, self.utc("2026-12-02 12:00"))
        self.assertEqual(by_source[first.id].responsible_id, self.head)
        self.assertEqual(by_source[second.id].responsible_id, self.other_head)
        self.assertEqual(set(found.mapped("round")), {2})
        self.assertEqual(by_source[first.id].display_name, "Carry out the resolution: Resolution 7")

    def test_started_once(self):
        """Whoever asks and however often: the unique index decides."""
        first = self.start("I1")
        again = self.start("I1", local="2026-11-25 10:00")
        self.assertEqual(again, first)
        self.assertEqual(first.date_due, self.utc("2026-11-23 23:59:59"))
        self.assertNotEqual(self.start("I1", round=1), first)
        row = first.copy_data()[0]
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Obligation.create(row)
            self.env.flush_all()

    def test_installing_starts_nothing(self):
        """Nothing is asked for before the administrator has started the engine."""
        self.company.ops_started = False
        self.assertFalse(self.start("I1"))
        self.generate()
        self.assertFalse(self.Obligation.search([("company_id", "=", self.company.id)]))

    def test_archived_standard_starts_nothing(self):
        self.standard("I1").active = False
        self.assertFalse(self.start("I1"))

    def test_many_sources_in_few_statements(self):
        departments = self.env["hr.department"].create([
            {"name": f"D{number}", "company_id": self.company.id} for number in range(200)
        ])
        self.start("C1", departments[:1])
        self.env.flush_all()
        with self.assertQueryCount(8):
            self.Obligation._start("C1", departments[1:])

    # -- the clock ------------------------------------------------------------------------------------------------------

    def results(self, found, local):
        """Return (result, overdue) at a local time, and check that searching says the same."""
        with self.at(local):
            found.invalidate_recordset(["result", "is_overdue"])
            result, overdue = found.result, found.is_overdue
            for value in dict(found._fields["result"].selection):
                hit = found in self.Obligation.search([("result", "=", value), ("id", "=", found.id)])
                self.assertEqual(hit, value == result, f"search of {value} at {local}, is {result}")
                missed = found in self.Obligation.search([("result", "!=", value), ("id", "=", found.id)])
                self.assertEqual(missed, value != result, f"search of not {value} at {local}, is {result}")
            self.assertEqual(bool(self.Obligation.search([("is_overdue", "=", True), ("id", "=", found.id)])), overdue)
            self.assertEqual(bool(self.Obligation.search([("is_overdue", "=", False), ("id", "=", found.id)])), not overdue)
            self.env["ops.obligation.report"].invalidate_model()
            report = self.env["ops.obligation.report"].search([("obligation_id", "=", found.id)])
            self.assertEqual(report.result, result, "one definition for screens and figures")
        return result, overdue

    def test_overdue_is_a_question_to_the_clock(self):
        """No nightly job: the same row is pending, late and missed, by the moment at which it is asked."""
        self.generate("2026-11-02 08:00")
        found = self.owed("M6", ("department_id", "=", self.department.id))[0]
        self.assertEqual(found.date_due, self.utc("2026-11-23 23:59:59"))
        self.assertEqual(self.results(found, "2026-11-23 23:59:59"), ("pending", False))
        self.assertEqual(self.results(found, "2026-11-24 00:00:01"), ("late", True))
        self.assertEqual(self.results(found, "2026-12-23 23:59:58"), ("late", True))
        self.assertEqual(self.results(found, "2026-12-24 00:00:00"), ("missed", True), "the next one has fallen due")

    def test_met_late_and_missed_stay(self):
        self.generate("2026-11-02 08:00")
        departments = [self.department, self.other_department, self.ops_department]
        moments = ["2026-11-23 23:00", "2026-11-24 09:00", "2026-12-24 09:00"]
        for department, moment, result in zip(departments, moments, ["met", "late", "missed"], strict=True):
            found = self.owed("M6", ("department_id", "=", department.id))[0]
            with self.at(moment):
                self.Obligation._fulfil_domain("M6", [("id", "=", found.id)], form=self.source)
            self.assertEqual(self.results(found, "2027-03-01 09:00"), (result, False))
            self.assertEqual((found.form_model, found.form_id), ("hr.employee", self.source.id))

    def test_events_never_close(self):
        """An event comes once: late for ever, never missed."""
        found = self.start("C1")
        self.assertFalse(found.date_close)
        self.assertEqual(self.results(found, "2030-01-01 09:00"), ("late", True))

    def test_waits_without_a_date(self):
        """D1: what waits for a decision is asked for in the same table, without a due time."""
        found = self.start("D1", role="operations")
        self.assertFalse(found.date_due)
        self.assertEqual(self.results(found, "2030-01-01 09:00"), ("pending", False))

    # -- fulfil, cancel, reopen -----------------------------------------------------------------------------------------

    def test_fulfil_writes_who_and_when(self):
        found = self.start("I1")
        with self.at("2026-11-23 10:00"):
            closed = self.env["ops.obligation"].with_user(self.operations)._fulfil("I1", self.source)
        self.assertEqual(closed, found)
        self.assertEqual((found.state, found.on_time, found.done_by_id), ("done", True, self.operations))
        self.assertEqual(found.date_done, self.utc("2026-11-23 10:00"))
        self.assertEqual(found.transition_ids.to_state, "done")
        self.assertFalse(self.Obligation._fulfil("I1", self.source), "once")

    def test_fulfil_in_the_name_of_somebody(self):
        """A substitute acts in the person's name, and the log shows both."""
        found = self.start("C5", due=date(2026, 12, 1), responsible=self.head)
        with self.at("2026-11-23 10:00", python=True):
            self.env["ops.substitution"].create({
                "user_id": self.head.id, "substitute_id": self.colleague.id,
                "date_from": "2026-11-23", "date_to": "2026-11-30",
            })
            self.env["ops.obligation"].with_user(self.colleague)._fulfil("C5", self.source)
        self.assertEqual((found.done_by_id, found.on_behalf_id), (self.colleague, self.head))
        self.assertEqual(found.transition_ids.on_behalf_id, self.head)

    def test_fulfilling_many_is_one_update(self):
        departments = self.env["hr.department"].create([
            {"name": f"D{number}", "company_id": self.company.id} for number in range(100)
        ])
        self.start("C1", departments)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(12), self.at("2026-11-23 10:00"):
            self.assertEqual(len(self.Obligation._fulfil("C1", departments)), 100)
            self.env.flush_all()

    def test_cancel_and_reopen(self):
        found = self.start("I1")
        self.Obligation._cancel("I1", self.source, "Reported twice.")
        self.assertEqual(found.state, "cancelled")
        self.Obligation._reopen("I1", self.source, "Not the same after all.")
        self.assertEqual((found.state, found.date_done), ("open", False))
        self.assertIn("Reported twice.", self.notes(found))
        self.assertIn("Not the same after all.", self.notes(found))

    def test_reopened_by_the_form(self):
        """Cancelling the form reopens what it had fulfilled."""
        self.generate("2026-11-02 08:00")
        found = self.owed("M6", ("department_id", "=", self.department.id))[0]
        self.Obligation._fulfil_domain("M6", [("id", "=", found.id)], form=self.source)
        self.Obligation._reopen("M6", self.source, "The report was cancelled.")
        self.assertEqual((found.state, found.on_time, found.form_id), ("open", False, 0))

    def test_what_is_opened_again_goes_to_whoever_answers_now(self):
        """While it was closed nobody moved it; whoever or whatever office was named stays."""
        self.generate("2026-11-02 08:00")
        found = self.owed("M6", ("department_id", "=", self.department.id))[0]
        self.Obligation._fulfil_domain("M6", [("id", "=", found.id)], form=self.source)
        owned = self.start("C5", due=date(2026, 12, 1), responsible=self.colleague)
        left = self.start("C5", self.sources[1], due=date(2026, 12, 1), responsible=self.newcomer)
        decision = self.start("D1", role="operations")
        for code in ("C5", "D1"):
            self.Obligation._fulfil(code, self.sources)
        self.department.manager_id = self.employee_of(self.employee)
        self.newcomer.active = False
        self.assertEqual(found.responsible_id, self.head, "what is done stays as it was")
        for code in ("M6", "C5", "D1"):
            self.Obligation._reopen(code, self.sources, "The report was cancelled.")
        self.assertEqual((found.state, found.responsible_id, found.role), ("open", self.employee, "head"))
        self.assertIn("It was opened again. Answered for by Head before, by Employee now.", self.notes(found))
        self.assertEqual((owned.responsible_id, owned.role), (self.colleague, "owner"))
        self.assertEqual((left.responsible_id, left.role), (self.employee, "head"), "above the department that has no head")
        self.assertEqual((decision.responsible_id, decision.role), (self.env["res.users"], "operations"))

    def test_reopening_many_of_heads_takes_few_queries(self):
        departments = self.env["hr.department"].create([
            {"name": f"D{number}", "company_id": self.company.id} for number in range(50)
        ])
        self.start("M7", departments)
        self.Obligation._fulfil("M7", departments)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self.assertEqual(len(self.Obligation._reopen("M7", departments, "Taken back.")), 50)
            self.env.flush_all()

    def test_move_due_is_logged(self):
        found = self.start("C5", due=date(2026, 12, 1), responsible=self.head)
        self.Obligation._move_due({found: self.utc("2026-12-08 12:00")}, "The plan says so.")
        self.assertEqual(found.date_due, self.utc("2026-12-08 12:00"))
        self.assertEqual(found.date_original, self.utc("2026-12-01 23:59:59"))
        self.assertIn("The plan says so.", self.notes(found))

    # -- who answers ----------------------------------------------------------------------------------------------------

    def test_a_department_without_head_goes_up(self):
        """Department head → the parent department's head → operations."""
        found = self.start("M7", self.employee_of(self.colleague))
        self.assertEqual((found.department_id, found.responsible_id), (self.sub_department, self.head))
        self.department.manager_id = False
        self.assertEqual((found.responsible_id, found.role), (self.env["res.users"], "operations"))
        self.assertIn("another head", self.notes(found))
        self.sub_department.manager_id = self.employee_of(self.colleague)
        self.assertEqual((found.responsible_id, found.role), (self.colleague, "head"))

    def test_head_archived(self):
        found = self.start("M7", self.employee_of(self.employee))
        self.assertEqual(found.responsible_id, self.head)
        self.head.active = False
        self.assertEqual(found.role, "operations")
        self.assertTrue(found.answering_ids)
        self.assertIn("has left", self.notes(found))

    def test_owner_archived(self):
        """What a person owned passes on to the head of the department."""
        found = self.start("C5", due=date(2026, 12, 1), responsible=self.employee)
        self.employee.active = False
        self.assertEqual((found.responsible_id, found.role), (self.head, "head"))
        self.assertIn("Employee has left", self.notes(found))

    def test_several_leave_at_once(self):
        """The log of each says who has left."""
        first = self.start("C5", due=date(2026, 12, 1), responsible=self.employee)
        second = self.start("C5", self.sources[1], due=date(2026, 12, 1), responsible=self.newcomer)
        (self.employee | self.newcomer).active = False
        self.assertIn("Employee has left", self.notes(first))
        self.assertIn("Newcomer has left", self.notes(second))
        self.assertEqual((first | second).responsible_id, self.head)

    def test_leaving_takes_as_many_queries_for_many(self):
        """What somebody owed in many departments passes on together: neither departments nor records are asked one by one."""
        def statements(number):
            user = self._create_user(f"leaver.{number}")
            departments = self.env["hr.department"].create([
                {"name": f"D{number}-{index}", "company_id": self.company.id, "manager_id": self.department.manager_id.id}
                for index in range(number)
            ])
            found = self.start(
                "C5", departments, due=date(2026, 12, 1), responsible=user,
                department={department.id: department for department in departments},
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.at("2026-11-21 10:00"):
                user.active = False
                self.env.flush_all()
            taken = self.env.cr.sql_log_count - before
            self.assertEqual((len(found), found.responsible_id), (number, self.head))
            return taken

        statements(2)
        few, many = statements(3), statements(40)
        self.assertLessEqual(many, few + 6, f"{few} statements for 3, {many} for 40")

    def test_handing_over_takes_as_many_queries_for_many(self):
        departments = self.env["hr.department"].create([
            {"name": f"D{index}", "company_id": self.company.id, "manager_id": self.department.manager_id.id} for index in range(42)
        ])
        self.start(
            "C5", departments, due=date(2026, 12, 1), responsible=self.employee,
            department={department.id: department for department in departments},
        )
        counts = []
        for part in (departments[:2], departments[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.at("2026-11-21 10:00"):
                moved = self.Obligation._hand_over("C5", part, "Reorganised.", role="head")
                self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual((len(moved), moved.responsible_id, set(moved.mapped("role"))), (len(part), self.head, {"head"}))
        self.assertLessEqual(counts[1], counts[0] + 6, counts)

    def test_department_merged_away(self):
        found = self.start("M7", self.employee_of(self.colleague))
        self.sub_department.manager_id = self.employee_of(self.colleague)
        self.assertEqual(found.responsible_id, self.colleague)
        self.sub_department.active = False
        self.assertEqual(found.responsible_id, self.head, "whoever leads the department above")
        self.assertIn("archived", self.notes(found))

    def test_head_on_leave_is_answered_by_the_substitute(self):
        """Substitutes are found when asked for, not stored: an absence ends by the clock."""
        found = self.start("M7", self.employee_of(self.employee))
        with self.at("2026-11-23 10:00", python=True):
            self.env["ops.substitution"].create({
                "user_id": self.head.id, "substitute_id": self.colleague.id,
                "date_from": "2026-11-23", "date_to": "2026-11-30",
            })
            self.assertEqual((found.responsible_id, found.answering_ids), (self.head, self.colleague))
            self.assertTrue(found.with_user(self.colleague)._is_answered_by(self.colleague))

    def test_nobody_is_concerned_nobody_is_asked(self):
        """Hooks on departments, employees and users cost no query when they are not concerned."""
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.department.write({"color": 3})
            self.env.flush_all()

    # -- rights ---------------------------------------------------------------------------------------------------------

    def test_nobody_writes_obligations(self):
        found = self.start("C5", due=date(2026, 12, 1), responsible=self.head)
        for user in (self.employee, self.head, self.operations, self.gm_office, self.gm, self.admin_ops):
            own = found.with_user(user)
            for operation in ("create", "write", "unlink"):
                self.assertFalse(own.has_access(operation), f"{user.name} {operation}")
            with self.assertRaises(AccessError):
                own.write({"date_due": "2030-01-01 00:00:00"})

    def test_who_reads_what(self):
        """Obligations: own / own departments / company."""
        own = self.start("C5", due=date(2026, 12, 1), responsible=self.employee)
        other = self.start("C5", self.employee_of(self.liaison), due=date(2026, 12, 1), responsible=self.other_head)
        branch = self.start("C5", self.employee_of(self.branch_employee), due=date(2026, 12, 1), responsible=self.branch_head)
        expected = {
            self.employee: own, self.head: own, self.other_head: other, self.branch_head: branch, self.newcomer: own.browse(),
            self.operations: own | other | branch, self.gm_office: own | other | branch, self.gm: own | other | branch,
            self.admin_ops: own | other | branch,
        }
        for user, readable in expected.items():
            found = self.env["ops.obligation"].with_user(user).with_context(allowed_company_ids=user.company_ids.ids).search(
                [("id", "in", (own | other | branch).ids)]
            )
            self.assertEqual(found.sudo(), readable, user.name)

    # -- mail -----------------------------------------------------------------------------------------------------------

    def test_an_activity_subscribes_nobody(self):
        found = self.start("C5", due=date(2026, 12, 1), responsible=self.head)
        found.activity_schedule("mail.mail_activity_data_todo", user_id=self.head.id)
        self.assertFalse(found.message_follower_ids)

    # -- calendar -------------------------------------------------------------------------------------------------------

    def test_a_holiday_moves_open_due_times(self):
        """When the calendar changes, open obligations are recomputed and the change is logged."""
        event = self.start("I1")  # due on Monday the 23rd
        done = self.start("I1", self.employee_of(self.colleague))
        self.Obligation._fulfil("I1", self.employee_of(self.colleague))
        self.generate("2026-11-20 19:00")
        report = self.owed("M6", ("department_id", "=", self.department.id))[0]
        with self.at("2026-11-20 20:00"):
            self.env["resource.calendar.leaves"].create({
                "name": "Founding day", "company_id": self.company.id, "calendar_id": self.company.resource_calendar_id.id,
                "date_from": self.utc("2026-11-23 00:00"), "date_to": self.utc("2026-11-23 23:59:59"),
            })
            self.env.cr.precommit.run()
        self.assertEqual(event.date_due, self.utc("2026-11-24 23:59:59"))
        self.assertEqual(event.date_original, event.date_due)
        self.assertEqual(report.date_due, self.utc("2026-11-20 23:59:59"), "earlier")
        self.assertEqual(done.date_due, self.utc("2026-11-23 23:59:59"), "what is done stays")
        self.assertIn("working days have changed", self.notes(event))

    def test_a_holiday_moves_what_an_older_rule_asked_for(self):
        """The rule has changed since: what it had asked for keeps it, and moves with the calendar by it."""
        self.generate("2026-11-02 08:00")
        report, plan = (self.owed(code, ("department_id", "=", self.department.id))[0] for code in ("M6", "M1"))
        self.assertEqual((report.date_due, plan.date_due), (self.utc("2026-11-23 23:59:59"), self.utc("2026-11-25 23:59:59")))
        closes = report.date_close
        with self.at("2026-11-03 08:00"):
            self.standard("M6").due_day = 10
            self.standard("M1").due_day = 11
            self.env["ops.calendar.day"].create([
                {"company_id": self.company.id, "date": f"2026-11-{day}", "kind": "off", "name": "Day off"} for day in (23, 25)
            ])
            self.env.cr.precommit.run()
        self.assertEqual(report.date_due, self.utc("2026-11-20 23:59:59"), "the 23rd, earlier; not the 10th")
        self.assertEqual(report.date_close, closes)
        self.assertEqual(plan.date_due, self.utc("2026-11-24 23:59:59"))
        self.assertIn("working days have changed", self.notes(report))

    # -- words ----------------------------------------------------------------------------------------------------------

    def test_period_in_words(self):
        self.assertEqual(self.Obligation._label_of("2026-12"), "December 2026")
        self.assertEqual(self.Obligation._label_of("2027"), "2027")
        self.assertEqual(self.Obligation._label_of("whatever"), "whatever")
        self.generate("2026-11-02 08:00")
        found = self.owed("M2", ("department_id", "=", self.department.id))[0]
        self.assertEqual(found.display_name, "Submit the breakdown: December 2026")

    def test_two_time_zones(self):
        """A branch's day ends by its own clock."""
        branch = self.start("I1", self.employee_of(self.branch_employee), local="2026-11-20 12:00")
        self.assertEqual(branch.date_due, self.utc("2026-11-23 23:59:59", "Europe/Berlin"))
        self.assertEqual(branch.date_due - self.start("I1").date_due, timedelta(hours=7))

    def test_open_form_without_form(self):
        """A standard of an event that no form fulfils yet, whichever that is: its obligation opens itself."""
        unready = self.Standard.search([
            ("trigger", "=", "event"), ("company_id", "=", False), ("code", "not in", list(self.real_ready_codes(self.Standard))),
        ], limit=1)
        if not unready:  # by now all have one
            unready = self.standard("C1").copy({"code": "X9", "name": "Nobody's form"})
        action = self.start(unready.code, due=date(2026, 12, 1)).action_open_form()
        self.assertEqual((action["res_model"], action["views"]), ("ops.obligation", [(False, "form")]))

    def test_groups_by_office_are_commands(self):
        """Whoever holds an office sees what the office answers for."""
        found = self.start("I1")
        self.colleague.group_ids = [Command.link(self.env.ref("ops_handbook.group_operations").id)]
        self.assertIn(self.colleague, found.answering_ids)
        self.assertTrue(found._is_answered_by(self.colleague))

    def test_pages_are_whole(self):
        """The page put together from halves is the page that the rules describe, at every offset, in the same order."""
        users = (self.employee, self.colleague, self.liaison, self.newcomer)
        everybody = self.env["hr.employee"].concat(*map(self.employee_of, users))
        responsible = dict(zip(everybody.ids, (self.head, self.employee, self.head, self.other_head), strict=True))
        for round_ in range(5):
            self.start("C5", everybody, due=date(2026, 12, 1 + round_), responsible=responsible, round=round_)
        for user in (self.employee, self.head, self.other_head, self.operations):
            model = self.env["ops.obligation"].with_user(user)
            for order in (model._order, "date_due ASC, id ASC"):
                whole = model.search([("code", "=", "C5")], order=order)
                self.assertTrue(whole)
                for offset in range(0, len(whole), 3):
                    page = model.search([("code", "=", "C5")], offset=offset, limit=3, order=order)
                    self.assertEqual(page, whole[offset:offset + 3], f"{user.name} from {offset}, {order}")
        self.assertGreater(len(self.env["ops.obligation"].with_user(self.head)._rule_branches()), 1)

    def test_mine_and_my_departments(self):
        """Mine: in person, as a substitute or by office; my departments: those that I act for."""
        own = self.start("C5", due=date(2026, 12, 1), responsible=self.employee)
        office = self.start("I1")
        for user, mine, theirs in (
            (self.employee, own, own.browse()), (self.head, own.browse(), own | office), (self.operations, office, own.browse()),
        ):
            model = self.env["ops.obligation"].with_user(user)
            leaves = [("id", "in", (own | office).ids)]
            self.assertEqual(model.search([*leaves, ("is_mine", "=", True)]).sudo(), mine, user.name)
            self.assertEqual(model.search([*leaves, ("in_my_departments", "=", True)]).sudo(), theirs, user.name)
            self.assertFalse(mine & model.search([*leaves, ("is_mine", "!=", True)]).sudo())
            self.assertEqual((own | office).with_user(user).sudo().filtered("is_mine").ids, mine.ids)
