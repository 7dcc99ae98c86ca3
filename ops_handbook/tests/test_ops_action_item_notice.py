"""What somebody else makes of an action item its owner is told by mail: once, in their language, with a button."""

from odoo.tests import tagged

from .collaborations import CollaborationCase
from .execution import ExecutionCase
from .minutes import MinutesCase
from .problems import ProblemCase


class ToldCase:
    """For the cases below: what was told since somebody asked last."""

    def forget(self):
        self.env["mail.mail"].sudo().search([]).unlink()

    def last_body(self):
        return self.env["mail.mail"].sudo().search([("ops_notice", "=", True)], order="id desc", limit=1).body_html


@tagged("post_install", "-at_install")
class TestResolutionNotice(ToldCase, MinutesCase):
    def setUp(self):
        super().setUp()
        self.meeting_ = self.distributed(resolutions=[
            ("Buy a seal", self.employee, "2026-11-30"), ("Call the maker", self.employee, "2026-12-01"),
        ])
        self.items = self.meeting_.resolution_ids.sorted("id")
        self.forget()

    def test_C5_not_done_after_all(self):
        seal = self.items[0]
        seal.with_user(self.employee).action_done("Bought")
        self.assertFalse(self.told(self.employee), "who says so knows")
        seal.with_user(self.head).action_reopen("It still drips")
        self.assertEqual(self.told(self.employee), ["Not done after all: Buy a seal"])
        body = self.last_body()
        texts = ("please see to it again", "Buy a seal", self.meeting_.number, "It still drips", f"/odoo/ops.resolution/{seal.id}")
        for text in texts:
            self.assertIn(text, body)
        self.assertFalse(self.told(self.head))

    def test_C5_cancelled_and_asked_for_again(self):
        """One mail for all that somebody cancels at once."""
        self.items.with_user(self.head).action_cancel("We buy a new press")
        self.assertEqual(self.told(self.employee), ["Cancelled: Buy a seal, Call the maker"])
        self.assertIn("you need not do it any more", self.last_body())
        self.items[1].with_user(self.head).action_reopen("It can be mended")
        self.assertEqual(self.told(self.employee)[1:], ["To be done after all: Call the maker"])
        self.assertIn("had been cancelled", self.last_body())

    def test_each_owner_gets_one_mail_however_many_items(self):
        owned = [(f"Step {number}", self.employee, "2026-12-01") for number in range(60)]
        items = self.distributed(resolutions=[*owned, ("Ask the maker", self.liaison, "2026-12-01")]).resolution_ids
        self.forget()
        items.with_user(self.head).action_cancel("The press was sold")
        self.assertEqual(self.told(self.employee), ["Cancelled: Step 0, Step 1, Step 2 …"])
        self.assertEqual(self.told(self.liaison), ["Cancelled: Ask the maker"])
        body = self.env["mail.mail"].sudo().search([("recipient_ids", "in", self.employee.partner_id.ids)]).body_html
        self.assertIn("and 10 more", body)

    def test_the_substitute_is_told_in_their_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.colleague.lang = "zh_CN"
        self.env["ops.substitution"].create({
            "user_id": self.employee.id, "substitute_id": self.colleague.id, "date_from": "2026-11-20", "date_to": "2026-11-30",
        })
        self.items[0].with_user(self.head).action_cancel("Sold")
        self.assertFalse(self.told(self.employee))
        chinese = self.items.with_context(lang="zh_CN").env
        self.assertEqual(self.told(self.colleague)[-1], chinese._("Cancelled: %(items)s", items="Buy a seal"))

    def test_an_owner_who_has_left_is_not_written_to(self):
        self.employee.active = False
        self.items[0].with_user(self.head).action_cancel("Sold")
        self.assertFalse(self.told(self.employee))

    def test_what_was_never_asked_is_cancelled_in_silence(self):
        """Nothing went out, or the engine does not run: nobody waits for anything."""
        noted = self.resolve(self.meeting())
        noted.with_user(self.recorder).action_cancel("Noted twice")
        self.assertFalse(self.told(self.employee))
        self.company.ops_started = False
        self.items.with_user(self.head).action_cancel("We try this out")
        self.assertFalse(self.told(self.employee))
        silent = self.distributed(resolutions=[("Buy a pump", self.employee, "2026-11-30")]).resolution_ids
        self.forget()
        silent.with_user(self.head).action_cancel("We try this out")
        self.assertFalse(self.told(self.employee))


