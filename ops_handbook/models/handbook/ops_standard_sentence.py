from odoo import models

from ..deadline.ops_standard_revision import RULE_FIELDS, VARIANT_FIELDS


class OpsStandard(models.Model):
    """A rule in the words of a handbook: due time with what days off do to it, variants, ladder."""

    _inherit = "ops.standard"

    # -- the rule ------------------------------------------------------------------------------------------------------

    def _rule_words(self):
        """Return the due time as a handbook says it: “every month by day 25, earlier if that is a day off”."""
        self.ensure_one()
        words = self.rule_text or ""
        if self._meets_days_off():
            words = self._day_off_words(words)
        if self.due_hour:
            words = self.env._("%(rule)s, until %(hour)s", rule=words, hour=self._hour_words(self.due_hour))
        before = self.predecessor_id
        if before and self.gap:
            gap = self.env._("1 working day") if self.gap == 1 else self.env._("%(count)s working days", count=self.gap)
            words = self.env._("%(rule)s, at least %(time)s after %(standard)s", rule=words, time=gap, standard=before.code)
        return words

    def _meets_days_off(self):
        """Tell whether the due day of the rule can be a day off: not one that is counted in working days."""
        if self.trigger == "event":
            return self.offset_unit == "days"
        return self.trigger != "daily" and not self.workdays_after and not (self.trigger == "weekly" and not self.due_weekday)

    def _day_off_words(self, words):
        if self.day_off_rule == "earlier":
            return self.env._("%(rule)s, earlier if that is a day off", rule=words)
        if self.day_off_rule == "later":
            return self.env._("%(rule)s, later if that is a day off", rule=words)
        return self.env._("%(rule)s, even if that is a day off", rule=words)

    def _hour_words(self, hour):
        """Return an hour of the day as a clock shows it."""
        minutes = round(hour * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def _role_words(self):
        return dict(self._fields["role"]._description_selection(self.env)).get(self.role, "")

    def _sentence(self):
        """Return what is to be done and by when, in one sentence."""
        return self.env._("%(verb)s: %(rule)s", verb=self.verb, rule=self._rule_words())

    def _changed_words(self, values, names):
        """Return the rule in words as it is with ``values`` in place of its own.

        :param dict values: fields of the rule → values as revisions keep them
        :param names: fields to name one by one, where the sentence does not tell of them
        """
        known = RULE_FIELDS - {"variant_ids", "department_ids"}
        # not with this one as its origin: such records share what has been computed of them
        present = self._convert_to_write({name: self[name] for name in known})
        changed = self.new({**present, **{name: value for name, value in values.items() if name in known}})
        words, fields = [changed._rule_words()], self._fields
        # the sentence tells of the others
        for name in ("role", "max_shift", "exact", "urgent", "period_offset"):
            if name in names:
                field = fields[name]
                value = changed[name]
                if field.type == "selection":
                    value = dict(field._description_selection(self.env)).get(value, "–")
                elif field.type == "boolean":
                    value = self.env._("yes") if value else self.env._("no")
                words.append(f"{field._description_string(self.env)}: {value}")
        return "; ".join(words)

    # -- variants and ladder -------------------------------------------------------------------------------------------

    def _variant_words(self):
        """Return the variants in words: dicts ``name`` and ``rule_text``."""
        return [
            {"name": variant.name, "rule_text": self._words_of_variant(variant)}
            for variant in self.variant_ids
        ]

    def _words_of_variant(self, variant, values=None, names=()):
        """Return the due time of a variant in words; ``values`` and ``names`` as of :meth:`_changed_words`."""
        rule = {**{name: variant[name] for name in VARIANT_FIELDS}, **(values or {}), "trigger": "event"}
        rule.update(event=rule["event"] or self.event, role=rule["role"] or self.role)
        return self._changed_words(rule, names)

    def _ladder_words(self):
        """Return the reminders in words, in their order: “1 working day after (the next level up)”."""
        found = {}
        for step in self.step_ids.filtered(lambda item: not item.variant):
            channels, receivers = found.setdefault(step._when_words(), ([], []))
            for name, known, silent in (
                ("channel", channels, ("digest", "activity", "push")), ("receiver", receivers, ("responsible",)),
            ):
                label = dict(step._fields[name]._description_selection(self.env))[step[name]]
                if step[name] not in silent and label not in known:
                    known.append(label)
        return [
            self.env._("%(when)s (%(what)s)", when=when, what=", ".join(channels + receivers)) if channels + receivers else when
            for when, (channels, receivers) in found.items()
        ]


class OpsStandardStep(models.Model):
    _inherit = "ops.standard.step"

    def _when_words(self):
        """Return in words when the step is taken."""
        self.ensure_one()
        count = f"{self.value:g}"
        if self.anchor == "due":
            return self.env._("on the due day")
        if self.anchor == "fraction":
            return self.env._("after %(count)s %% of the time", count=count)
        if self.anchor == "start" and not self.value:
            return self.env._("at once")
        if self.unit == "hours":
            time = self.env._("1 hour") if self.value == 1 else self.env._("%(count)s hours", count=count)
        else:
            time = self.env._("1 working day") if self.value == 1 else self.env._("%(count)s working days", count=count)
        if self.anchor == "before_due":
            return self.env._("%(time)s before", time=time)
        if self.anchor == "after_due":
            return self.env._("%(time)s after", time=time)
        return self.env._("%(time)s after the start", time=time)
