from odoo import api, models
from odoo.fields import Domain

from ...tools import clock, token
from ...tools.saying import saying
from .ops_collaboration_item import COPIED


class OpsCollaborationItem(models.Model):
    """C5: each item is owed by its owner; one that a resolution says has the resolution's clock and state."""

    _inherit = "ops.collaboration.item"

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._clock_began()
        return items

    def write(self, vals):
        result = super().write(vals)
        if {"date_due", "owner_id", "department_id"} & vals.keys():
            token.cleared(self)._clock_changed(vals)
        return result

    def _own_clock(self):
        """Return those whose clock is their own (sudo)."""
        return self.sudo().filtered(lambda item: not item.resolution_id)  # sudo: the process starts its own clocks

    def _clock_of_each(self):
        """The clock of a resolution is that of the item which carries it out."""
        own = self._own_clock()
        followers = self.sudo() - own  # sudo: whoever reads the item may not read the meeting
        clocks = followers.resolution_id._clock_of_each()
        return super(OpsCollaborationItem, own)._clock_of_each() | {
            item.id: clocks[item.resolution_id.id] for item in followers if item.resolution_id.id in clocks
        }

    @api.model
    def _late_domain(self):
        """Late itself, or by the clock of its resolution, whoever may read that."""
        return super()._late_domain() | Domain("resolution_id", "any!", self.env["ops.resolution"]._late_domain())

    def _filtered_ahead(self):
        """Return those that are still owed and whose day has not passed, whether a clock says so or only a date (superuser)."""
        waiting = self.filtered(lambda item: item.state == "open" and not item.is_late)
        ahead = waiting.filtered(lambda item: item.date_due_now >= clock.today(item.company_id._ops_tz()))
        return ahead - ahead._filtered_waived()

    def _filtered_waived(self):
        """Return those whose clock, or that of their resolution, was waived or called off (superuser), one search."""
        if not self:
            return self
        own, engine = self._own_clock(), self.env["ops.obligation"]
        sources = Domain(engine._source_leaves(own)) | Domain(engine._source_leaves((self - own).resolution_id))
        found = engine.search(Domain("code", "in", self._form_standards) & Domain("state", "in", ("waived", "cancelled")) & sources)
        waived = {(item.source_model, item.source_id) for item in found}
        return self.filtered(lambda item: ((item.resolution_id or item)._name, (item.resolution_id or item).id) in waived)

    def _clock_began(self):
        items = self._own_clock().filtered(lambda item: item.state == "open")
        return items._start_clock(
            "C5",
            due={item.id: item.date_due for item in items},
            department={item.id: item.department_id for item in items},
            responsible={item.id: item.owner_id for item in items},
        )

    def _clock_changed(self, vals):
        """Move the clock with the date, and let the new owner answer."""
        items = self._own_clock().filtered(lambda item: item.state == "open")
        if not items:
            return
        engine, say = self.env["ops.obligation"], saying(self.env)
        if {"owner_id", "department_id"} & vals.keys():
            engine._hand_over(
                "C5", items, say._("Somebody else carries it out."), role="owner",
                department={item.id: item.department_id for item in items if item.department_id},
            )
        if "date_due" in vals:
            dates = {item.id: engine._moment(item.date_due, item.company_id) for item in items}
            engine._move_due(
                {item: dates[item.source_id] for item in items._clock_running()}, say._("The date of the item was changed.")
            )
        self._forget_obligations()

    def _clock_moved(self, before, state, reason):
        super(OpsCollaborationItem, self._own_clock())._clock_moved(before, state, reason)
        self._resolution_follows(state, reason)

    def _ask_acceptance(self):
        """D1: the lead accepts, or the requester when the lead carried it out."""
        named = self.filtered(lambda item: item._decided_by()[1])
        named._start_decision(department={item.id: item.collaboration_id._lead_department() for item in named})

    def _decided_by(self):
        request, nobody = self.collaboration_id, self.env["res.users"]
        people = request._lead_in_charge(), request._requester_in_charge()
        return "decider", next((user for user in people if user and user != self.owner_id), nobody)

    def _drop(self, reason):
        """Cancel the items together with their collaboration; what was done stays done (superuser)."""
        self.filtered(lambda item: item.state == "open")._transition("cancelled", reason)
        self.filtered(lambda item: item.state == "done")._fulfil("D1")

    def _after_hand_over(self, previous, reason):
        """The resolution that says so goes to the new owner too; its clock is the one that counts."""
        super()._after_hand_over(previous, reason)
        # sudo: permission was decided by the caller
        for owner, items in self.sudo().filtered("resolution_id").grouped("owner_id").items():
            items.resolution_id._take_owner(owner, reason)

    # -- the resolution ------------------------------------------------------------------------------------------------

    def _resolution_follows(self, state, reason):
        """A resolution and its item change state together."""
        apart = self.filtered(lambda item: item.resolution_id and item.resolution_id.state != state)
        for evidence, items in apart.grouped(lambda item: state == "done" and item.evidence or "").items():
            items.resolution_id._transition(state, reason, {"evidence": evidence} if evidence else None)

    def _follow(self, values):
        """Take over what a new version of the minutes says (superuser)."""
        self.ensure_one()
        changed = {
            name: value for name, value in values.items() if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            token.marked(self).write(changed)

    @api.model
    def _values_of_resolution(self, resolution):
        values = {}
        for name in COPIED:
            value = resolution[name]
            values[name] = value.id if isinstance(value, models.BaseModel) else value
        return values
