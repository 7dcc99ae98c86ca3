"""Overdue decisions and their letters, for the tests of form 13 and of the ledger."""

from .test_ops_reminder import ReminderCommon


class LetterCase(ReminderCommon):
    """C5, due on Wednesday 25 November 2026: the employee of the workshop owes it, ``head`` leads the workshop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Letter = cls.env["ops.reminder.letter"].sudo()
        # what waits for other people of the database is no concern of these tests
        cls.env["ops.obligation.reminder.receiver"].sudo().search([("state", "=", "waiting")]).write({"state": "skipped"})

    @classmethod
    def decided(cls, code="C5", due="2026-11-25 23:59:59", **values):
        """Return an obligation of something that was decided."""
        defaults = {"responsible": cls.employee, "role": "owner", "date_original": cls.utc(due)}
        return cls.owe(code, due, **{**defaults, **values})

    def letters(self, item):
        return self.Letter.search([("obligation_id", "in", item.ids)], order="id")

    def drafted(self, local="2026-11-26 09:00", item=None, **values):
        """Return the letter that the ladder drafts at a local time."""
        item = item or self.decided(**values)
        self.remind(local)
        return self.letters(item)[-1:]

    def issue(self, letters, local="2026-11-26 10:00", user=None):
        """Issue letters and let the job deliver them; return the mails."""
        before = self.mails()
        with self.at(local):
            letters.with_user(user or self.operations).action_issue()
        self.remind(local)
        return self.mails() - before

    def issued(self, local="2026-11-26 10:00", **values):
        letter = self.drafted(**values)
        self.issue(letter, local)
        return letter

    def days_off(self, *days, kind="off"):
        """Make local days of the company days off, or working days."""
        self.env["ops.calendar.day"].sudo().create([
            {"company_id": self.company.id, "date": day, "kind": kind, "name": "Test"} for day in days
        ])
        self.env.cr.flush()

    def owed(self, code, source):
        """Return the obligations of a standard that a letter started."""
        return self.engine.search(
            [("code", "=", code), ("source_model", "=", source._name), ("source_id", "in", source.ids)], order="id"
        )
