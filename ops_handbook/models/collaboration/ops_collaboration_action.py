from odoo import models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock
from ...tools.words import typed
from .ops_collaboration import RATINGS


class OpsCollaboration(models.Model):
    """The steps of a collaboration: each a verb that people press and programs call."""

    _inherit = "ops.collaboration"

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "running":
            values.update(running_since=clock.now(), finished_on=False)
        elif state == "done":
            values["finished_on"] = clock.now()
        return values

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        for request in self.sudo():  # sudo: the rule counts all parties and items, whoever may read them
            if state == "submitted":
                request._check_complete()
            elif state == "done":
                request._check_items_done()
            elif state == "running" and request.state == "done" and not reason:
                raise UserError(self.env._("Reason: say what is still missing, so that the others understand."))

    def _check_complete(self):
        """Refuse a request that lacks what the others need to answer it; the message says what."""
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("goal", "deliverable_standard", "date_expected", "party_ids", "lead_department_id")
            if not self[name]
        ]
        if missing:
            raise UserError(self.env._(
                "%(fields)s: fill this in before you submit %(record)s, so that the others know what they answer.",
                fields=", ".join(missing), record=self.display_name,
            ))
        if self.date_expected < clock.today(self.company_id._ops_tz()):
            raise UserError(self.env._("Expected Completion: choose a day that lies ahead."))

    def _check_items_done(self):
        waiting = self.item_ids.filtered(lambda item: item._is_waiting())
        if waiting:
            raise UserError(self.env._(
                "%(record)s: these items are not done yet: %(items)s. Carry them out, or have them cancelled.",
                record=self.display_name, items=", ".join(waiting.mapped("name")),
            ))

    # -- operations --------------------------------------------------------------------------------------------------

    def action_file(self):
        """File what was handed in: the kick-off can be planned."""
        return self._transition("filed")

    def action_accept(self, *decision):
        """File what was handed in; the name that all forms share."""
        if decision:
            return super().action_accept(*decision)
        return self.action_file()

    # -- the lead ----------------------------------------------------------------------------------------------------

    def action_finish(self):
        """Say that everything is done: no item is open any more, the requester assesses."""
        return self._transition("done")

    # -- the requester -----------------------------------------------------------------------------------------------

    def action_close(self, rating=None, assessment=None):
        """Close with an assessment.

        :param str rating: '1' (poor) to '5' (excellent)
        :param str assessment: in words
        """
        self._check_reached("done")
        if rating is None:
            return self._open_dialog("ops.collaboration.close.wizard", self.env._("Assess and Close"))
        assessment = typed(assessment)
        if rating not in [key for key, _label in RATINGS]:
            raise ValidationError(self.env._("Rating: choose 1 (poor) to 5 (excellent)."))
        if not assessment:
            raise UserError(self.env._("Assessment: say in a sentence what you think of the result."))
        return self._transition("closed", assessment, {"rating": rating, "assessment": assessment})

    def action_resume(self, reason=None):
        """Say that it is not done after all, and what is missing: the collaboration goes on."""
        self._check_reached("done")
        if reason is None:
            return self._ask_reason("action_resume")
        return self._transition("running", reason)

    def _check_reached(self, state):
        self.check_access("read")
        for request in self.sudo():  # sudo: the state decides
            if request.state != state:
                raise UserError(self.env._(
                    "%(record)s is “%(current)s”: this can be said once it is “%(state)s”.",
                    record=request.display_name, current=self._state_label(request.state), state=self._state_label(state),
                ))

    def _open_dialog(self, model, name, res_id=False):
        """Return the dialog ``model`` about this collaboration, new or the one that is there already."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "view_mode": "form",
            "target": "new",
            "name": name,
            "context": {"default_collaboration_id": self.id},
        }
