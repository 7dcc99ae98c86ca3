import logging
from datetime import timedelta

from psycopg2 import DataError, IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock
from ...tools.recurrence import due_moment, event_due, occurrences
from .ops_standard_revision import FIRST_DAY, RULE_FIELDS, VARIANT_FIELDS

_logger = logging.getLogger(__name__)
MARGIN = timedelta(days=70)  # further than days off and gaps can move a due day


class OpsStandard(models.Model):
    """Revisions of a standard, and the due times that follow from them."""

    _inherit = "ops.standard"

    has_planned = fields.Boolean(compute="_compute_has_planned", help="A change of the rule is planned for later.")

    @api.depends("revision_ids.date_effective")
    def _compute_has_planned(self):
        for standard in self:
            standard.has_planned = bool(standard._planned_revisions())

    def action_plan_change(self):
        """Open the dialog that changes the rule from a later day on."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.standard.plan.wizard",
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("Change from a Later Day"),
            "context": {"default_standard_id": self.id},
        }

    def action_open_obligations(self):
        """Open what the standard has asked for."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.obligation",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Deadlines"),
            "domain": [("standard_id", "in", self.ids)],
        }

    # -- revisions ----------------------------------------------------------------------------------------------------

    def _snapshot(self):
        """Return the values of the rule as they stand now, as JSON."""
        values = {}
        for name in RULE_FIELDS - {"variant_ids"}:
            value = self[name]
            if self._fields[name].type == "many2many":
                value = sorted(value.ids)
            values[name] = value.id if self._fields[name].type == "many2one" else value
        values["variant_ids"] = {
            variant.key: {name: variant[name] for name in VARIANT_FIELDS if name != "role" or variant.role}
            for variant in self.variant_ids
        }
        return values

    def _revise(self):
        """Freeze what changed as a revision in force from today on; what was planned for later is planned anew on it.

        What is changed in one transaction makes one revision: a standard and its variants are written together.
        """
        for standard in self.sudo():  # sudo: revisions are written by the system only
            current, values = standard.revision_id, standard._snapshot()
            if current and current.rule == values:
                continue
            draft = current.filtered(lambda revision: revision._is_being_written())
            before = standard._revision_before(draft) if draft else current
            day = draft.date_effective or (clock.now().date() if before else FIRST_DAY)
            later = standard._planned_revisions()
            standard.revision_id = standard._freeze(values, day, before)
            standard._plan_anew(later, values)
            draft.unlink()

    def _plan_anew(self, later, values):
        """Freeze the planned revisions ``later`` anew on ``values``: each keeps what it changes, and its author."""
        for planned in later:
            values = {**values, **{name: planned.rule[name] for name in planned.changed}}
            self._freeze(values, planned.date_effective, names=planned.changed, again=planned)

    def _revision_before(self, revision):
        """Return the revision that was in force before ``revision`` was; empty when there was none."""
        older = self.revision_ids.filtered(lambda item: item != revision and item.date_effective <= revision.date_effective)
        return older.sorted(lambda item: (item.date_effective, item.id))[-1:]

    def _freeze(self, values, date_effective, before=None, names=(), again=None):
        """Keep ``values`` as a revision; what it changes is told by the revision before, or named.

        ``again`` is the planned revision whose place it takes: it stays that author's.
        """
        rule = before.rule if before else values
        return self.env["ops.standard.revision"].sudo().create({  # sudo: see _revise
            "standard_id": self.id,
            "date_effective": date_effective,
            "rule": values,
            "changed": sorted(names or (name for name in values if rule.get(name) != values[name])),
            **self._revision_origin(again),
        })

    def _revision_origin(self, again=None):
        """Return the values of a new revision that say where it comes from."""
        return {"author_id": again.author_id.id if again else self.env.uid}

    def _planned_revisions(self):
        """Return the revisions that come into force later, in their order; of several for a day the last one counts."""
        last = {}
        for revision in self.revision_ids.sorted("id"):
            if not revision._is_in_force():
                last[revision.date_effective] = revision
        return [last[day] for day in sorted(last)]

    def _schedule_change(self, values, date_effective):
        """Change the rule from a later day on; what is planned for that day stays, and for later is planned anew on it.

        :param dict values: fields of the rule → new values (many2one as id, many2many as a list of ids)
        :param date_effective: first due day to which they apply
        :return: the revision
        :raise ValidationError: the day has passed, a field is no part of the rule, or no rule can have the value
        """
        self.ensure_one()
        self.check_access("write")
        if date_effective <= clock.now().date():
            raise ValidationError(self.env._("In force from: choose a day after today; for today change the standard itself."))
        if unknown := values.keys() - (RULE_FIELDS - {"variant_ids"}):
            raise ValidationError(self.env._("“%(fields)s” is no part of the rule.", fields=", ".join(sorted(unknown))))
        self._check_rule_values(values)
        planned = self.sudo()._planned_revisions()  # sudo: whoever may write the rule was asked above
        names = set(values).union(*(item.changed for item in planned if item.date_effective == date_effective))
        base = {**self._revision_at(date_effective).rule, **values}
        revision = self._freeze(base, date_effective, names=names)
        self._plan_anew([item for item in planned if item.date_effective > date_effective], base)
        return revision

    def _revision_at(self, day):
        """Return the revision that holds for what falls due on a day."""
        found = self.sudo().revision_ids.filtered(lambda revision: revision.date_effective <= day)
        return found.sorted(lambda revision: (revision.date_effective, revision.id))[-1:] or self.revision_id

    @api.model
    def _apply_planned_changes(self):
        """Bring the fields of each standard up to the revision in force today; one that cannot be is logged. Run every hour."""
        today = clock.now().date()
        for standard in self.sudo().with_context(active_test=False).search([("revision_ids", "!=", False)]):  # sudo: by the clock
            revision = standard._revision_at(today)
            if revision and revision != standard.revision_id:
                try:
                    with self.env.cr.savepoint():
                        standard._apply_revision(revision)
                except (UserError, IntegrityError, DataError):
                    _logger.exception("standards: the change of %s for %s cannot be applied", standard.id, revision.date_effective)

    def _apply_revision(self, revision):
        values = {name: revision.rule[name] for name in RULE_FIELDS - {"variant_ids", "department_ids"}}
        values["department_ids"] = [fields.Command.set(revision.rule["department_ids"])]
        self.revision_id = revision
        self.write(values)

    def action_withdraw_planned(self):
        """Withdraw the changes that are planned for later and that no obligation has been made from."""
        self.check_access("write")
        planned = self.sudo().revision_ids.filtered(lambda revision: not revision._is_in_force())  # sudo: checked above
        if self.env["ops.obligation"].sudo().search_count([("revision_id", "in", planned.ids)], limit=1):
            raise UserError(self.env._("The planned change has already been applied to obligations: plan another change."))
        planned.unlink()

    # -- due times ----------------------------------------------------------------------------------------------------

    def _occurrences(self, company, first, last, following=()):
        """Return what falls due from ``first`` to ``last`` (local days, both included) in a company.

        A revision applies to what falls due, by its own reckoning, on its first day or later; so each period is asked
        for exactly once, however the due day moves.

        :param following: codes of the standards that follow this one, for which its due days are asked
        :return: list of (:class:`Occurrence`, revision), in order of due days; empty for standards of an event
        """
        predecessor_due = self.predecessor_id._due_by_base(company, first, last, (*following, self.code)) if self.gap else {}
        chosen, rhythm, workdays = {}, None, company._ops_workdays()
        for revision in self.sudo().revision_ids.sorted(lambda item: (item.date_effective, item.id)):
            rule = revision._as_rule(company)
            if rhythm and (rule.trigger, rule.period_offset) != rhythm:  # its periods are others: the old ones end here
                chosen = {key: pair for key, pair in chosen.items() if pair[0].due < revision.date_effective}
            rhythm = (rule.trigger, rule.period_offset)
            if rule.trigger == "event":
                continue
            for item in occurrences(rule, first - MARGIN, last + MARGIN, workdays, predecessor_due):
                if item.due >= revision.date_effective:
                    chosen[item.period] = (item, revision)
        found = [pair for pair in chosen.values() if first <= pair[0].due <= last]
        return sorted(found, key=lambda pair: (pair[0].due, pair[0].period))

    def _due_by_base(self, company, first, last, following):
        """Return the due days around ``first`` to ``last`` of what others follow in a company: dict base period → day.

        A company's own standards may follow in a circle what the common ones do not; where it closes nobody waits.
        """
        standard = self._for(company)
        if not standard or standard.code in following:
            return {}
        found = standard._occurrences(company, first - MARGIN, last + MARGIN, following)
        return {item.base: item.due for item, _revision in found}

    def _days_by_revision(self, revision, company, first, last):
        """Return what one revision says, whatever has taken its place: dict period → (due day, the next one's due day)."""
        rule = revision.rule or {}
        if rule.get("trigger", "event") == "event":
            return {}
        before = self.browse(rule["gap"] and rule["predecessor_id"] or ()).exists()
        last += self._until_next(rule["trigger"])
        found = occurrences(
            revision._as_rule(company), first, last, company._ops_workdays(),
            before._due_by_base(company, first, last, (self.code,)),
        )
        return {item.period: (item.due, following.due) for item, following in zip(found, found[1:], strict=False)}

    @api.model
    def _until_next(self, trigger):
        """Return how far ahead the next occurrence surely lies."""
        return timedelta(days={"yearly": 460, "quarterly": 190, "monthly": 100}.get(trigger, 40))

    def _closing_days(self, company, found):
        """Return when each period of ``found`` closes: the day on which the next occurrence falls due."""
        if not found:
            return {}
        ahead = self._occurrences(company, found[0][0].due, found[-1][0].due + self._until_next(self.trigger))
        days = [item for item, _revision in ahead]
        return {item.period: following.due for item, following in zip(days, days[1:], strict=False)}

    def _due_of_event(self, revision, company, start, variant=""):
        """Return when the limit that started at ``start`` (naive UTC) runs out; None when the rule names no limit."""
        if not revision._has_due_rule(variant) or not start:
            return None
        return event_due(revision._as_rule(company, variant), start, company._ops_workdays(), company._ops_tz())

    def _due_of_day(self, revision, company, day):
        """Return the naive UTC moment at which the local due ``day`` of a calendar rule ends."""
        return due_moment(revision._as_rule(company), day, company._ops_tz())

    def _frozen_columns(self, revision):
        """Return what an obligation keeps of its standard, as columns."""
        return {
            "standard_id": self.id, "revision_id": revision.id, "code": self.code, "process": self.process,
            "urgent": bool(self.urgent), "in_ledger": bool(self.in_ledger),
        }
