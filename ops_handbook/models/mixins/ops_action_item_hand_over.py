from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...tools import token
from ...tools.ids import one_id
from ...tools.saying import saying
from ...tools.words import typed

TEMPLATE = "ops_handbook.ops_action_item_mail_handed_over"


class OpsActionItemMixin(models.AbstractModel):
    """Handing an open item over to somebody else: the form on which it stands stays as it was handed in."""

    _inherit = "ops.action.item.mixin"

    # roles that may hand an open item over; who takes part declares them
    _flow_hand_over = set()

    can_hand_over = fields.Boolean(compute="_compute_can_hand_over")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_hand_over(self):
        allowed = self._filtered_hand_over()
        for item in self:
            item.can_hand_over = item in allowed

    def _filtered_hand_over(self):
        """Return those that are open and that the current user may hand over."""
        open_ones = self.filtered(lambda item: item.sudo().state == "open")  # sudo: the state decides, whoever may read it
        if self.env.su or not open_ones:
            return open_ones
        roles = open_ones._flow_roles()
        return open_ones.filtered(lambda item: self._flow_hand_over & roles[item.id])

    def action_hand_over(self, owner_id=None, reason=None):
        """Give open items to another owner: their clocks go with them, and both owners are told.

        :param int owner_id: the user who carries them out from now on; none: a dialog asks
        :param str reason: why; goes into the log
        :return: True, or the dialog
        :raise AccessError: when the user may not hand them over, or they are no longer open
        """
        if not self:
            return True
        self.check_access("read")
        self._transition_lock()
        self._check_hand_over()
        if owner_id is None:
            return self._ask_hand_over()
        reason = typed(reason)
        if not reason:
            raise UserError(self.env._("Reason: please say why, so that both of them understand."))
        owner = self._hand_over_owner(owner_id)
        self.invalidate_recordset(["owner_id"])  # what somebody else wrote before the rows were held
        previous = {item.id: item.owner_id for item in self.sudo() if item.owner_id != owner}
        if not previous:
            raise UserError(self.env._("Owner: %(owner)s carries this out already; choose somebody else.", owner=owner.name))
        self.browse(previous)._hand_over_to(owner, previous, reason)
        return True

    def _hand_over_to(self, owner, previous, reason):
        behalf = self._on_behalf(lambda _item: self._flow_hand_over)
        # sudo: permission was decided by the caller, the content of the form is locked
        token.marked(self.sudo()).write({"owner_id": owner.id})
        self._grow_version()
        notes = {
            item.id: saying(self.env)._(
                "%(reason)s Carried out by %(before)s before, by %(after)s now.",
                reason=reason, before=previous[item.id].name, after=owner.name,
            )
            for item in self
        }
        states = {item.id: item.state for item in self.sudo()}
        self.env["ops.form.transition"]._log(self, states, None, notes, behalf)
        self._after_hand_over(previous, reason)
        self.sudo()._hand_over_tell(owner, previous, reason)  # sudo: names for the mails

    def _after_hand_over(self, previous, reason):
        """Hook of the layers above, in the same transaction; ``previous`` is a dict id → owner before (sudo)."""

    def _check_hand_over(self):
        if refused := self - self._filtered_hand_over():
            raise AccessError(self.env._(
                "You may not hand over %(record)s: it must be open, and whoever decides on it does that, never its owner.",
                record=refused[:1].sudo().display_name,  # sudo: named in the message only
            ))

    def _hand_over_owner(self, owner_id):
        """Return the new owner; refuse somebody who cannot log in, or who does not work for the company."""
        # sudo: the choice is checked, not shown
        owner = self.env["res.users"].sudo().browse(one_id(owner_id)).exists()
        if not owner or not owner.active or owner.share:
            raise ValidationError(self.env._("Owner: choose an employee who can log in."))
        for company in self.sudo().company_id - owner.company_ids:
            raise ValidationError(self.env._(
                "Owner: %(owner)s does not work for %(company)s. Choose somebody who does.",
                owner=owner.name, company=company.display_name,
            ))
        return owner

    def _ask_hand_over(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.hand.over.wizard",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Hand Over"),
            "context": {"default_res_model": self._name, "default_res_ids": self.ids},
        }

    # -- mails ----------------------------------------------------------------------------------------------------------

    def _hand_over_tell(self, owner, previous, reason):
        """Queue one mail for the new owner, and one for each of those before."""
        before = {}
        for item in self:
            before.setdefault(previous[item.id], self.browse())
            before[previous[item.id]] |= item
        told = [(owner, self), *((user, items) for user, items in before.items() if user.active)]
        self.env["ops.notice"]._queue(TEMPLATE, [
            items._hand_over_mail(user, owner, reason) for user, items in told
        ])

    def _hand_over_mail(self, user, owner, reason):
        """Return what one person is told, as a dict of :meth:`ops.notice._queue`."""
        texts, names = self.with_context(lang=user.lang).env, ", ".join(self.mapped("name"))
        taken, address = user == owner, f"{self[:1].get_base_url()}/odoo/{self._name}"
        return {
            "object": user,
            "user": user,
            "company": self[:1].company_id,
            "summary": (
                texts._("Handed over to you: %(items)s", items=names) if taken
                else texts._("Handed over to %(owner)s: %(items)s", owner=owner.name, items=names)
            ),
            "taken": taken,
            "owner": owner.name,
            "reason": reason,
            "items": [
                {
                    "name": item.name,
                    "due": format_date(texts, item.date_due),
                    # whoever gave it away may no longer be able to open it
                    "url": f"{address}/{item.id}" if taken else "",
                }
                for item in self
            ],
        }
