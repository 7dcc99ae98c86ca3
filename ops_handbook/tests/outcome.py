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