@tagged("post_install", "-at_install")
class TestProblemMeasureNotice(ToldCase, ProblemCase):
    def test_I3_goes_with_its_plan(self):
        """Whoever cancels the plan cancels the measures: the other owners are told."""
        plan = self.plan(self.handling(), owners=[self.handler, self.colleague, self.colleague])
        plan.with_user(self.operations).action_return("Another way, please")
        self.forget()
        plan.with_user(self.handler).action_cancel("Another way")
        self.assertEqual(self.told(self.colleague), ["Cancelled: Measure 1, Measure 2"])
        self.assertFalse(self.told(self.handler), "they did it themselves")

    def test_I3_not_accepted(self):
        measure = self.plan(self.handling(), owners=[self.colleague]).measure_ids
        measure.with_user(self.colleague).action_done("A new bearing")
        self.forget()
        measure.with_user(self.operations).action_reopen("Still loose")
        self.assertEqual(self.told(self.colleague), ["Not done after all: Measure 0"])
        body = self.last_body()
        for text in (measure.plan_id.number, "Still loose", f"/odoo/ops.problem.measure/{measure.id}"):
            self.assertIn(text, body)


@tagged("post_install", "-at_install")
class TestCollaborationItemNotice(ToldCase, CollaborationCase):
    def test_C5_an_item_and_its_resolution_are_told_once(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
        with self.at("2026-11-23 12:00"):
            self.minutes(request, ("Draw the line", self.liaison, 4, {}), ("Move it", self.liaison, 25, {}))
            self.forget()
            request.item_ids.with_user(self.other_head).action_cancel("It stays where it is")
        self.assertEqual(set(request.sudo().item_ids.resolution_id.mapped("state")), {"cancelled"})
        self.assertEqual(self.told(self.liaison), ["Cancelled: Draw the line, Move it"])

    def test_C5_an_item_added_by_hand(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
            item = self.item(request)
            item.with_user(self.liaison).action_done("Drawn")
            self.forget()
            item.with_user(self.other_head).action_reopen("A door is missing")
            self.assertEqual(self.told(self.liaison), ["Not done after all: Draw the line"])
            body = self.last_body()
            for text in (request.number, "A door is missing", f"/odoo/ops.collaboration.item/{item.id}"):
                self.assertIn(text, body)
            self.forget()
            request.with_user(self.head).action_cancel("Not needed any more")
        self.assertEqual(self.told(self.liaison), ["Cancelled: Draw the line"])


@tagged("post_install", "-at_install")
class TestTaskOfItemNotice(ToldCase, ExecutionCase):
    def cancelled(self, asked):
        """Cancel a resolution that stands on an issued plan as a task, and return the task."""
        resolution = self._resolution(self.employee)
        if asked:
            resolution._start_clock("C5", due={resolution.id: resolution.date_due})
        plan = self._month_plan(tasks=[])
        plan._prefill()
        self._reach(plan, "issued")
        self.forget()
        resolution.with_user(self.operations).action_cancel("The hall is sold")
        task = plan.task_ids.filtered(lambda task: task.source_id == resolution.id)
        self.assertEqual(task.state, "cancelled")
        return task

    def test_C5_the_task_is_not_told_of_as_well(self):
        self.cancelled(asked=True)
        self.assertEqual(self.told(self.employee), ["Cancelled: Measure the hall"])

    def test_C5_the_task_alone_is_told_of_where_the_item_was_not_asked(self):
        self.cancelled(asked=False)
        self.assertEqual(self.told(self.employee), ["Tasks withdrawn (1)"])
