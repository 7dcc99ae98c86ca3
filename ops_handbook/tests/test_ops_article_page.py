"""The reader's view: what is in a page, for whom, and at what cost; versions side by side."""

from odoo.tests import Form, tagged

from .handbook import HandbookCase

BLOCK = '<div data-embedded="opsStandard" data-embedded-props=\'{"code": "M6"}\'></div>'
KEYS = {"message", "handbooks", "handbook", "tree", "article", "unread", "search", "print_article", "print_book"}


@tagged("post_install", "-at_install")
class TestOpsArticlePage(HandbookCase):
    def page(self, article=None, user=None, lang="en_US", **asked):
        model = self.env["ops.article"].with_user(user or self.employee).with_context(lang=lang)
        return model.get_page(article.id if article else None, **asked)

    def mine(self, page):
        """The numbers and names of the contents; other handbooks of the database are none of ours."""
        return [(item["number"], item["name"]) for item in page["tree"]]

    def cover(self, user=None, **asked):
        return self.page(None, user, handbook_id=self.handbook.id, **asked)

    # -- scope -------------------------------------------------------------------------------------------------------------

    def test_what_is_not_published_is_not_there(self):
        self.draft(self.step)
        page = self.page(self.step)
        self.assertIn("does not exist, or is not meant for you", page["message"])
        self.assertFalse(page["article"])
        self.assertNotIn(self.handbook.id, [item["id"] for item in page["handbooks"]])
        self.assertTrue(self.page(self.step, self.operations)["article"], "whoever writes it sees its place")

    def test_out_of_scope_is_as_if_it_did_not_exist(self):
        self.publish(self.step)
        self.publish(self.other_chapter)
        page, nothing = self.page(self.other_chapter), self.page(self.env["ops.article"].browse(999_999_999))
        self.assertEqual(page["message"], nothing["message"])
        self.assertEqual({key: page[key] for key in ("article", "unread")}, {key: nothing[key] for key in ("article", "unread")})
        self.assertNotIn("Sales", str(page))
        self.assertTrue(self.page(self.other_chapter, self.other_head)["article"])
        names = [item["name"] for item in self.cover()["tree"]]
        self.assertEqual(names, ["Monthly plan", "Breakdown", "Hand in"], "with what stands above it")

    def test_numbers_are_those_of_the_book(self):
        """An article out of scope leaves its number free; one whose parent is out of scope moves up."""
        self.chapter.with_user(self.admin_ops).department_ids = self.other_department
        self.step.with_user(self.admin_ops).department_ids = self.department
        self.other_chapter.with_user(self.admin_ops).department_ids = self.department
        for article in (self.chapter, self.process, self.step, self.other_chapter):
            self.publish(article)
        page = self.page(self.step)
        self.assertEqual(self.mine(page), [("1.1.1", "Hand in"), ("2", "Sales")])
        self.assertEqual([(item["level"], item["parent"]) for item in page["tree"]], [(1, False), (1, False)])
        self.assertEqual(page["article"]["path"], [])

    def test_previous_and_next_go_through_the_tree(self):
        for article in (self.chapter, self.process, self.step):
            self.publish(article)
        page = self.page(self.process)["article"]
        self.assertEqual((page["previous"], page["next"], page["parts"], page["path"]), (
            self.chapter.id, self.step.id, [self.step.id], [self.chapter.id]))
        self.assertEqual(self.page(self.step)["article"]["next"], False, "what is out of scope is not next either")
        self.assertEqual(self.page(self.chapter)["article"]["previous"], False)

    def test_archived(self):
        self.publish(self.step)
        self.step.with_user(self.operations).active = False
        self.assertFalse(self.page(self.step)["article"])
        self.assertFalse(self.page(self.step, self.operations)["article"])

    # -- the text ----------------------------------------------------------------------------------------------------------

    def test_text_with_anchors(self):
        version = self.publish(self.step, "<h2>By when?</h2><p>Soon.</p><h2>By when?</h2>", name="Handing in")
        article = self.page(self.step)["article"]
        self.assertEqual((article["name"], article["number"]), ("Handing in", "1.1.1"))
        text = article["text"]
        self.assertEqual([item["id"] for item in text["headings"]], ["s-by-when", "s-by-when-2"])
        for heading in text["headings"]:
            self.assertIn(f'id="{heading["id"]}"', text["body"])
        self.assertEqual((text["id"], text["version"], text["published_by"]), (version.id, 1, self.gm_office.name))
        self.assertEqual(text["published_on"], version.published_on.isoformat(" "))
        self.assertTrue(article["link"].endswith(f"/odoo/handbook/{self.step.id}"))

    def test_language_of_the_reader(self):
        """The reader's language; where there is no text in it the main one, which says so."""
        self.publish(self.step)
        article = self.page(self.step, lang="zh_CN")["article"]
        self.assertEqual(article["text"]["lang"], "en-US")
        self.assertIn("English", article["note"])
        self.assertNotIn("/", article["note"], "a language is called as those who speak it do")
        self.publish(self.step, "<p>每月25日前提交</p>", lang="zh_CN", name="提交")
        article = self.page(self.step, lang="zh_CN")["article"]
        self.assertEqual((article["text"]["lang"], article["name"], article["note"]), ("zh-CN", "提交", ""))
        self.assertEqual(sorted(item["code"] for item in article["langs"]), ["en_US", "zh_CN"])
        chosen = self.page(self.step, **{"lang": "en_US"})
        self.assertEqual(chosen["article"]["note"], "")
        model = self.env["ops.article"].with_user(self.employee)
        chosen = model.get_page(self.step.id, None, "zh_CN")["article"]
        self.assertEqual((chosen["name"], chosen["note"]), ("提交", ""), "chosen on the page")
        self.assertEqual([item["current"] for item in chosen["langs"] if item["code"] == "zh_CN"], [True])

    def test_rules_and_forms_beside_the_text(self):
        self.publish(self.step, f"<p>Rule:</p>{BLOCK}")
        [rule] = self.page(self.step)["article"]["standards"]
        self.assertEqual(rule["code"], "M6")
        for key in ("name", "rule_text", "role", "form"):
            self.assertTrue(rule[key], key)

    def test_chapter_without_a_text(self):
        self.publish(self.step)
        article = self.page(self.chapter)["article"]
        self.assertEqual((article["text"], article["langs"], article["parts"]), (False, [], [self.process.id]))

    # -- reading -----------------------------------------------------------------------------------------------------------

    def test_to_be_confirmed(self):
        """H2: what one was asked to read is marked in the contents until one confirms it."""
        self.publish(self.step, change_kind="major")
        page = self.page(self.step)
        reading = page["article"]["reading"]
        self.assertEqual((reading["state"], page["unread"]), ("asked", 1))
        self.assertTrue(reading["due"])
        self.assertEqual([item["id"] for item in page["tree"] if item["unread"]], [self.step.id])
        self.env["ops.article.reading"].with_user(self.employee).browse(reading["id"]).action_confirm()
        page = self.page(self.step)
        self.assertEqual((page["article"]["reading"]["state"], page["unread"]), ("confirmed", 0))
        self.assertTrue(page["article"]["reading"]["confirmed"])
        self.assertEqual(self.page(self.step, self.colleague)["unread"], 1, "each for themself")

    # -- what one may do ---------------------------------------------------------------------------------------------------

    def test_buttons(self):
        self.publish(self.step)
        self.draft(self.step)
        article = self.page(self.step)["article"]
        self.assertEqual((article["can_propose"], article["can_revise"], article["open_version"]), (True, False, False))
        article = self.page(self.step, self.operations)["article"]
        self.assertTrue(article["can_revise"])
        self.assertEqual(article["open_version"]["state"], "Draft")
        page = self.page(self.step)
        for key in ("search", "print_article", "print_book"):
            self.assertEqual(self.env.ref(page[key])._name in ("ir.actions.client", "ir.actions.report"), True, key)

    def test_a_company_that_is_not_chosen(self):
        """What the page opens, its buttons do as well, and what they open goes on there."""
        other = self._create_company("Operations Other Company", "Asia/Shanghai", "base.cn")
        (self.employee | self.operations).company_ids += other
        self.publish(self.step)
        version = self.publish(self.step, "<p>New</p>")
        for user in (self.employee, self.operations):
            article = self.step.with_user(user).with_context(allowed_company_ids=other.ids)
            self.assertTrue(article.get_page(article.id)["article"])
            found = self.env["ops.article.version"].with_user(user).with_context(allowed_company_ids=other.ids)
            self.assertFalse(found.get_comparison(version.id)["message"])
            action = article.action_propose()
            self.assertEqual(action["context"]["allowed_company_ids"][0], other.id)
            self.assertIn(self.company.id, action["context"]["allowed_company_ids"])
            proposal = self.env["ops.article.proposal"].with_user(user).with_context(**action["context"])
            self.assertEqual(Form(proposal).article_id, article)
            printer = self.env["ir.actions.report"].with_user(user).with_context(allowed_company_ids=other.ids)
            for report, record in (
                ("ops_article_qr_action", article), ("ops_article_report", article), ("ops_handbook_report", self.handbook),
                ("ops_article_version_report", version),
            ):
                self.assertIn(self.step.name, printer._render_qweb_html(f"ops_handbook.{report}", record.ids)[0].decode(), report)
        action = article.action_revise()
        draft = self.env["ops.article.version"].with_user(user).with_context(**action["context"]).browse(action["res_id"])
        self.assertEqual((draft.article_id, draft.body), (article, version.body))

    def test_sheet_for_the_wall(self):
        self.publish(self.step)
        html, _kind = self.env["ir.actions.report"].with_user(self.employee)._render_qweb_html(
            "ops_handbook.ops_article_qr_action", self.step.ids
        )
        text = html.decode()
        self.assertIn("data:image/png;base64,", text)
        self.assertIn(f"/odoo/handbook/{self.step.id}", text)
        self.assertIn("1.1.1", text)

    # -- robustness and cost -----------------------------------------------------------------------------------------------

    def test_nonsense(self):
        self.publish(self.step)
        for value in ("x", -1, True, [1], {"a": 1}, 2**40, 1.5, "1", [[]]):
            with self.subTest(value):
                page = self.env["ops.article"].with_user(self.employee).get_page(value, value, value)
                self.assertEqual(set(page), KEYS)
                self.assertFalse(page["article"])
                compared = self.env["ops.article.version"].with_user(self.employee).get_comparison(value, value, value)
                self.assertTrue(compared["message"])
        self.assertEqual(set(self.env["ops.article"].with_user(self.employee).get_page()), KEYS)

    def test_no_handbook_yet(self):
        self.env["ops.article"].sudo().search([]).active = False
        for user, text in ((self.employee, "As soon as something is published"), (self.operations, "Begin one under")):
            page = self.env["ops.article"].with_user(user).get_page()
            self.assertIn(text, page["message"])
            self.assertEqual((page["tree"], page["handbooks"], page["handbook"]["id"]), ([], [], False))

    def test_a_constant_number_of_queries(self):
        """One page costs the same whatever stands in the handbook."""
        def cost(user):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.page(self.step, user)
            return self.env.cr.sql_log_count - start

        for article in (self.chapter, self.process, self.step):
            self.publish(article, f"<h2>Rule</h2><p>Text</p>{BLOCK}", change_kind="major")
        for user in (self.employee, self.operations):
            cost(user)
            few = cost(user)
            for number in range(6):
                chapter = self.article(f"More {number}", sequence=30)
                self.publish(self.article("Part", parent=chapter), "<p>Text</p>", change_kind="major")
            self.assertLessEqual(cost(user), few)
            self.assertLess(few, 60, user.login)


