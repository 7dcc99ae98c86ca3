"""What came of it: what the tests of all processes ask the engine, the mails and the log."""

from contextlib import contextmanager


class Outcome:
    """For :class:`OpsCommon`: what is owed, who was told, what was noted and what was refused."""

    def owed(self, code, *leaves):
        """Return the obligations of a standard in both companies, oldest first."""
        return self.env["ops.obligation"].sudo().search(
            [("code", "=", code), ("company_id", "in", (self.company | self.branch).ids), *leaves], order="id"
        )

    def obligations(self, code, record):
        """Return all obligations of a standard that ``record`` started, oldest first."""
        return self.env["ops.obligation"].sudo().search(
            [("code", "=", code), ("source_model", "=", record._name), ("source_id", "in", record.ids)], order="id"
        )

    def obligation(self, code, record):
        """Return the one obligation of a standard that is neither cancelled nor of an earlier round."""
        found = self.obligations(code, record).filtered(lambda item: item.state != "cancelled")[-1:]
        self.assertTrue(found, f"no {code}")
        return found

    def grant(self, code, record, kind, until=None):
        """Ask, as whoever answers, for a hold, an extension or a waiver of what ``record`` owes; operations grant it.

        :param str until: local time such as ``2026-11-20 18:30``; of a waiver none
        """
        item = self.obligation(code, record)
        change = self.env["ops.obligation.change"].with_user(item.responsible_id).create({
            "obligation_id": item.id, "kind": kind, "reason": "The supplier is late.", "date_until": until and self.utc(until),
        })
        change.with_user(self.operations).action_approve()

    def late_at(self, items, local):
        """Return those of some action items that are late at a local time; what is read and what is found have to agree."""
        with self.at(local):
            self.env.invalidate_all()
            late, among = items.filtered("is_late"), [("id", "in", items.ids)]
            self.assertEqual(items.search([("is_late", "=", True), *among]), late)
            self.assertEqual(items.search([("is_late", "=", False), *among]), items - late)
        return late

    def cost_of_lateness(self, items):
        """Return how many statements it takes to know which action items are late, with nothing in the cache."""
        items = items.browse(items.ids)  # read together like the rows of a list, whatever field they were taken from
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        items.mapped("is_late")
        return self.env.cr.sql_log_count - before

    def mails(self):
        """Return the notices in the queue: list of (subject, receivers)."""
        return [
            (mail.subject, sorted(mail.recipient_ids.mapped("email")))
            for mail in self.env["mail.mail"].sudo().search([("ops_notice", "=", True)], order="id")
        ]

    def told(self, user):
        """Return the subjects of what one person was told."""
        return [subject for subject, receivers in self.mails() if user.email in receivers]

    def notes(self, record):
        """Return the log of a record as one text."""
        return "\n".join(filter(None, record.sudo().transition_ids.mapped("reason")))

    @contextmanager
    def refused(self, exception, text):
        """Expect an error whose message says ``text``; what was written before it is rolled back."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertIn(text, str(caught.exception))
