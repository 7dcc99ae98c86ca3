"""Release of annual plans: one, many, in batches that survive a kill; acknowledgement (A5, V2)."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.planning import ops_plan_release
from .planning import PlanningCase


class Killed(BaseException):
    """Stands for a worker that was killed."""


class ReleaseCase(PlanningCase):
    def final(self, department=None):
        """Return a final plan with its breakdown."""
        return self._broken_down(self._final(self._plan(department)))

    def departments(self, count):
        return self.env["hr.department"].union(*(
            self._create_department(f"Department {number}", self._create_user(f"lead.{number}")) for number in range(count)
        ))

    def plans(self, count):
        return self.env["ops.plan"].union(*(self.final(department) for department in self.departments(count)))

    def versions(self, plans):
        return self.env["ops.plan.version"].sudo().search([("plan_id", "in", plans.ids)])


@tagged("post_install", "-at_install")
class TestOpsPlanRelease(ReleaseCase):
    def test_release(self):
        """A released plan has its first version; its head is asked to acknowledge it within 3 working days (V2)."""
        plan = self.final()
        self.assertEqual(self._missing_words(plan), [])
        plan.with_user(self.gm_office).action_release()
        self.assertEqual((plan.state, plan.released_on), ("released", self.utc(self.NOW)))
        version = self.versions(plan)
        self.assertEqual((version.version, version.published_by_id), (1, self.gm_office))
        self.assertIn("New packaging line", version.body)
        owed = self._owed("V2")
        self.assertEqual((owed.responsible_id, owed.state, owed.date_due), (self.head, "open", self.utc("2026-12-04 23:59:59")))

    def _missing_words(self, plan):
        return plan._missing_for_release().get(plan.id, [])

    def test_needs_breakdown(self):
        """A plan whose breakdown is missing is not released, and the message says which (A5)."""
        plan = self._final()
        with self.refused(UserError, "is not broken down"):
            plan.with_user(self.gm_office).action_release()

    def test_who_and_when(self):
        """The GM office alone releases, and only what is final; a draft is no release."""
        plan = self.final()
        for user in (self.head, self.operations, self.gm, self.admin_ops):
            with self.refused(AccessError, "You may not set" if user != self.admin_ops else ""):
                plan.with_user(user).action_release()
        draft = self._plan(self.other_department)
        with self.refused(UserError, "when it is final"):
            draft.with_user(self.gm_office).action_release()

    def test_late_plan_blocks_nobody(self):
        """Release is per plan: a department that is late blocks nobody."""
        plan, late = self.final(), self._plan(self.other_department)
        plan.with_user(self.gm_office).action_release()
        self.assertEqual((plan.state, late.state), ("released", "draft"))

    def test_mails(self):
        """The head is asked to acknowledge, owners are told what they carry out; one mail to each."""
        plan = self.final()
        plan.sudo().initiative_ids[1].owner_id = self.employee
        self.env["mail.mail"].sudo().search([]).unlink()
        plan.with_user(self.gm_office).action_release()
        subject = "The plan 2027 of Workshop is released"
        self.assertEqual(sorted(self.mails()), [(subject, [self.employee.email]), (subject, [self.head.email])])
        body = self.env["mail.mail"].sudo().search([("recipient_ids", "in", self.employee.partner_id.ids)]).body_html
        self.assertIn("Call every customer", body)
        self.assertNotIn("New packaging line", body)

    def test_files(self):
        """The version keeps copies of its own of what was attached."""
        plan = self.final()
        self.env["ir.attachment"].create({
            "name": "sketch.txt", "raw": b"line", "res_model": "ops.plan", "res_id": plan.id,
        })
        plan.with_user(self.gm_office).action_release()
        copied = self.versions(plan).attachment_ids
        self.assertEqual((copied.name, copied.raw), ("sketch.txt", b"line"))

    def test_running_already(self):
        """A plan entered as running already has its first version too, and is acknowledged."""
        plan = self._plan()
        plan.with_user(self.gm_office).action_enter_running("Approved in January on paper")
        self.assertEqual(self.versions(plan).version, 1)
        self.assertTrue(plan.with_user(self.head).can_acknowledge)

    # -- acknowledgement -----------------------------------------------------------------------------------------------

    def test_acknowledge(self):
        """The head acknowledges (V2), a new version asks anew."""
        plan = self._released()
        for user in (self.employee, self.operations, self.gm_office, self.other_head):
            with self.assertRaises(AccessError):
                plan.with_user(user).action_acknowledge()
        self.assertTrue(plan.with_user(self.head).can_acknowledge)
        plan.with_user(self.head).action_acknowledge()
        self.assertEqual(
            (plan.acknowledged_version, plan.acknowledged_by_id, plan.acknowledged_on), (1, self.head, self.utc(self.NOW))
        )
        self.assertEqual(self._owed("V2").state, "done")
        with self.refused(UserError, "waits to be acknowledged"):
            plan.with_user(self.head).action_acknowledge()
        plan._publish_versions("The market has changed")
        self.assertFalse(plan.acknowledged_on)
        self.assertEqual(self._owed("V2").mapped("state"), ["done", "open"])
        plan._publish_versions("And again")
        self.assertEqual(self._owed("V2").mapped("state"), ["done", "open"], "the head owes one acknowledgement")
        plan.with_user(self.head).action_acknowledge()
        self.assertEqual((plan.acknowledged_version, set(self._owed("V2").mapped("state"))), (3, {"done"}))
        self.assertIn("Version 3 acknowledged.", plan.transition_ids.mapped("reason"))

    def test_acknowledge_as_substitute(self):
        plan = self._released()
        self.env["ops.substitution"].create({
            "user_id": self.head.id, "substitute_id": self.liaison.id, "date_from": "2020-01-01", "date_to": "2099-01-01",
        })
        plan.with_user(self.liaison).action_acknowledge()
        self.assertEqual(plan.transition_ids[0].on_behalf_id, self.head)

    def test_search_unacknowledged(self):
        plan = self._released()
        self.assertIn(plan, self.env["ops.plan"].search([("is_unacknowledged", "=", True)]))
        self.assertNotIn(plan, self.env["ops.plan"].search([("is_unacknowledged", "=", False)]))
        plan.with_user(self.head).action_acknowledge()
        self.assertNotIn(plan, self.env["ops.plan"].search([("is_unacknowledged", "=", True)]))
        self.assertIn(plan, self.env["ops.plan"].search([("is_unacknowledged", "=", False)]))

    # -- many ----------------------------------------------------------------------------------------------------------

    def test_budget(self):
        """The number of statements of a batch does not grow with its plans."""
        def release(plans):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans.with_user(self.gm_office).action_release()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        plans = self.plans(9)
        release(plans[0])  # what is read once is read
        one, eight = release(plans[1]), release(plans[1:][1:])
        self.assertLessEqual(eight, one + 10)

    def _asked(self, count):
        plans = self.plans(count)
        with patch.object(ops_plan_release, "BATCH", 2):
            plans.with_user(self.gm_office).action_release()
        self.assertEqual(set(plans.mapped("state")), {"final"})
        self.assertEqual(plans.release_asked_by_id, self.gm_office)
        return plans

    def _run(self, kill_after=None):
        """Run the job with batches of two plans; a worker that is killed takes back what it had not committed."""
        cron, count = type(self.env["ir.cron"]), 0

        def commit(_cron, processed=0, **_options):
            nonlocal count
            count += 1
            self.env.flush_all()
            self.env.cr.execute("RELEASE SAVEPOINT job; SAVEPOINT job")
            return 9

        def release(model):
            if kill_after is not None and count == kill_after:
                original(model)
                self.env.flush_all()
                raise Killed
            return original(model)

        original = type(self.env["ops.plan"])._release_batch
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT job")
        with (
            patch.object(ops_plan_release, "BATCH", 2), patch.object(cron, "_commit_progress", commit),
            patch.object(type(self.env["ops.plan"]), "_release_batch", release),
            patch.object(self.env.cr, "rollback", self._rolled_back),
        ):
            try:
                self.env["ops.plan"]._cron_release()
            except Killed:
                self._rolled_back()
        self.env.invalidate_all()

    def _rolled_back(self):
        self.env.clear()
        self.env.cr.execute("ROLLBACK TO SAVEPOINT job")
        self.env.invalidate_all(flush=False)

    def test_killed_anywhere(self):
        """A worker killed in any batch has lost and doubled nothing: the next run goes on with what is left (A5)."""
        plans = self._asked(7)
        self.env["mail.mail"].sudo().search([]).unlink()
        for batch in range(3):
            self._run(kill_after=min(batch, 1))
            released = plans.filtered(lambda plan: plan.state == "released")
            self.assertEqual(len(self.versions(plans)), len(released))
            self.assertEqual(len(self._owed("V2")), len(released))
        self._run()
        self.assertEqual(set(plans.mapped("state")), {"released"})
        self.assertFalse(plans.release_asked_by_id)
        self.assertEqual(sorted(self.versions(plans).mapped("plan_id.id")), sorted(plans.ids))
        self.assertEqual(set(self.versions(plans).mapped("published_by_id")), {self.gm_office})
        self.assertEqual(len(self._owed("V2")), 7)
        self.assertEqual(len(self.mails()), 7)

    def test_changed_meanwhile(self):
        """What does not add up any more when its turn comes is left out, and its log says why; the others go on."""
        plans = self._asked(3)
        plans[1].sudo().target_ids.unlink()
        self._run()
        self.assertEqual(plans.mapped("state"), ["released", "final", "released"])
        self.assertFalse(plans[1].release_asked_by_id)
        self.assertIn("is not broken down", plans[1].sudo().transition_ids[0].reason)

    def test_returned_meanwhile(self):
        """A plan that the GM office returns while it waits for the job is not released any more."""
        plans = self._asked(3)
        plans[0].with_user(self.gm_office).action_return("One moment")
        self._run()
        self.assertEqual(plans.mapped("state"), ["returned", "released", "released"])

    def test_one_that_fails(self):
        """One that cannot be released, whatever the cause, does not hold up the others."""
        plans, original = self._asked(4), type(self.env["ops.plan.version"])._snapshot

        def snapshot(versions, owner):
            if owner.id == plans[2].id:
                raise ValueError("broken")
            return original(versions, owner)

        with (
            patch.object(type(self.env["ops.plan.version"]), "_snapshot", snapshot),
            self.assertLogs("odoo.addons.ops_handbook.models.planning.ops_plan_release", "ERROR"),
        ):
            self._run()
        self.assertEqual(plans.mapped("state"), ["released", "released", "final", "released"])
        self.assertIn("The release failed", plans[2].sudo().transition_ids[0].reason)

    def test_one_that_fails_slows_nobody_down(self):
        """Those behind it are released in batches again, not one by one."""
        plans, sizes = self._asked(6), []
        snapshot, release = type(self.env["ops.plan.version"])._snapshot, type(plans)._release_asked

        def broken(versions, owner):
            if owner.id == plans[0].id:
                raise ValueError("broken")
            return snapshot(versions, owner)

        def counted(batch):
            sizes.append(len(batch))
            return release(batch)

        with (
            patch.object(type(self.env["ops.plan.version"]), "_snapshot", broken),
            patch.object(type(plans), "_release_asked", counted),
            mute_logger("odoo.addons.ops_handbook.models.planning.ops_plan_release"),
        ):
            self._run()
        self.assertEqual(plans.mapped("state"), ["final", *["released"] * 5])
        self.assertEqual(sizes, [2, 1, 1, 2, 2])
