"""A published version is altered by no role through any door; called as programs call, over RPC."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .rights import NOISY, RightsCase
from .rights_handbook import ArticleVersion

FORGED = "<p>Forged</p>"


@tagged("post_install", "-at_install", "ops_rights")
class TestArticleGuard(RightsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subject = ArticleVersion(cls)
        cls.superseded = cls.subject.record("company", "superseded", "operations")
        cls.article = cls.superseded.article_id
        cls.version = cls.article.version_ids.filtered(lambda item: item.state == "published")
        cls.picture = cls.env["ir.attachment"].create({
            "name": "plan.png", "raw": b"picture", "res_model": "ops.article.version", "res_id": cls.version.id,
        })
        # the strongest: owner of the article, approver of the handbook, and every role that there is
        cls.article.owner_id = cls.people["liaison"]
        cls.article.handbook_id.approver_ids = cls.people["head"]
        cls.everything = cls._create_user("everything", "ops_handbook.group_operations", cls.company | cls.branch)
        for name in ("gm_office", "general_manager", "administrator"):
            cls.everything.group_ids += cls.env.ref(f"ops_handbook.group_{name}")
        cls.env.flush_all()

    def state_of(self):
        """Return what must not change, as it stands in the database."""
        self.env.invalidate_all()
        versions = self.version | self.superseded
        names = [
            "name", "body", "state", "version", "reason", "lang_id", "article_id", "change_kind", "published_on",
            "published_by_id", "author_id", "base_id", "content_version",
        ]
        return versions.read(names), self.picture.raw, self.picture.res_id, self.article.name, self.article.is_published

    def doors(self):
        """Yield (model, method, args, context) of every way in."""
        for version in (self.version, self.superseded):
            for values in ({"body": FORGED}, {"name": "Forged"}, {"reason": "Forged"}, {"state": "draft"}, {"change_kind": "major"},
                           {"article_id": self.article.id, "body": FORGED}, {"published_on": "2020-01-01 00:00:00"},
                           {"rule_ids": [[0, 0, {"standard_id": 1}]]}, {"writer_ids": [[5]]}, {"author_id": False}):
                yield "ops.article.version", "write", [version.ids, values], {}
                yield "ops.article.version", "web_save", [version.ids, values, {"body": {}}], {}
            for context in () if version == self.superseded else ({"ops_token": True}, {"su": True}, {"uid": 1}, {"install_mode": True}, {"default_state": "draft"},
                            {"lang": "zh_CN"}, {"active_test": False}, {"allowed_company_ids": self.company.ids}):
                yield "ops.article.version", "write", [version.ids, {"body": FORGED}], context
            yield "ops.article.version", "load", [[".id", "body"], [[str(version.id), FORGED]]], {}
            yield "ops.article.version", "unlink", [version.ids], {}
            yield "ops.article.version", "action_submit", [version.ids], {}
            yield "ops.article.version", "action_publish", [version.ids], {}
            yield "ops.article.version", "action_return", [version.ids, "Because"], {}
            yield "ops.article.version", "action_cancel", [version.ids, "Because"], {}
            yield "ops.article.version", "update_field_translations", [version.ids, "name", {"en_US": "Forged"}], {}
            for command in ([1, version.id, {"body": FORGED}], [2, version.id], [3, version.id], [5], [6, 0, []]):
                yield "ops.article", "write", [self.article.ids, {"version_ids": [command]}], {}
            yield "ir.attachment", "create", [[{"name": "x", "raw": "x", "res_model": version._name, "res_id": version.id}]], {}
        nested = {"article_ids": [[1, self.article.id, {"version_ids": [[1, self.version.id, {"body": FORGED}]]}]]}
        yield "ops.handbook", "write", [self.article.handbook_id.ids, nested], {}
        for values in ({"raw": "forged"}, {"datas": "Zm9yZ2Vk"}, {"name": "forged"}, {"res_id": 0}, {"res_model": "res.users"}, {"public": True}):
            yield "ir.attachment", "write", [self.picture.ids, values], {}
        yield "ir.attachment", "unlink", [self.picture.ids], {}
        for values in ({"name": "Forged"}, {"is_published": False}, {"is_listed": False}, {"handbook_id": 1}, {"parent_path": "1/"}):
            yield "ops.article", "write", [self.article.ids, values], {}
        yield "ops.article", "update_field_translations", [self.article.ids, "name", {"en_US": "Forged"}], {}
        yield "ops.article", "unlink", [self.article.ids], {}
        yield "ops.handbook", "unlink", [self.article.handbook_id.ids], {}

    def test_no_role_through_any_door(self):
        before = self.state_of()
        # the liaison owns the article, the head approves; of those who hold every office at once the others hold a part
        for user in [*(self.people[role] for role in ("employee", "head", "liaison", "portal")), self.everything]:
            for model, method, args, context in self.doors():
                with self.undone(), mute_logger(*NOISY):
                    error, _answer = self.call(user, model, method, *args, context={**self._context(user), **context})
                    after = self.state_of()
                    with self.subTest(user=user.login, model=model, method=method, args=args, context=context):
                        self.assertEqual(after, before, error)

    def _context(self, user):
        return {"lang": "en_US", "allowed_company_ids": user.company_ids.ids}

    def test_copies_are_new_drafts(self):
        """Copying is beginning another version, for those who write; it never is published."""
        for user in [*self.people.values(), self.everything]:
            with self.undone():
                error, answer = self.call(user, "ops.article.version", "copy", self.version.ids)
                if error is None:
                    copy = self.env["ops.article.version"].browse(answer)
                    self.assertEqual((copy.state, copy.version, copy.author_id), ("draft", 0, user))

    def test_messages_beside_it_are_no_text(self):
        """Whoever reads it may remark on it; the text stays what it was."""
        before = self.state_of()
        with self.undone():
            error, _answer = self.call(
                self.people["employee"], "ops.article.version", "message_post", self.version.ids, body="A question"
            )
            self.assertIsNone(error)
            self.assertEqual(self.state_of(), before)
        error, _answer = self.call(
            self.people["employee"], "ops.article.version", "message_post", self.superseded.ids, body="A question"
        )
        self.assertIsNotNone(error)
