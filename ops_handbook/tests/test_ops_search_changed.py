from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..models.handbook import ops_search_entry_changed, ops_search_entry_index
from .handbook import HandbookCase


@tagged("post_install", "-at_install")
class TestOpsSearchChanged(HandbookCase):
    """What the job of the search looks at every few minutes, and what once a night."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Entry = cls.env["ops.search.entry"]
        cls.problems = cls.env["ops.problem"].with_user(cls.employee)._report([
            {"name": f"Problem {number}", "description": "Nothing more", "proposed_severity": "2", "category": "resource",
             "company_id": cls.company.id} for number in range(5)
        ]).sudo()
        cls.env.flush_all()
        cls.long_ago("ops_problem")

    @classmethod
    def long_ago(cls, table):
        """Let what stands in a table have been written before what is "lately"."""
        cls.env.flush_all()
        cls.env.cr.execute(f"UPDATE {table} SET write_date = write_date - interval '10 days'")
        cls.env.invalidate_all()

    def job(self, whole=False, left=60):
        """Let the job run; it has ``left`` seconds after each batch. Return the records that it indexed."""
        self.env.flush_all()
        indexed, put = [], type(self.Entry)._put

        def watched(entry, rows):
            indexed.extend((row[0], row[1]) for row in rows)
            return put(entry, rows)

        with patch.object(type(self.Entry), "_put", watched), \
                patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda cron, done=0, **kwargs: left if done else 60):
            self.Entry._cron_index(whole)
        return {number for name, number in indexed if name == "ops.problem"}

    def test_everything_is_indexed_though_it_was_written_long_ago(self):
        self.assertLessEqual(set(self.problems.ids), self.job())
        self.assertFalse(self.job())

    def test_a_job_that_was_interrupted_goes_on(self):
        """The newest records come first; the job is behind until the oldest is indexed."""
        everything = set(self.env["ops.problem"].search([]).ids)
        with patch.object(type(self.Entry), "_searched", lambda entry: {"ops.problem": "form"}), \
                patch.object(ops_search_entry_index, "BATCH", 2), patch.object(ops_search_entry_index, "FOUND", 3), \
                patch.object(ops_search_entry_changed, "FOUND", 3):
            self.assertEqual(self.job(left=0), set(self.problems.ids[-2:]))
            self.assertEqual(self.job(), everything - set(self.problems.ids[-2:]))
        self.assertFalse(self.job())

    def test_other_words_are_indexed_at_once(self):
        """Another definition of what is searched makes all entries old, whenever their records were written."""
        self.job()
        with patch.object(type(self.Entry), "_signature", lambda entry, model: "other"):
            self.assertLessEqual(set(self.problems.ids), self.job())

    def test_every_few_minutes_only_what_was_written_lately(self):
        self.job()
        self.env.cr.execute("UPDATE ops_search_entry SET stamp = stamp || 'x' WHERE res_id = ANY(%s)", [self.problems.ids[1:]])
        self.problems[2].name = "Written now"
        self.assertEqual(self.job(), {self.problems[2].id})
        self.assertEqual(self.job(whole=True) & set(self.problems.ids), set(self.problems[1:].ids) - {self.problems[2].id})
        self.assertFalse(self.job(whole=True))

    def test_a_line_that_was_written_lately(self):
        meeting = self.env["ops.meeting"].create({
            "name": "Weekly", "type_id": self.env["ops.meeting.type"].search([], limit=1).id, "company_id": self.company.id,
            "recorder_id": self.employee.id, "date_start": "2027-02-01 01:00:00", "date_stop": "2027-02-01 02:00:00",
        })
        for table in ("ops_meeting", "ops_meeting_agenda"):
            self.long_ago(table)
        self.job()
        self.env["ops.meeting.agenda"].create({"meeting_id": meeting.id, "name": "Zeppelins"})
        self.long_ago("ops_meeting")  # only the line tells
        self.assertIn(meeting.id, self.Entry._changed("ops.meeting", self.env.cr.now() - timedelta(days=2)))

    def test_what_is_gone_is_forgotten_at_night(self):
        self.job()
        self.env.cr.execute("DELETE FROM ops_problem WHERE id = %s", [self.problems[0].id])
        self.env.invalidate_all()
        domain = [("res_model", "=", "ops.problem"), ("res_id", "=", self.problems[0].id)]
        self.job(whole=True)
        self.assertFalse(self.Entry.search(domain))

    def test_one_that_cannot_be_read_does_not_make_the_others_slow(self):
        """Whoever cannot be read is found one by one; then whole batches go on."""
        index, sizes = type(self.Entry)._index_batch, []

        def broken(entry, name, ids):
            if name == "ops.problem":
                sizes.append(len(ids))
                if self.problems[4].id in ids:
                    raise ValueError("cannot be read")
            return index(entry, name, ids)

        with patch.object(type(self.Entry), "_index_batch", broken), patch.object(self.env.cr, "rollback", lambda: None), \
                self.assertLogs(level="ERROR"):
            self.job()
        self.assertEqual(sizes[1], 1)
        self.assertEqual(len(sizes), 3)

    def test_stamps_do_not_depend_on_what_is_looked_at(self):
        """Few records or all: the same stamp for each, in every model that is searched."""
        self.job()
        for name in self.Entry._searched():
            if hasattr(self.env[name], "_search_changed"):
                continue
            ids = self.env[name].sudo().with_context(active_test=False).search([]).ids
            stamps = self.Entry._stamps(name, ids)
            for number in ids[:3]:
                self.assertEqual(self.Entry._stamps(name, [number]), {number: stamps[number]}, name)
            self.assertFalse(self.Entry._changed(name), name)
            self.assertFalse(self.Entry._changed(name, fields.Datetime.to_datetime("1970-01-01")), name)
