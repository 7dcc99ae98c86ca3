"""The clocks of a problem: I1 and I2 by level, P1, I3, I4, and what a change of mind does to them."""

from odoo.tests import tagged

from .problems import ProblemCase


@tagged("post_install", "-at_install")
class TestOpsProblemClock(ProblemCase):

    def assertDue(self, obligation, local):
        self.assertEqual(obligation.date_due, self.utc(local))

    def test_i1_one_working_day(self):
        """I1: reported on Friday evening, to be accepted by Monday's close."""
        with self.at("2026-11-20 18:30"):
            problem = self.report()
        obligation = self.obligation("I1", problem)
        self.assertDue(obligation, "2026-11-23 23:59:59")
        self.assertEqual((obligation.role, obligation.responsible_id.id), ("operations", False))
        self.assertFalse(self.obligations("I2", problem), "levels 2 and 3 count from acceptance")
        with self.at("2026-11-23 10:00"):
            self.accept(problem)
        self.assertEqual((obligation.state, obligation.on_time), ("done", True))

    def test_i1_i2_level_1_on_friday_evening(self):
        """A proposed level 1 is accepted within 4 hours and handled within 24, weekend or not."""
        with self.at("2026-11-20 18:30"):
            problem = self.report(proposed_severity="1")
        accept, start = self.obligation("I1", problem), self.obligation("I2", problem)
        self.assertDue(accept, "2026-11-20 22:30")
        self.assertDue(start, "2026-11-21 18:30")
        self.assertTrue(accept.urgent and start.urgent)
        self.assertTrue(accept.date_next_step and accept.date_next_step <= self.utc("2026-11-20 18:30"), "at once")
        self.assertEqual(start.role, "operations", "nobody else is named yet")
        with self.at("2026-11-20 21:00"):
            self.accept(problem, "1")
        self.assertEqual(start.state, "open", "the clock of level 1 goes on")
        self.assertEqual((start.responsible_id, start.department_id), (self.handler, self.department))
        self.assertDue(start, "2026-11-21 18:30")
        with self.at("2026-11-21 18:29"):
            problem.with_user(self.handler).action_start("Power off")
        self.assertTrue(start.on_time)

    def test_i2_levels_2_and_3_count_from_acceptance(self):
        for level, due in (("2", "2026-11-26 23:59:59"), ("3", "2026-11-30 23:59:59")):
            with self.at("2026-11-20 18:30"):
                problem = self.report()
            with self.at("2026-11-23 10:00"):
                self.accept(problem, level)
            self.assertDue(self.obligation("I2", problem), due)
            self.assertEqual(self.obligation("I2", problem).responsible_id, self.handler)

    def test_i2_without_a_handler_the_head_answers(self):
        with self.at("2026-11-23 10:00"):
            problem = self.accept(self.report(), handler=self.env["res.users"])
        self.assertEqual(self.obligation("I2", problem).responsible_id, self.head)
        with self.at("2026-11-23 11:00"):
            problem.with_user(self.head).action_assign(self.colleague.id)
        self.assertEqual(self.obligation("I2", problem).responsible_id, self.colleague)
        self.assertIn("Assigned", self.obligation("I2", problem).transition_ids[:1].reason)

    def test_i2_proposed_level_1_that_is_none(self):
        with self.at("2026-11-20 18:30"):
            problem = self.report(proposed_severity="1")
        with self.at("2026-11-20 19:00"):
            self.accept(problem, "3")
        clocks = self.obligations("I2", problem)
        self.assertEqual(clocks.mapped("state"), ["cancelled", "open"])
        self.assertEqual(clocks.mapped("variant"), ["level1", "level3"])
        self.assertTrue(clocks[0].transition_ids[:1].reason, "the log says why")
        self.assertDue(clocks[1], "2026-11-27 23:59:59")

    def test_i2_level_changes_up_and_down(self):
        """A change of level uses the new level's own start; the clocks before stay in the log."""
        with self.at("2026-11-23 10:00"):
            problem = self.accepted("3")
        operations = problem.with_user(self.operations)
        with self.at("2026-11-23 15:00"):
            operations.action_regrade("1", "A customer is hit")
        self.assertDue(self.obligation("I2", problem), "2026-11-24 10:00")
        with self.at("2026-11-24 09:00"):
            operations.action_regrade("2", "The customer is not hit after all")
        self.assertDue(self.obligation("I2", problem), "2026-11-26 23:59:59")
        clocks = self.obligations("I2", problem)
        self.assertEqual(clocks.mapped("variant"), ["level3", "level1", "level2"])
        self.assertEqual(clocks.mapped("state"), ["cancelled", "cancelled", "open"])
        self.assertEqual(clocks[0].transition_ids[:1].reason, "A customer is hit")
        self.assertIn("A customer is hit", problem.transition_ids.mapped("reason"))
        with self.at("2026-11-24 10:00"):
            problem.with_user(self.handler).action_start("x")
            operations.action_regrade("1", "Again")
        self.assertEqual(self.obligation("I2", problem).variant, "level2", "what was met stays met")

    def test_p1_i3_i4_and_two_rounds(self):
        """P1 from the start of handling, I3 from the filing, I4 from the resolution; each once per round."""
        with self.at("2026-11-23 10:00"):
            problem = self.handling()
        plan_due = self.obligation("P1", problem)
        self.assertDue(plan_due, "2026-11-26 23:59:59")
        self.assertEqual(plan_due.responsible_id, self.handler)
        with self.at("2026-11-24 10:00"):
            plan = self.plan(problem, [self.handler, self.colleague])
        self.assertEqual((plan_due.state, plan_due.form_model, plan_due.form_id), ("done", "ops.problem.plan", plan.id))
        measures = plan.measure_ids.sorted("id")
        i3 = self.obligation("I3", measures[1])
        self.assertDue(i3, "2026-11-29 23:59:59")
        self.assertEqual(i3.responsible_id, self.colleague)
        with self.at("2026-11-25 10:00"):
            measures[0].with_user(self.handler).action_done()
            measures[1].with_user(self.colleague).action_done()
            problem.with_user(self.handler).action_resolve("ok")
        self.assertTrue(i3.on_time)
        verify = self.obligation("I4", problem)
        self.assertDue(verify, "2026-11-30 23:59:59")
        self.assertEqual(verify.responsible_id, self.employee)
        with self.at("2026-11-26 10:00"):
            problem.with_user(self.employee).action_verify(False, "No")
        sheet = problem.verification_ids
        self.assertEqual((verify.state, verify.form_id), ("done", sheet.id))
        again = self.obligation("P1", problem)
        self.assertEqual((again.round, again.state), (2, "open"))
        self.assertDue(again, "2026-12-01 23:59:59")
        with self.at("2026-11-27 10:00"):
            self.solve(problem)
        self.assertEqual(self.obligation("I4", problem).round, 2)
        with self.at("2026-11-30 10:00"):
            problem.with_user(self.employee).action_verify(True)
        open_now = self.env["ops.obligation"].sudo().search([
            ("state", "=", "open"), "|", "&", ("source_model", "=", "ops.problem"), ("source_id", "=", problem.id),
            "&", ("source_model", "=", "ops.problem.plan"), ("source_id", "in", problem.plan_ids.ids),
        ])
        self.assertFalse(open_now, "nothing stays behind")

    def test_i4_after_the_term_operations_verify(self):
        """I4: within the term the reporter alone, then operations are asked; it counts against no reporter."""
        with self.at("2026-11-23 10:00"):
            problem = self.resolved()
        with self.at("2026-11-26 23:59"):
            self.assertFalse(problem.with_user(self.operations).can_verify)
            self.env["ops.problem"]._cron_verify_by_operations()
        self.assertFalse(self.obligations("D1", problem))
        with self.at("2026-11-27 00:01"):
            self.env["ops.problem"]._cron_verify_by_operations()
            self.env["ops.problem"]._cron_verify_by_operations()
            asked = self.obligations("D1", problem)
            self.assertEqual((len(asked), asked.role, asked.date_due), (1, "operations", False))
            term = self.obligations("I4", problem)
            self.assertEqual((term.state, term.result), ("cancelled", "cancelled"))
            self.assertEqual(term.transition_ids[:1].reason, "No answer within the term: operations verify.")
            self.assertFalse(self.counted("I4"))
            problem.invalidate_recordset()
            self.assertEqual(problem.verify_by, term.date_due, "the term stays what it was")
            self.assertFalse(problem.with_user(self.head).can_verify)
            problem.with_user(self.operations).action_verify(True, "Seen")
        self.assertEqual((asked.state, problem.state, term.state), ("done", "closed", "cancelled"))
        self.assertTrue(problem.verification_ids.in_stead)

    def counted(self, code):
        """Return how much of a standard fell due by now, as all figures count it."""
        found = self.env["ops.obligation.report"]._read_group(
            [("code", "=", code), ("company_id", "=", self.company.id)], [], ["due_nbr:sum"]
        )
        return found[0][0]

    def test_i4_a_late_answer_of_the_reporter_still_counts(self):
        """I4: as long as nobody has verified the reporter may; the next round has a term of its own."""
        with self.at("2026-11-23 10:00"):
            problem = self.resolved()
        with self.at("2026-11-30 10:00"):
            self.env["ops.problem"]._cron_verify_by_operations()
            problem.invalidate_recordset()
            self.assertTrue(problem.with_user(self.employee).can_verify)
            problem.with_user(self.employee).action_verify(False, "Still loud")
            self.assertEqual((problem.state, problem.round), ("handling", 2))
            self.assertEqual((self.obligations("D1", problem).state, self.obligations("I4", problem).state), ("done", "cancelled"))
        with self.at("2026-12-01 10:00"):
            self.solve(problem)
        with self.at("2026-12-01 11:00"):
            self.env["ops.problem"]._cron_verify_by_operations()
            again = self.obligation("I4", problem)
            self.assertEqual((again.round, again.state, problem.verify_by), (2, "open", self.utc("2026-12-04 23:59:59")))
            self.assertFalse(problem.with_user(self.operations).can_verify, "the term of this round")
        with self.at("2026-12-07 10:00"):
            self.env["ops.problem"]._cron_verify_by_operations()
            self.assertEqual(self.obligations("D1", problem).mapped("state"), ["done", "open"])
            problem.with_user(self.employee).action_verify(True)
        self.assertEqual(self.obligations("D1", problem).mapped("state"), ["done", "done"])
        self.assertEqual(problem.state, "closed")

    def test_i4_verified_before_the_job_comes_by(self):
        """I4: whoever verifies in the hour after the term finds it open; it is late in no figure for that."""
        for user in (self.employee, self.operations):
            with self.at("2026-11-23 10:00"):
                problem = self.resolved()
            with self.at("2026-11-27 00:10"):
                problem.invalidate_recordset()
                problem.with_user(user).action_verify(True, "Seen")
                self.assertEqual((problem.state, self.obligations("I4", problem).state), ("closed", "cancelled"))
                self.assertFalse(self.counted("I4"))

    def test_i4_an_extension_is_the_term(self):
        with self.at("2026-11-23 10:00"):
            problem = self.resolved()
            until = self.utc("2026-12-04 18:00")
            change = self.env["ops.obligation.change"].with_user(self.employee).create({
                "obligation_id": self.obligation("I4", problem).id, "kind": "extension", "reason": "I am away.",
                "date_until": until,
            })
            change.with_user(self.operations).action_approve()
        with self.at("2026-12-03 10:00"):
            problem.invalidate_recordset()
            self.env["ops.problem"]._cron_verify_by_operations()
            self.assertEqual((problem.verify_by, self.obligations("I4", problem).state), (until, "open"))
            self.assertFalse(self.obligations("D1", problem))
        with self.at("2026-12-04 19:00"):
            self.env["ops.problem"]._cron_verify_by_operations()
            self.assertTrue(self.obligations("D1", problem))

    def test_i4_whoever_asked_for_more_time_is_waited_for(self):
        with self.at("2026-11-23 10:00"):
            problem = self.resolved()
            change = self.env["ops.obligation.change"].with_user(self.employee).create({
                "obligation_id": self.obligation("I4", problem).id, "kind": "extension", "reason": "I am away.",
                "date_until": self.utc("2026-12-04 18:00"),
            })
        with self.at("2026-12-01 10:00"):
            problem.invalidate_recordset()
            self.env["ops.problem"]._cron_verify_by_operations()
            self.assertEqual((change.state, self.obligations("I4", problem).state), ("requested", "open"))
            change.with_user(self.operations).action_refuse("It has been looked at for days.")
            self.env["ops.problem"]._cron_verify_by_operations()
            self.assertEqual(self.obligations("I4", problem).state, "cancelled")
            self.assertTrue(self.obligations("D1", problem))

    def test_i4_its_last_step_is_for_a_request_that_waits(self):
        """I4: the clock ends with the term; the step after it reminds operations of whoever asked for more time in time."""
        with self.at("2026-11-23 10:00"):
            silent, asking = self.resolved(), self.resolved()
            item = self.obligation("I4", asking)
            self.env["ops.obligation.change"].with_user(self.employee).create({
                "obligation_id": item.id, "kind": "extension", "reason": "I am away.",
                "date_until": self.utc("2026-12-04 18:00"),
            })
        with self.at("2026-11-27 00:01"):
            self.env["ops.problem"]._cron_verify_by_operations()
        both, engine = self.obligations("I4", silent | asking), self.env["ops.obligation"].sudo()
        self.assertEqual((both - item).mapped(lambda other: (other.state, other.date_next_step)), [("cancelled", False)])
        with self.at("2026-11-27 10:00"):
            engine._take_steps(engine.search([("id", "in", both.ids), *engine._domain_due()]))
        step = self.env.ref("ops_handbook.ops_standard_step_i4_4")
        reminder = self.env["ops.obligation.reminder"].sudo().search([
            ("obligation_id", "in", both.ids), ("step_id", "=", step.id),
        ])
        self.assertEqual((reminder.obligation_id, reminder.state), (item, "waiting"))
        self.assertIn(self.operations, reminder.receiver_ids.user_id)

    def solved_without_an_account(self):
        """Return what somebody reported at a door without a login, resolved: they hold its private link."""
        door = self.env["ops.problem"].with_user(self.env.ref("base.user_root")).sudo()
        problem = door._report([{
            "name": "Oil on the floor", "is_anonymous": True, "author_id": False, "company_id": self.company.id,
            "token_hash": door._hash_token(door._new_token()),
        }])
        self.accept(problem)
        problem.with_user(self.handler).action_start("Sand on it")
        self.solve(problem)
        return problem

    def test_i4_of_a_private_link_is_nobodys_obligation(self):
        """I4: operations owe nothing before they may verify; the term is that of the rule, and then they are asked (D1)."""
        with self.at("2026-11-23 10:00"):
            problem = self.solved_without_an_account()
        with self.at("2026-11-26 23:59"):
            self.env["ops.problem"]._cron_verify_by_operations()
            self.assertEqual(problem.verify_by, self.utc("2026-11-26 23:59:59"))
            self.assertFalse(problem.with_user(self.operations).can_verify)
            self.assertFalse(self.obligations("I4", problem) | self.obligations("D1", problem))
        with self.at("2026-11-27 00:01"):
            problem.invalidate_recordset()
            self.env["ops.problem"]._cron_verify_by_operations()
            asked = self.obligations("D1", problem)
            self.assertEqual((asked.role, asked.state), ("operations", "open"))
            self.assertTrue(problem.with_user(self.operations).can_verify)
            self.assertFalse(self.counted("I4"))
            problem.action_verify(True, "Dry")  # at the door, late
        self.assertEqual((problem.state, asked.state), ("closed", "done"))

    def test_i4_of_nobody_is_passed_on_at_the_term(self):
        """I4: where there is nobody to ask operations are asked at once, and it is no figure of theirs either."""
        with self.at("2026-11-23 10:00"):
            problem = self.env["ops.problem"].with_user(self.operations).create({
                "name": "On paper", "author_id": False, "company_id": self.company.id,
            })
            problem.action_submit()
            self.accept(problem)
            problem.with_user(self.handler).action_start("x")
            self.solve(problem)
        with self.at("2026-11-27 00:01"):
            self.env["ops.problem"]._cron_verify_by_operations()
            self.assertEqual(self.obligations("I4", problem).state, "cancelled")
            self.assertEqual(self.obligations("D1", problem).state, "open")
            self.assertFalse(self.counted("I4"))

    def test_i4_names_nobody_for_a_report_without_a_name(self):
        with self.at("2026-11-23 10:00"):
            problem = self.env["ops.problem"].with_user(self.operations).create({
                "name": "On paper", "author_id": False, "company_id": self.company.id,
            })
            problem.action_submit()
            self.accept(problem)
            problem.with_user(self.handler).action_start("x")
            self.solve(problem)
        obligation = self.obligation("I4", problem)
        self.assertEqual((obligation.role, obligation.responsible_id.id), ("operations", False))

    def test_return_stops_the_clock_of_operations(self):
        """What was not late begins anew with the next submission (I1); the reporter owes the rework (R1)."""
        with self.at("2026-11-23 10:00"):
            problem = self.report(proposed_severity="1")
        with self.at("2026-11-23 11:00"):
            problem.with_user(self.operations).action_return("Which press?")
        self.assertEqual(self.obligations("I1", problem).state, "cancelled")
        self.assertEqual(self.obligations("I2", problem).state, "cancelled")
        self.assertEqual(self.obligation("R1", problem).responsible_id, self.employee)
        with self.at("2026-11-23 12:00"):
            problem.with_user(self.employee).action_submit()
        self.assertEqual(self.obligation("R1", problem).state, "done")
        self.assertDue(self.obligation("I1", problem), "2026-11-23 16:00")
        with self.at("2026-11-23 17:00"):
            problem.with_user(self.operations).action_return("And where?")
        late = self.obligations("I1", problem)[-1:]
        self.assertEqual((late.state, late.on_time), ("done", False), "a return does not heal lateness")

    def test_reject_and_cancel_stop_the_clocks(self):
        with self.at("2026-11-23 10:00"):
            rejected, cancelled = self.report(proposed_severity="1"), self.handling()
            plan = self.plan(cancelled)
            rejected.with_user(self.operations).action_reject("Known")
            cancelled.with_user(self.operations).action_cancel("Plant closed")
        self.assertEqual(self.obligation("I1", rejected).state, "done")
        self.assertEqual(self.obligations("I2", rejected).state, "cancelled")
        self.assertEqual(self.obligations("I3", plan.measure_ids).state, "cancelled")
        self.assertEqual(self.obligations("D1", plan).state, "cancelled")
        self.assertFalse(self.obligations("P1", cancelled).filtered(lambda item: item.state == "open"))

    def test_i3_follows_the_plan(self):
        """A returned plan may move a date or drop a measure; one that is reopened owes it again."""
        with self.at("2026-11-23 10:00"):
            problem = self.handling()
            plan = self.plan(problem, [self.handler, self.colleague])
            first, second = plan.measure_ids.sorted("id")
            plan.with_user(self.operations).action_return("Later, please")
            plan.with_user(self.handler).write({"measure_ids": [(1, first.id, {"date_due": "2026-12-10"}), (2, second.id)]})
        dropped = self.env["ops.obligation"].sudo().search([
            ("code", "=", "I3"), ("source_model", "=", "ops.problem.measure"), ("source_id", "=", second.id)])
        self.assertEqual(dropped.state, "cancelled")
        with self.at("2026-11-23 12:00"):
            plan.with_user(self.handler).action_submit()
        obligation = self.obligation("I3", first)
        self.assertDue(obligation, "2026-12-10 23:59:59")
        with self.at("2026-11-24 12:00"):
            first.with_user(self.handler).action_done()
            first.with_user(self.operations).action_reopen("Not to be seen")
        self.assertEqual((obligation.state, first.state), ("open", "open"))
        with self.at("2026-11-24 13:00"):
            first.with_user(self.operations).action_cancel("Superseded")
        self.assertEqual(obligation.state, "cancelled")

    def test_i3_an_extension_outlives_the_next_submission(self):
        """Granted after the plan itself was re-dated it stays, until the plan names another date: that one counts anew."""
        with self.at("2026-11-23 10:00"):
            plan = self.plan(self.handling(), [self.colleague])
        measure = plan.measure_ids
        owed = self.obligation("I3", measure)

        def rework(local, **values):
            with self.at(local):
                plan.with_user(self.operations).action_return("Once more, please")
                if values:
                    plan.with_user(self.handler).write({"measure_ids": [(1, measure.id, values)]})
                plan.with_user(self.handler).action_submit()

        rework("2026-11-23 11:00", date_due="2026-12-10")
        self.assertDue(owed, "2026-12-10 23:59:59")
        self.assertEqual(owed.date_original, owed.date_due, "the plan's own date is no extension")
        with self.at("2026-11-24 10:00"):
            change = self.env["ops.obligation.change"].with_user(self.colleague).create({
                "obligation_id": owed.id, "kind": "extension", "reason": "The bearing is late.",
                "date_until": self.utc("2026-12-18 18:00"),
            })
            change.with_user(self.operations).action_approve()
        rework("2026-11-24 11:00")
        self.assertDue(owed, "2026-12-18 18:00")
        self.assertTrue(owed.extended)
        rework("2026-11-25 10:00", date_due="2026-12-20")
        self.assertDue(owed, "2026-12-20 23:59:59")
        self.assertEqual((owed.extended, owed.date_original), (False, owed.date_due))

    def test_i3_goes_to_the_owner_whom_a_returned_plan_names(self):
        """I3: the clock that runs goes along, whatever department the new owner is of; none starts twice."""
        with self.at("2026-11-23 10:00"):
            plan = self.plan(self.handling(), [self.employee, self.colleague])
            first, second = plan.measure_ids.sorted("id")
            clocks = self.obligations("I3", plan.measure_ids)
            plan.with_user(self.operations).action_return("They are on leave")
            plan.with_user(self.handler).write({"measure_ids": [
                (1, first.id, {"owner_id": self.newcomer.id}), (1, second.id, {"owner_id": self.liaison.id}),
                (0, 0, {"name": "Another", "owner_id": self.employee.id, "date_due": "2026-12-10"}),
            ]})
        with self.at("2026-11-23 12:00"):
            plan.with_user(self.handler).action_submit()
        self.assertEqual(self.obligations("I3", first | second), clocks, "no second clock")
        self.assertEqual(clocks.responsible_id, self.newcomer | self.liaison)
        self.assertEqual(self.obligation("I3", second).department_id, self.other_department)
        added = self.obligation("I3", plan.measure_ids - first - second)
        self.assertEqual(added.responsible_id, self.employee)
        self.assertDue(added, "2026-12-10 23:59:59")

    def test_what_operations_report_is_asked_of_the_gm_office(self):
        """I1, I2: whoever may decide is asked; the duty officer is alerted all the same."""
        with self.at("2026-11-20 18:30"):
            problem = self.report(self.operations, proposed_severity="1")
        accept, start = self.obligation("I1", problem), self.obligation("I2", problem)
        for item in (accept, start):
            self.assertEqual((item.role, item.responsible_id.id), ("gm_office", False))
            self.assertEqual((item.department_id, item.urgent), (self.ops_department, True))
            receivers = item._receivers([(item, "duty_officer"), (item, "responsible")])
            self.assertEqual(list(receivers[0]), self.operations.ids)
            self.assertIn(self.gm_office.id, receivers[1])
        with self.at("2026-11-20 19:00"):
            problem.with_user(self.gm_office).action_accept("1", self.department.id, self.handler.id)
        self.assertEqual((accept.state, start.state, start.responsible_id), ("done", "open", self.handler))

    def test_i4_of_what_operations_reported_and_solved_themselves(self):
        self.handler = self.operations
        with self.at("2026-11-23 10:00"):
            problem = self.report(self.operations)
            problem.with_user(self.gm_office).action_accept("2", self.ops_department.id, self.operations.id)
            problem.with_user(self.operations).action_start("x")
            self.solve(problem)
        asked = self.obligation("I4", problem)
        self.assertEqual((asked.role, asked.responsible_id.id), ("gm_office", False))
        with self.at("2026-11-24 10:00"):
            problem.with_user(self.gm_office).action_verify(True, "Seen")
        self.assertEqual(asked.state, "done")

    def test_nothing_starts_where_the_engine_was_not_started(self):
        self.company.ops_started = False
        problem = self.resolved()
        self.assertFalse(self.obligations("I1", problem) | self.obligations("I4", problem))
        problem.with_user(self.employee).action_verify(True)
        self.assertEqual(problem.state, "closed")
