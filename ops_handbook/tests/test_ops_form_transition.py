"""The log is read by each in their own language, whoever's language it was written in."""

import runpy

from psycopg2.extras import Json

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import file_path

from ..tools.saying import label, saying
from .engine import EngineCase


@tagged("post_install", "-at_install")
class TestReasonLanguage(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["ops_handbook"], ["zh_CN"])
        cls.problem = cls.env["ops.problem"].with_user(cls.employee).create({
            "name": "Leak", "description": "Oil on the floor", "department_id": cls.department.id,
        })

    def reasons(self, lang):
        lines = self.env["ops.form.transition"].search([
            ("res_model", "=", "ops.problem"), ("res_id", "=", self.problem.id),
        ])
        lines.invalidate_recordset()
        return lines.with_context(lang=lang).mapped("reason")

    def note(self, lang, reason):
        chinese = self.problem.with_context(lang=lang).sudo()
        chinese.env["ops.form.transition"]._log(chinese, {}, "draft", reason(chinese.env))

    def test_written_in_one_language_read_in_another(self):
        self.note("zh_CN", lambda env: saying(env)._("The hold is over."))
        self.assertEqual(self.reasons("en_US")[0], "The hold is over.")
        chinese = self.reasons("zh_CN")[0]
        self.assertNotEqual(chinese, "The hold is over.")
        self.assertTrue(any("\u4e00" <= letter <= "\u9fff" for letter in chinese))

    def test_arguments_and_labels_too(self):
        change = self.env["ops.obligation.change"]
        self.note("zh_CN", lambda env: saying(env)._(
            "%(change)s approved: %(reason)s", change=label(change.with_env(env), "kind", "extension"), reason="等供应商 100 % {x}",
        ))
        english, chinese = self.reasons("en_US")[0], self.reasons("zh_CN")[0]
        kinds = {lang: dict(change._fields["kind"]._description_selection(self.env(context={"lang": lang})))
                 for lang in ("en_US", "zh_CN")}
        self.assertEqual(english, f"{kinds['en_US']['extension']} approved: 等供应商 100 % {{x}}")
        self.assertIn(kinds["zh_CN"]["extension"], chinese)

    def test_what_people_write_stays(self):
        self.note("zh_CN", lambda env: "按要求")
        self.assertEqual(self.reasons("en_US")[0], "按要求")
        self.assertIn("按要求", self.env["ops.form.transition"].search([("reason", "like", "按要")]).mapped("reason"))

    def test_rows_of_before(self):
        """Rows that were written before the languages came stay readable."""
        self.env.flush_all()
        self.env.cr.execute("""INSERT INTO ops_form_transition (res_model, res_id, date, from_state, to_state, reason_text)
                               VALUES ('ops.problem', %s, now(), 'draft', 'draft', 'Assigned.')""", [self.problem.id])
        self.assertEqual(self.reasons("zh_CN")[0], "Assigned.")

    def test_rows_of_before_in_words_of_before(self):
        """A sentence that is put otherwise by now is read as it is said today, in any language."""
        before = "The measure was taken out of the plan."
        self.env.flush_all()
        self.env.cr.execute("""
            INSERT INTO ops_form_transition (res_model, res_id, date, from_state, to_state, reason_text, reason_parts)
            VALUES ('ops.problem', %s, now(), 'draft', 'draft', %s, %s)""", [self.problem.id, before, Json({"source": before})])
        script = file_path("ops_handbook/migrations/19.0.1.7.0/post-log-sentences.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.6.0")
        self.assertEqual(self.reasons("en_US")[0], "The item was taken out.")
        self.assertTrue(any("\u4e00" <= letter <= "\u9fff" for letter in self.reasons("zh_CN")[0]))

    def test_passes_through_a_transition(self):
        """What the engine says survives the verbs that take a reason."""
        obligation = self.Obligation.search([], limit=1) or self._some_obligation()
        with self.at("2026-11-03 09:00"):
            obligation.with_context(lang="zh_CN")._set_state(
                "waived", saying(obligation.with_context(lang="zh_CN").env)._("The hold is over."),
            )
        self.assertEqual(obligation.with_context(lang="en_US").transition_ids[:1].reason, "The hold is over.")

    def _some_obligation(self):
        self.generate()
        return self.Obligation.search([("company_id", "=", self.company.id)], limit=1)


@tagged("post_install", "-at_install")
class TestLogSearch(EngineCase):
    """The log is found by whoever may read what it speaks of; that is a part of the statement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        problems = cls.env["ops.problem"]
        for user in (cls.employee, cls.liaison) * 6:
            problems |= cls.env["ops.problem"].with_user(user).create({"name": "Leak", "description": "Oil on the floor"})
        cls.env["ops.form.transition"]._log(problems, dict.fromkeys(problems.ids, "draft"), None, "Noted")
        cls.own = problems.filtered(lambda problem: problem.author_id == cls.employee)

    def test_pages_are_whole(self):
        """Every page is as long as was asked, and the last one ends; strangers' lines do not shorten it."""
        log = self.env["ops.form.transition"].with_user(self.employee)
        domain = [("reason", "=", "Noted")]
        self.assertEqual(set(log.search(domain).mapped("res_id")), set(self.own.ids))
        self.assertEqual([len(log.search(domain, limit=4, offset=offset)) for offset in (0, 4, 8)], [4, 2, 0])
        self.assertEqual(log.search_count(domain), len(self.own))

    def test_nothing_is_loaded_that_nobody_asked_for(self):
        """Without a domain as well: a statement, not all lines of all years."""
        log = self.env["ops.form.transition"].with_user(self.employee)
        query = log._search([], limit=1)
        self.assertNotIsInstance(query.subselect().code, tuple)
        self.assertLess(len(query.subselect().params), 400)
        self.assertTrue(log.search([], limit=1))

    def test_archived_and_foreign_models(self):
        """Of a model that one may not read nothing is found; of one that a domain leaves out nothing is asked."""
        log = self.env["ops.form.transition"].with_user(self.employee)
        self.assertEqual(log._models_asked(Domain("res_model", "=", "ops.problem")), ["ops.problem"])
        self.assertEqual(log._models_asked(Domain("res_model", "=", "res.users")), [])
        self.assertIn("ops.obligation", log._models_asked(Domain("reason", "!=", False)))
        self.assertFalse(log.search([("res_model", "=", "ops.problem"), ("res_id", "not in", self.own.ids)]))