@tagged("post_install", "-at_install")
class TestOpsArticleVersionCompare(HandbookCase):
    def compare(self, version=None, other=None, user=None, **asked):
        model = self.env["ops.article.version"].with_user(user or self.employee)
        return model.get_comparison(version.id if version else None, other.id if other else None, **asked)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.publish(cls.step, "<p>Hand it in by the 25th.</p><p>Gone.</p>")
        cls.second = cls.publish(cls.step, "<p>Hand it in by the 28th.</p>", reason="More time")
        cls.third = cls.publish(cls.step, "<p>Hand it in by the 28th.</p><p>And sign it.</p>", name="Hand in and sign")

    def test_with_the_version_before(self):
        found = self.compare(self.second)
        self.assertEqual((found["before"], found["after"], found["changed"]), (self.first.id, self.second.id, True))
        self.assertEqual([row["kind"] for row in found["rows"]], ["changed", "removed"])
        self.assertEqual(found["rows"][0]["after"], "<p>Hand it in by the <ins>28th</ins>.</p>")
        self.assertEqual([item["version"] for item in found["versions"]], [3, 2, 1])
        self.assertEqual(found["versions"][1]["reason"], "More time")
        self.assertEqual(found["article"]["id"], self.step.id)

    def test_a_picture_that_stayed_is_no_change(self):
        """Each version has copies of its own: compared is what they show."""
        files = self.env["ir.attachment"].with_user(self.operations)
        one, two = (files.create({"name": f"{raw}.png", "raw": raw.encode()}) for raw in ("one", "two"))
        first = self.publish(self.step, f'<p>Press <img src="/web/image/{one.id}-abc/a.png?access_token=xyz" alt="Button"></p>')
        second = self.publish(self.step, f"{first.body}<p>And sign.</p>")
        self.assertNotEqual(str(first.body), str(second.body).removesuffix("<p>And sign.</p>"), "a copy of its own")
        self.assertEqual([row["kind"] for row in self.compare(second, first)["rows"]], ["same", "added"])
        draft = self.draft(self.step, second.body)
        self.assertFalse(self.compare(draft, second, self.operations)["changed"])
        draft.body = f'<p>Press <img src="/web/image/{two.id}/a.png" alt="Button"></p><p>And sign.</p>'
        self.assertEqual([row["kind"] for row in self.compare(draft, second, self.operations)["rows"]], ["changed", "same"])

    def test_any_two_the_newer_on_the_right(self):
        for one, other in ((self.first, self.third), (self.third, self.first)):
            found = self.compare(one, other)
            self.assertEqual((found["before"], found["after"]), (self.first.id, self.third.id))
        self.assertEqual(found["title"], {"before": "Hand in", "after": "Hand in and sign"})
        self.assertEqual(self.compare(self.first)["before"], False, "the first text has nothing before it")
        self.assertEqual(self.compare(article_id=self.step.id)["after"], self.third.id, "by the article: what is published")

    def test_nobody_compares_what_they_may_not_read(self):
        draft = self.draft(self.step, "<p>Secret</p>")
        self.assertTrue(self.compare(draft)["message"])
        self.assertNotIn(draft.id, [item["id"] for item in self.compare(self.third)["versions"]])
        self.assertEqual(self.compare(self.third, draft)["before"], self.second.id)
        found = self.compare(draft, user=self.operations)
        self.assertEqual((found["before"], found["after"]), (self.third.id, draft.id))
        hidden = self.publish(self.other_chapter, "<p>Secret</p>")
        self.assertTrue(self.compare(hidden)["message"])
        self.assertTrue(self.compare(self.third, hidden)["rows"])
        self.assertNotIn("Secret", str(self.compare(self.third, hidden)))
        self.assertTrue(self.compare(article_id=self.other_chapter.id)["message"])
        self.step.with_user(self.operations).active = False
        self.assertTrue(self.compare(self.third)["message"])

    def test_hostile_texts_stay_neutral(self):
        evil = self.publish(self.step, '<p onclick="x()">a<script>alert(1)</script><a href="javascript:alert(1)">b</a></p>')
        text = str(self.compare(evil, self.third)["rows"])
        for bad in ("<script", "onclick", 'href="javascript'):
            self.assertNotIn(bad, text)

    def test_rules_that_changed_between(self):
        """A rule that changed with a version stands above the texts; of versions further apart, all of them."""
        standard = self.env["ops.standard"]._get("M6", self.company)
        standard.sudo().article_id = False  # the starter handbook states it
        with_rule = self.draft(self.step, f"<p>Rule</p>{BLOCK}")
        line = self.env["ops.article.rule"].with_user(self.operations).create({
            "version_id": with_rule.id, "standard_id": standard.id, **self.rule_values(standard),
        })
        found = self.compare(with_rule, user=self.operations)
        self.assertEqual([(rule["code"], bool(rule["before"]), bool(rule["after"])) for rule in found["rules"]], [("M6", True, True)])
        self.assertNotEqual(found["rules"][0]["before"], found["rules"][0]["after"])
        self.assertEqual(self.compare(with_rule, self.first, self.operations)["rules"], found["rules"])
        self.assertEqual(self.compare(self.third, user=self.operations)["rules"], [])
        self.assertTrue(line)

    def rule_values(self, standard):
        return {"due_day": 20 if standard.due_day != 20 else 21}

    def test_button(self):
        action = self.second.with_user(self.operations).action_compare()
        self.assertEqual((action["tag"], action["params"]), ("ops_handbook.version_diff", {"version_id": self.second.id}))

    def test_a_constant_number_of_queries(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.compare(self.third, self.first)
            return self.env.cr.sql_log_count - start

        cost()
        few = cost()
        for day in range(3):
            self.third = self.publish(self.step, f"<p>Day {day}</p>")
        self.assertLessEqual(cost(), few)
        self.assertLess(few, 30)
