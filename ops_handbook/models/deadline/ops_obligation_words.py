from odoo import api, models
from odoo.tools import format_datetime

from ...tools import clock


class Words:
    """What the lines of many mails say alike, put into words once."""

    def __init__(self, env):
        self.env, self.base_url, self._moments = env, env["ops.obligation"].get_base_url(), {}

    def moment(self, moment, tz, lang):
        """Return a moment (naive UTC, or nothing) as a clock in ``tz`` shows it, in the language ``lang``."""
        key = moment, tz, lang
        if key not in self._moments:
            self._moments[key] = (
                format_datetime(self.env, moment, tz=tz, dt_format="short", lang_code=lang) if moment else ""
            )
        return self._moments[key]


class OpsObligation(models.Model):
    """How much is owed, and how long is left, in the words of the receiver's language."""

    _inherit = "ops.obligation"

    @api.model
    def _summary(self, user, lines):
        """Return how much is due and late in words: the subject of a digest."""
        texts = self.with_context(lang=user.lang).env
        late = sum(line["late"] for line in lines)
        due = len(lines) - late
        parts = [texts._("%(count)s due", count=due)] if due else []
        return ", ".join(parts + ([texts._("%(count)s late", count=late)] if late else []))

    @api.model
    def _urgent_summary(self, line):
        return f"{line['name']} – {line['left']}"

    def _time_left(self):
        """Return in words how long is left, or how late it is, in the language of the context."""
        if not self.date_due:
            return self.env._("no due time")
        seconds = (self.date_due - clock.now()).total_seconds()
        days, hours = divmod(int(abs(seconds) // 3600), 24)
        if seconds < 0:
            if days:
                return self.env._("1 day late") if days == 1 else self.env._("%(count)s days late", count=days)
            return self.env._("1 hour late") if hours == 1 else self.env._("%(count)s hours late", count=hours)
        if days:
            return self.env._("1 day left") if days == 1 else self.env._("%(count)s days left", count=days)
        return self.env._("1 hour left") if hours == 1 else self.env._("%(count)s hours left", count=hours)
