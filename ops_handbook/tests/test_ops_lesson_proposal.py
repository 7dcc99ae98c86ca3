"""From a lesson of the month (I5) to the version of the handbook that says it, and back."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .proposals import ProposalCase


@tagged("post_install", "-at_install")
class TestOpsLessonProposal(ProposalCase):
    def lesson(self, *cases, user=None):
        """Return lessons of January with ``cases`` (values), compiled, not published yet."""
        lesson = self.env["ops.lesson"].with_user(user or self.operations).with_company(self.company).create({"month": "2027-01-01"})
        self.env["ops.lesson.line"].with_user(user or self.operations).create([
            {"name": "Smoke", "lesson_id": lesson.id, "learnt": "Filters clog within a week", **values} for values in cases
        ])
        lesson.action_compile()
        return lesson

    def revising(self, **values):
        return {"decision": "revise_handbook", "change_wanted": "Clean the filter weekly", "article_id": self.process.id, **values}

    def test_publishing_proposes(self):
        """I5: the case proposes in the name of whoever published it, and one office above them decides."""
        lesson = self.lesson(self.revising(), {"decision": "share"}, user=self.operations_colleague)
        case = lesson.line_ids[0]
        self.assertFalse(case.proposal_id)
        lesson.with_user(self.operations).action_publish()
        proposal = case.with_user(self.operations).proposal_id
        self.assertEqual((proposal.state, proposal.author_id, proposal.article_id), ("submitted", self.operations, self.process))
        self.assertEqual((proposal.name, proposal.wanted, proposal.reason),
                         ("Smoke", "Clean the filter weekly", "Filters clog within a week"))
        self.assertEqual(self.decision(proposal).role, "gm_office")
        self.assertEqual(proposal.source_label, "Case: Smoke")
        self.assertEqual(proposal.with_user(self.gm_office).action_open_source()["res_id"], case.id)
        self.assertFalse(lesson.line_ids[1].proposal_id)
        self.assertEqual(self.env["ops.article.proposal"].search_count([("company_id", "=", self.company.id)]), 1)

    def test_nothing_twice(self):
        lesson = self.lesson(self.revising())
        lesson.action_publish()
        case = lesson.sudo().line_ids
        first = case.proposal_id
        case._open_proposals()
        self.assertEqual(self.env["ops.article.proposal"].search([("company_id", "=", self.company.id)]), first)
        first.with_user(self.operations).action_cancel("By mistake")
        case._open_proposals()
        self.assertNotEqual(case.proposal_id, first, "what was withdrawn can be proposed again")

    def test_the_article_is_named_where_there_is_a_handbook(self):
        lesson = self.lesson(self.revising(article_id=False))
        with self.refused(UserError, "choose the article"):
            lesson.action_publish()
        self.env["ops.article"].search([]).sudo().active = False
        lesson.action_publish()
        self.assertEqual(lesson.state, "published", "a company without a handbook publishes as before")
        self.assertFalse(lesson.line_ids.proposal_id)

    def test_only_an_article_that_one_may_read(self):
        foreign = self.env["res.company"].create({"name": "Stranger"})
        handbook = self.env["ops.handbook"].create({"name": "Theirs", "company_id": foreign.id})
        article = self.env["ops.article"].create({"name": "Secret", "handbook_id": handbook.id})
        with self.refused(UserError, "may read"):
            self.lesson(self.revising(article_id=article.id))

    def test_lesson_and_version_show_each_other(self):
        """A lesson's proposal becomes the next version, and both show each other to whoever reads them."""
        lesson = self.lesson(self.revising())
        lesson.action_publish()
        proposal = lesson.sudo().line_ids.proposal_id
        proposal.with_user(self.gm_office).action_accept()
        version, case = proposal.version_id, lesson.line_ids.with_user(self.employee)
        self.assertEqual((case.version_id.id, case.is_settled), (False, False))
        version.with_user(self.operations).write({"body": "<p>Weekly</p>"})
        version.with_user(self.operations).action_submit()
        version.with_user(self.gm).action_publish()
        self.env.invalidate_all()
        self.assertEqual((case.version_id, case.is_settled, case.version_id.version), (version.with_user(self.employee), True, 2))
        self.assertEqual(case.action_open_version()["res_id"], version.id)
        self.assertEqual(version.with_user(self.employee).settles, "Case: Smoke")
        self.assertFalse(case.proposal_id, "the proposal itself is its author's and the offices'")
        with self.refused(UserError, "may read"):
            case.action_open_proposal()
        self.assertEqual(case.search([("is_settled", "=", True)]), case)
        self.assertFalse(case.search([("is_settled", "=", False)]))

    def test_nothing_is_told_out_of_scope(self):
        """Who may not read the article learns neither its name nor that of its version from the case."""
        self.publish(self.other_chapter)
        lesson = self.lesson(self.revising(article_id=self.other_chapter.id))
        lesson.action_publish()
        proposal = lesson.sudo().line_ids.proposal_id
        proposal.with_user(self.gm_office).action_accept()
        version = proposal.version_id.with_user(self.operations)
        version.write({"body": "<p>Weekly</p>"})
        version.action_submit()
        version.with_user(self.gm).action_publish()
        self.env.invalidate_all()
        case = lesson.line_ids.with_user(self.employee)
        self.assertEqual((case.version_id.id, case.is_settled), (False, True))
        with self.assertRaises(AccessError):
            case.read(["article_id"])
        self.assertEqual(lesson.line_ids.with_user(self.liaison).version_id.id, version.id, "Sales reads it")

    def test_a_draft_is_deleted_and_old_lessons_stay(self):
        """A case decided before there were handbooks stays as it was published."""
        lesson = self.lesson({"decision": "share"})
        lesson.action_publish()
        # as published by an earlier release
        self.env.cr.execute("UPDATE ops_lesson_line SET decision = 'revise_handbook', change_wanted = 'Weekly' WHERE lesson_id = %s",
                            (lesson.id,))
        self.env.invalidate_all()
        case = lesson.line_ids.with_user(self.operations)
        self.assertEqual((case.proposal_id.id, case.version_id.id, case.is_settled, case.article_id.id), (False, False, False, False))

    def test_many_cases_cost_few_statements(self):
        lesson = self.lesson(*(self.revising(name=f"Case {number}") for number in range(20)))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(120):
            lesson.action_publish()
            self.env.flush_all()
        cases = lesson.line_ids.browse(lesson.line_ids.ids)
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            cases.mapped("proposal_id")
            cases.mapped("version_id")
