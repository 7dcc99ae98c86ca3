"""A rule that the handbook states is changed by a revision of its article, with its approver, and by no other door."""

import runpy
from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .test_ops_standard_live import BLOCK, DUE, LiveCase


@tagged("post_install", "-at_install")
class TestArticleRule(LiveCase):
    """T1 is stated by ``process``, whose first version is published."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.publish(cls.process, BLOCK % "T1")

    def revision(self, standard=None, user=None, **values):
        """Return a line of a new draft of the article, with the fields of ``values`` changed."""
        version = self.draft(self.process, BLOCK % "T1", user=user)
        return self.line(version, standard, user, **values)

    def line(self, version, standard=None, user=None, **values):
        return self.env["ops.article.rule"].with_user(user or self.operations).create({
            "version_id": version.id, "standard_id": (standard or self.standard).id, **values,
        })

    def approve(self, line, approver=None):
        line.version_id.action_submit()
        line.version_id.with_user(approver or self.gm_office).action_publish()

    # -- a line --------------------------------------------------------------------------------------------------------

    def test_begins_as_the_rule_is(self):
        line = self.revision()
        self.assertEqual((line.due_day, line.role, line.day_off_rule, line.max_shift), (23, "head", "earlier", 3))
        self.assertFalse(line.values)
        line.due_day = 20
        self.assertEqual(line.values, {"due_day": 20})

    def test_what_a_program_sends_is_filled_from_the_rule(self):
        line = self.revision(due_day=20, role="operations")
        self.assertEqual(line.values, {"due_day": 20, "role": "operations"})
        self.assertEqual(line.max_shift, 3)

    def test_before_and_after_in_words_of_the_reader(self):
        line = self.revision(due_day=20, role="operations")
        self.assertEqual(line.before_text, "every month by day 23, earlier if that is a day off; Role: Department Head")
        self.assertEqual(line.after_text, "every month by day 20, earlier if that is a day off; Role: Operations")
        self.assertIn("20", line.with_context(lang="zh_CN").after_text)
        self.assertIn("23", line.with_context(lang="zh_CN").before_text)

    def test_what_differs_is_not_said_by_clients(self):
        line = self.revision(due_day=20, values={"code": "X"}, base_values={"due_day": 1}, before_values={"due_day": 2})
        line.write({"values": {"code": "X"}, "base_values": {}})
        self.assertEqual((line.values, line.base_values["due_day"], line.before_values), ({"due_day": 20}, 23, False))

    def test_impossible_values_are_refused(self):
        line = self.revision()
        for name, value, text in (("due_day", 32, "0 to 31"), ("due_hour", 25, "0 to 24"), ("gap", -1, "0 to"),
                                  ("day_off_rule", False, "choose one")):
            with self.subTest(name=name), self.refused(ValidationError, text):
                line[name] = value
                self.env.flush_all()
        self.standard.variant_ids = [Command.create({"key": "a", "name": "A", "role": "head"})]
        variant = self.line(line.version_id, variant_id=self.standard.variant_ids.id, role=False)
        self.assertEqual(variant.values, {"role": False}, "a variant may leave the role to its standard")
        with self.refused(ValidationError, "Unit: choose one"):
            variant.offset_unit = False

    def test_a_line_stays_with_its_rule(self):
        line = self.revision()
        with self.refused(ValidationError, "stays with its rule"):
            line.standard_id = self.new_standard("T5")

    def test_each_rule_once(self):
        line = self.revision(due_day=20)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.line(line.version_id, due_day=19)
            self.env.flush_all()

    def test_only_rules_that_the_article_states(self):
        other = self.new_standard("T6")
        self.publish(self.step, BLOCK % "T6")
        with self.refused(ValidationError, "stated by the article “1.1.1 Hand in”"):
            self.revision(other, due_day=20)

    def test_a_companys_handbook_leaves_the_rules_of_others_alone(self):
        common = self.new_standard("T7", company_id=False)
        other = self._create_company("Third Test Company", "Europe/Paris", "base.fr")
        line = self.revision(common, due_day=20)
        line.unlink()
        other.ops_started = True
        with self.refused(ValidationError, "other companies"):
            self.revision(common, due_day=20)
        with self.refused(ValidationError, "that you may read"):
            self.revision(self.new_standard("T8", company_id=other.id), due_day=20)

    def test_days_that_have_passed_are_refused(self):
        with self.refused(ValidationError, "the day has passed"):
            self.revision(due_day=20, date_effective="2027-01-19")

    def test_whoever_writes_a_rule_does_not_publish_it(self):
        line = self.revision(due_day=20)
        line.with_user(self.gm_office).due_day = 19
        line.version_id.action_submit()
        with self.refused(AccessError, "never by whoever"):
            line.version_id.with_user(self.gm_office).action_publish()
        line.version_id.with_user(self.gm).action_publish()
        self.assertEqual(self.standard.due_day, 19)

    def test_lines_of_what_was_handed_in_are_locked(self):
        line = self.revision(due_day=20)
        line.version_id.action_submit()
        with self.assertRaises(AccessError):
            line.due_day = 19
        with self.assertRaises(AccessError):
            self.line(line.version_id, self.new_standard("T9"))
        with self.assertRaises(AccessError):
            line.with_user(self.gm_office).unlink()
        line.version_id.with_user(self.gm_office).action_publish()
        for user in (self.operations, self.gm_office, self.gm, self.admin_ops):
            with self.assertRaises(AccessError):
                line.with_user(user).write({"due_day": 19})

    def test_a_line_that_changes_nothing_is_not_handed_in(self):
        line = self.revision()
        with self.refused(UserError, "nothing differs in T1"):
            line.version_id.action_submit()

    # -- publishing ----------------------------------------------------------------------------------------------------

    def test_published_today(self):
        """The rule, its revision and the text change with the version; the revision says who wrote and who approved it."""
        line = self.revision(due_day=20, max_shift=1)
        self.assertEqual(self.standard.due_day, 23, "nothing before publication")
        self.approve(line)
        revision = self.standard.revision_id
        self.assertEqual((self.standard.due_day, self.standard.max_shift), (20, 1))
        self.assertEqual((sorted(revision.changed), revision.rule["due_day"]), (["due_day", "max_shift"], 20))
        self.assertEqual(revision.version_id, line.version_id)
        self.assertEqual((revision.author_id, revision.approved_by_id), (self.operations, self.gm_office))
        self.assertEqual((line.revision_id, line.date_effective), (revision, date(2027, 1, 20)))
        self.assertIn("day 20", self.as_read(line.version_id))
        self.standard.due_day = 5  # later, by our own code
        self.assertIn("day 23", line.before_text, "what it was then stays")
        self.assertIn("day 20", line.after_text)

    def test_published_for_later(self):
        line = self.revision(due_day=20, date_effective="2027-03-01")
        self.approve(line)
        planned = self.standard._planned_revisions()[0]
        self.assertEqual((self.standard.due_day, planned.rule["due_day"], planned.changed), (23, 20, ["due_day"]))
        self.assertEqual((planned.version_id, planned.author_id, planned.approved_by_id),
                         (line.version_id, self.operations, self.gm_office))
        self.standard.max_shift = 2  # what is planned is planned anew on what changes meanwhile
        again = self.standard._planned_revisions()[0]
        self.assertEqual((again.version_id, again.author_id), (line.version_id, self.operations))
        with self.at("2027-03-01 10:00"):
            self.Standard._apply_planned_changes()
        self.assertEqual((self.standard.due_day, self.standard.max_shift), (20, 2))
        self.assertEqual(self.standard.revision_id.version_id, line.version_id)

    def test_a_day_that_passes_in_review_is_the_day_of_publication(self):
        line = self.revision(due_day=20, date_effective="2027-01-22")
        line.version_id.action_submit()
        with self.at("2027-01-25 10:00"):
            line.version_id.with_user(self.gm_office).action_publish()
        self.assertEqual((self.standard.due_day, line.date_effective), (20, date(2027, 1, 25)))

    def test_what_another_revision_changed_meanwhile_stays(self):
        line = self.revision(due_day=20)
        self.standard.max_shift = 1
        self.approve(line)
        self.assertEqual((self.standard.due_day, self.standard.max_shift), (20, 1))

    def test_a_variant_is_part_of_the_rule(self):
        """As the levels of I2: a variant has its line, in force from publication."""
        self.standard.write({"trigger": "event", "event": "submission", "offset_value": 3, "variant_ids": [
            Command.create({"key": "level1", "name": "Level 1", "offset_value": 24, "offset_unit": "hours"})]})
        variant = self.standard.variant_ids
        with self.refused(ValidationError, "a variant is changed on the day of publication"):
            self.revision(variant_id=variant.id, offset_value=12, date_effective="2027-03-01")
        line = self.revision(variant_id=variant.id, offset_value=12)
        self.assertEqual(line.values, {"offset_value": 12})
        self.assertIn("Level 1: within 12 hours", line.after_text)
        self.approve(line)
        self.assertEqual((variant.offset_value, variant.role), (12, False))
        self.assertEqual(self.standard.revision_id._values("level1")["offset_value"], 12)
        self.assertEqual(self.standard.revision_id.version_id, line.version_id)
        with self.refused(ValidationError, "choose one of"):
            self.line(self.draft(self.process, BLOCK % "T1"), variant_id=self.env.ref("ops_handbook.ops_standard_i2").variant_ids[:1].id)

    def test_a_stale_revision_changes_no_rule(self):
        line = self.revision(due_day=20)
        line.version_id.action_submit()
        line.version_id.with_user(self.gm_office).action_return("Not now")
        self.assertEqual(self.standard.due_day, 23)
        line.version_id.action_cancel("Never")
        self.assertEqual(self.standard.due_day, 23)

    # -- the guard -----------------------------------------------------------------------------------------------------

    def test_a_stated_rule_is_written_by_a_revision_only(self):
        """The error names the article and the way; words, reminders and what does not differ are the administrator's."""
        standard = self.standard.with_user(self.admin_ops)
        self.assertTrue(standard.is_stated)
        for vals in (
            {"due_day": 20}, {"role": "operations"}, {"trigger": "yearly"}, {"department_ids": [Command.link(self.department.id)]},
            {"active": False}, {"code": "T1B"}, {"company_id": False}, {"variant_ids": [Command.create({"key": "x", "name": "X"})]},
            {"due_day": "20"}, {"keeps_rows": False},
        ):
            with self.subTest(vals=vals), self.refused(UserError, "stated by the article “1.1 Breakdown”"):
                standard.write(vals)
        with self.refused(UserError, "Standards to Change"):
            standard.with_context(ops_token=True, ops_version_token=self.first.id, su=True).due_day = 20
        with self.refused(UserError, "Breakdown”"):
            standard._schedule_change({"due_day": 20}, date(2027, 3, 1))
        with self.refused(UserError, "Breakdown”"):
            standard.action_plan_change()
        with self.refused(UserError, "Breakdown”"):
            standard.action_withdraw_planned()
        with self.refused(UserError, "Breakdown”"):
            standard.unlink()
        standard.write({"name": "Count of the stock", "due_day": 23, "step_ids": [
            Command.create({"anchor": "before_due", "value": 2})]})
        self.assertEqual(self.standard.step_ids.value, 2)

    def test_variants_are_guarded_too(self):
        self.standard.variant_ids = [Command.create({"key": "a", "name": "A", "offset_value": 1})]
        variant = self.standard.variant_ids.with_user(self.admin_ops)
        with self.refused(UserError, "Breakdown”"):
            variant.offset_value = 2
        with self.refused(UserError, "Breakdown”"):
            variant.unlink()
        with self.refused(UserError, "Breakdown”"):
            variant.create({"standard_id": self.standard.id, "key": "b", "name": "B"})
        free = self.new_standard("T10")
        moved = self.env["ops.standard.variant"].with_user(self.admin_ops).create({"standard_id": free.id, "key": "b", "name": "B"})
        with self.refused(UserError, "Breakdown”"):
            moved.standard_id = self.standard
        variant.name = "Another label"

    def test_no_other_rule_takes_its_place(self):
        """A company's own rule begins as the common one; then it is changed by a revision as well."""
        common = self.new_standard("T11", company_id=False)
        self.publish(self.step, BLOCK % "T11")
        values = {"code": "T11", "name": "Own", "verb": "Do it", "trigger": "monthly", "due_day": 23, "scope": "department",
                  "company_id": self.company.id}
        admin = self.Standard.with_user(self.admin_ops)
        for other in ({"due_day": 1}, {"keeps_rows": False}):
            with self.subTest(other=other), self.refused(UserError, "begins as the common one"):
                admin.create({**values, **other})
        spare = admin.create({**values, "code": "T12", "due_day": 1})
        with self.refused(UserError, "begins as the common one"):
            spare.code = "T11"
        own = admin.create(values)
        self.assertEqual(own.article_id, self.step)
        with self.refused(UserError, "Hand in”"):
            own.due_day = 1
        self.assertEqual(self.Standard._get("T11", self.company), own.sudo())
        self.assertEqual(common.copy({"company_id": self.branch.id, "code": "T13"}).article_id, self.Standard.article_id)

    def test_no_other_rule_takes_its_place_later(self):
        """What is planned counts: nothing comes into force that the article does not say, by no chain of steps."""
        self.new_standard("T11", company_id=False)
        self.publish(self.step, BLOCK % "T11")
        spare = self.Standard.with_user(self.admin_ops).create({
            "code": "T12", "name": "Own", "verb": "Do it", "trigger": "monthly", "due_day": 23, "scope": "department",
            "company_id": self.company.id,
        })
        spare._schedule_change({"due_day": 1}, date(2027, 2, 1))
        with self.refused(UserError, "begins as the common one"), self.cr.savepoint():
            spare.code = "T11"
        with self.refused(UserError, "begins as the common one"), self.cr.savepoint():
            spare.copy({"code": "T11", "company_id": self.branch.id})
        with self.at("2027-02-01 10:00"), self.refused(UserError, "begins as the common one"), self.cr.savepoint():
            spare.code = "T11"  # in force from today, though no job has come by yet
        spare.action_withdraw_planned()
        spare.code = "T11"
        self.assertEqual(spare.article_id, self.step)

    def test_a_companys_own_rule_follows_what_the_article_has_planned(self):
        common = self.new_standard("T11", company_id=False)
        self.publish(self.step, BLOCK % "T11")
        self.approve(self.line(self.draft(self.step, BLOCK % "T11"), common, due_day=20, date_effective="2027-03-01"))
        admin = common.with_user(self.admin_ops)
        own = admin.with_company(self.company).copy()
        made = admin.create({
            "code": "T11", "name": "Own", "verb": "Do it", "trigger": "monthly", "due_day": 23, "scope": "department",
            "company_id": self.branch.id,
        })
        for standard in (own, made):
            planned = standard.sudo().revision_ids.filtered(lambda revision: not revision._is_in_force())
            self.assertEqual([(str(item.date_effective), item.rule["due_day"]) for item in planned], [("2027-03-01", 20)])

    def test_only_another_article_that_shows_it_may_state_it(self):
        standard = self.standard.with_user(self.admin_ops)
        for article in (self.Article, self.step):
            with self.refused(UserError, "Choose another published article"):
                standard.article_id = article
        self.publish(self.step, BLOCK % "T1")
        standard.article_id = self.step
        self.assertEqual(self.standard.article_id, self.step)

    def test_before_the_start_everything_may_be_tried(self):
        (self.company | self.branch).ops_started = False
        self.standard.with_user(self.admin_ops).due_day = 20
        self.assertEqual(self.standard.due_day, 20)

    def test_what_is_only_mentioned_or_archived_is_free(self):
        self.publish(self.process, f"<p>{DUE % 'T1'}</p>")
        self.assertFalse(self.standard.is_stated)
        self.standard.with_user(self.admin_ops).due_day = 20
        self.publish(self.process, BLOCK % "T1")
        self.assertTrue(self.standard.is_stated)
        self.process.active = False
        self.standard.with_user(self.admin_ops).due_day = 19
        self.assertEqual(self.standard.due_day, 19)

    def test_an_archived_handbook_states_nothing(self):
        """Its rules are free for the handbook that takes its place; in use again it states them as before, not otherwise."""
        self.handbook.with_user(self.admin_ops).active = False
        self.assertFalse(self.standard.is_stated)
        self.standard.with_user(self.admin_ops).due_day = 20
        with self.refused(UserError, "the rule of T1 was changed while it was archived"), self.cr.savepoint():
            self.handbook.with_user(self.admin_ops).active = True
        self.standard.with_user(self.admin_ops).due_day = 23
        self.handbook.with_user(self.admin_ops).active = True
        self.assertTrue(self.standard.is_stated)
        with self.refused(UserError, "Breakdown”"):
            self.standard.with_user(self.admin_ops).due_day = 19
        self.handbook.with_user(self.admin_ops).active = False
        following = self.handbook.with_user(self.admin_ops).create({
            "name": "New Handbook", "company_id": self.company.id, "lang_id": self.english.id,
        })
        article = self.article("Stock", handbook_id=following.id)
        line = self.line(self.draft(article, BLOCK % "T1"), due_day=19)
        self.approve(line)
        self.assertEqual((self.standard.article_id, self.standard.due_day, self.standard.is_stated), (article, 19, True))
        self.handbook.with_user(self.admin_ops).active = True
        self.assertEqual(self.standard.article_id, article, "the new one goes on stating it")

    def test_an_archived_article_comes_back_to_what_it_stated(self):
        """What was planned comes into force all the same; who takes its article from the rule changes nothing."""
        standard, article = self.standard.with_user(self.admin_ops), self.process.with_user(self.operations)
        self.approve(self.revision(due_day=20, date_effective="2027-03-01"))
        for change, back in (
            ({"due_day": 19}, {"due_day": 23}), ({"keeps_rows": False}, {"keeps_rows": True}), ({"active": False}, {"active": True}),
            ({"article_id": False, "max_shift": 1}, {"max_shift": 3}),
        ):
            article.active = False
            standard.write(change)
            with self.subTest(change=change), self.refused(UserError, "nobody approved that"), self.cr.savepoint():
                article.active = True
            standard.write(back)
            article.active = True
            self.assertEqual((self.standard.article_id, self.standard.is_stated), (self.process, True))
        article.active = False
        with self.at("2027-03-02 10:00"):
            self.Standard._apply_planned_changes()
            article.active = True
            self.assertEqual((self.standard.due_day, self.standard.is_stated), (20, True))

    def test_no_other_rule_takes_its_place_while_its_article_is_archived(self):
        self.new_standard("T11", company_id=False)
        self.publish(self.step, BLOCK % "T11")
        article = self.step.with_user(self.operations)
        article.active = False
        own = self.Standard.with_user(self.admin_ops).create({
            "code": "T11", "name": "Own", "verb": "Do it", "trigger": "monthly", "due_day": 1, "scope": "department",
            "company_id": self.company.id,
        })
        with self.refused(UserError, "the rule of T11 was changed"), self.cr.savepoint():
            article.active = True
        own.due_day = 23
        article.active = True
        self.assertEqual(own.article_id, self.step)

    def test_what_another_article_states_as_well_is_never_free(self):
        self.publish(self.step, BLOCK % "T1")
        self.process.active = False
        self.assertEqual((self.standard.article_id, self.standard.is_stated), (self.step, True))
        with self.refused(UserError, "Hand in”"):
            self.standard.with_user(self.admin_ops).due_day = 20
        self.process.active = True
        self.assertEqual(self.standard.article_id, self.step)

    def test_an_upgrade_keeps_what_archived_articles_state(self):
        self.process.active = False
        self.process.stated_rules = False  # as 19.0.1.6.0 left it
        self.env.flush_all()
        script = file_path("ops_handbook/migrations/19.0.1.7.0/post-stated-rules.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.6.0")
        self.env.invalidate_all()
        self.standard.with_user(self.admin_ops).due_day = 20
        with self.refused(UserError, "nobody approved that"), self.cr.savepoint():
            self.process.with_user(self.operations).active = True

    def test_the_way_from_the_standard_to_its_article(self):
        action = self.standard.with_user(self.operations).action_revise_article()
        self.assertEqual(action["res_model"], "ops.article.version")
        with self.assertRaises(AccessError):
            self.standard.with_user(self.employee).action_revise_article()

    # -- articles that are archived meanwhile ------------------------------------------------------------------------------

    def test_what_is_used_again_states_what_nobody_states(self):
        self.publish(self.step, BLOCK % "T1")
        for article in (self.step, self.process):
            article.with_user(self.operations).active = False
        self.assertFalse(self.standard.is_stated)
        self.step.with_user(self.operations).active = True
        self.assertEqual((self.standard.article_id, self.standard.is_stated), (self.step, True))
        with self.refused(UserError, "Hand in”"), self.cr.savepoint():
            self.standard.with_user(self.admin_ops).due_day = 20
        self.process.with_user(self.operations).active = True
        self.assertEqual(self.standard.article_id, self.step, "who states it goes on stating it")

    def test_nothing_is_published_in_what_is_archived(self):
        """Nobody would hear of it, and what the article states when it is used again would be another rule."""
        line = self.revision(due_day=20)
        line.version_id.action_submit()
        for record in (self.process, self.handbook):
            record.with_user(self.admin_ops).active = False
            with self.refused(UserError, "is archived"), self.cr.savepoint():
                line.version_id.with_user(self.gm_office).action_publish()
            record.with_user(self.admin_ops).active = True
        line.version_id.with_user(self.gm_office).action_publish()
        self.assertEqual((self.standard.due_day, self.standard.is_stated), (20, True))
