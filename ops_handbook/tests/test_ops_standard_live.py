"""Live standards: the rule, who answers and the figures in the text of an article, at once and in both languages."""

import json
from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged

from ..tools import clock
from .handbook import HandbookCase

BLOCK = """<div data-embedded="opsStandard" data-embedded-props='{"code": "%s"}'></div>"""
DUE = """<span data-embedded="opsStandardDue" data-embedded-props='{"code": "%s"}'></span>"""


class LiveCase(HandbookCase):
    """A standard T1 of the test company, due on the 23rd of each month, answered by heads; no article states it yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Standard = cls.env["ops.standard"]
        cls.standard = cls.new_standard("T1", name="Stock count", verb="Submit the stock count")
        cls.standard.with_context(lang="zh_CN").write({"name": "库存盘点", "verb": "提交盘点表"})

    @classmethod
    def new_standard(cls, code, **values):
        standard = cls.Standard.create({
            "code": code, "name": code, "verb": f"Do {code}", "process": "monthly", "trigger": "monthly", "due_day": 23,
            "scope": "department", "role": "head", "company_id": cls.company.id, **values,
        })
        # as if it were older than this transaction: what one transaction changes is one revision
        standard.revision_id._write({"create_date": "2026-01-01 00:00:00"})
        return standard

    def as_read(self, version, user=None, **context):
        user = user or self.operations
        return version.with_user(user).with_company(user.company_id).with_context(**context)._reading_body()

    def owe(self, standard, results, company=None):
        """Insert obligations with these results, one for each past month: met, late, missed or waived."""
        now = clock.now()
        for back, result in enumerate(results, 1):
            due = now - timedelta(days=28 * back)
            self.Obligation.create({
                "standard_id": standard.id, "code": standard.code, "process": standard.process, "role": "head",
                "company_id": (company or self.company).id, "department_id": self.department.id, "period": f"p{back}",
                "date_start": due - timedelta(days=20), "date_due": due, "date_original": due,
                "date_close": due + timedelta(days=1) if result == "missed" else False,
                "state": {"met": "done", "waived": "waived"}.get(result, "open"),
                "date_done": due - timedelta(days=1) if result == "met" else False, "on_time": result == "met",
            })
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestStandardLive(LiveCase):
    # -- what is said --------------------------------------------------------------------------------------------------

    def test_rule_in_words_in_both_languages(self):
        live = self.Standard._live(["T1"], self.company)["T1"]
        self.assertEqual(live["rule_text"], "every month by day 23, earlier if that is a day off")
        self.assertEqual(live["sentence"], "Submit the stock count: every month by day 23, earlier if that is a day off")
        self.assertEqual(live["role"], "Department Head")
        chinese = self.Standard.with_context(lang="zh_CN")._live(["T1"], self.company)["T1"]
        self.assertEqual((chinese["name"], chinese["verb"]), ("库存盘点", "提交盘点表"))
        self.assertIn("23", chinese["rule_text"])

    def test_days_off_hours_and_gaps_are_said(self):
        before = self.new_standard("T0")
        self.standard.write({"day_off_rule": "later", "due_hour": 17.5, "predecessor_id": before.id, "gap": 1})
        self.assertEqual(
            self.Standard._live(["T1"], self.company)["T1"]["rule_text"],
            "every month by day 23, later if that is a day off, until 17:30, at least 1 working day after T0",
        )

    def test_working_days_meet_no_day_off(self):
        self.standard.write({"trigger": "event", "event": "submission", "offset_value": 2})
        self.assertEqual(
            self.Standard._live(["T1"], self.company)["T1"]["rule_text"], "within 2 working days after: Submission"
        )

    def test_variants_and_ladder_in_words(self):
        """I2: by level; the ladder says when, and who else is told."""
        live = self.Standard._live(["I2", "M6"], self.company)
        variants = {variant["name"]: variant["rule_text"] for variant in live["I2"]["variants"]}
        self.assertEqual(len(variants), 3)
        self.assertIn("24 hours", " ".join(variants.values()))
        self.assertIn("3 working days before", live["M6"]["reminders"])
        self.assertTrue(any("(" in text for text in live["M6"]["reminders"]), live["M6"]["reminders"])

    def test_rate_of_twelve_months_as_the_analysis_defines_it(self):
        """Met of what fell due; what is waived, older than 12 months or of another company is in no rate."""
        self.owe(self.standard, ["met", "met", "late", "missed", "waived"] + ["waived"] * 8 + ["late"])
        self.owe(self.standard, ["late"], company=self.branch)
        live = self.Standard._live(["T1"], self.company)["T1"]
        self.assertEqual((live["rate"], live["met"], live["due"]), (50.0, 2, 4))
        groups = self.env["ops.obligation.report"]._read_group(
            [("code", "=", "T1"), ("company_id", "=", self.company.id), ("date_due", ">=", clock.now() - timedelta(days=365))],
            [], ["on_time_rate:avg"],
        )
        self.assertEqual(groups[0][0], live["rate"], "the same figure as the analysis shows")
        self.assertIsNone(self.Standard._live(["M6"], self.company)["M6"]["rate"], "nothing fell due")

    def test_the_figure_is_the_companys_whoever_reads(self):
        self.owe(self.standard, ["met", "late"])
        for user in (self.employee, self.other_head, self.gm):
            live = self.Standard.with_user(user).with_company(self.company)._live(["T1"], self.company)
            self.assertEqual(live["T1"]["rate"], 50.0, user.name)

    def test_own_rule_before_the_common_one(self):
        common = self.new_standard("T2", company_id=False)
        own = self.new_standard("T2", due_day=10)
        self.assertIn("day 10", self.Standard._live(["T2"], self.company)["T2"]["rule_text"])
        self.assertIn("day 23", self.Standard._live(["T2"], self.branch)["T2"]["rule_text"])
        own.active = False
        self.assertIn("day 23", self.Standard._live(["T2"], self.company)["T2"]["rule_text"])
        common.active = False
        self.assertFalse(self.Standard._live(["T2"], self.company))

    def test_constant_number_of_statements(self):
        codes = self.Standard.search([("company_id", "in", [self.company.id, False])]).mapped("code")
        self.owe(self.standard, ["met", "late"])

        def count(wanted):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Standard.with_user(self.employee)._live(wanted, self.company)
            return self.env.cr.sql_log_count - before

        count(codes)
        few, many = count(["M6", "I2", "T1"]), count(codes)
        self.assertGreater(len(codes), 20)
        self.assertLessEqual(many, few + 1)
        self.assertLessEqual(many, 12)

    # -- in the text ---------------------------------------------------------------------------------------------------

    def test_a_changed_standard_changes_every_article_at_once_in_both_languages(self):
        """Must show 2 of the handbook."""
        first = self.publish(self.process, f"<p>Before.</p>{BLOCK % 'T1'}")
        second = self.publish(self.step, f"<p>Handed in {DUE % 'T1'}.</p>")
        chinese = self.publish(self.process, f"<p>之前。</p>{BLOCK % 'T1'}", lang="zh_CN")
        for version in (first, second, chinese):
            for lang in ("en_US", "zh_CN"):
                self.assertIn("23", self.as_read(version, lang=lang), (version.name, lang))
        self.standard.due_day = 17
        for version in (first, second, chinese):
            for lang in ("en_US", "zh_CN"):
                text = self.as_read(version, lang=lang)
                self.assertIn("17", text)
                self.assertNotIn("23", text)
        self.assertIn("every month by day 17", self.as_read(second, lang="en_US"))
        self.assertIn("提交盘点表", self.as_read(first, lang="zh_CN"), "the reader's language, whatever that of the text")
        self.assertIn("库存盘点", first.with_company(self.company)._reading_body("zh_CN"))

    def test_block_shows_rule_role_rate_and_button(self):
        self.owe(self.standard, ["met", "met", "met", "late"])
        text = self.as_read(self.publish(self.process, BLOCK % "M6" + BLOCK % "T1"))
        for words in ("Submit the stock count", "Department Head", "75 % (3 of 4)", "/ops/standard/M6", "Open the Form"):
            self.assertIn(words, text)
        self.assertNotIn("/ops/standard/T1", text, "no form fulfils it")
        self.assertNotIn("data-embedded", text)
        paper = self.as_read(self.process.version_ids, ops_live_paper=True)
        self.assertNotIn("Open the Form", paper)
        self.assertIn("75 % (3 of 4)", paper)

    def test_unknown_code_leaves_a_discreet_note(self):
        text = self.as_read(self.publish(self.process, f"<p>a {DUE % 'ZZ9'} b</p>{BLOCK % 'ZZ9'}"))
        self.assertEqual(text.count("there is no such standard"), 2)
        self.assertIn("ZZ9", text)

    def test_codes_are_the_administrators_to_choose(self):
        self.new_standard("质量 1.b-x", due_day=9)
        self.assertIn("day 9", self.as_read(self.publish(self.process, BLOCK % "质量 1.b-x")))

    def test_codes_with_other_signs_stay_in_the_text_and_differ(self):
        for code in ("QA/07", "采购（急）", "质量 1.b-x"):
            self.new_standard(code, due_day=9)
            version = self.publish(self.process, BLOCK % code)
            self.assertIn("day 9", self.as_read(version), code)
            self.assertIn(code, self.process.standard_ids.mapped("code"))
        self.new_standard("质量 1.b-y")
        other = self.publish(self.process, BLOCK % "质量 1.b-y")
        found = self.env["ops.article.version"].with_user(self.operations).get_comparison(other.id, version.id)
        self.assertTrue(found["changed"])
        self.assertIn("质量 1.b-y", str(found["rows"]))
        for code in ('Q"1', "<b>", "x" * 41, " M6"):
            with self.assertRaises(ValidationError, msg=code):
                self.new_standard(code)

    def test_what_somebody_writes_into_a_block_is_not_shown(self):
        fake = """<div data-embedded="opsStandard" data-embedded-props='{"code": "T1"}'><b>Never due</b></div>"""
        version = self.publish(self.process, fake)
        self.assertNotIn("Never due", self.as_read(version))

    def test_words_of_a_standard_are_no_html(self):
        self.standard.write({"name": "<img src=x onerror=alert(1)>", "verb": "<script>x</script>"})
        text = self.as_read(self.publish(self.process, BLOCK % "T1"))
        self.assertNotIn("<img", text)
        self.assertNotIn("<script", text)

    def test_plain_text_for_the_search_holds_no_figures(self):
        self.owe(self.standard, ["met", "late"])
        version = self.publish(self.process, f"<p>By {DUE % 'T1'}.</p>{BLOCK % 'T1'}")
        text = version._plain_body()
        self.assertIn("Submit the stock count: every month by day 23", text)
        self.assertNotIn("%", text)
        self.assertNotIn("Open the Form", text)
        self.assertIn("提交盘点表", version._plain_body("zh_CN"))

    def test_the_readers_company_decides(self):
        self.new_standard("T3", company_id=False)
        self.new_standard("T3", company_id=self.branch.id, due_day=11)
        version = self.publish(self.process, f"<p>{DUE % 'T3'}</p>")
        self.assertIn("day 23", self.as_read(version, self.employee))
        self.assertIn("day 11", self.as_read(version, self.branch_employee))

    def test_many_texts_are_written_out_with_one_look(self):
        versions = self.Version.union(*(
            self.publish(article, BLOCK % "T1" + BLOCK % "M6") for article in (self.chapter, self.process, self.step)
        ))

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for version in some.with_user(self.operations):
                version._reading_body()
            return self.env.cr.sql_log_count - before

        count(versions)
        self.assertLessEqual(count(versions), count(versions[:1]) + 1)

    # -- links ---------------------------------------------------------------------------------------------------------

    def test_publishing_links_what_the_texts_show(self):
        self.publish(self.process, f"<p>{DUE % 'T1'}</p>")
        self.assertEqual(self.process.standard_ids, self.standard)
        self.assertFalse(self.standard.article_id, "mentioned, not stated")
        self.publish(self.step, BLOCK % "T1")
        self.assertEqual(self.standard.article_id, self.step)
        self.assertEqual(self.standard.article_ids, self.process | self.step)
        self.publish(self.chapter, BLOCK % "T1")
        self.assertEqual(self.standard.article_id, self.step, "the first one states it")
        self.publish(self.step, "<p>Nothing any more.</p>")
        self.assertFalse(self.step.standard_ids)
        self.assertEqual(self.standard.article_id, self.chapter, "the next one does")

    def test_texts_of_all_languages_count(self):
        self.publish(self.process, BLOCK % "T1")
        self.publish(self.process, "<p>没有</p>", lang="zh_CN")
        self.assertEqual(self.process.standard_ids, self.standard)

    # -- over RPC ------------------------------------------------------------------------------------------------------

    def test_blocks_for_the_editor_answer_to_anything(self):
        blocks = self.Standard.with_user(self.operations).get_live_blocks(["T1", "ZZ9", 3, None, {"a": 1}, "T1", "T\x001", "\ud800"])
        self.assertEqual(sorted(blocks), ["T1", "ZZ9"])
        self.assertIn("Submit the stock count", blocks["T1"]["block"])
        self.assertIn("every month by day 23", blocks["T1"]["due"])
        self.assertIn("no such standard", blocks["ZZ9"]["block"])
        json.dumps(blocks)
        for nonsense in (None, 5, "T1", {"T1": 1}, [[["T1"]]], True):
            self.assertEqual(self.Standard.with_user(self.employee).get_live_blocks(nonsense), {})
        with self.assertRaises(AccessError):
            self.Standard.with_user(self.portal).get_live_blocks(["T1"])

    def test_choices_are_those_in_force(self):
        self.new_standard("T4", company_id=self.branch.id)
        choices = {item["code"]: item for item in self.Standard.with_user(self.operations).with_company(self.company).get_live_choices()}
        self.assertIn("T1", choices)
        self.assertNotIn("T4", choices)
        self.assertEqual(choices["T1"]["process"], "Monthly Tasks and Daily Execution")

    def test_the_editors_blocks_survive_saving(self):
        version = self.draft(self.process, f"<p>By {DUE % 'T1'}.</p>{BLOCK % 'T1'}")
        version.body = version.body.replace("></div>", ' data-oe-protected="true" contenteditable="false"><p>shown</p></div>')
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(version.body.count("data-embedded-props"), 2)
        self.assertIn("opsStandardDue", version.body)

    # -- the way to the form -------------------------------------------------------------------------------------------

    def test_open_what_i_owe_or_the_screen_of_the_form(self):
        """M6: one that I owe opens its form, several the list of them, none the screen of the form."""
        standards = self.Standard.with_user(self.head).with_company(self.company)
        self.assertEqual(standards.action_open_live("M6")["res_model"], "ops.completion.report")
        action = standards.action_open_live("NONE")
        self.assertEqual((action["res_model"], action["views"][0][1]), ("ops.standard", "list"))
        self.assertEqual(standards.action_open_live({"x": 1})["res_model"], "ops.standard")
        for code in ("T1", "M6"):
            self.assertTrue(standards._action_url(standards.action_open_live(code)).startswith("/odoo/"))


    def test_what_only_shows_a_standard_is_its_button(self):
        """M4: the quick entry of the log; V2: the plans. No record of theirs is what the engine would ask for."""
        standards = self.Standard.with_user(self.head).with_company(self.company)
        live = standards._live(["M4", "V2"], self.company)
        found = {code: (live[code]["form_model"], live[code]["can_open"]) for code in live}
        self.assertEqual(found, {"M4": ("ops.work.log", True), "V2": ("ops.plan", True)})
        action = standards.action_open_live("M4")
        self.assertEqual((action["tag"], standards._action_url(action)), ("ops_handbook.work_log", "/odoo/todays-log"))
        self.assertEqual(standards.action_open_live("V2")["res_model"], "ops.plan")
        self.assertIn("/ops/standard/M4", self.as_read(self.publish(self.process, BLOCK % "M4")))

    def test_what_several_forms_keep_stands_in_the_ledger(self):
        """C5: resolutions and items of collaborations; I3, measures alone, opens these."""
        standards = self.Standard.with_user(self.head).with_company(self.company)
        live = standards._live(["C5", "I3"], self.company)
        found = {code: (live[code]["form_model"], live[code]["can_open"]) for code in live}
        self.assertEqual(found, {"C5": (None, True), "I3": ("ops.problem.measure", True)})
        action = standards.action_open_live("C5")
        self.assertEqual((action["res_model"], standards._action_url(action)), ("ops.obligation", "/odoo/ledger"))
        self.env.ref("ops_handbook.ops_standard_c5").in_ledger = False
        self.assertIn(standards.action_open_live("C5")["res_model"], ("ops.collaboration.item", "ops.resolution"))

    def test_what_is_only_shown_is_ready_and_never_generated(self):
        """M4, V2: the form says no more that nothing fulfils them; told to keep rows, M4 would owe what nothing fulfils."""
        log, acknowledge = (self.env.ref(f"ops_handbook.ops_standard_{code}") for code in ("m4", "v2"))
        ready, unready = ([("ready", "=", wanted), ("id", "in", (log | acknowledge).ids)] for wanted in (True, False))
        self.assertEqual((log | acknowledge).mapped("ready"), [True, True])
        self.assertEqual((self.Standard.search(ready), len(self.Standard.search(unready))), (log | acknowledge, 0))
        for keeps in (False, True):
            log.keeps_rows = keeps
            asked = self.Obligation._standards_to_generate(self.company, False).mapped("code")
            self.assertIn("M6", asked)
            self.assertFalse({"M4", "V2"} & set(asked))
        self.assertEqual((log.ready, acknowledge.ready), (False, True))
        self.assertEqual((self.Standard.search(ready), self.Standard.search(unready)), (acknowledge, log))


@tagged("post_install", "-at_install")
class TestStandardLiveLink(LiveCase, HttpCase):
    def test_link_leads_to_the_form(self):
        self.authenticate(self.head.login, self.head.login)
        answer = self.url_open("/ops/standard/M6", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/odoo/", answer.headers["Location"])
        self.assertEqual(self.url_open("/ops/standard/%3Cscript%3E", allow_redirects=False).status_code, 303)

    def test_strangers_log_in_first(self):
        answer = self.url_open("/ops/standard/M6", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
