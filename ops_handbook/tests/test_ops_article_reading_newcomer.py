"""Newcomers: an activity of the onboarding plan asks them to read the handbook (H2)."""

from odoo import fields
from odoo.tests import Form, tagged

from .test_ops_article_reading import ReadingCase


@tagged("post_install", "-at_install")
class TestReadingNewcomer(ReadingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.personnel = cls._create_user("personnel", "hr.group_hr_user")
        cls.publish(cls.chapter, change_kind="minor")
        cls.publish(cls.process, change_kind="major")
        cls.publish(cls.other_chapter, change_kind="major")
        cls.beginner = cls._create_user("beginner")
        cls.staff = cls._employ(cls.beginner, cls.department)

    def start(self, employee=None):
        """Begin the onboarding as the personnel office does: with Odoo's own dialog."""
        plan = self.env.ref("ops_handbook.ops_handbook_activity_plan")
        wizard = Form(self.env["mail.activity.schedule"].with_user(self.personnel).with_context(
            active_model="hr.employee", active_ids=(employee or self.staff).ids, plan_mode=True,
        ))
        wizard.plan_id = plan
        wizard.save().action_schedule_plan()
        return self.activity()

    def activity(self):
        return self.env["mail.activity"].with_context(active_test=False).search([
            ("res_model", "=", "hr.employee"), ("res_id", "=", self.staff.id),
            ("activity_type_id", "=", self.env.ref("ops_handbook.ops_handbook_activity_type").id),
        ])

    def test_the_plan_asks_for_everything_in_scope(self):
        """Also what was only ever published as minor; nothing of other departments."""
        activity = self.start()
        self.assertEqual(activity.user_id, self.beginner)
        mine = self.readings(("reader_id", "=", self.beginner.id))
        self.assertEqual(mine.article_id, self.chapter | self.process)
        self.assertTrue(all(mine.mapped("is_onboarding")))
        self.assertEqual(mine.mapped("article_id.name"), ["Monthly plan", "Breakdown"])  # in the order of the book
        self.assertEqual(len(self.owed("H2", ("responsible_id", "=", self.beginner.id))), 2)
        self.assertEqual(activity.summary, "Read the handbook: 0 of 2")
        self.assertFalse(self.readings(("reader_id", "=", self.newcomer.id), ("article_id", "=", self.chapter.id)))

    def test_the_last_one_ends_the_activity(self):
        activity = self.start()
        self.confirm(self.chapter, self.beginner)
        self.assertEqual((activity.active, activity.summary), (True, "Read the handbook: 1 of 2"))
        self.assertEqual(
            self.Reading.with_user(self.beginner).get_progress(), {"done": 1, "total": 2, "late": 0, "onboarding": True}
        )
        self.confirm(self.process, self.beginner)
        self.assertFalse(activity.active)
        self.assertFalse(self.Reading.with_user(self.beginner).get_progress()["onboarding"])

    def test_what_is_withdrawn_ends_it_too(self):
        activity = self.start()
        self.confirm(self.process, self.beginner)
        self.chapter.with_user(self.operations).to_confirm = False
        self.job()
        self.assertFalse(activity.active)

    def test_whoever_leaves_has_not_read_it(self):
        """What is not asked any more since its reader has left was not done by anybody."""
        activity = self.start()
        self.beginner.active = False
        self.assertFalse(self.readings(("reader_id", "=", self.beginner.id), ("state", "=", "asked")))
        self.assertFalse(activity.exists().filtered("date_done"))

    def test_what_was_asked_before_belongs_to_it(self):
        """The hourly job was faster than the personnel office: it is one list all the same, and asked once."""
        self.job()
        self.assertEqual(self.readings(("reader_id", "=", self.beginner.id)).article_id, self.process)
        self.start()
        mine = self.readings(("reader_id", "=", self.beginner.id))
        self.assertEqual((mine.article_id, set(mine.mapped("is_onboarding"))), (self.chapter | self.process, {True}))
        self.start()
        self.assertEqual(self.readings(("reader_id", "=", self.beginner.id)), mine)

    def test_somebody_without_a_login_yet(self):
        """The activity waits for the login; the hourly job asks then."""
        self.staff.user_id = False
        self.staff.parent_id = self.employee_of(self.head)
        activity = self.start()
        self.assertEqual(activity.user_id, self.head)
        self.assertFalse(self.readings(("reader_id", "=", self.beginner.id)))
        self.staff.user_id = self.beginner
        self.job()
        self.assertEqual(self.readings(("reader_id", "=", self.beginner.id), ("is_onboarding", "=", True)).article_id,
                         self.chapter | self.process)

    def test_a_newer_version_belongs_to_it(self):
        """What is published meanwhile is asked of newcomers as such: it ends with that, neither before nor never."""
        activity = self.start()
        self.confirm(self.chapter, self.beginner)
        self.major(self.process)
        self.assertTrue(self.reading(self.process, self.beginner).is_onboarding)
        self.assertFalse(self.reading(self.process, self.newcomer).is_onboarding)
        self.assertEqual((activity.active, activity.summary), (True, "Read the handbook: 1 of 2"))
        self.confirm(self.process, self.beginner)
        self.assertFalse(activity.active)

    def test_a_newer_version_of_the_only_article(self):
        self.chapter.with_user(self.operations).to_confirm = False
        activity = self.start()
        self.major(self.process)
        self.assertEqual((activity.active, activity.summary), (True, "Read the handbook: 0 of 1"))
        self.confirm(self.process, self.beginner)
        self.assertFalse(activity.active)

    def test_the_only_article_is_withdrawn(self):
        self.chapter.with_user(self.operations).to_confirm = False
        activity = self.start()
        self.process.with_user(self.operations).to_confirm = False
        self.job()
        self.assertFalse(activity.active)

    def test_somebody_who_has_read_it_all(self):
        """Whoever confirmed everything before has nothing to do, whether they had a login then or not."""
        self.chapter.with_user(self.operations).to_confirm = False
        self.job()
        self.confirm(self.process, self.beginner)
        self.staff.user_id = False
        self.staff.parent_id = self.employee_of(self.head)
        activity = self.start()
        self.job()
        self.assertTrue(activity.active, "nobody knows yet who it is")
        self.staff.user_id = self.beginner
        self.job()
        self.assertFalse(activity.active)
        self.assertFalse((self.start() - activity).active)

    def test_what_was_asked_before_the_login_belongs_to_it(self):
        self.chapter.with_user(self.operations).to_confirm = False
        self.job()
        self.staff.user_id = False
        self.staff.parent_id = self.employee_of(self.head)
        activity = self.start()
        self.staff.user_id = self.beginner
        self.job()
        self.assertEqual((activity.active, activity.summary), (True, "Read the handbook: 0 of 1"))
        self.confirm(self.process, self.beginner)
        self.assertFalse(activity.active)

    def test_before_the_start_it_stays_open(self):
        (self.company | self.branch).ops_started = False
        activity = self.start()
        self.job()
        self.assertTrue(activity.active)

    def test_newcomers_are_told_by_their_activity(self):
        self.start()
        self.job()
        self.assertFalse([subject for subject in self.told(self.beginner) if subject.startswith("Please read")])

    def test_other_activities_ask_nothing(self):
        self.staff.activity_schedule("mail.mail_activity_data_todo", user_id=self.head.id, date_deadline=fields.Date.today())
        self.assertFalse(self.readings(("reader_id", "=", self.beginner.id), ("is_onboarding", "=", True)))

    def test_many_newcomers_at_once(self):
        """The number of statements of asking does not grow with the people."""
        users = self.env["res.users"]
        for number in range(8):
            users |= self._create_user(f"beginner{number}")
        people = self._employ(users, self.department)

        def ask(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._ops_ask_readings()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        ask(people[:1])
        few, many = ask(people[1:3]), ask(people[3:])
        self.assertLessEqual(many, few + 2)
        self.assertEqual(len(self.readings(("reader_id", "in", users.ids))), 16)
