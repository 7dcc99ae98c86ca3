import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import clock, token
from ...tools.saying import saying
from ..mixins.ir_cron import GROWTH

_logger = logging.getLogger(__name__)

BATCH = 100  # plans that are released in one transaction
ATTEMPTS = 20  # times in a row that somebody else may be in the way before the job gives up for now


class OpsPlan(models.Model):
    """Release: versions are frozen, departments are told, heads are asked to acknowledge; by a job when there are many.

    What waits for the job is a state of the plan (final, with somebody who asked), so a worker that is killed loses the
    batch that it was working on, which the next one takes up again; nothing else remembers how far it came.
    """

    _inherit = "ops.plan"

    release_asked_by_id = fields.Many2one(
        "res.users", string="Release Asked for by", readonly=True, copy=False, ondelete="restrict", index="btree_not_null",
        help="Who pressed “Release”: the plan is released by the job that works off many.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"release_asked_by_id"}

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "released":
            values["released_on"] = clock.now()
        if state != "final":
            values["release_asked_by_id"] = False
        return values

    # -- the button --------------------------------------------------------------------------------------------------

    def action_release(self):
        """Release these final plans with their breakdown (A5); more than one batch is worked off by a job."""
        self.check_access("read")
        self._check_release()
        if len(self) > BATCH:
            return self._ask_release()
        self._release_batch()
        return True

    def _check_release(self):
        """Refuse what cannot be released: state, rights, and a breakdown that does not add up; all plans in one message."""
        self._transition_check("released", None)
        self._check_final()
        if missing := self._sentences_missing():
            raise UserError(self.env._("This is missing before the release:") + "\n" + "\n".join(missing))

    def _check_final(self):
        """A draft is not released but entered as one that was running already, which says why."""
        for plan in self.sudo():  # sudo: the state decides
            if plan.state != "final":
                raise UserError(self.env._(
                    "%(plan)s is “%(state)s”: it is released when it is final.",
                    plan=plan.display_name, state=plan._state_label(plan.state),
                ))

    def _sentences_missing(self):
        missing = self._missing_for_release()
        return [
            f"• {plan.display_name}: {sentence}" for plan in self.sudo()  # sudo: called by their names
            for sentence in missing.get(plan.id, ())
        ]

    def _missing_for_release(self):
        """Return what of the breakdown does not add up, in words: dict id → list of sentences."""
        return {}

    # -- one batch ---------------------------------------------------------------------------------------------------

    def _release_batch(self):
        """Release these final plans in a number of statements that does not grow with them; whoever asks was asked."""
        return self._transition("released")

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        # sudo: see _transition. Plans that were running already come this way too
        if released := self.sudo()._entered("released", previous):
            released._publish_versions(reason)
            released._notify_released()
            released.cycle_id._sync_release()

    def _publish_versions(self, reason=None):
        """Freeze a version of each of these plans, and ask the heads to acknowledge it (V2).

        :param reason: why there is another version; for all, or a dict by plan id
        :return: the versions
        """
        plans_sudo = self.sudo()  # sudo: whoever released or approved was asked there
        versions = plans_sudo.env["ops.plan.version"]
        made = versions._publish_many(plans_sudo, versions._bodies_of(plans_sudo), reason, plans_sudo._files())
        plans_sudo.invalidate_recordset(["version_ids", "latest_version"], flush=False)
        plans_sudo._ask_acknowledgement()
        return made.with_env(self.env)

    def _files(self):
        """Return what is attached to these plans: dict id → ``ir.attachment``."""
        found = self.env["ir.attachment"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", False),
        ])
        return found.grouped("res_id")

    def _notify_released(self):
        """Tell the heads, who acknowledge, and everybody who carries out an initiative; one mail to each."""
        heads = self._answering_users()
        self._tell_users("ops_plan_mail_released", [(plan, user) for plan in self for user in heads[plan.id]])
        self._tell_users("ops_plan_mail_owner", [
            (plan, user) for plan in self for user in plan.initiative_ids.owner_id - heads[plan.id] if user.active
        ])

    # -- many, by a job ----------------------------------------------------------------------------------------------

    def _ask_release(self):
        """Leave these plans to the job; it begins at once, and goes on where a killed worker stopped."""
        # sudo: whoever asks was asked; the flag is the machinery's
        self.sudo()._mark_asked(self.env.uid)
        self.env.ref("ops_handbook.ops_plan_cron_release").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("%(count)s plans are being released, one batch after the other.", count=len(self)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _cron_release(self):
        """Release the plans for which somebody asked, a batch in each transaction."""
        cron, failures, size = self.env["ir.cron"], 0, BATCH
        while failures < ATTEMPTS:
            plans = self.browse()
            try:
                plans = self._take_asked(size)
                if not plans:
                    return
                plans._release_asked()
                left, failures = cron._commit_progress(len(plans)), 0
                size = min(BATCH, size * GROWTH)
            except OperationalError as error:  # somebody else was faster: a job has no retry of its own
                self.env.cr.rollback()
                failures += 1
                _logger.info("release of plans: %s, trying again", error)
                continue
            except Exception:
                self.env.cr.rollback()
                if len(plans) > 1:
                    size = 1  # find the one that cannot be released; the others go on, in batches that grow again
                    continue
                if not plans:
                    raise
                _logger.exception("release of plans: %s cannot be released", plans)
                plans._give_up(saying(self.env)._("The release failed: please try again, or tell whoever looks after the system."))
                left = cron._commit_progress(1)
            if left <= 0:
                break
        self.env.ref("ops_handbook.ops_plan_cron_release")._trigger()

    @api.model
    def _take_asked(self, size):
        """Return the next plans for which the same person asked, locked; what another worker is at is left to it."""
        # sudo: a job; by whom it was asked stands on the plan
        asked = self.sudo().search([("release_asked_by_id", "!=", False), ("state", "=", "final")], order="id", limit=4 * size)
        asked = asked.filtered(lambda plan: plan.release_asked_by_id == asked[0].release_asked_by_id)
        return asked.try_lock_for_update(allow_referencing=True, limit=size)

    def _release_asked(self):
        """Release this batch in the name of whoever asked; leave out what was changed since, and say so in its log."""
        missing = self._missing_for_release()
        if spoilt := self.filtered(lambda plan: missing.get(plan.id)):
            spoilt._give_up({plan.id: " ".join(missing[plan.id]) for plan in spoilt})
        asked = self - spoilt
        if asked:
            # sudo: the right was asked for when the button was pressed
            asked.with_user(asked[:1].release_asked_by_id).sudo()._release_batch()

    def _give_up(self, reason):
        """Let these plans wait for another press of the button; the log says why."""
        self._mark_asked(False)
        self.env["ops.form.transition"]._log(self, dict.fromkeys(self.ids, "final"), None, reason)

    def _mark_asked(self, user_id):
        token.marked(self).write({"release_asked_by_id": user_id})
