from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .engine import EngineCase

NOW = "2026-11-18 10:00"  # a Wednesday


@tagged("post_install", "-at_install")
class TestChange(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.employee_of(cls.employee)
        with cls.at("2026-11-17 10:00"):
            cls.owed_item = cls.Obligation._start("C5", cls.source, due=date(2026, 11, 25), responsible=cls.employee)

    def ask(self, user, kind="extension", until="2026-12-01 18:00", at=NOW, obligation=None):
        with self.at(at):
            return self.env["ops.obligation.change"].with_user(user).create({
                "obligation_id": (obligation or self.owed_item).id, "kind": kind, "reason": "The supplier is late.",
                "date_until": until and self.utc(until),
            })

    def decide(self, change, user, verb="action_approve", *args, at="2026-11-18 15:00"):
        with self.at(at):
            return getattr(change.with_user(user), verb)(*args)

    # -- extension ------------------------------------------------------------------------------------------------------

    def test_extension(self):
        """Asked for before the due time, decided by operations; the original due time is kept for the figures."""
        change = self.ask(self.employee)
        self.assertEqual((change.state, change.author_id), ("requested", self.employee))
        self.assertEqual(self.owed_item.date_due, self.utc("2026-11-25 23:59:59"), "asking changes nothing")
        self.decide(change, self.operations)
        self.assertEqual(self.owed_item.date_due, self.utc("2026-12-01 18:00"))
        self.assertEqual(self.owed_item.date_original, self.utc("2026-11-25 23:59:59"))
        self.assertTrue(self.owed_item.extended)
        self.assertEqual((change.decided_by_id, change.date_before), (self.operations, self.utc("2026-11-25 23:59:59")))
        self.assertIn("The supplier is late.", self.notes(self.owed_item))
        with self.at("2026-11-30 10:00"):
            self.Obligation._fulfil("C5", self.source)
        self.assertEqual((self.owed_item.result, self.owed_item.extended), ("met", True))

    def test_asked_too_late_is_refused(self):
        """After the due time the original counts, whatever is asked for."""
        for kind in ("extension", "hold", "waiver"):
            with self.refused(UserError, "before"):
                self.ask(self.employee, kind, at="2026-11-26 00:00")

    def test_asked_in_time_decided_late(self):
        change = self.ask(self.employee)
        self.decide(change, self.operations, at="2026-11-27 10:00")
        self.assertEqual(self.owed_item.date_due, self.utc("2026-12-01 18:00"))

    def test_an_extension_lies_after_the_due_time(self):
        with self.refused(UserError, "after the present one"):
            self.ask(self.employee, until="2026-11-24 10:00")
        with self.refused(UserError, "lie ahead"):
            self.ask(self.employee, "hold", until="2026-11-17 10:00")

    def test_refused(self):
        change = self.ask(self.employee)
        with self.assertRaises(UserError):
            self.decide(change, self.operations, "action_refuse", "")
        self.decide(change, self.operations, "action_refuse", "There is time enough.")
        self.assertEqual((change.state, self.owed_item.extended), ("refused", False))
        self.assertIn("There is time enough.", self.notes(self.owed_item))

    def test_withdrawn(self):
        change = self.ask(self.employee)
        self.decide(change, self.employee, "action_cancel", "Not needed any more.")
        self.assertEqual(change.state, "cancelled")
        self.ask(self.employee)

    def test_one_request_at_a_time(self):
        self.ask(self.employee)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.ask(self.employee)

    def test_done_meanwhile(self):
        change = self.ask(self.employee)
        self.Obligation._fulfil("C5", self.source)
        with self.refused(UserError, "“Withdrawn”"):
            self.decide(change, self.operations)

    # -- hold -----------------------------------------------------------------------------------------------------------

    def test_hold_stops_the_clock(self):
        """Held from Wednesday to Friday: two working days, by which the due time moves."""
        change = self.ask(self.employee, "hold", "2026-11-20 18:00")
        self.decide(change, self.operations)
        self.assertEqual((self.owed_item.state, self.owed_item.date_due), ("held", self.utc("2026-11-27 23:59:59")))
        with self.at("2026-11-19 10:00"):
            self.assertEqual(self.owed_item._result_at(self.utc("2026-11-19 10:00")), "held")
        self.assertAlmostEqual(self.owed_item.hold_hours, 56.0)
        self.assertEqual(self.owed_item._result_at(self.utc("2026-11-28 10:00")), "late", "also before the job has come by")
        self.run_cron("ops_obligation_cron_upkeep", "2026-11-20 18:05")
        self.assertEqual(self.owed_item.state, "open")
        self.assertIn("hold is over", self.notes(self.owed_item))

    def test_hold_of_hours_runs_on_the_clock(self):
        """I1 at level 1 has 4 clock hours; a hold of two hours gives it six."""
        with self.at("2026-11-20 18:30"):
            item = self.Obligation._start("I1", self.source, variant="level1")
        change = self.ask(self.operations, "hold", "2026-11-20 21:00", at="2026-11-20 19:00", obligation=item)
        self.decide(change, self.gm_office, at="2026-11-20 19:10")
        self.assertEqual(item.date_due, self.utc("2026-11-21 00:30"))

    def test_fulfilled_while_held_is_met(self):
        self.decide(self.ask(self.employee, "hold", "2026-12-20 18:00"), self.operations)
        with self.at("2026-12-10 10:00"):
            self.Obligation._fulfil("C5", self.source)
        self.assertEqual((self.owed_item.state, self.owed_item.on_time), ("done", True))

    def test_hold_survives_a_change_of_the_calendar(self):
        with self.at("2026-11-17 10:00"):
            item = self.Obligation._start("M7", self.source)  # 3 WD: Friday the 20th
        change = self.ask(self.head, "hold", "2026-11-19 18:00", obligation=item)
        self.decide(change, self.operations)
        self.assertEqual(item.date_due, self.utc("2026-11-23 23:59:59"))
        with self.at("2026-11-18 20:00"):
            self.env["ops.calendar.day"].create({
                "company_id": self.company.id, "date": "2026-11-23", "kind": "off", "name": "Day off",
            })
            self.env.cr.precommit.run()
        self.assertEqual(item.date_original, self.utc("2026-11-20 23:59:59"))
        self.assertEqual(item.date_due, self.utc("2026-11-24 23:59:59"))

    # -- waiver ---------------------------------------------------------------------------------------------------------

    def test_waiver(self):
        change = self.ask(self.employee, "waiver", None)
        self.decide(change, self.operations)
        self.assertEqual((self.owed_item.state, self.owed_item.result), ("waived", "waived"))
        self.assertFalse(self.owed_item.date_next_step)

    # -- who asks and who decides ---------------------------------------------------------------------------------------

    def test_who_may_ask(self):
        """Own, or own department: not a colleague, not another head."""
        for user in (self.newcomer, self.other_head):
            with self.assertRaises(AccessError):
                self.ask(user)
        self.assertTrue(self.ask(self.head))

    def test_a_refusal_names_nothing_to_strangers(self):
        """Whoever may not read what is owed is told neither what it is nor whether anybody has asked for more time."""
        self.owed_item.sudo().name = "Secret matter"
        self.ask(self.employee)
        changes = self.env["ops.obligation.change"].with_user(self.newcomer)
        values = {"obligation_id": self.owed_item.id, "kind": "waiver", "reason": "Please"}
        self.env["ir.default"].set("ops.obligation.change", "obligation_id", self.owed_item.id, user_id=self.newcomer.id)
        with_context = changes.with_context(default_obligation_id=self.owed_item.id)
        less = {name: value for name, value in values.items() if name != "obligation_id"}
        for model, vals in ((changes, values), (with_context, less), (changes, less)):
            self.env.flush_all()
            self.env.transaction.clear()
            with self.at(NOW), self.assertRaises(AccessError) as caught, self.cr.savepoint():
                model.create(dict(vals))
            self.assertNotIn("Secret", str(caught.exception))

    def test_who_decides(self):
        """Operations decides; nobody else, and never who asked or answers."""
        change = self.ask(self.employee)
        for user in (self.employee, self.head, self.gm_office, self.gm, self.admin_ops):
            with self.assertRaises(AccessError, msg=user.name):
                self.decide(change, user)
        self.decide(change, self.operations_colleague)
        self.assertEqual(change.state, "approved")

    def test_operations_own_is_decided_by_the_gm_office(self):
        with self.at("2026-11-18 09:00"):
            item = self.Obligation._start("I1", self.source)
        change = self.ask(self.operations, until="2026-11-25 18:00", obligation=item)
        for user in (self.operations, self.operations_colleague, self.gm):
            with self.assertRaises(AccessError):
                self.decide(change, user)
        self.decide(change, self.gm_office)
        self.assertTrue(item.extended)

    def test_gm_office_own_is_decided_by_the_general_manager(self):
        with self.at("2026-11-18 09:00"):
            item = self.Obligation._start("C5", self.employee_of(self.gm), due=date(2026, 11, 25), role="gm_office")
        change = self.ask(self.gm_office, obligation=item)
        for user in (self.gm_office, self.operations):
            with self.assertRaises(AccessError):
                self.decide(change, user)
        self.decide(change, self.gm)
        self.assertTrue(item.extended)

    def test_nobody_decides_on_what_they_answer_for(self):
        """Also when somebody else asked."""
        with self.at("2026-11-18 09:00"):
            item = self.Obligation._start(
                "C5", self.employee_of(self.newcomer), due=date(2026, 11, 25), responsible=self.operations
            )
        change = self.ask(self.head, obligation=item)
        with self.assertRaises(AccessError):
            self.decide(change, self.operations)

    def test_forged_requests(self):
        """Neither the asker, the time of asking nor the decision can be said by a client."""
        with self.at(NOW):
            change = self.env["ops.obligation.change"].with_user(self.employee).with_context(
                default_author_id=self.head.id, default_decided_by_id=self.operations.id
            ).create({
                "obligation_id": self.owed_item.id, "kind": "waiver", "reason": "Please", "author_id": self.head.id,
                "date_requested": "2020-01-01 00:00:00",
            })
        self.assertEqual((change.author_id, change.decided_by_id), (self.employee, self.env["res.users"]))
        self.assertEqual(change.date_requested, self.utc(NOW))
        with self.assertRaises(UserError):
            self.env["ops.obligation.change"].with_user(self.employee).create({
                "obligation_id": self.owed_item.id, "kind": "waiver", "reason": "Please", "state": "approved",
            })
        for user in (self.employee, self.operations):
            with self.assertRaises(UserError):  # AccessError included
                change.with_user(user).write({"reason": "Because"})

    def test_request_button(self):
        with self.at(NOW):
            self.assertTrue(self.owed_item.with_user(self.employee).can_ask_change)
            self.assertFalse(self.owed_item.with_user(self.operations).can_ask_change)
        action = self.owed_item.action_ask_change()
        self.assertEqual(action["context"], {"default_obligation_id": self.owed_item.id})

    def test_many_holds_end_at_once(self):
        items = self.owed_item
        for number in range(3):
            with self.at("2026-11-17 10:00"):
                items |= self.Obligation._start("C5", self.source, due=date(2026, 11, 25), responsible=self.employee, round=number + 1)
        for item in items:
            self.decide(self.ask(self.employee, "hold", "2026-11-20 18:00", obligation=item), self.operations)
        with self.at("2026-11-20 18:00"):
            self.Obligation._holds_over()._end_hold()
        self.assertEqual(set(items.mapped("state")), {"open"})
        self.assertEqual(items[0].date_due - items[0].date_original, timedelta(days=2))

    # -- whom a request reaches -------------------------------------------------------------------------------------------

    def asked_of(self, change):
        """Return what the deciding office owes for a request."""
        return self.obligations("D1", change)

    def decisions(self, user):
        return [row["id"] for row in self.env["ops.my.work"].with_user(user).get_data()["lists"]["decision"]]

    def test_a_request_waits_in_the_work_of_whoever_decides(self):
        """D1: it stands in the list of what is to be decided, and leads to the request."""
        change = self.ask(self.employee)
        asked = self.asked_of(change)
        self.assertEqual((asked.state, asked.role, asked.responsible_id.id, asked.date_due), ("open", "operations", False, False))
        self.assertEqual((asked.company_id, asked.department_id), (self.company, self.department))
        self.assertIn(asked.id, self.decisions(self.operations))
        for user in (self.employee, self.head, self.gm_office, self.gm):
            self.assertNotIn(asked.id, self.decisions(user), user.name)
        action = asked.with_user(self.operations).action_open_form()
        self.assertEqual((action["res_model"], action["res_id"]), ("ops.obligation.change", change.id))
        self.decide(change, self.operations_colleague)
        self.assertEqual((asked.state, asked.done_by_id), ("done", self.operations_colleague))
        self.assertNotIn(asked.id, self.decisions(self.operations))

    def test_what_operations_ask_waits_one_office_up(self):
        """D1: what operations answer for is asked of the GM office, what that answers for of the general manager."""
        with self.at("2026-11-18 09:00"):
            theirs = self.Obligation._start("I1", self.source)
            office = self.Obligation._start("C5", self.employee_of(self.gm), due=date(2026, 11, 25), role="gm_office")
        for user, item, role, decider in (
            (self.operations, theirs, "gm_office", self.gm_office), (self.gm_office, office, "general_manager", self.gm),
        ):
            with self.subTest(role=role):
                change = self.ask(user, "waiver", None, at="2026-11-18 09:30", obligation=item)
                asked = self.asked_of(change)
                self.assertEqual((asked.state, asked.role), ("open", role))
                self.decide(change, decider, "action_refuse", "It is needed.", at="2026-11-18 09:40")
                self.assertEqual(asked.state, "done")

    def test_what_is_withdrawn_asks_nobody(self):
        change = self.ask(self.employee)
        self.decide(change, self.employee, "action_cancel", "Not needed any more.")
        asked = self.asked_of(change)
        self.assertEqual((asked.state, self.notes(asked)), ("cancelled", "Not needed any more."))
        self.assertFalse(self.told(self.employee), "who withdrew it knows")

    def test_settled_meanwhile(self):
        """Done, waived or cancelled: the request goes with it, and so does what the office was asked; both logs say why."""
        with self.at("2026-11-17 10:00"):
            items = self.Obligation._start("C5", self.employee_of(self.colleague), due=date(2026, 11, 25), responsible=self.employee)
            items |= self.Obligation._start("C5", self.employee_of(self.head), due=date(2026, 11, 25), responsible=self.employee)
        done, waived, cancelled = self.owed_item, *items
        changes = {item: self.ask(self.employee, obligation=item) for item in (done, waived, cancelled)}
        self.Obligation._fulfil("C5", self.source)
        waived._set_state("waived", "By hand")
        self.Obligation._cancel("C5", self.employee_of(self.head), "Given up")
        for item, word in ((done, "Done"), (waived, "Waived"), (cancelled, "Cancelled")):
            with self.subTest(word=word):
                change = changes[item]
                asked = self.asked_of(change)
                self.assertEqual((change.state, asked.state), ("cancelled", "cancelled"))
                for record in (change, asked):
                    self.assertIn(f"the deadline is “{word}” by now", self.notes(record))
        self.assertFalse(self.told(self.employee))

    def test_what_is_moved_or_held_stays_asked(self):
        change = self.ask(self.employee)
        with self.at(NOW):
            self.Obligation._move_due({self.owed_item: self.utc("2026-11-26 18:00")}, "The plan says so.")
        self.assertEqual((change.state, self.asked_of(change).state), ("requested", "open"))

    def test_settling_many_asks_once(self):
        """Settling a hundred costs what settling ten costs, though requests go with some of them."""
        sources = self.env["hr.department"].create([{"name": f"D{number}", "company_id": self.company.id} for number in range(110)])
        with self.at("2026-11-17 10:00"):
            items = self.Obligation._start("C5", sources, due=date(2026, 11, 25), responsible=self.employee)
        by_source = {item.source_id: item for item in items}
        counts = []
        for some in (sources[:10], sources[10:]):
            for source in (*some[:2], *some[-2:]):
                self.ask(self.employee, obligation=by_source[source.id])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.Obligation._fulfil("C5", some)), len(some))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    def test_upkeep_brings_requests_up_to_date(self):
        """Settled by a transaction beside it, asked for before there were clocks, or another office decides by now."""
        with self.at("2026-11-17 10:00"):
            items = self.Obligation._start("C5", self.employee_of(self.colleague), due=date(2026, 11, 25), responsible=self.employee)
            items |= self.Obligation._start("C5", self.employee_of(self.head), due=date(2026, 11, 25), responsible=self.employee)
        settled, old, moved = (self.ask(self.employee, obligation=item) for item in (self.owed_item, *items))
        self.env.flush_all()
        self.env.cr.execute("UPDATE ops_obligation SET state = 'done' WHERE id = %s", self.owed_item.ids)
        self.asked_of(old).unlink()
        self.env.invalidate_all()
        items[1].write({"role": "operations", "responsible_id": False})
        self.env.flush_all()
        self.run_cron("ops_obligation_cron_upkeep", "2026-11-18 11:00")
        self.env.invalidate_all()
        self.assertEqual((settled.state, self.asked_of(settled).state), ("cancelled", "cancelled"))
        self.assertEqual((old.state, self.asked_of(old).role), ("requested", "operations"))
        self.assertEqual((moved.state, self.asked_of(moved).role), ("requested", "gm_office"))
        self.assertIn("Somebody else decides on it by now.", self.notes(self.asked_of(moved)))

    def test_whoever_asked_is_told(self):
        """One mail for each decision, with what it means; a refusal says why."""
        cases = (
            ("extension", "2026-12-01 18:00", ("It is due on",)), ("hold", "2026-11-20 18:00", ("stands still until", "it is due on")),
            ("waiver", None, ("It is not asked of you this time.",)),
        )
        for number, (kind, until, texts) in enumerate(cases, 1):
            with self.subTest(kind=kind):
                with self.at("2026-11-17 10:00"):
                    item = self.Obligation._start("C5", self.source, due=date(2026, 11, 25), responsible=self.employee, round=number)
                change = self.ask(self.employee, kind, until, obligation=item)
                self.decide(change, self.operations)
                self.assertEqual(self.told(self.employee)[number - 1:], [f"Approved: {change.display_name}"])
                body = self.env["mail.mail"].sudo().search([("ops_notice", "=", True)], order="id desc", limit=1).body_html
                for text in (*texts, self.operations.name):
                    self.assertIn(text, body)
        change = self.ask(self.employee)
        self.decide(change, self.operations, "action_refuse", "There is time enough.")
        self.assertEqual(self.told(self.employee)[3:], [f"Refused: {change.display_name}"])
        body = self.env["mail.mail"].sudo().search([("ops_notice", "=", True)], order="id desc", limit=1).body_html
        self.assertIn("There is time enough.", body)
        self.assertFalse(self.told(self.operations))

    def test_told_in_the_receivers_language_and_to_their_substitute(self):
        self.colleague.lang = "zh_CN"
        with self.at(NOW):
            self.env["ops.substitution"].create({
                "user_id": self.employee.id, "substitute_id": self.colleague.id, "date_from": "2026-11-18", "date_to": "2026-11-30",
            })
        change = self.ask(self.employee)
        self.decide(change, self.operations)
        self.assertFalse(self.told(self.employee))
        subject = self.told(self.colleague)[-1]  # before it: that they act for somebody
        kinds = dict(change._fields["kind"]._description_selection(self.env(context={"lang": "zh_CN"})))
        self.assertIn(kinds["extension"], subject)
