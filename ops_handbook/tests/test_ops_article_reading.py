"""Reading (H2): who is asked to confirm what, and what becomes of it."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from ..models.deadline.ops_obligation_notice import Notice
from ..tools.moments import local_date
from .handbook import HandbookCase


class ReadingCase(HandbookCase):
    """Readings of the test handbook."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ops.handbook"].search([("id", "!=", cls.handbook.id)]).active = False
        cls.Reading = cls.env["ops.article.reading"]
        cls.everybody = cls.env["res.users"].search([
            ("share", "=", False), ("company_ids", "in", (cls.company | cls.branch).ids),
        ])

    def readings(self, *leaves, state="asked"):
        return self.Reading.search([("handbook_id", "=", self.handbook.id), ("state", "=", state), *leaves])

    def reading(self, article, user, state="asked"):
        return self.readings(("article_id", "=", article.id), ("reader_id", "=", user.id), state=state)

    def major(self, article, **values):
        return self.publish(article, change_kind="major", **values)

    def confirm(self, article, user):
        self.reading(article, user).with_user(user).action_confirm()

    def job(self):
        with self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_article_reading_cron").method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestReadingAsked(ReadingCase):
    def test_major_asks_everybody_in_scope(self):
        """H2: everybody of the company and its branches, nobody else."""
        self.major(self.chapter)
        self.assertEqual(self.readings().reader_id, self.everybody)
        self.assertNotIn(self.portal, self.readings().reader_id)
        owed = self.owed("H2")
        self.assertEqual(owed.responsible_id, self.everybody)
        self.assertEqual(len(owed), len(self.everybody))
        mine = owed.filtered(lambda item: item.responsible_id == self.employee)
        self.assertEqual(mine.department_id, self.department)
        self.assertEqual(mine.display_name, "Read and confirm the article: Monthly plan")
        # 10 working days from Wednesday 20 January
        self.assertEqual(local_date(mine.date_due, "Asia/Shanghai"), date(2027, 2, 3))

    def test_outside_the_scope_nobody_is_asked(self):
        self.major(self.other_chapter)
        self.assertEqual(self.readings().reader_id, self.other_head | self.liaison)

    def test_roles_narrow_the_scope(self):
        """Whoever holds a role, also by one that includes it."""
        self.chapter.sudo().group_ids = self.env.ref("ops_handbook.group_head")
        self.major(self.chapter)
        self.assertEqual(self.readings().reader_id, self.chapter._users_in_scope()[self.chapter.id])
        self.assertIn(self.head, self.readings().reader_id)
        self.assertNotIn(self.employee, self.readings().reader_id)

    def test_both_directions_say_the_same(self):
        """The statement that finds who is asked, and the scope of the articles, agree."""
        self.step.sudo().department_ids = self.department
        self.process.sudo().group_ids = self.env.ref("ops_handbook.group_operations")
        for article in (self.chapter, self.process, self.step, self.other_chapter):
            self.major(article)
            self.assertEqual(
                self.readings(("article_id", "=", article.id)).reader_id, article._users_in_scope()[article.id], article.name
            )

    def test_minor_asks_nobody(self):
        self.publish(self.chapter, change_kind="minor")
        self.assertFalse(self.readings())
        self.assertFalse(self.mails())

    def test_what_needs_no_confirmation_asks_nobody(self):
        self.chapter.with_user(self.operations).to_confirm = False
        self.major(self.chapter)
        self.assertFalse(self.readings())

    def test_people_read_in_their_language_else_in_the_main_one(self):
        """Whose language has no text is asked to read the main language's; once it has, they keep what they read."""
        self.newcomer.lang = self.employee.lang = "zh_CN"
        english = self.major(self.chapter)
        self.assertEqual(self.reading(self.chapter, self.newcomer).version_id, english)
        self.confirm(self.chapter, self.employee)
        chinese = self.publish(self.chapter, lang="zh_CN", name="月度计划", change_kind="minor")  # a translation: nobody confirms again
        self.job()
        self.assertEqual(self.reading(self.chapter, self.newcomer).version_id, english)
        self.assertFalse(self.reading(self.chapter, self.employee))
        second = self.major(self.chapter, lang="zh_CN", name="月度计划二")
        self.assertEqual(self.readings(("version_id", "=", second.id)).reader_id, self.newcomer | self.employee)
        self.assertFalse(self.readings(("version_id", "=", chinese.id)))
        self.assertFalse(self.readings(("reader_id", "=", self.newcomer.id), ("version_id", "=", english.id)))
        self.assertEqual(self.reading(self.chapter, self.head).version_id, english)

    def test_a_translation_that_is_behind_asks_nobody(self):
        """A change of the English text is not read in the Chinese one of before; it is asked for with the next Chinese one."""
        self.newcomer.lang = "zh_CN"
        for lang in ("en_US", "zh_CN"):
            self.publish(self.chapter, lang=lang, change_kind="minor")
        with self.at("2027-01-21 10:00"):
            self.major(self.chapter)
            self.job()
            self.assertNotIn(self.newcomer, self.readings().reader_id)
        with self.at("2027-01-22 10:00"):
            chinese = self.publish(self.chapter, lang="zh_CN", change_kind="minor")
            self.job()
        self.assertEqual(self.reading(self.chapter, self.newcomer).version_id, chinese)

    def test_nobody_is_asked_before_the_start(self):
        """Installing starts nothing unasked; what was published before is asked for when the engine has been started."""
        (self.company | self.branch).ops_started = False
        self.major(self.chapter)
        self.job()
        self.assertFalse(self.readings())
        self.company.ops_started = True
        self.job()
        self.assertIn(self.employee, self.readings().reader_id)
        self.assertNotIn(self.branch_employee, self.readings().reader_id)

    def test_asking_twice_changes_nothing(self):
        self.major(self.chapter)
        before = self.readings(), self.owed("H2"), len(self.mails())
        self.job()
        self.job()
        self.assertEqual((self.readings(), self.owed("H2"), len(self.mails())), before)


