"""A handbook with a small tree, for the tests of the handbook."""

from .common import OpsCommon

TEXT = "<h2>Purpose</h2><p>What this is for.</p><p>Done by the 25th of each month.</p>"


class HandbookCase(OpsCommon):
    """The handbook of the test company (its branch reads it too), for everybody; the clock stands at ``NOW``.

    Articles, all without a text yet: ``chapter`` (1), ``process`` (1.1), ``step`` (1.1.1), and ``other_chapter`` (2), which
    is for ``other_department`` only. Nobody is named as approver: the GM office and the general manager publish.
    """

    NOW = "2027-01-20 10:00"  # Wednesday

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(cls.at(cls.NOW))
        # other companies of the database are no concern of these tests
        cls.env["res.company"].search([("id", "not in", (cls.company | cls.branch).ids)]).ops_started = False
        (cls.company | cls.branch).ops_start_date = "2027-01-01"
        cls.Obligation = cls.env["ops.obligation"].sudo()
        cls.Article = cls.env["ops.article"]
        cls.Version = cls.env["ops.article.version"]
        cls.english = cls.env.ref("base.lang_en")
        cls.chinese = cls.env["res.lang"].with_context(active_test=False).search([("code", "=", "zh_CN")])
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.handbook = cls.env["ops.handbook"].with_user(cls.admin_ops).create({
            "name": "Test Handbook", "company_id": cls.company.id, "lang_id": cls.english.id,
        }).with_env(cls.env)
        cls.chapter = cls.article("Monthly plan")
        cls.process = cls.article("Breakdown", parent=cls.chapter)
        cls.step = cls.article("Hand in", parent=cls.process)
        cls.other_chapter = cls.article("Sales", department_ids=[(6, 0, cls.other_department.ids)], sequence=20)
        cls.env["mail.mail"].sudo().search([]).unlink()
        cls.env.flush_all()

    # -- articles and texts --------------------------------------------------------------------------------------------

    @classmethod
    def article(cls, name, parent=None, user=None, **values):
        """Return a new article of the handbook, written by operations."""
        return cls.Article.with_user(user or cls.operations).create({
            "name": name, "handbook_id": cls.handbook.id, "parent_id": parent.id if parent else False, **values,
        }).with_env(cls.env)

    @classmethod
    def draft(cls, article, body=TEXT, lang="en_US", user=None, **values):
        """Return the open draft of an article in a language, written by operations (``user``)."""
        version = article.with_user(user or cls.operations)._revise(lang)
        version.write({"body": body, **values})
        return version

    @classmethod
    def submit(cls, article, body=TEXT, **values):
        """Return a version that is in review, handed in by whoever wrote it."""
        version = cls.draft(article, body, **values)
        version.action_submit()
        return version

    @classmethod
    def publish(cls, article, body=TEXT, approver=None, **values):
        """Return a version that was written by operations (``user``), handed in, and published by the GM office.

        :param values: of the version: ``name``, ``change_kind``, ``lang`` (code) …
        """
        version = cls.submit(article, body, **values)
        version.with_user(approver or cls.gm_office).action_publish()
        return version.with_env(cls.env)

    # -- what came of it -----------------------------------------------------------------------------------------------
