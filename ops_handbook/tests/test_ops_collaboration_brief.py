"""The weekly brief (form 12, C4): filled in from the items, filed with one click, returned when something is missing."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .collaborations import CollaborationCase


@tagged("post_install", "-at_install")
class TestOpsCollaborationBrief(CollaborationCase):

    def setUp(self):
        super().setUp()
        with self.at("2026-11-23 10:00"):
            self.collaboration = self.running()
            done = self.item(self.collaboration, name="Measured the hall", days=2)
            self.item(self.collaboration, name="Order the belt", days=1)
            self.item(self.collaboration, name="Lay the floor", days=9)
            self.item(self.collaboration, name="Paint it", days=60)
            self.generate()
        with self.at("2026-11-24 10:00"):
            done.with_user(self.liaison).action_done("By laser")

    def brief(self, user=None, **values):
        return self.env["ops.collaboration.brief"].with_user(user or self.other_head).create({
            "collaboration_id": self.collaboration.id, **values,
        })

    def test_prefilled_from_the_items(self):
        with self.at("2026-11-27 15:00"):
            brief = self.brief()
        self.assertEqual(brief.period, "2026-W48")
        self.assertEqual(brief.done, "• Measured the hall (Liaison)")
        self.assertIn("Lay the floor (Liaison, 2026-12-02)", brief.next)
        self.assertNotIn("Paint it", brief.next)
        self.assertIn("Overdue since 2026-11-24: Order the belt", brief.risks)
        self.assertEqual((brief.company_id, brief.department_id), (self.company, self.other_department))
        with self.at("2026-11-27 15:00"), Form(
            self.env["ops.collaboration.brief"].with_user(self.other_head).with_context(
                default_collaboration_id=self.running().id)
        ) as form:
            form.help = "A crane"
            self.assertFalse(form.done)

    def test_what_was_extended_is_no_risk(self):
        """C5: an item whose extension was granted comes next; it is overdue once that has passed too."""
        belt = self.collaboration.item_ids.filtered(lambda item: item.name == "Order the belt")
        with self.at("2026-11-24 10:00"):
            self.grant("C5", belt, "extension", "2026-12-02 18:00")
        self.env.invalidate_all()
        with self.at("2026-11-27 15:00"):
            brief = self.brief()
        self.assertFalse(brief.risks)
        self.assertIn("Order the belt (Liaison, 2026-12-02)", brief.next)
        self.env.invalidate_all()
        with self.at("2026-12-03 15:00"):
            brief = self.brief()
        self.assertIn("Overdue since 2026-12-02: Order the belt (Liaison, 2026-12-02)", brief.risks)

    def test_only_what_is_still_owed_comes_next(self):
        """C5: not what was waived or cancelled, nor what has passed without a clock; what is on hold when its new day comes."""
        with self.at("2026-11-24 10:00"):
            waived, moved, later, dropped = (
                self.item(self.collaboration, name=name, days=8) for name in ("Waived", "Moved", "Later", "Dropped")
            )
            self.minutes(self.collaboration, ("Resolved", self.liaison, 8, {}), ("Resolved and waived", self.liaison, 8, {}))
            resolutions = self.collaboration.sudo().kickoff_id.resolution_ids.sorted("id")
            for item in (waived, resolutions[1]):
                self.grant("C5", item, "waiver")
            self.grant("C5", moved, "hold", "2026-11-26 18:00")
            self.grant("C5", later, "hold", "2026-11-30 18:00")
            dropped.with_user(self.other_head).action_cancel("Not needed")
            self.company.ops_started = False  # what comes now has no clock
            for name, days in (("No clock", 8), ("Passed", 1)):
                self.item(self.collaboration, name=name, days=days)
        self.env.invalidate_all()
        with self.at("2026-11-27 15:00"):
            brief = self.brief()
        self.assertEqual(brief.next.splitlines(), [
            "• Lay the floor (Liaison, 2026-12-02)", "• Moved (Liaison, 2026-12-04)", "• Resolved (Liaison, 2026-12-02)",
            "• No clock (Liaison, 2026-12-02)",
        ])
        self.assertEqual(brief.risks, "• Overdue since 2026-11-24: Order the belt (Liaison, 2026-11-24)")

    def test_c4_filing_fulfils_its_week_and_a_return_asks_for_rework(self):
        owed = self.obligations("C4", self.collaboration)
        with self.at("2026-11-27 15:00"):
            action = owed[0].with_user(self.other_head).action_open_form()
            self.assertEqual(action["context"]["default_collaboration_id"], self.collaboration.id)
            brief = self.brief(week_start=action["context"]["default_week_start"])
            brief.action_submit()
        self.assertEqual((brief.state, owed[0].state, owed[0].on_time, owed[1].state), ("filed", "done", True, "open"))
        self.assertEqual((owed[0].form_model, owed[0].form_id), ("ops.collaboration.brief", brief.id))
        self.assertFalse(self.obligations("D1", brief), "filed on submission")
        with self.at("2026-11-27 16:00"):
            with self.assertRaises(AccessError):
                brief.write({"done": "More"})
            with self.assertRaises(AccessError):
                brief.with_user(self.head).action_return("x")
            brief.with_user(self.operations).action_return("And the crane?")
            self.assertEqual((brief.state, owed[0].state), ("returned", "done"), "met stays met")
            self.assertEqual(self.obligation("R1", brief).responsible_id, self.other_head)
            brief.write({"help": "A crane"})
            brief.action_submit()
        self.assertEqual(self.obligation("R1", brief).state, "done")

    def test_c4_is_asked_again_only_while_its_brief_can_be_written(self):
        owed = self.obligations("C4", self.collaboration)
        with self.at("2026-11-27 15:00"):
            brief = self.brief()
            brief.action_submit()
            brief.with_user(self.operations).action_return("And the crane?")
            with self.refused(UserError, "cannot be deleted"):
                brief.unlink()
            brief.action_cancel("Begun anew")
            self.assertEqual(owed[0].state, "open", "it runs: another brief is written")
            again = self.brief()
            again.action_submit()
            again.with_user(self.operations).action_return("And the crane?")
            self.collaboration.with_user(self.head).action_cancel("Not needed any more")
        self.assertEqual((again.state, owed[0].state), ("cancelled", "done"), "met stays met: nobody can write another")
        self.assertEqual(self.obligations("R1", again).mapped("state"), ["cancelled"])
        self.assertFalse(self.obligations("C4", self.collaboration).filtered(lambda item: item.state in ("open", "held")))

    def test_c4_filed_before_the_calendar_asked_for_it(self):
        """C4: a brief filed before the engine made the week's obligation has met it."""
        with self.at("2026-11-24 10:00"):
            self.collaboration = self.running()
            brief = self.brief(done="All")
            brief.action_submit()
            self.assertFalse(self.obligations("C4", self.collaboration))
        with self.at("2026-11-25 10:00"):
            self.generate()
        owed = self.obligations("C4", self.collaboration)
        self.assertEqual((owed[0].state, owed[0].result, owed[0].form_id), ("done", "met", brief.id))
        self.assertEqual((owed[0].date_done, owed[1].state), (brief.submitted_on, "open"))

    def test_c4_late_stays_late(self):
        with self.at("2026-11-30 09:00"):
            brief = self.brief(week_start="2026-11-26")
            brief.action_submit()
        owed = self.obligations("C4", self.collaboration)[0]
        self.assertEqual((str(brief.week_start), owed.state, owed.on_time), ("2026-11-23", "done", False))

    def test_one_brief_a_week_none_ahead_and_none_empty(self):
        with self.at("2026-11-27 15:00"):
            brief = self.brief()
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.brief()
            with self.refused(ValidationError, "has not begun"):
                self.brief(week_start="2026-12-01")
            brief.write({"done": " ", "next": False, "risks": ""})
            with self.refused(UserError, "say in a line"):
                brief.action_submit()
            brief.action_cancel("Wrong week")
            again = self.collaboration.with_user(self.other_head).action_write_brief()
            self.assertFalse(again.get("res_id"))
            new = self.brief()
            self.assertEqual(self.collaboration.with_user(self.other_head).action_write_brief()["res_id"], new.id)

    def test_who_writes_and_who_reads(self):
        with self.at("2026-11-27 15:00"):
            for user in (self.head, self.liaison, self.operations, self.third_head, self.colleague):
                with self.assertRaises(AccessError, msg=user.login):
                    self.brief(user)
            brief = self.brief()
            party = self.party(self.collaboration, self.third_department).with_user(self.third_head)
            party.action_name_liaison(self.employee.id)
            for user in (self.head, self.employee, self.third_head):
                self.assertFalse(brief.with_user(user).has_access("read"), f"a draft: {user.login}")
            brief.action_submit()
            for user in (self.head, self.employee, self.third_head, self.operations, self.gm, self.gm_office):
                self.assertEqual(brief.with_user(user).period, "2026-W48")
            self.assertFalse(brief.with_user(self.colleague).has_access("read"))

    def test_briefs_before_can_be_read(self):
        with self.at("2026-11-27 15:00"):
            self.brief().action_submit()
        with self.at("2026-12-04 15:00"):
            brief = self.brief()
        self.assertEqual(brief.previous_ids.mapped("period"), ["2026-W48"])
        self.assertFalse(brief.done)

    def test_not_before_the_kickoff(self):
        with self.at("2026-11-27 15:00"), self.refused(UserError, "while it is running"):
            self.brief(collaboration_id=self.filed().id)