@tagged("post_install", "-at_install")
class TestReadingConfirmed(ReadingCase):
    def test_confirming_fulfils_h2(self):
        version = self.major(self.chapter)
        reading = self.reading(self.chapter, self.employee)
        self.assertTrue(reading.with_user(self.employee).can_confirm)
        with self.at("2027-01-22 09:00"):
            reading.with_user(self.employee).action_confirm()
            self.assertEqual((reading.state, reading.confirmed_on), ("confirmed", self.utc("2027-01-22 09:00")))
        self.assertEqual(reading.confirmed_version_id, version)
        owed = self.owed("H2", ("source_id", "=", reading.id))
        self.assertEqual((owed.state, owed.result, owed.done_by_id), ("done", "met", self.employee))
        reading.with_user(self.employee).action_confirm()  # pressed twice
        self.assertEqual(reading.confirmed_on, self.utc("2027-01-22 09:00"))

    def test_reading_is_personal(self):
        """Neither head nor substitute nor administrator confirms in somebody's stead."""
        self.env["ops.substitution"].create({
            "user_id": self.employee.id, "substitute_id": self.newcomer.id, "date_from": "2027-01-18", "date_to": "2027-01-29",
        })
        self.env["res.users"]._ops_refresh_rights()
        self.major(self.chapter)
        reading = self.reading(self.chapter, self.employee)
        for user in (self.head, self.admin_ops, self.newcomer, self.operations, self.other_head):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                reading.with_user(user).action_confirm()
        with self.assertRaises(MissingError):
            self.Reading.with_user(self.employee).browse(2**30).action_confirm()
        self.assertEqual(reading.state, "asked")
        # nor is it the substitute's work
        rows = self.env["ops.my.work"].with_user(self.newcomer).get_data()["lists"]
        names = [row for rows in rows.values() for row in rows if row["behalf"]]
        self.assertFalse(names)
        owed = self.owed("H2", ("source_id", "=", reading.id))
        self.assertEqual(owed.answering_ids, self.employee)
        self.assertEqual(self.Obligation._receivers([(owed, "responsible")]), [{self.employee.id: None}])
        waiting = Notice(1, self.employee.id, None, False, False, 1, owed.id, None, "digest", 0, True, True, self.company.id, "H2")
        self.assertEqual(self.Obligation._pass_on([waiting]), [waiting])

    def test_nobody_writes_confirmations_by_hand(self):
        self.major(self.chapter)
        reading = self.reading(self.chapter, self.employee)
        for user in (self.employee, self.head, self.operations, self.gm_office, self.gm, self.admin_ops):
            for values in ({"state": "confirmed"}, {"confirmed_on": "2027-01-01 00:00:00"}, {"reader_id": user.id}):
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    reading.with_user(user).write(values)
            with self.assertRaises(AccessError):
                reading.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.Reading.with_user(user).create({"version_id": reading.version_id.id, "reader_id": user.id})
        with self.assertRaises(AccessError):  # nor does other code, as superuser, by accident or by a forged context
            reading.sudo().with_context(ops_token=True).write({"state": "confirmed"})
        with self.assertRaises(UserError):
            reading.sudo().unlink()

    def test_my_work_opens_the_article(self):
        """H2 in My work is a verb and a subject, and opens the reader's view."""
        self.major(self.chapter)
        owed = self.owed("H2", ("responsible_id", "=", self.employee.id)).with_user(self.employee)
        rows = self.env["ops.my.work"].with_user(self.employee).get_data()["lists"]["upcoming"]
        self.assertIn("Read and confirm the article: Monthly plan", [row["name"] for row in rows])
        action = owed.action_open_form()
        self.assertEqual((action["tag"], action["params"]["article_id"]), ("ops_handbook.reader", self.chapter.id))

    def test_reminders_come_as_digest(self):
        """No mail per record: two articles, one digest three working days before."""
        self.major(self.chapter)
        self.major(self.process)
        self.env["mail.mail"].sudo().search([]).unlink()
        with self.at("2027-01-29 10:00"), self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_reminder_cron").method_direct_trigger()
        self.assertEqual(len(self.told(self.employee)), 1)

    def test_due_and_overdue(self):
        self.major(self.chapter)
        reading = self.reading(self.chapter, self.employee).with_user(self.employee)
        self.assertEqual(reading.date_due, self.owed("H2", ("source_id", "=", reading.id)).date_due)
        late = [("is_late", "=", True), ("article_id", "=", self.chapter.id)]
        self.assertFalse(reading.is_late or reading.search(late))
        with self.at("2027-03-01 10:00"):
            self.env.invalidate_all()
            self.assertTrue(reading.is_late)
            self.assertEqual(reading.search(late), reading)
            self.assertFalse(reading.search([("is_late", "=", False), ("article_id", "=", self.chapter.id)]))


