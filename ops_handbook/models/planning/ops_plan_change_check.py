"""What is wrong with a request, said of all its lines at once: when it is handed in, and again when it is approved."""
from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import clock, token
from ...tools.change_limits import Limits, is_small
from .ops_plan_change_line import CHANGEABLE, PARTS
from .ops_plan_change_line_value import NUMBERS


class OpsPlanChange(models.Model):
    _inherit = "ops.plan.change"

    def _problems(self):
        """Return what of this request (sudo) cannot be done to the plan as it is now: list of sentences."""
        lines, problems = self.line_ids, []
        seen, gone = set(), set()
        for line in lines:
            key = (line.target_model, line.target_id)
            if line.kind == "remove":
                gone.add(key)
            if line.target_id and (*key, line.target_field) in seen:
                problems.append(line._said(self.env._("another line of this request changes the same. Keep one of them.")))
            seen.add((*key, line.target_field))
        for line in lines:
            if line.kind == "change" and (line.target_model, line.target_id) in gone:
                problems.append(line._said(self.env._("it is taken out by this request as well. Keep one of the lines.")))
        targets = lines._targets([{"target_model": line.target_model, "target_id": line.target_id} for line in lines])
        for line in lines:
            target = targets.get((line.target_model, line.target_id))
            problems += line._problems_of(target)
        return problems + lines._problems_of_spans(targets)

    def _stale(self):
        """Return what the plan has no longer as the request (sudo) found it: list of sentences."""
        lines = self.line_ids.filtered(lambda line: line.kind != "add")
        targets = lines._targets([{"target_model": line.target_model, "target_id": line.target_id} for line in lines])
        return [said for line in lines for said in line._stale_since(targets.get((line.target_model, line.target_id)))]

    # -- from when on ----------------------------------------------------------------------------------------------------

    def _check_effective(self):
        """Refuse a day that is over: a change is asked for before it is carried out."""
        if self.date_effective and self.date_effective < self._today():
            raise UserError(self.env._(
                "%(field)s: a change is asked for before it is carried out. Choose today or a later day.",
                field=self._fields["date_effective"]._description_string(self.env),
            ))

    def _settle_effective(self):
        """Work follows these requests (superuser), just approved, from the day that they name, but not before the approval."""
        for change in self:
            day, today = change.date_effective, change._today()
            if not day or day < today:
                token.marked(change).write({"date_effective": today})

    def _drop_past_day(self):
        """Empty the day of these requests (superuser), just returned, where it is over: it would keep them from being handed in."""
        over = self.filtered(lambda change: change.date_effective and change.date_effective < change._today())
        token.marked(over).write({"date_effective": False})

    def _today(self):
        return clock.today(self.company_id._ops_tz())

    # -- is it small? ----------------------------------------------------------------------------------------------------

    def _limits(self):
        company = self.plan_id.cycle_id.company_id  # its GM office decides, for the branches too
        return Limits(company.ops_change_office_owner, company.ops_change_office_dates, company.ops_change_office_percent)

    def _large_lines(self):
        """Return the lines (sudo) that are beyond what the GM office decides by itself."""
        self.ensure_one()
        limits = self.sudo()._limits()  # sudo: the limits are the company's
        return self.sudo().line_ids.filtered(lambda line: not line._is_small(limits))

    def _is_small(self):
        return bool(self.sudo().line_ids) and not self._large_lines()  # sudo: whoever decides reads all lines


