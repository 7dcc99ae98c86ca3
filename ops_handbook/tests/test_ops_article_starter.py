"""The starter handbook: texts that say the same in both languages, loaded once, and a company's own from then on."""

import re
from collections import Counter

from lxml import html

from odoo.tests import TransactionCase, tagged
from odoo.tools import html_sanitize

from ..models.inherited import ops_demo_handbook_stories as stories
from ..tools import starter
from ..tools.article_html import clean
from ..tools.live_blocks import found

MAIN = [f"{letter}{number}" for letter, last in (("A", 7), ("M", 7), ("C", 5), ("I", 5)) for number in range(1, last + 1)]
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
QUERIES = 150  # of a whole load: 37 articles in two languages


@tagged("post_install", "-at_install")
class TestOpsArticleStarterTexts(TransactionCase):
    """The files, without the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.texts = starter.texts()
        cls.english, cls.chinese = cls.texts["en_US"], cls.texts["zh_CN"]

    def test_both_languages_have_the_same_articles(self):
        self.assertEqual(set(self.texts), {"en_US", "zh_CN"})
        self.assertEqual(set(self.english), set(self.chinese))
        self.assertGreater(len(self.english), 30)
        for stem, text in [*self.english.items(), *self.chinese.items()]:
            self.assertTrue(text.title and text.body, stem)

    def test_both_languages_are_built_alike(self):
        """The same headings, tables, lists and live standards at the same places."""
        for stem, text in self.english.items():
            with self.subTest(stem):
                self.assertEqual(self._skeleton(text.body), self._skeleton(self.chinese[stem].body))

    def _skeleton(self, body):
        emphasis = {"strong", "em"}  # Chinese puts names of buttons between quotation marks
        return [
            (node.tag, node.get("data-embedded-props"), node.get("start"))
            for node in html.fragment_fromstring(body, create_parent="div").iter() if node.tag not in emphasis
        ]

    def test_each_language_keeps_to_itself(self):
        for stem, text in self.english.items():
            self.assertFalse(CHINESE.findall(text.title + text.body), stem)
        for stem, text in self.chinese.items():
            words = re.findall("[A-Za-z]{2,}", text.title + re.sub("<[^>]*>", "", text.body))
            self.assertFalse(words, stem)

    def test_each_article_is_long_enough_to_help_and_short_enough_to_be_read(self):
        for stem, text in self.english.items():
            words = len(re.sub("<[^>]*>", " ", text.body).split())
            self.assertTrue(stem == starter.COVER or 150 <= words <= 500, (stem, words))

    def test_the_sanitizers_leave_the_texts_as_they_are(self):
        for stem, text in [*self.english.items(), *self.chinese.items()]:
            with self.subTest(stem):
                self.assertEqual(clean(text.body), text.body)
                self.assertEqual(html_sanitize(text.body, sanitize_style=True, sanitize_form=True), text.body)

    def test_every_standard_is_stated_once(self):
        """A1 to I5 and those beside them: known, and each the block of exactly one article."""
        blocks = Counter(code for text in self.english.values() for kind, code in found(text.body) if kind == "block")
        self.assertEqual(set(blocks.values()), {1})
        self.assertFalse(set(MAIN) - set(blocks))
        shown = {code for text in self.english.values() for _kind, code in found(text.body)}
        known = set(self.env["ops.standard"].with_context(active_test=False).search([("company_id", "=", False)]).mapped("code"))
        self.assertFalse(shown - known)

    def test_dates_stand_in_the_live_standards_only(self):
        """A rule that is changed leaves no sentence behind that says otherwise."""
        said = re.compile(r"\b\d{1,2}(st|nd|rd|th)\b|\b\d+ (working )?(days?|hours?)\b|\d+ ?(日|号|个?工作日|小时|天)")
        for stem, text in [*self.english.items(), *self.chinese.items()]:
            self.assertFalse(said.search(re.sub("<[^>]*>", " ", text.body)), stem)

    def test_what_the_demo_company_revises_stands_in_the_texts(self):
        """Whoever rewrites an article of the starter looks after the revisions that the demo company makes of it."""
        revised = [
            (story["article"], lang, passage)
            for story in [*stories.REVISIONS, stories.RECENT] for lang, (passage, _text) in story["texts"].items()
        ] + [(story["article"], "zh_CN", story["text"][0]) for story in (stories.IN_REVIEW, stories.RETURNED)]
        for stem, lang, passage in revised:
            self.assertEqual(self.texts[lang][stem].body.count(passage), 1, (stem, passage))


@tagged("post_install", "-at_install")
class TestOpsArticleStarter(TransactionCase):
    """What the loader makes of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.texts = starter.texts()
        cls.articles = cls.env["ops.article"]._starter_articles()
        cls.all_articles = cls.env["ops.article"].union(*cls.articles.values())

    def _article(self, stem):
        return self.env.ref(f"ops_handbook.ops_article_{stem}")

    def _load(self):
        versions = self.env["ops.article"]._load_starter()
        self.env.flush_all()
        self.env.invalidate_all()
        return versions

    def _forget(self, articles, lang=None):
        """Leave these articles without any text (in a language), as if they came with this release."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM ops_article_version WHERE article_id = ANY(%s) AND (%s IS NULL OR lang_id = %s)",
            [articles.ids, lang and lang.id, lang and lang.id],
        )
        articles.is_published = False
        self.env.invalidate_all()

    def _versions(self, articles=None):
        articles = self.all_articles if articles is None else articles
        return self.env["ops.article.version"].search([("article_id", "in", articles.ids)])

    # -- as it is installed ----------------------------------------------------------------------------------------------

    def test_every_file_has_its_article(self):
        self.assertEqual(set(self.articles), set(self.texts["en_US"]) - {starter.COVER})

    def test_a_first_load_publishes_everything_in_both_languages(self):
        self._forget(self.all_articles)
        versions = self._load()
        self.assertEqual(len(versions), 2 * len(self.articles))
        self.assertEqual(set(versions.mapped("state")), {"published"})
        self.assertEqual(set(versions.mapped("version")), {1})
        self.assertEqual(versions.author_id | versions.published_by_id, self.env.ref("base.user_root"))
        stems = {article: stem for stem, article in self.articles.items()}
        for version in versions:
            text = self.texts[version.lang_id.code][stems[version.article_id]]
            self.assertEqual((version.name, str(version.body)), text)
        self.assertTrue(all(self.all_articles.mapped("is_published")))
        self.assertEqual(versions[0].transition_ids.mapped("to_state"), ["published"])

    def test_articles_and_handbook_are_called_as_in_the_files(self):
        for code in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(code)
        self._forget(self.all_articles)
        self._load()
        handbook = self.env.ref("ops_handbook.ops_handbook_operations")
        for code, by_stem in self.texts.items():
            for stem, article in self.articles.items():
                self.assertEqual(article.with_context(lang=code).name, by_stem[stem].title)
            self.assertEqual(handbook.with_context(lang=code).name, by_stem[starter.COVER].title)
            self.assertTrue(handbook.with_context(lang=code).description)

    def test_loading_asks_nobody_for_anything(self):
        """Installing starts nothing: no reading, no deadline, no mail, also where the engine runs already."""
        self.env.company.write({"ops_started": True, "ops_start_date": "2020-01-01"})
        counted = ("ops.article.reading", "ops.obligation", "mail.mail", "mail.activity")
        before = {model: self.env[model].search_count([]) for model in counted}
        self._forget(self.all_articles)
        self.assertEqual(set(self._load().mapped("change_kind")), {"minor"})
        self.assertEqual({model: self.env[model].search_count([]) for model in counted}, before)
        self.assertFalse(any(self.all_articles.mapped("date_review")))

    def test_standards_know_the_article_that_states_them(self):
        for code, stem in (("M6", "monthly_report"), ("A5", "annual_release"), ("I4", "problem_verification"), ("C5", "meeting_minutes")):
            standard = self.env["ops.standard"].search([("code", "=", code), ("company_id", "=", False)])
            self.assertEqual(standard.article_id, self._article(stem), code)
            self.assertIn(standard, self._article(stem).standard_ids)

    def test_an_employee_reads_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        user = self.env["res.users"].create({"name": "Reader", "login": "starter.reader", "lang": "zh_CN"})
        mine = self._article("monthly_daily").with_user(user).with_context(lang="zh_CN")
        self.assertEqual(mine.current_version_id.name, self.texts["zh_CN"]["monthly_daily"].title)
        # somebody whose language it does not have reads it in the main language of the handbook
        self.env["res.lang"]._activate_lang("fr_FR")
        self.assertTrue(mine.with_context(lang="fr_FR").current_version_id)

    # -- and from then on ------------------------------------------------------------------------------------------------

    def test_loading_again_does_nothing(self):
        self._load()
        before = {version.id: (version.state, version.body, version.write_date) for version in self._versions()}
        self.assertFalse(self._load())
        self.assertEqual({version.id: (version.state, version.body, version.write_date) for version in self._versions()}, before)

    def test_what_a_company_changed_stays(self):
        """Another version, another title, another place, put away: an upgrade changes nothing of it."""
        changed, moved, archived = (self._article(stem) for stem in ("monthly_daily", "annual_draft", "appendix_glossary"))
        draft = changed._revise("en_US")
        draft.write({"name": "Our Own Log", "body": "<p>As we do it.</p>", "change_kind": "minor"})
        draft._transition("submitted")
        draft._publish_now()
        moved.write({"parent_id": self._article("monthly").id, "sequence": 99, "to_confirm": True})
        archived.active = False
        before = self._versions().ids
        self.assertFalse(self._load())
        self.assertEqual(self._versions().ids, before)
        self.assertEqual(changed.with_context(lang="en_US").name, "Our Own Log")
        self.assertEqual((moved.parent_id, moved.sequence), (self._article("monthly"), 99))
        self.assertFalse(archived.active)

    def test_a_new_article_of_a_release_is_added(self):
        """Only that one; the titles of the others, and which article states a rule, are the company's."""
        fresh = self._article("problem_plan")
        other = self._article("annual")
        standards = self.env["ops.standard"].search([("code", "in", ("P1", "I3")), ("company_id", "=", False)])
        ours, theirs = (standards.filtered(lambda standard, code=code: standard.code == code) for code in ("P1", "I3"))
        self._forget(fresh)
        ours.article_id, theirs.article_id = False, other
        handbook = fresh.handbook_id
        handbook.name = "Our Book"
        versions = self._load()
        self.assertEqual(versions.article_id, fresh)
        self.assertEqual(len(versions), 2)
        self.assertTrue(fresh.is_published)
        self.assertEqual(handbook.name, "Our Book")
        self.assertEqual((ours.article_id, theirs.article_id), (fresh, other))

    def test_a_language_that_is_not_installed_comes_along(self):
        """Its texts and titles are there on the day on which it is installed."""
        lang = self.env["res.lang"].with_context(active_test=False).search([("code", "=", "zh_CN")])
        article = self._article("lessons")
        self._forget(article)
        self.env["res.users"].with_context(active_test=False).search([("lang", "=", "zh_CN")]).partner_id.lang = "en_US"
        self.env["res.partner"].with_context(active_test=False).search([("lang", "=", "zh_CN")]).lang = "en_US"
        lang.active = False
        self.env.cr.execute("UPDATE ops_article SET name = name - 'zh_CN' WHERE id = %s", [article.id])
        self.assertEqual(len(self._load()), 2)
        lang.active = True
        self.assertEqual(article.with_context(lang="zh_CN").name, self.texts["zh_CN"]["lessons"].title)
        self.assertEqual(article.with_context(lang="zh_CN").current_version_id.lang_id, lang)

    def test_a_load_takes_few_queries(self):
        self._forget(self.all_articles)
        before = self.env.cr.sql_log_count
        self._load()
        self.assertLess(self.env.cr.sql_log_count - before, QUERIES)