@tagged("post_install", "-at_install")
class TestReadingObsolete(ReadingCase):
    def test_newer_major_takes_the_place(self):
        first = self.major(self.chapter)
        self.confirm(self.chapter, self.head)
        second = self.major(self.chapter)
        self.assertEqual(self.readings().version_id, second)
        self.assertEqual(self.readings().reader_id, self.everybody)
        old = self.Reading.search([("version_id", "=", first.id)])
        self.assertEqual(old.filtered(lambda item: item.state == "confirmed").reader_id, self.head)  # kept for ever
        cancelled = self.owed("H2", ("state", "=", "cancelled"))
        self.assertEqual(cancelled.responsible_id, self.everybody - self.head)
        with self.refused(UserError, "no longer to be confirmed"):
            old.filtered(lambda item: item.reader_id == self.employee).with_user(self.employee).action_confirm()

    def test_minor_leaves_what_was_asked(self):
        """What was asked of the version before counts on, and the confirmation names the text that was read."""
        first = self.major(self.chapter)
        self.confirm(self.chapter, self.head)
        second = self.publish(self.chapter, change_kind="minor")
        self.job()
        self.assertEqual(self.readings().version_id, first)
        self.assertFalse(self.reading(self.chapter, self.head))
        reading = self.reading(self.chapter, self.employee)
        reading.with_user(self.employee).action_confirm()
        self.assertEqual((reading.state, reading.confirmed_version_id), ("confirmed", second))

    def test_leaving_the_scope(self):
        """Another department: what is not theirs is asked no more, what is now theirs is asked (hourly)."""
        self.major(self.other_chapter)
        self.major(self.chapter)
        self.chapter.sudo().department_ids = self.department
        self.employee_of(self.liaison).department_id = self.department
        self.job()
        self.assertEqual(self.reading(self.other_chapter, self.liaison, "obsolete").reader_id, self.liaison)
        self.assertEqual(self.reading(self.chapter, self.liaison).department_id, self.department)
        self.assertTrue(self.reading(self.chapter, self.other_head, "obsolete"))
        owed = self.owed("H2", ("responsible_id", "=", self.liaison.id))
        self.assertEqual(sorted(owed.mapped("state")), ["cancelled", "open"])
        self.assertEqual(owed.filtered(lambda item: item.state == "open").department_id, self.department)
        # and back again: asked anew, with a clock of its own
        self.employee_of(self.liaison).department_id = self.other_department
        self.job()
        again = self.reading(self.other_chapter, self.liaison)
        self.assertEqual(len(again), 1)
        self.assertEqual(self.owed("H2", ("source_id", "=", again.id), ("state", "=", "open")).round, 2)

    def test_coming_into_scope_of_what_was_confirmed_before(self):
        """Whoever confirmed the version once is not asked again when they come back."""
        self.major(self.other_chapter)
        self.confirm(self.other_chapter, self.liaison)
        self.employee_of(self.liaison).department_id = self.department
        self.job()
        self.employee_of(self.liaison).department_id = self.other_department
        self.job()
        self.assertFalse(self.reading(self.other_chapter, self.liaison))

    def test_whoever_leaves(self):
        """An archived user is asked no more at once, and nobody inherits it."""
        self.major(self.chapter)
        self.newcomer.active = False
        self.assertFalse(self.reading(self.chapter, self.newcomer))
        owed = self.owed("H2", ("source_id", "in", self.Reading.search([("reader_id", "=", self.newcomer.id)]).ids))
        self.assertEqual((owed.state, owed.responsible_id), ("cancelled", self.newcomer))

    def test_article_withdrawn(self):
        self.major(self.chapter)
        self.chapter.with_user(self.operations).to_confirm = False
        self.job()
        self.assertFalse(self.readings())
        self.assertEqual(set(self.owed("H2").mapped("state")), {"cancelled"})

    def test_head_follows_the_reader(self):
        """Confirmations are seen by the head of the department in which somebody works now."""
        self.major(self.chapter)
        self.confirm(self.chapter, self.employee)
        self.employee_of(self.employee).department_id = self.other_department
        self.job()
        reading = self.reading(self.chapter, self.employee, "confirmed")
        self.assertTrue(reading.with_user(self.other_head).has_access("read"))
        self.assertFalse(reading.with_user(self.head).has_access("read"))


