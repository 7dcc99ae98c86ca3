"""A need for another department becomes a request for a collaboration (form 9) with one click, and only once."""

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import token
from .execution import ExecutionCase


@tagged("ops_need")
class TestOpsNeed(ExecutionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._month_plan(tasks=[cls._values(
            "Order the line", is_routine=True, deliverable="It packs 1,000 boxes", priority="1",
        )])
        cls.task = cls.plan.task_ids
        cls.task.consent_department_id = cls.other_department
        cls.meeting = cls.env["ops.meeting"].with_user(cls.head).create({
            "name": "Weekly", "type_id": cls.env.ref("ops_handbook.ops_meeting_type_weekly").id,
            "department_id": cls.department.id, "company_id": cls.company.id, "date_start": cls.utc("2027-01-22 09:00"),
            "recorder_id": cls.employee.id,
            "attendee_ids": [Command.create({"user_id": user.id}) for user in (cls.employee, cls.liaison, cls.other_head)],
            "agenda_ids": [Command.create({
                "name": "The press stands still", "presenter_id": cls.liaison.id, "notes": "<p>Two fitters of <b>Sales</b></p>",
            })],
        })
        cls.meeting.action_call()
        cls.item = cls.meeting.agenda_ids

    def requested(self, record, user=None):
        action = record.with_user(user or self.head).action_request_collaboration()
        self.assertEqual(action["res_model"], "ops.collaboration")
        return self.env["ops.collaboration"].browse(action["res_id"])

    def test_from_the_agenda(self):
        """Form 9: who asks, who is asked, what for and where it was said are there already."""
        self.assertTrue(self.item.with_user(self.head).can_request_collaboration)
        request = self.requested(self.item)
        self.assertEqual((request.state, request.name), ("draft", "The press stands still"))
        self.assertEqual((request.department_id, request.author_id), (self.department, self.head))
        self.assertEqual(request.party_ids.department_id, self.other_department)
        self.assertIn("Two fitters of *Sales*", request.background)
        self.assertIn(self.meeting.number, request.background)
        self.assertEqual(request.with_user(self.head).action_open_source()["res_id"], self.meeting.id)
        self.assertIn("The press stands still", request.with_user(self.head).source_label)
        self.assertEqual(self.item.with_user(self.head).need_request_id, request)
        self.assertFalse(self.item.with_user(self.head).can_request_collaboration)
        self.assertEqual(self.meeting.with_user(self.head).need_request_count, 1)
        self.assertEqual(self.meeting.with_user(self.head).action_open_need_requests()["res_id"], request.id)

    def test_from_a_task(self):
        request = self.requested(self.task)
        self.assertEqual(request.party_ids.department_id, self.other_department)
        self.assertEqual((request.priority, request.deliverable_standard), ("1", "It packs 1,000 boxes"))
        self.assertEqual(str(request.date_expected), "2027-02-26")
        self.assertEqual(request.with_user(self.head).action_open_source()["res_id"], self.task.id)
        self.assertEqual(self.task.with_user(self.head).action_open_need_request()["res_id"], request.id)

    def test_from_a_resolution(self):
        self.meeting.with_user(self.head).write({"resolution_ids": [Command.create({
            "name": "Lend two fitters", "owner_id": self.liaison.id, "date_due": "2027-02-01", "agenda_id": self.item.id,
        })]})
        request = self.requested(self.meeting.resolution_ids)
        self.assertEqual(request.party_ids.department_id, self.other_department)
        self.assertEqual(str(request.date_expected), "2027-02-01")
        self.assertEqual(self.meeting.with_user(self.head).need_request_count, 1)

    def test_nothing_twice(self):
        request = self.requested(self.item)
        self.assertEqual(self.requested(self.item), request)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            another = self.env["ops.collaboration"].with_user(self.head).create({
                "name": "Again", "department_id": self.department.id, "company_id": self.company.id,
            })
            token.marked(another.sudo()).write({"source_model": "ops.meeting.agenda", "source_id": self.item.id})
            self.env.flush_all()
        request.with_user(self.head).action_cancel("Not needed")
        self.assertNotEqual(self.requested(self.item), request, "cancelled, it may be asked for again")

    def test_a_head_asks_in_the_own_name(self):
        """Whoever attends asks in the name of the department that they lead, whoever called the meeting."""
        request = self.requested(self.item, self.other_head)
        self.assertEqual((request.department_id, request.author_id), (self.other_department, self.other_head))
        self.assertFalse(request.party_ids, "nobody asks themselves")

    def test_only_heads_ask(self):
        """An employee is told whom to tell; the request of another department's head is not theirs to read."""
        self.assertFalse(self.item.with_user(self.employee).can_request_collaboration)
        with self.refused(UserError, "tell Head, who leads Workshop"):
            self.item.with_user(self.employee).action_request_collaboration()
        with self.assertRaises(AccessError):
            self.task.with_user(self.newcomer).action_request_collaboration()
        self.requested(self.item)
        with self.refused(UserError, "Head has asked"):
            self.item.with_user(self.employee).action_request_collaboration()
        self.assertFalse(self.item.with_user(self.employee).need_request_id)
        self.assertEqual(self.meeting.with_user(self.employee).need_request_count, 0)
        with self.refused(UserError, "no request"):
            self.item.with_user(self.employee).action_open_need_request()

    def test_a_substitute_asks_for_the_head(self):
        self.env["ops.substitution"].sudo().create({
            "user_id": self.head.id, "substitute_id": self.newcomer.id, "date_from": "2027-01-18", "date_to": "2027-01-29",
        })
        self.env["res.users"]._ops_refresh_rights()
        self.assertEqual(self.requested(self.task, self.newcomer).author_id, self.newcomer)

    def test_what_is_over_needs_no_help(self):
        self._reach(self.plan, "assigned")
        self.task.with_user(self.other_head).action_consent()
        self._reach(self.plan, "issued")
        self.task.with_user(self.head).action_done()
        with self.refused(UserError, "not open any more"):
            self.task.with_user(self.head).action_request_collaboration()

    def test_the_source_is_the_machinerys(self):
        """Whoever could name any record as a source would read its name."""
        forged = {"source_model": "res.users", "source_id": self.gm.id}
        request = self.requested(self.task)
        for write in (
            lambda: request.with_user(self.head).write(forged),
            lambda: self.env["ops.collaboration"].with_user(self.head).create({
                "name": "x", "department_id": self.department.id, "company_id": self.company.id, **forged,
            }),
        ):
            with self.refused(UserError, "cannot be written directly"):
                write()

    def test_the_party_does_not_read_where_it_comes_from(self):
        request = self.requested(self.task)
        request.with_user(self.head).write({
            "goal": "Pack faster", "lead_department_id": self.other_department.id, "date_expected": "2027-02-26",
        })
        request.with_user(self.head).action_submit()
        third = request.with_user(self.operations)
        self.assertTrue(third.source_label, "operations read plans")
        self.plan.sudo().task_ids.consent_department_id = False
        asked = request.with_user(self.other_head)
        asked.invalidate_recordset()
        self.assertFalse(asked.source_label)
        with self.refused(UserError, "not yours to read"):
            asked.action_open_source()

    def test_many_rows_cost_no_more(self):
        """The buttons of a long list are found with a number of statements that does not grow."""
        def statements(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("can_request_collaboration")
            records.mapped("need_request_id")
            return self.env.cr.sql_log_count - before

        self.meeting.with_user(self.head).write({"agenda_ids": [Command.create({"name": f"Item {n}"}) for n in range(40)]})
        items = self.meeting.agenda_ids.browse(self.meeting.agenda_ids.ids).with_user(self.head)  # as a list reads them
        few, many = statements(items[:2]), statements(items)
        self.assertLessEqual(many, few + 2, (few, many))