class OpsPlanChangeLine(models.Model):
    _inherit = "ops.plan.change.line"

    def _said(self, sentence):
        """Return a sentence about this line that names it."""
        about = self.display_name
        if self.kind == "change" and self.field_label:
            about = self.env._("%(item)s, %(field)s", item=about, field=self.field_label)
        return self.env._("%(line)s: %(sentence)s", line=about, sentence=sentence)

    def _is_small(self, limits):
        if self.kind != "change":
            return False
        field = self.env[self.target_model]._fields[self.target_field]
        kind = "other"
        if self.target_field == "owner_id":
            kind = "owner"
        elif field.type == "date":
            kind = "date"
        elif field.type in NUMBERS:
            kind = "number"
        return is_small(kind, (self.old_json or {}).get(self.target_field), (self.new_json or {}).get(self.target_field), limits)

    def _stale_since(self, target):
        """Return what changed since the old values were taken; ``target`` is the record (sudo), None when it is gone."""
        if not target or ("active" in target._fields and not target.active):
            return [self._said(self.env._("it is not in the plan any more."))]
        if self.kind == "remove":  # whatever it says now, it shall go; but people decided on what they read
            names = CHANGEABLE[self.target_model]
        else:
            names = [self.target_field]
        now, old, said = self._present(target, names), self.old_json or {}, []
        for name in names:
            if not self._same(now[name], old.get(name, False)):
                said.append(self._said(self.env._(
                    "changed meanwhile from “%(old)s” to “%(new)s”. Take the request back and renew it.",
                    old=self._value_in_words(target, name, old.get(name)) or "–",
                    new=self._value_in_words(target, name, now[name]) or "–",
                )))
        return said

    def _problems_of(self, target):
        """Return what is wrong with the new values of this line (sudo): list of sentences."""
        model = self.env[self.target_model]
        if self.kind != "add" and (not target or not self._belongs(target, self.plan_id)):
            return [self._said(self.env._("it is not in the plan any more."))]
        if self.kind == "remove":
            return []
        values = self.new_json or {}
        if self.kind == "change" and self._same(values.get(self.target_field), self._present_value(target, self.target_field)):
            return [self._said(self.env._("the new value is the one that the plan has. Change it, or delete the line."))]
        names = CHANGEABLE[self.target_model] if self.kind == "add" else [self.target_field]
        return [
            self._said(self.env._(
                "%(field)s: %(problem)s", field=model._fields[name]._description_string(self.env), problem=problem
            ) if self.kind == "add" else problem)
            for name in names
            if (problem := self._problem_of_value(model._fields[name], values.get(name), name in values))
        ]

    def _problems_of_spans(self, targets):
        """Return which initiatives would end before they start: list of sentences."""
        problems = []
        spans = self.filtered(lambda line: line.target_model == "ops.plan.initiative" and line.kind != "remove")
        for key, lines in spans.grouped(lambda line: line.target_id or f"new {line.id}").items():
            target = targets.get(("ops.plan.initiative", key))
            values = self._present(target, ["date_start", "date_end"]) if target else {}
            for line in lines:
                values.update(line.new_json or {})
            if values.get("date_start") and values.get("date_end") and values["date_end"] < values["date_start"]:
                problems.append(lines[:1]._said(self.env._("it would end before it starts.")))
        return problems

    def _problem_of_value(self, field, value, is_given):
        """Return what is wrong with one new value, None when nothing is."""
        if value in (None, False):
            has_default = not is_given and field.default is not None
            return self.env._("fill this in.") if field.required and not has_default else None
        if field.type == "date":
            year = self.plan_id.year
            if fields.Date.to_date(value).year != year:
                return self.env._("choose a day in %(year)s, the year of the plan.", year=str(year))
        if field.name == "weight" and not 0 <= value <= 100:
            return self.env._("choose 0 to 100 percent.")
        if field.type == "many2one":
            return self._problem_of_link(field, self.env[field.comodel_name].browse(value[0]).exists())
        return None

    def _problem_of_link(self, field, record):
        """Return what is wrong with a record that a new value names (sudo)."""
        if not record or ("active" in record._fields and not record.active):
            return self.env._("it is not there any more. Choose another.")
        if record._name == "res.users":
            if record.share:
                return self.env._("choose an employee who can log in.")
            if self.plan_id.company_id not in record.company_ids:
                return self.env._(
                    "%(person)s does not work for %(company)s. Choose somebody who does.",
                    person=record.name, company=self.plan_id.company_id.name,
                )
        if record._name in PARTS and record.plan_id != self.plan_id:
            return self.env._("choose one of this plan.")
        if "cycle_id" in record._fields and record.cycle_id != self.plan_id.cycle_id:
            return self.env._("choose one of the same year.")
        return None