@tagged("post_install", "-at_install")
class TestReadingRights(ReadingCase):
    def test_who_sees_whose(self):
        """The person, the heads of their department and administrators: no other office, by no door."""
        self.major(self.chapter)
        self.confirm(self.chapter, self.employee)
        reading = self.reading(self.chapter, self.employee, "confirmed")
        for user in (self.employee, self.head, self.admin_ops):
            self.assertTrue(reading.with_user(user).has_access("read"), user.name)
        for user in (self.newcomer, self.other_head, self.operations, self.gm_office, self.gm, self.branch_head):
            with self.subTest(user=user.name):
                theirs, domain = reading.with_user(user), [("id", "=", reading.id)]
                self.assertFalse(theirs.has_access("read") or theirs.search_count(domain))
                self.assertFalse(theirs.formatted_read_group(domain, ["reader_id", "state"], ["__count"]))
                self.assertNotIn(self.employee, theirs.search([("article_id", "=", self.chapter.id)]).reader_id)
                with self.assertRaises(UserError):
                    theirs.export_data(["reader_id/name", "state"])
                # the clock behind it tells as little
                owed = self.owed("H2", ("source_id", "=", reading.id)).with_user(user)
                self.assertFalse(owed.has_access("read") or owed.search_count([("id", "=", owed.id)]))
        self.assertTrue(self.owed("H2", ("source_id", "=", reading.id)).with_user(self.admin_ops).has_access("read"))

    def test_reminders_to_read_tell_no_more_than_the_readings(self):
        """H2: the log of reminders and whom they went to is hidden from everybody from whom the clock is."""
        self.major(self.chapter)
        owed = self.owed("H2", ("source_id", "=", self.reading(self.chapter, self.employee).id))
        reminder = self.env["ops.obligation.reminder"].sudo().create({
            "obligation_id": owed.id, "moment": "2027-01-25 01:00:00", "channel": "digest", "state": "sent",
            "receiver_ids": [Command.create({"user_id": self.employee.id, "date_send": "2027-01-25 01:00:00"})],
        })
        for user in (self.employee, self.head, self.admin_ops):
            for log in (reminder, reminder.receiver_ids):
                self.assertTrue(log.with_user(user).has_access("read"), user.name)
        for user in (self.newcomer, self.other_head, self.operations, self.gm_office, self.gm):
            for log in (reminder, reminder.receiver_ids):
                with self.subTest(user=user.name, model=log._name):
                    theirs = log.with_user(user)
                    self.assertFalse(theirs.has_access("read") or theirs.search_count([("id", "=", log.id)]))

    def test_figures_of_an_article_are_for_heads_and_administrators(self):
        """Of the people whose readings each of them sees; whoever sees nobody's has no figure, not even of their own."""
        self.major(self.chapter)
        self.confirm(self.chapter, self.employee)
        for user in (self.head, self.other_head, self.operations, self.gm_office, self.employee, self.colleague, self.admin_ops):
            led = user.ops_department_ids
            theirs = self.everybody if user == self.admin_ops else self.everybody.filtered(
                lambda person, led=led: person.ops_home_department_ids & led
            )
            figures = (len(theirs & self.employee), len(theirs))
            article = self.chapter.with_user(user)
            self.assertEqual((article.confirmed_count, article.asked_count), figures, user.name)
            listed = self.Reading.with_user(user).search(article.action_open_confirmations()["domain"])
            self.assertEqual((len(listed.filtered("confirmed_on")), listed.reader_id), (figures[0], theirs), user.name)
        self.assertTrue(self.chapter.with_user(self.head).asked_count)
        self.assertFalse(self.chapter.with_user(self.colleague).asked_count)

    def test_figures_of_an_article_are_those_of_its_current_text(self):
        """A minor version leaves what was confirmed; a major one begins again, each person counted once."""
        def figures():
            self.env.invalidate_all()
            article = self.chapter.with_user(self.admin_ops)
            return article.confirmed_count, article.asked_count

        everybody = len(self.everybody)
        self.assertEqual(figures(), (0, 0))
        self.major(self.chapter)
        self.confirm(self.chapter, self.employee)
        self.publish(self.chapter, change_kind="minor")
        self.assertEqual(figures(), (1, everybody))
        with self.at("2027-01-21 10:00"):
            self.major(self.chapter)
            self.assertEqual(figures(), (0, everybody))
            self.confirm(self.chapter, self.employee)
        with self.at("2027-01-22 10:00"):
            self.employee.lang = "zh_CN"
            self.major(self.chapter, lang="zh_CN", name="月度计划")
            self.assertEqual(figures(), (0, everybody), "asked again in their language, and counted once")

    def test_figures_of_many_articles_cost_the_same(self):
        for article in (self.chapter, self.process, self.step):
            self.major(article)
        everything = (self.chapter | self.process | self.step).with_user(self.head)
        everything.mapped("asked_count")  # what every request of theirs has read: their groups and rules
        for articles in (everything[0], everything):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(2):
                self.assertTrue(all(articles.mapped("asked_count")))

    def test_progress_is_ones_own(self):
        self.major(self.chapter)
        self.major(self.process)
        self.confirm(self.chapter, self.employee)
        self.assertEqual(
            self.Reading.with_user(self.employee).get_progress(), {"done": 1, "total": 2, "late": 0, "onboarding": False}
        )
