from datetime import date, timedelta

from odoo import api, models

from ...tools.words import day_in_words

LEAP_YEAR = 2024


class OpsStandard(models.Model):
    """The rule in one sentence, for reminders and lists."""

    _inherit = "ops.standard"

    @api.depends(
        "trigger", "due_month", "due_day", "due_weekday", "workdays_after", "event", "offset_value", "offset_unit",
    )
    @api.depends_context("lang")
    def _compute_rule_text(self):
        for standard in self:
            if standard.trigger == "event":
                standard.rule_text = standard._event_text()
            elif standard.workdays_after:
                standard.rule_text = standard._text_after_period()
            else:
                standard.rule_text = getattr(standard, f"_{standard.trigger}_text")()

    def _label_of_value(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _event_text(self):
        if self.offset_unit == "none":
            return self.env._("as soon as it can be done")
        if self.offset_unit == "own":
            return self.env._("by the date agreed on the record")
        text = self._within_text()
        event = self._label_of_value("event")
        if not event:
            return text
        if self.offset_value < 0:
            return self.env._("%(time)s before: %(event)s", time=text, event=event)
        return self.env._("within %(time)s after: %(event)s", time=text, event=event)

    def _within_text(self):
        count = f"{abs(self.offset_value):g}"
        one = abs(self.offset_value) == 1
        if self.offset_unit == "hours":
            return self.env._("1 hour") if one else self.env._("%(count)s hours", count=count)
        if self.offset_unit == "days":
            return self.env._("1 day") if one else self.env._("%(count)s days", count=count)
        return self.env._("1 working day") if one else self.env._("%(count)s working days", count=count)

    def _text_after_period(self):
        periods = self._label_of_value("trigger").lower()
        return self.env._("%(period)s, within %(count)s working days after it", period=periods, count=self.workdays_after)

    def _yearly_text(self):
        first_of_next = date(LEAP_YEAR + self.due_month // 12, self.due_month % 12 + 1, 1)
        last = first_of_next - timedelta(days=1)
        day = last.replace(day=min(self.due_day, last.day)) if self.due_day else last
        return self.env._("every year by %(day)s", day=day_in_words(day, self.env.lang or "en_US"))

    def _quarterly_text(self):
        if not self.due_day:
            return self.env._("every quarter by the last day of its month %(month)s", month=self.due_month)
        return self.env._("every quarter by day %(day)s of its month %(month)s", day=self.due_day, month=self.due_month)

    def _monthly_text(self):
        if not self.due_day:
            return self.env._("every month by its last day")
        return self.env._("every month by day %(day)s", day=self.due_day)

    def _weekly_text(self):
        if not self.due_weekday:
            return self.env._("every week by its last working day")
        return self.env._("every week by %(weekday)s", weekday=self._label_of_value("due_weekday"))

    def _daily_text(self):
        return self.env._("every working day")
