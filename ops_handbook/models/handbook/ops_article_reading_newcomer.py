from odoo import api, models

from ...tools import token


class OpsArticleReading(models.Model):
    """How far people are with their list; whoever is new is done with the last of it."""

    _inherit = "ops.article.reading"

    @api.model
    def get_progress(self):
        """Return how far the current user is with the reading list: dict ``done``, ``total``, ``late``, ``onboarding``.

        As long as a newcomer is not through, only what newcomers are asked to read counts.
        """
        readings = self.search([("reader_id", "=", self.env.uid), ("state", "!=", "obsolete")])
        onboarding = readings.filtered("is_onboarding")
        is_new = any(reading.state == "asked" for reading in onboarding)
        counted = onboarding if is_new else readings
        return {
            "done": len(counted.filtered(lambda reading: reading.state == "confirmed")), "total": len(counted),
            "late": len(readings.filtered("is_late")), "onboarding": is_new,
        }

    @api.model
    def _progress(self, users):
        """Return how far newcomers are: dict user id → (confirmed, asked in all); one statement."""
        found = {}
        # sudo: the machinery counts for everybody
        for user, state, count in self.sudo()._read_group(
            [("reader_id", "in", users.ids), ("is_onboarding", "=", True), ("state", "!=", "obsolete")],
            ["reader_id", "state"], ["__count"],
        ):
            done, total = found.get(user.id, (0, 0))
            found[user.id] = (done + (count if state == "confirmed" else 0), total + count)
        return found

    @api.model
    def _ask_newcomers(self, pairs):
        """Ask newcomers to read; their activities say how far they are."""
        asked = self._ask(pairs, onboarding=True)
        asked._follow_newcomers()
        return asked

    def _for_newcomers(self):
        """Count these as asked of people because they are new."""
        if self:
            token.marked(self).write({"is_onboarding": True})

    def _follow_newcomers(self):
        """After newcomers have read something: their activities say how far they are, and are done with the last."""
        if newcomers := self.filtered("is_onboarding").reader_id:
            self.env["hr.employee"]._ops_follow_readings(newcomers, self._progress(newcomers))
