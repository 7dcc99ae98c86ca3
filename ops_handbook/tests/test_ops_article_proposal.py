"""Proposals for the handbook: from an article, taken up in a version, settled by its publication."""

import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .proposals import ProposalCase

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@tagged("post_install", "-at_install")
class TestOpsArticleProposal(ProposalCase):
    # -- proposing -----------------------------------------------------------------------------------------------------

    def test_anybody_proposes_from_an_article_they_read(self):
        action = self.process.with_user(self.employee).action_propose()
        form = Form(self.env["ops.article.proposal"].with_user(self.employee).with_context(**action["context"]))
        self.assertEqual(form.name, self.process.name, "the subject is there already")
        form.passage, form.wanted, form.reason = "Monthly", "Weekly", "It clogs within a week"
        proposal = form.save()
        self.assertEqual((proposal.state, proposal.author_id, proposal.company_id), ("draft", self.employee, self.company))
        self.assertEqual(proposal.department_id, self.department)
        proposal.action_submit()
        self.assertEqual(self.decision(proposal).role, "operations")
        self.assertTrue(self.decision(proposal).with_user(self.operations).is_mine, "D1 in their My work")
        with self.assertRaises(AccessError):
            proposal.wanted = "Daily"
        with self.assertRaisesRegex(UserError, "already"):
            proposal.action_submit()

    def test_something_is_to_be_said(self):
        proposal = self.suggest(wanted=" ")
        with self.assertRaisesRegex(UserError, "should say"):
            proposal.action_submit()
        with self.assertRaisesRegex(ValidationError, "Article"):
            self.env["ops.article.proposal"].with_user(self.employee).create({"wanted": "x"})

    def test_not_from_an_article_out_of_reach(self):
        """Nor does a link tell the name of an article that one may not read."""
        hidden = self.article("Salaries", department_ids=self.gm_department.ids)
        self.publish(hidden)
        with self.assertRaisesRegex(ValidationError, "may read"):
            self.suggest(hidden)
        proposal = self.suggest()
        with self.assertRaises(ValidationError):
            proposal.article_id = hidden
        with self.assertRaises(UserError):
            self.suggest(author_id=self.newcomer.id)

    def test_photos_follow_the_proposal(self):
        photo = self.env["ir.attachment"].with_user(self.employee).create({"name": "filter.png", "raw": PIXEL})
        proposal = self.suggest(photo_ids=photo.ids)
        self.assertEqual((photo.res_model, photo.res_id), ("ops.article.proposal", proposal.id))
        proposal.action_submit()
        self.assertEqual(photo.with_user(self.operations).read(["name"])[0]["name"], "filter.png")
        with self.assertRaises(AccessError):
            photo.with_user(self.newcomer).read(["name"])
        with self.assertRaises(AccessError):
            photo.with_user(self.employee).write({"raw": b"other"})
        with self.assertRaisesRegex(ValidationError, "Photos"):
            self.suggest(photo_ids=photo.ids)

    def test_one_follows_ones_own(self):
        proposal = self.proposal()
        self.assertFalse(self.env["ops.article.proposal"].with_user(self.newcomer).search([]))
        self.assertFalse(self.env["ops.article.proposal"].with_user(self.head).search([]))
        self.assertEqual(self.env["ops.article.proposal"].with_user(self.employee).search([]), proposal)
        draft = self.suggest()
        self.assertNotIn(draft, self.env["ops.article.proposal"].with_user(self.operations).search([]), "not handed in yet")
        self.assertEqual(self.process.with_user(self.employee).proposal_count, 1)
        proposal.with_user(self.employee).action_cancel("Nobody needs it")
        self.assertEqual(self.decision(proposal).state, "cancelled")

    def test_people_of_a_branch_propose_to_the_company_above(self):
        proposal = self.proposal(user=self.branch_employee)
        self.assertEqual(proposal.company_id, self.company)
        self.assertEqual(self.env["ops.article.proposal"].with_user(self.branch_employee).search([]), proposal)
        proposal.with_user(self.operations).with_company(self.company).action_decline("No")

    # -- deciding ------------------------------------------------------------------------------------------------------

    def test_taken_up_in_a_new_draft(self):
        proposal = self.proposal()
        mine = proposal.with_user(self.operations)
        self.assertTrue(mine.can_accept and mine.can_decline)
        mine.action_accept()
        version = proposal.version_id
        self.assertEqual((version.state, version.article_id, version.base_id), ("draft", self.process, self.current))
        self.assertEqual((proposal.state, self.decision(proposal).state), ("accepted", "done"))
        self.assertEqual(mine.action_open_version()["res_id"], version.id)
        self.assertFalse(proposal.with_user(self.employee).can_open_version, "a draft is not theirs to read")
        with self.assertRaisesRegex(UserError, "may read"):
            proposal.with_user(self.employee).action_open_version()

    def test_several_in_one_version_with_few_statements(self):
        """The open draft takes up what comes later; many are decided together."""
        proposals = self.env["ops.article.proposal"].union(*(self.proposal(name=f"No. {number}") for number in range(20)))
        draft = self.process.with_user(self.operations)._revise()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(120):
            proposals.with_user(self.operations).action_accept()
            self.env.flush_all()
        self.assertEqual(proposals.version_id, draft)
        self.assertEqual(draft.with_user(self.operations).proposal_count, 20)
        self.release(draft)
        self.assertEqual(set(proposals.mapped("state")), {"settled"})

    def test_in_the_language_of_the_author(self):
        """Whoever writes Chinese finds it in the Chinese text where there is one, otherwise in the main language."""
        self.employee.lang = "zh_CN"
        first = self.proposal()
        first.with_user(self.operations).action_accept()
        self.assertEqual(first.version_id.lang_id, self.handbook.lang_id)
        self.publish(self.process, "<p>每周清洁</p>", lang="zh_CN")
        second = self.proposal()
        second.with_user(self.operations).action_accept()
        self.assertEqual(second.version_id.lang_id, self.chinese)

    def test_into_a_version_by_choice(self):
        proposal, other = self.proposal(), self.step
        mine, draft = proposal.with_user(self.operations), self.process.with_user(self.operations)._revise()
        foreign = other.with_user(self.operations)._revise()
        for wrong, words in ((foreign.id, "another article"), (self.current.id, "nothing up now"), (0, "exists"),
                             ("x", "exists")):
            with self.assertRaisesRegex(UserError, words):
                mine.action_accept(wrong)
        mine.action_accept(draft.id)
        self.assertEqual(proposal.version_id, draft)

    def test_a_version_in_review_takes_nothing_up(self):
        proposal, draft = self.proposal(), self.process.with_user(self.operations)._revise()
        draft.body = "<p>Weekly</p>"
        draft.action_submit()
        with self.assertRaisesRegex(UserError, "In Review"):
            proposal.with_user(self.operations).action_accept()
        self.assertEqual(self.decision(proposal).state, "open", "it waits in My work")

    def test_nobody_decides_on_their_own(self):
        """What operations propose is decided one office up; of the owner's own, operations decide."""
        proposal = self.proposal(user=self.operations)
        self.assertEqual(self.decision(proposal).role, "gm_office")
        for user in (self.operations, self.operations_colleague, self.employee, self.head, self.admin_ops):
            with self.assertRaises(AccessError):
                proposal.with_user(user).action_accept()
        proposal.with_user(self.gm_office).action_accept()
        self.process.owner_id = self.head
        own = self.proposal(user=self.head)
        self.assertEqual((self.decision(own).role, self.decision(own).responsible_id), ("operations", self.env["res.users"]))
        with self.assertRaises(AccessError):
            own.with_user(self.head).action_accept()

    def test_the_general_manager_leaves_the_writing_to_others(self):
        """Of what somebody proposes who is operations and GM office in one: the text is written by those who write."""
        self.operations_colleague.group_ids = [(4, self.env.ref("ops_handbook.group_gm_office").id)]
        proposal = self.proposal(user=self.operations_colleague)
        self.assertEqual(self.decision(proposal).role, "general_manager")
        proposal.with_user(self.gm).action_accept()
        self.assertEqual((proposal.state, proposal.version_id), ("accepted", self.env["ops.article.version"]))
        mine = proposal.with_user(self.operations)
        self.assertTrue(mine.can_revise)
        with self.assertRaisesRegex(UserError, "no version yet"):
            self.proposal().with_user(self.gm_office).action_revise()
        self.assertEqual(mine.action_revise()["res_id"], proposal.version_id.id)
        self.assertEqual(proposal.version_id.state, "draft")

    # -- the owner -------------------------------------------------------------------------------------------------------

    def test_the_owner_decides(self):
        """D1 names the owner of the article; another owner takes what waits along, and one who leaves gives it to operations."""
        self.process.owner_id = self.head
        proposal = self.proposal()
        self.assertEqual(self.decision(proposal).responsible_id, self.head)
        self.assertEqual(self.env["ops.article.proposal"].with_user(self.head).search([]), proposal)
        self.process.owner_id = self.other_head
        self.env.invalidate_all()
        self.assertEqual(self.decision(proposal).responsible_id, self.other_head)
        with self.assertRaises(AccessError):
            proposal.with_user(self.head).action_accept()
        self.other_department.manager_id = False
        self.other_head.active = False
        self.env["ops.obligation"]._reassign_users(self.other_head, "Left")
        self.assertEqual((self.decision(proposal).role, self.decision(proposal).responsible_id), ("operations", self.env["res.users"]))

    def test_the_owner_takes_up_and_writes(self):
        self.process.owner_id = self.other_head
        proposal = self.proposal()
        proposal.with_user(self.other_head).action_accept()
        self.assertEqual(proposal.version_id.author_id, self.other_head)

    # -- declining, putting back -------------------------------------------------------------------------------------------

    def test_declined_with_a_reason(self):
        """The author is told once, in their language, of all that was declined together."""
        proposals = self.proposal(name="First") | self.proposal(name="Second")
        deciding = proposals.with_user(self.operations)
        self.assertEqual(deciding.action_decline()["res_model"], "ops.reason.wizard")
        with self.assertRaisesRegex(UserError, "Reason"):
            deciding.action_decline(" ")
        self.notices().unlink()
        deciding.action_decline("The maker says monthly")
        mail = self.notices()
        self.assertEqual(mail.recipient_ids, self.employee.partner_id)
        for words in ("First", "Second", "The maker says monthly"):
            self.assertIn(words, mail.body_html)
        self.assertEqual(set(proposals.mapped("state")), {"declined"})

    def test_put_back(self):
        proposal = self.proposal()
        handed_in = proposal.submitted_on
        proposal.with_user(self.operations).action_accept()
        with self.assertRaises(AccessError):
            proposal.with_user(self.employee).action_put_back("No")
        proposal.with_user(self.operations).action_put_back("Belongs to the next revision")
        self.assertEqual((proposal.state, proposal.version_id.id, proposal.submitted_on), ("submitted", False, handed_in))
        self.assertEqual(self.decision(proposal).state, "open")
        with self.assertRaisesRegex(UserError, "put back"):
            proposal.with_user(self.operations).action_put_back("Again")

    def test_a_version_that_is_dropped_loses_nothing(self):
        """A cancelled or deleted draft lets its proposals wait for a decision again."""
        proposal = self.proposal()
        proposal.with_user(self.operations).action_accept()
        proposal.version_id.with_user(self.operations).action_cancel("Too early")
        self.assertEqual((proposal.state, proposal.version_id.id, self.decision(proposal).state), ("submitted", False, "open"))
        self.assertIn("Too early", proposal.transition_ids.sorted("id")[-1].reason)
        proposal.with_user(self.operations).action_accept()
        proposal.version_id.with_user(self.operations).unlink()
        self.assertEqual((proposal.state, proposal.version_id.id), ("submitted", False))

    # -- settling --------------------------------------------------------------------------------------------------------

    def test_publishing_settles(self):
        """The author is told with the way to the comparison; proposal and version show each other."""
        first, second, other = self.proposal(name="First"), self.proposal(name="Second"), self.proposal(user=self.liaison)
        (first | second | other).with_user(self.operations).action_accept()
        version = first.version_id
        self.notices().unlink()
        self.release(version)
        self.assertEqual(set((first | second | other).mapped("state")), {"settled"})
        mails = self.notices().filtered(lambda mail: "takes up" in (mail.body_html or ""))
        self.assertEqual(mails.recipient_ids, self.employee.partner_id | self.liaison.partner_id)
        self.assertEqual(len(mails), 2, "one for each person")
        mine = mails.filtered(lambda mail: mail.recipient_ids == self.employee.partner_id)
        self.assertIn("First", mine.body_html)
        self.assertIn("Second", mine.body_html)
        self.assertIn(f"?compare={version.id}", mine.body_html)
        self.assertEqual(first.with_user(self.employee).action_open_version()["res_id"], version.id)
        self.assertEqual(version.with_user(self.employee).proposal_count, 2, "of what one may read")
        self.assertEqual(version.with_user(self.operations).proposal_count, 3)
        for change in (lambda: first.with_user(self.operations).action_decline("Too late"),
                       lambda: first.with_user(self.operations).action_put_back("Too late")):
            with self.assertRaises(UserError):
                change()

    def test_what_nobody_may_write(self):
        proposal, version = self.proposal(), self.current
        for values in ({"version_id": version.id}, {"source_model": "res.users", "source_id": 2}, {"state": "settled"}):
            with self.assertRaises(UserError):
                self.suggest().write(values)
            with self.assertRaises(UserError):
                proposal.with_user(self.operations).write(values)
            with self.assertRaises(UserError):
                self.suggest(**values)
        with self.assertRaises(UserError):
            proposal.with_user(self.operations).action_open_source()
        for verb in ("action_return", "action_close"):
            with self.assertRaises(UserError):
                getattr(proposal.with_user(self.operations), verb)()
