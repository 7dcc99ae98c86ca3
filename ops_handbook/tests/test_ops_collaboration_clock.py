"""The clocks of a collaboration: C1 until the kick-off, K1 for consent, C4 every week, C5 for each item."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import clock
from .collaborations import CollaborationCase


@tagged("post_install", "-at_install")
class TestOpsCollaborationClock(CollaborationCase):

    # -- C1, K1 ------------------------------------------------------------------------------------------------------

    def test_c1_k1_submitted_on_friday_evening(self):
        """C1: two working days, Tuesday; K1: one, Monday."""
        with self.at("2026-11-20 18:30"):
            request = self.submitted()
        kickoff, consent = self.obligation("C1", request), self.obligation("K1", self.party(request))
        self.assertDue(kickoff, "2026-11-24 23:59:59")
        self.assertDue(consent, "2026-11-23 23:59:59")
        self.assertEqual((kickoff.role, kickoff.responsible_id.id, kickoff.department_id), ("operations", False, self.ops_department))
        self.assertEqual((consent.responsible_id, consent.department_id), (self.other_head, self.other_department))
        self.assertTrue(consent.standard_id.is_decision)

    def test_c1_k1_with_a_make_up_saturday(self):
        """That Saturday is worked: K1 is due on it, C1 on Monday."""
        self.env["ops.calendar.day"].create({
            "company_id": self.company.id, "date": "2026-11-21", "kind": "work", "name": "Make-up day",
        })
        with self.at("2026-11-20 18:30"):
            request = self.submitted()
        self.assertDue(self.obligation("K1", self.party(request)), "2026-11-21 23:59:59")
        self.assertDue(self.obligation("C1", request), "2026-11-23 23:59:59")

    def test_k1_counts_the_working_days_of_the_department_asked(self):
        with self.at("2026-11-20 18:30"):
            request = self.submitted(departments=self.branch_department)
        self.assertDue(self.obligation("K1", self.party(request, self.branch_department)), "2026-11-23 23:59:59", "Europe/Berlin")

    def test_k1_is_met_by_either_answer_and_asked_of_whoever_leads_now(self):
        with self.at("2026-11-23 10:00"):
            request = self.submitted()
        mine, theirs = self.party(request), self.party(request, self.third_department)
        asked = self.obligation("K1", mine)
        self.other_department.manager_id = self.employee_of(self.liaison)
        self.assertEqual(asked.responsible_id, self.liaison, "another head")
        with self.at("2026-11-23 11:00"):
            mine.with_user(self.liaison).action_accept()
            theirs.with_user(self.third_head).action_decline("No time")
        self.assertEqual((asked.state, asked.on_time, self.obligation("K1", theirs).state), ("done", True, "done"))
        self.third_head.active = False
        self.assertEqual(theirs.head_id.ids, [])

    def test_c1_is_met_when_the_kickoff_is_held_not_when_it_is_planned(self):
        with self.at("2026-11-23 10:00"):
            request = self.planned()
        term = self.obligation("C1", request)
        self.assertEqual((term.state, request.state), ("open", "filed"))
        with self.at("2026-11-24 10:00"):
            meeting = self.hold(request)
        self.assertEqual((term.state, term.on_time, request.state), ("done", True, "running"))
        self.assertEqual((term.form_model, term.form_id), ("ops.meeting", meeting.id))

    def test_c1_does_not_wait_for_silent_heads(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
        self.assertEqual(set(request.sudo().party_ids.mapped("state")), {"asked"})
        self.assertEqual(self.obligation("K1", self.party(request)).state, "open", "they are still asked")
        self.party(request).with_user(self.other_head).action_accept(self.liaison.id)

    def test_c1_returned_in_time_begins_anew_and_late_stays_late(self):
        with self.at("2026-11-23 10:00"):
            request = self.submitted()
        with self.at("2026-11-23 11:00"):
            request.with_user(self.operations).action_return("Which machine?")
            request.action_submit()
        self.assertEqual(self.obligations("C1", request).mapped("state"), ["cancelled", "open"])
        with self.at("2026-11-27 10:00"):
            request.with_user(self.operations).action_return("Too late")
            request.action_submit()
        found = self.obligations("C1", request)
        self.assertEqual(found.mapped("state"), ["cancelled", "done", "open"])
        self.assertFalse(found[1].on_time)

    def test_c1_counts_when_the_kickoff_was_held_not_when_it_was_recorded(self):
        """C1: the end of the meeting; the briefs (C4) begin with it too, but none is asked for that was due before."""
        with self.at("2026-11-23 10:00"):
            request, other = self.planned(), self.planned()
            self.generate()
        held = self.utc("2026-11-24 09:00"), self.utc("2026-11-24 10:00")
        for one, recorded, week in ((request, "2026-11-27 09:00", "2026-W48"), (other, "2026-11-30 09:00", "2026-W49")):
            with self.subTest(recorded=recorded), self.at(recorded):
                meeting = one.sudo().kickoff_id.with_user(self.operations)
                meeting.action_hold(*held)
                self.generate()
                term = self.obligation("C1", one)
                self.assertEqual((term.state, term.date_done, term.on_time), ("done", held[1], True))
                self.assertEqual((term.form_model, term.form_id), ("ops.meeting", meeting.id))
                self.assertEqual(one.running_since, held[1])
                self.assertEqual(self.obligations("C4", one)[0].period, week)

    def test_c1_many_kickoffs_are_met_together(self):
        """C1: those that were held until the same time in the same statements, each by its own meeting."""
        with self.at("2026-11-23 10:00"):
            few, many, pair = (
                self.env["ops.collaboration"].union(*(self.planned() for _number in range(size))).sudo() for size in (2, 6, 2)
            )
        begun, held = self.utc("2026-11-24 09:00"), self.utc("2026-11-24 10:00")
        with self.at("2026-11-24 12:00"):
            counts = []
            for requests in (few, many):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                requests._became_kicked_off(held)
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            self.assertLessEqual(counts[1], counts[0] + 1, counts)
            pair.kickoff_id._transition("held", values={"actual_start": begun, "actual_stop": held})
        self.assertEqual(pair.mapped("state"), ["running"] * 2)
        for request in few | many | pair:
            term = self.obligation("C1", request)
            self.assertEqual((term.state, term.date_done, request.running_since), ("done", held, held))
            self.assertEqual((term.form_model, term.form_id), ("ops.meeting", request.kickoff_id.id))

    def test_d1_a_refusal_waits_again_after_a_return(self):
        """D1: what a department declined is decided by operations, also when the request was returned meanwhile."""
        request = self.submitted()
        party = self.party(request, self.third_department)
        party.with_user(self.third_head).action_decline("No time")
        request.with_user(self.operations).action_return("Which machine?")
        self.assertEqual(self.obligations("D1", party).mapped("state"), ["cancelled"])
        request.action_submit()
        self.assertEqual((party.state, self.obligations("D1", party).mapped("state")), ("declined", ["cancelled", "open"]))
        self.assertEqual(self.obligations("D1", party)[-1].role, "operations")
        party.with_user(self.operations).action_require("It is urgent")
        self.assertEqual(self.obligations("D1", party).mapped("state"), ["cancelled", "done"])

    def test_only_the_planned_kickoff_starts_it(self):
        """Another meeting about the collaboration neither fulfils C1 nor lets it run; nobody says so in its stead."""
        with self.at("2026-11-23 10:00"):
            request = self.filed()
            kind = self.env["ops.meeting.type"].search([("kind", "=", "collaboration")], limit=1)
            values = {"name": "x", "type_id": kind.id, "subject_model": "ops.collaboration", "subject_id": request.id}
            for user in (self.head, self.operations):
                with self.refused(ValidationError, "by its own button"):
                    self.env["ops.meeting"].with_user(user).create(values)
            meeting = request.with_user(self.operations)._create_meeting("Talk")
            meeting.action_hold()
            self.assertEqual((request.state, self.obligation("C1", request).state), ("filed", "open"))
            self.assertIn(meeting, request.with_user(self.operations).meeting_ids)

    def test_a_cancelled_kickoff_can_be_planned_again(self):
        with self.at("2026-11-23 10:00"):
            request = self.planned()
            request.sudo().kickoff_id.with_user(self.operations).action_cancel("Ill")
            self.assertFalse(request.kickoff_id)
            self.assertEqual(self.obligation("C1", request).state, "open")
            start = clock.now() + timedelta(hours=4)
            request.with_user(self.operations)._create_kickoff(start, start + timedelta(hours=1))
            with self.refused(UserError, "planned already"):
                request.with_user(self.operations)._create_kickoff(start, start + timedelta(hours=1))

    # -- C4 ----------------------------------------------------------------------------------------------------------

    def test_c4_last_working_day_of_each_week(self):
        """C4: the lead owes a brief for each week in which it runs, in the lead department's name."""
        with self.at("2026-11-23 10:00"):
            request = self.running()
        with self.at("2026-11-23 12:00"):
            self.generate()
            self.generate()
        briefs = self.obligations("C4", request)
        self.assertEqual(briefs.mapped("period"), [f"2026-W{week}" for week in range(48, 53)])
        self.assertDue(briefs[0], "2026-11-27 23:59:59")
        self.assertEqual((briefs[0].responsible_id, briefs[0].department_id, briefs[0].role), (
            self.other_head, self.other_department, "lead"))

    def test_c4_a_kickoff_on_the_last_working_day_owes_none_for_it(self):
        with self.at("2026-11-27 10:00"):
            request = self.running()
            self.generate()
        self.assertEqual(self.obligations("C4", request)[0].period, "2026-W49")

    def test_c4_another_lead_and_a_lead_who_leaves(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
            self.generate()
            request.with_user(self.other_head).write({"lead_id": self.liaison.id})
            self.assertEqual(self.obligations("C4", request).responsible_id, self.liaison)
            self.liaison.active = False
            self.assertEqual(self.obligations("C4", request).responsible_id, self.other_head, "the head of the lead department")
            self.assertEqual(request._lead_in_charge(), self.other_head)
            self.other_department.manager_id = self.employee_of(self.colleague)
            self.assertEqual(self.obligations("C4", request).responsible_id, self.colleague, "and the next head")
            request.with_user(self.colleague).action_finish()

    def test_c4_stops_with_the_collaboration_and_missed_ones_stay(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
            self.generate()
        with self.at("2026-12-01 10:00"):
            request.with_user(self.other_head).action_finish()
            self.assertEqual(self.obligations("C4", request).mapped("state"), ["open"] + ["cancelled"] * 4)
            request.with_user(self.head).action_resume("Not yet")
            self.assertEqual(set(self.obligations("C4", request).mapped("state")), {"open"})
            self.generate()
            self.assertEqual(len(self.obligations("C4", request).mapped("period")), len(set(self.obligations("C4", request).mapped("period"))))

    # -- C5 ----------------------------------------------------------------------------------------------------------

    def test_c5_of_an_item_by_hand(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
            item = self.item(request, days=3)
            term = self.obligation("C5", item)
        self.assertDue(term, "2026-11-26 23:59:59")
        self.assertEqual((term.responsible_id, term.department_id), (self.liaison, self.other_department))
        with self.at("2026-11-23 11:00"):
            item.with_user(self.other_head).write({"date_due": "2026-11-30", "owner_id": self.employee.id})
        self.assertDue(term, "2026-11-30 23:59:59")
        self.assertEqual((term.responsible_id, term.department_id), (self.employee, self.department))
        with self.at("2026-11-30 11:00"):
            item.with_user(self.employee).action_done("Drawn")
        self.assertEqual((term.state, term.on_time), ("done", True))

    def test_c5_with_an_acceptance(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
            item = self.item(request, needs_acceptance=True)
            item.with_user(self.liaison).action_done("Drawn")
            ask = self.obligation("D1", item)
            self.assertEqual(ask.responsible_id, self.other_head)
            with self.refused(UserError, "not done yet"):
                request.with_user(self.other_head).action_finish()
            with self.assertRaises(AccessError):
                item.with_user(self.liaison).action_accept()
            item.with_user(self.other_head).action_reopen("A door is missing")
            self.assertEqual((ask.state, self.obligation("C5", item).state, item.done_on), ("done", "open", False))
            item.with_user(self.liaison).action_done("Door drawn")
            item.with_user(self.other_head).action_accept()
            self.assertEqual((item.state, self.obligation("C5", item).state), ("accepted", "done"))
            own = self.item(request, self.other_head, needs_acceptance=True)
            own.with_user(self.other_head).action_done("Myself")
            self.assertEqual(self.obligation("D1", own).responsible_id, self.head, "the lead's own: the requester")
            with self.assertRaises(AccessError):
                own.with_user(self.other_head).action_accept()

    def test_c5_the_lead_leaves_before_the_acceptance(self):
        """D1: the requester is asked then, who may accept it."""
        with self.at("2026-11-23 10:00"):
            item = self.item(self.running(), needs_acceptance=True)
            item.with_user(self.liaison).action_done("Drawn")
            ask = self.obligation("D1", item)
            self.other_head.active = False
            self.assertEqual(ask.responsible_id, self.head)
            self.assertIn("has left", self.notes(ask))
            item.with_user(self.head).action_accept()
        self.assertEqual(ask.state, "done")

    def test_c5_one_clock_with_the_resolution(self):
        """What the kick-off resolved is an item; its clock is the resolution's, and both change state together."""
        with self.at("2026-11-23 10:00"):
            request = self.running()
        with self.at("2026-11-23 12:00"):
            self.minutes(
                request, ("Draw the line", self.liaison, 4, {}), ("Buy it", self.third_head, 20, {"needs_acceptance": True}),
                ("Move it", self.employee, 25, {}),
            )
        items = request.item_ids.sorted("id")
        self.assertEqual(items.mapped("name"), ["Draw the line", "Buy it", "Move it"])
        self.assertFalse(self.obligations("C5", items))
        self.assertEqual(len(self.obligations("C5", items.sudo().resolution_id)), 3)
        with self.at("2026-11-24 10:00"):
            items[0].with_user(self.liaison).action_done("Here it is")
            resolution = items[0].sudo().resolution_id
            self.assertEqual((resolution.state, resolution.evidence), ("done", "Here it is"))
            self.assertEqual(self.obligation("C5", resolution).state, "done")
            items[1].sudo().resolution_id.with_user(self.third_head).action_done("Bought")
            self.assertEqual((items[1].state, items[1].evidence), ("done", "Bought"))
            items[2].with_user(self.other_head).action_cancel("It stays where it is")
            self.assertEqual(items[2].sudo().resolution_id.state, "cancelled")
            with self.assertRaises(UserError):
                items[1].with_user(self.other_head).write({"name": "Rent it"})
        with self.at("2026-11-24 11:00"):
            request.with_user(self.other_head).invalidate_recordset()
            self.assertEqual(self.obligations("D1", items[1].sudo().resolution_id).state, "open")
            items[1].with_user(self.other_head).action_accept()
            self.assertEqual(items[1].sudo().resolution_id.state, "accepted")

    def test_c5_handed_over_together(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
        with self.at("2026-11-23 12:00"):
            self.minutes(request, ("Draw the line", self.liaison, 4, {}))
            item = request.item_ids
            resolution = item.sudo().resolution_id
            item.with_user(self.other_head).action_hand_over(self.employee.id, "On leave")
            self.assertEqual((resolution.owner_id, self.obligation("C5", resolution).responsible_id), (self.employee,) * 2)
            resolution.with_user(self.operations).action_hand_over(self.newcomer.id, "Ill")
            self.assertEqual((item.owner_id, self.obligation("C5", resolution).responsible_id), (self.newcomer,) * 2)

    def test_c5_many_change_and_are_handed_over_in_one_step(self):
        """Resolutions and their items follow each other together, not pair by pair."""
        with self.at("2026-11-23 10:00"):
            request = self.running()
        with self.at("2026-11-23 12:00"):
            self.minutes(request, *((f"Step {number}", self.liaison, 4, {}) for number in range(6)))
            items = request.item_ids.sorted("id")
            resolutions = items.sudo().resolution_id
            item_model, resolution_model = type(items), type(resolutions)
            with (
                patch.object(item_model, "_transition", autospec=True, side_effect=item_model._transition) as of_items,
                patch.object(resolution_model, "_take_owner", autospec=True, side_effect=resolution_model._take_owner) as taken,
            ):
                resolutions[:3].with_user(self.liaison).action_done("Here they are")
                self.assertEqual(of_items.call_count, 1)
                items[3:].with_user(self.other_head).action_hand_over(self.employee.id, "On leave")
                self.assertEqual(taken.call_count, 1)
                resolutions[3:].with_user(self.operations).action_hand_over(self.newcomer.id, "Ill")
        self.assertEqual(items[:3].mapped(lambda item: (item.state, item.evidence)), [("done", "Here they are")] * 3)
        self.assertEqual(set(items[3:].mapped("state")), {"open"})
        self.assertEqual((items[3:].owner_id, resolutions[3:].owner_id), (self.newcomer,) * 2)
        self.assertEqual(self.obligations("C5", resolutions[3:]).responsible_id, self.newcomer)

    def test_c5_a_corrected_version_of_the_minutes(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
        with self.at("2026-11-23 12:00"):
            meeting = self.minutes(request, ("Draw the line", self.liaison, 4, {}))
            item = request.item_ids
            meeting.action_correct("The date was wrong")
            resolution = meeting.resolution_ids.with_user(self.operations)
            resolution.write({"date_due": "2026-12-10", "owner_id": self.employee.id})
            meeting.action_distribute()
        self.assertEqual((str(item.date_due), item.owner_id, request.item_ids), ("2026-12-10", self.employee, item))

    def test_c5_late_is_what_the_clock_says(self):
        """What was extended, is on hold or was waived is not overdue, whatever its date says."""
        with self.at("2026-11-23 10:00"):
            request = self.running()
            names = ("Extended", "Held", "Waived", "Late")
            extended, held, waived, late = (self.item(request, name=name, days=3).sudo() for name in names)
            self.grant("C5", extended, "extension", "2026-12-04 18:00")
            self.grant("C5", held, "hold", "2026-12-07 18:00")
            self.grant("C5", waived, "waiver")
        items = extended | held | waived | late
        self.assertEqual(self.late_at(items, "2026-12-01 10:00"), late)
        self.assertEqual(self.late_at(items, "2026-12-07 10:00"), extended | late)

    def test_c5_late_by_the_clock_of_the_resolution(self):
        """An item that carries out a resolution is late when that is, and due when that is."""
        with self.at("2026-11-23 10:00"):
            request = self.running()
        with self.at("2026-11-23 12:00"):
            self.minutes(request, ("Draw the line", self.liaison, 4, {}), ("Buy it", self.third_head, 4, {}))
            drawn, bought = request.item_ids.sorted("id")
            self.item(request, days=4)
            self.grant("C5", drawn.sudo().resolution_id, "extension", "2026-12-04 18:00")
        self.env.invalidate_all()
        items = request.item_ids
        self.assertEqual(len(items), 3)
        self.assertEqual(self.late_at(items, "2026-12-01 10:00"), items - drawn)
        self.assertEqual((str(drawn.date_due), str(drawn.date_due_now)), ("2026-11-27", "2026-12-04"))
        self.assertEqual(self.late_at(items, "2026-12-07 10:00"), items)
        self.assertEqual(self.late_at(bought.with_user(self.third_head), "2026-12-01 10:00"), bought)

    def test_c5_lateness_of_many_costs_no_query_each(self):
        """Own clocks and those of resolutions: a read for each kind, however many items."""
        with self.at("2026-11-23 10:00"):
            request = self.running()
            own = [self.item(request, name=f"Step {number}", days=3).id for number in range(10)]
        with self.at("2026-11-23 12:00"):
            self.minutes(request, *((f"Resolved {number}", self.liaison, 4, {}) for number in range(10)))
        self.env.invalidate_all()
        items = request.item_ids.sudo()
        few = items.browse(own[:1]) | items.filtered("resolution_id")[:1]
        self.cost_of_lateness(few)
        self.assertEqual(self.cost_of_lateness(items), self.cost_of_lateness(few))

    def test_c5_stops_when_the_item_is_taken_out(self):
        with self.at("2026-11-23 10:00"):
            item = self.item(self.running())
            term = self.obligation("C5", item)
            item.with_user(self.other_head).unlink()
        self.assertEqual(term.state, "cancelled")
