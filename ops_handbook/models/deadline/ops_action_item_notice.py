from odoo import models
from odoo.tools import format_date

MOVED = "ops_handbook.ops_action_item_mail_moved"
# (state before, state) → what that is to the owner
STEPS = {("open", "cancelled"): "cancelled", ("done", "open"): "reopened", ("cancelled", "open"): "resumed"}
NAMED = 3  # how many items a subject names before it only says that there are more
SHOWN = 50  # a mail that nobody can read to its end helps nobody


class OpsActionItemMixin(models.AbstractModel):
    """What somebody else makes of an item its owner is told by mail: it is cancelled, not done after all, or asked for again.

    One mail for all items of a step, and only for what was asked of the owner: a resolution that never went out, a plan that
    was not handed in, a company in which the engine has not been started tell nobody anything.
    """

    _inherit = "ops.action.item.mixin"

    def _clock_moved(self, before, state, reason):
        super()._clock_moved(before, state, reason)
        if step := STEPS.get((before, state)):
            self._filtered_asked()._tell_owners(step, reason)

    def _filtered_asked(self):
        """Return those that were asked of their owners: whose clock was started, whatever became of it (superuser)."""
        engine = self.env["ops.obligation"]
        groups = engine.sudo()._read_group([  # sudo: the engine's own rows
            ("code", "in", self._form_standards), ("company_id.ops_started", "=", True), *engine._source_leaves(self),
        ], ["source_id"])
        asked = {source_id for (source_id,) in groups}
        return self.filtered(lambda item: item.id in asked)

    def _of_owners(self):
        """Return whom to tell of these items (superuser): dict user → items; substitutes stand in, whoever acts now knows."""
        acting, told = self.owner_id._ops_acts_for(), {}
        for owner, items in self.grouped("owner_id").items():
            for user in acting.get(owner, owner):
                if owner.active and user.active and user.id != self.env.uid:
                    told[user] = told.get(user, self.browse()) | items
        return told

    def _tell_owners(self, step, reason):
        """Queue one mail for each owner of these items (superuser)."""
        self.env["ops.notice"]._queue(MOVED, [
            items._moved_mail(user, step, reason) for user, items in self._of_owners().items()
        ])

    def _moved_mail(self, user, step, reason):
        """Return what one person is told of these items, as a dict of :meth:`ops.notice._queue`."""
        items = self.with_context(lang=user.lang).sorted(lambda item: (str(item.date_due_now or ""), item.id))
        texts, cited = items.env, items[:SHOWN]._letter_source()
        names = ", ".join(items[:NAMED].mapped("name")) + (" …" if len(items) > NAMED else "")
        summary = {
            "cancelled": texts._("Cancelled: %(items)s", items=names),
            "reopened": texts._("Not done after all: %(items)s", items=names),
            "resumed": texts._("To be done after all: %(items)s", items=names),
        }[step]
        address = f"{self[:1].get_base_url()}/odoo/{self._name}"
        return {
            "object": user, "user": user, "company": self[:1].company_id, "summary": summary, "step": step,
            "reason": reason or "",
            "items": [
                {"name": cited[item.id], "due": format_date(texts, item.date_due_now), "url": f"{address}/{item.id}"}
                for item in items[:SHOWN]
            ],
            "more": max(0, len(items) - SHOWN),
        }
