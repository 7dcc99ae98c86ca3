from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import clock, token
from ..deadline.ops_standard_revision import RULE_FIELDS, VARIANT_FIELDS

# which rule counts for whom, and whether it counts at all: changed, another rule, or none, takes the place of the one that
# the handbook states
PLACE_FIELDS = {"code", "company_id", "active", "keeps_rows"}


class OpsStandard(models.Model):
    """What a published article states is changed by a revision of that article, with its approver, and by no other door.

    Until the company's start everything may be tried out; reminders stay with the administrator.
    """

    _inherit = "ops.standard"

    def _filtered_stated(self):
        """Return those of these standards whose rule a published article states, in a company that has started."""
        # sudo: the guard holds whether or not one reads the article
        stated = self.sudo().filtered(lambda standard: standard.article_id._filtered_in_force())
        if not stated:
            return self.browse()
        started = self.env["res.company"].sudo().search([("ops_started", "=", True)])

        def concerns(standard):
            owner = standard.company_id or standard.article_id.company_id
            return started.filtered(lambda company: not owner or owner in company.parent_ids)

        return stated.filtered(concerns).with_env(self.env)

    def _raise_stated(self):
        """Refuse a change, and say which way it goes."""
        standard_sudo = self[:1].sudo()  # sudo: the name of the article is part of the way
        raise UserError(self.env._(
            "%(standard)s is stated by the article “%(article)s”: the rule is changed by a revision of that article and its "
            "approver. Open the article, choose “Revise” and add the change under “Standards to Change”.",
            standard=standard_sudo.display_name, article=standard_sudo.article_id.display_name,
        ))

    # -- writing -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        standards = super().create(vals_list)
        if not self.env.su:
            standards._refuse_other_rule()
        return standards

    def copy(self, default=None):
        """By now the copies have what is planned for their originals: what comes into force later is compared as well."""
        copies = super().copy(default)
        if not self.env.su:
            copies._refuse_other_rule()
        return copies

    def write(self, vals):
        guarded = not self.env.su and (RULE_FIELDS | PLACE_FIELDS | {"article_id"}) & vals.keys()
        if guarded:
            self.check_access("write")  # first: the message names the article
            self._refuse_stated(vals)
        result = super().write(vals)
        if guarded and guarded & PLACE_FIELDS:
            self._refuse_other_rule()
        self.env["ops.article.version"].invalidate_model(["live_body", "plain_body"], flush=False)
        return result

    def _refuse_stated(self, vals):
        """Refuse values that change what a published article states."""
        for standard in self._filtered_stated():
            if any(standard._differs(name, vals[name]) for name in (RULE_FIELDS | PLACE_FIELDS) & vals.keys()):
                standard._raise_stated()
            if "article_id" in vals and not standard._may_move_to(vals["article_id"]):
                raise UserError(self.env._(
                    "Article: %(standard)s is stated by “%(article)s”. Choose another published article that shows it, or "
                    "publish a version of this one that does not.",
                    standard=standard.display_name, article=standard.sudo().article_id.display_name,  # sudo: as above
                ))

    def _differs(self, name, value):
        field = self._fields[name]
        if field.type in ("one2many", "many2many"):
            return bool(value)
        present = self[name].id if field.type == "many2one" else self[name]
        return (value or False) != (present or False)

    def _may_move_to(self, article_id):
        """Tell whether another article may state the rule: one that is published and shows it."""
        shown = self.sudo().article_ids._filtered_in_force()  # sudo: see above
        return article_id in shown.ids or article_id == self.sudo().article_id.id

    def _refuse_other_rule(self):
        """Refuse to put another rule in the place of one that an article states: a company's own begins as the common one."""
        # sudo: whatever takes part is compared
        twins = self.sudo().search([("code", "in", self.mapped("code")), ("id", "not in", self.ids)])
        stated = {standard.code: standard for standard in twins._filtered_stated()}
        for standard in self.sudo().filtered("active"):
            common = stated.get(standard.code)
            if common and not standard._says_the_same(common):
                raise UserError(self.env._(
                    "%(standard)s is stated by the article “%(article)s”: a company's own rule begins as the common one. "
                    "Duplicate that, then change it by a revision of the article.",
                    standard=common.display_name, article=common.article_id.display_name,
                ))
            if common and not standard.article_id:
                standard.article_id = common.article_id
            if common and not standard._planned_revisions():  # what the article has planned comes into force here, too
                standard._plan_anew(common._planned_revisions(), standard._snapshot())

    def _says_the_same(self, common):
        """Tell whether this rule asks for what ``common`` asks for: one that keeps no rows would ask for nothing.

        Also from later days on; where nothing is planned, what is planned for ``common`` will be.
        """
        ahead, wanted = self._rules_ahead(), common._rules_ahead()
        return self.keeps_rows == common.keeps_rows and self._snapshot() == common._snapshot() and ahead in (wanted, wanted[:1])

    def _rules_ahead(self):
        """Return the rules from today on, as they can be compared and kept: [day, rule] each; that of today has no day."""
        today = [False, self._revision_at(clock.now().date()).rule]
        return [today, *(
            [fields.Date.to_string(revision.date_effective), revision.rule] for revision in self._planned_revisions()
        )]

    @api.ondelete(at_uninstall=False)
    def _unlink_unstated(self):
        if not self.env.su and (stated := self._filtered_stated()):
            stated._raise_stated()

    # -- planning ------------------------------------------------------------------------------------------------------

    def action_plan_change(self):
        """Open the dialog that changes the rule from a later day on; see the guard above."""
        if stated := self._filtered_stated():
            self.check_access("read")
            stated._raise_stated()
        return super().action_plan_change()

    def _schedule_change(self, values, date_effective):
        if not self.env.su and (stated := self._filtered_stated()):
            self.check_access("write")
            stated._raise_stated()
        return super()._schedule_change(values, date_effective)

    def action_withdraw_planned(self):
        """Withdraw what is planned for later; what a version of the handbook planned is changed by the next one."""
        if not self.env.su and (stated := self._filtered_stated()):
            self.check_access("write")
            stated._raise_stated()
        return super().action_withdraw_planned()

    def _revision_origin(self, again=None):
        """A revision that a version made points to it; its author is whoever wrote the change."""
        values, version_id = super()._revision_origin(again), token.VERSION.of(self.env)
        if again:
            return {**values, "version_id": again.version_id.id}
        if version_id:
            version_sudo = self.env["ops.article.version"].sudo().browse(version_id)  # sudo: our own code marked it
            return {**values, "version_id": version_id, "author_id": version_sudo.author_id.id or values["author_id"]}
        return values


class OpsStandardVariant(models.Model):
    """Variants are part of the rule."""

    _inherit = "ops.standard.variant"

    @api.model_create_multi
    def create(self, vals_list):
        variants = super().create(vals_list)
        variants._refuse_stated()
        return variants

    def write(self, vals):
        if {*VARIANT_FIELDS, "key", "standard_id"} & vals.keys():
            self._refuse_stated()
        result = super().write(vals)
        if "standard_id" in vals:
            self._refuse_stated()
        return result

    def unlink(self):
        self._refuse_stated()
        return super().unlink()

    def _refuse_stated(self):
        if not self.env.su and (stated := self.standard_id._filtered_stated()):
            self.check_access("write")
            stated._raise_stated()
