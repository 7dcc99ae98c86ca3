from odoo import models

# state reached → the mail that says so
MAILS = {
    "approved": "ops_plan_change_mail_approved",
    "rejected": "ops_plan_change_mail_rejected",
    "returned": "ops_plan_change_mail_returned",
}


class OpsPlanChange(models.Model):
    """Whom a decision on a change request is told by mail. One pass for many requests."""

    _inherit = "ops.plan.change"

    def _notify(self, previous, reason):
        """Tell the author and the head what was decided, and after an approval the owners of what changed."""
        for state, template in MAILS.items():
            changes = self.sudo()._entered(state, previous)  # sudo: the notice is the system's
            changes._tell(template, {
                change.id: change._asking_users() | (change._touched_owners() if state == "approved" else change.env["res.users"])
                for change in changes
            }, reason=reason)

    def _asking_users(self):
        """Return who asked (sudo): the author and whoever leads the department now."""
        return self.author_id | self.department_id._ops_heads().get(self.department_id.id, self.env["res.users"])

    def _touched_owners(self):
        """Return the owners (sudo) of what the request changed; who got or lost it is told so by a mail of their own."""
        owners = self.env["res.users"]
        for line in self.line_ids.filtered(lambda line: line.kind == "change" and line.target_field != "owner_id"):
            target = self.env[line.target_model].browse(line.target_id)
            if line.target_model == "ops.plan.target":
                target = target._owner()
            if "owner_id" in target._fields:
                owners |= target.owner_id
        return owners

    def _notify_owners(self, before):
        """Tell who answers for something from now on, and who does no longer.

        :param dict before: record → owner before the change
        """
        for record, old in before.items():
            if record.owner_id == old:
                continue
            words = {"item": record.display_name, "old": old.name, "new": record.owner_id.name}
            self._tell("ops_plan_change_mail_owner", {self.id: record.owner_id}, **words)
            self._tell("ops_plan_change_mail_owner_before", {self.id: old}, **words)

    def _tell(self, template, receivers, **names):
        """Queue a mail of ``template`` to each of the ``receivers`` (dict id → users) but whoever acts now."""
        if not self:
            return
        acting = self.env["res.users"].union(*receivers.values())._ops_acts_for()
        self.env["ops.notice"]._queue(f"ops_handbook.{template}", [
            {"object": change, "user": user, **names}
            for change in self
            for user in self.env["res.users"].union(*(acting[person] for person in receivers[change.id]))
            if user.id != self.env.uid and user.active
        ])
