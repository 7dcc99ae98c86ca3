from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ..models.handbook import (
    ops_search_entry_age,
    ops_search_entry_find,
    ops_search_entry_plan,
    ops_search_entry_results,
    ops_search_entry_scope,
)
from ..tools import search_question
from .handbook import HandbookCase

LETTER = "<h2>Reminder letters</h2><p>Operations issue a reminder letter when something decided is late.</p>"
CHINESE = "<h2>签发</h2><p>运营管理部对逾期的决议事项签发催办函，责任部门两个工作日内答复。</p>"


@tagged("post_install", "-at_install")
class TestOpsSearch(HandbookCase):
    """Search over articles, cases and forms (4-handbook.md): finds what one may read, nothing else, and quickly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Entry = cls.env["ops.search.entry"]
        # the starter handbook is not what these tests are about
        cls.env.flush_all()
        cls.env.cr.execute("DELETE FROM ops_search_entry")
        cls.env.cr.execute("UPDATE ops_article_version SET state = 'superseded' WHERE handbook_id != %s", [cls.handbook.id])
        cls.env.invalidate_all()
        cls.letter = cls.publish(cls.process, LETTER, name="Letters to departments")
        cls.chinese_letter = cls.publish(cls.process, CHINESE, name="致部门的函", lang="zh_CN")

    def index(self, whole=False):
        """Let the job run, as far as the transaction of a test allows."""
        self.env.flush_all()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda cron, *args, **kwargs: 60):
            self.Entry._cron_index(whole)

    def found(self, query, user=None, kinds=None, lang="en_US"):
        """Return the records that somebody finds, as (model, id), kind by kind."""
        self.env.flush_all()
        answer = self.Entry.with_user(user or self.employee).with_context(lang=lang).get_results(query, kinds)
        return [(row["model"], row["id"]) for group in answer["groups"] for row in group["results"]]

    def problem(self, user=None, **values):
        return self.env["ops.problem"].with_user(user or self.employee)._report([{
            "name": "The press stands still", "description": "Oil on the floor of the hall", "proposed_severity": "2",
            "category": "resource", "company_id": self.company.id, **values,
        }])

    # -- what is found ----------------------------------------------------------------------------------------------------

    def test_articles_are_found_as_soon_as_they_are_published(self):
        article = ("ops.article", self.process.id)
        for query in ("reminder letter", "letters", '"reminder letter"', "催办函", "逾期的决议", "函", "remin", "致部门"):
            self.assertIn(article, self.found(query), query)
        self.assertFalse(self.found('"letter reminder"'))

    def test_an_article_in_two_languages_is_found_once_in_that_of_the_reader(self):
        self.assertEqual(self.found("letters 函", lang="zh_CN"), [("ops.article", self.process.id)])
        row = self.Entry.with_user(self.employee).with_context(lang="zh_CN").get_results("催办函")["groups"][0]["results"][0]
        self.assertEqual((row["lang"], row["title"]), ("zh_CN", "致部门的<mark>函</mark>".replace("<mark>函</mark>", "函")))
        self.assertIn("<mark>催办函</mark>", row["excerpt"])

    def test_a_superseded_version_is_found_no_more(self):
        self.publish(self.process, "<p>Nothing is sent any more.</p>", name="Letters to departments")
        self.assertFalse(self.found('"reminder letter"'))
        self.assertTrue(self.found("nothing sent"))

    def test_what_is_put_away_is_not_found(self):
        for record in (self.process, self.handbook):
            record.with_user(self.admin_ops).active = False
            self.assertFalse(self.found('"reminder letter"'), record)
            record.with_user(self.admin_ops).active = True
            self.assertTrue(self.found('"reminder letter"'), record)

    def test_what_is_put_away_hides_nothing(self):
        """However much stands in a handbook that is put away: what is older in another one is found."""
        other = self.env["ops.handbook"].with_user(self.admin_ops).create({
            "name": "Put away", "company_id": self.company.id, "lang_id": self.english.id,
        })
        for number in range(6):
            self.publish(self.article(f"Old {number}", handbook_id=other.id), LETTER, name=f"Old letters {number}")
        other.active = False
        with patch.object(ops_search_entry_find, "CANDIDATES", 3):
            self.assertEqual(self.found('"reminder letter"', kinds=["article"]), [("ops.article", self.process.id)])

    def test_a_draft_is_not_found(self):
        self.draft(self.step, "<p>Secretly planned</p>")
        self.index()
        self.assertFalse(self.found("secretly", self.operations))

    def test_the_words_of_a_live_standard_are_found_and_follow_it(self):
        """The job indexes an article again when a rule that it shows changes (M6)."""
        block = "<div data-embedded=\"opsStandard\" data-embedded-props='{\"code\": \"M6\"}'></div>"
        self.publish(self.step, f"<p>By this:</p>{block}", name="Completion report")
        self.assertEqual(self.found("M6")[0], ("ops.article", self.step.id))
        standard = self.env["ops.standard"]._get("M6", self.company)
        standard.name = "Zebra report"
        self.index()
        self.assertIn(("ops.article", self.step.id), self.found("zebra"))

    def test_forms_are_found_by_the_job_and_follow_what_is_written(self):
        problem = self.problem()
        key = ("ops.problem", problem.id)
        self.assertNotIn(key, self.found("press"))
        self.index()
        for query in ("press stands", problem.number, "oil hall", problem.number.split("/")[-1]):
            self.assertIn(key, self.found(query), query)
        self.env.cr.execute(
            "UPDATE ops_problem SET description = 'Water in the cellar', write_date = write_date - interval '3 days' WHERE id = %s",
            [problem.id],
        )
        self.env.invalidate_all()
        self.index(whole=True)  # a clock that goes wrong hides no change
        self.assertNotIn(key, self.found("oil"))
        self.assertIn(key, self.found("cellar"))

    def test_what_is_deleted_vanishes(self):
        problem = self.problem()
        self.index()
        self.env.cr.execute("DELETE FROM ops_problem WHERE id = %s", [problem.id])
        self.env.invalidate_all()
        self.assertNotIn(("ops.problem", problem.id), self.found("press"))
        self.index(whole=True)
        self.assertFalse(self.Entry.search([("res_model", "=", "ops.problem"), ("res_id", "=", problem.id)]))

    def test_nothing_is_indexed_twice(self):
        self.problem()
        self.index()
        with patch.object(type(self.Entry), "_put") as put:
            self.index()
        put.assert_not_called()

    def test_one_record_that_cannot_be_read_holds_up_nothing(self):
        problems = self.problem() | self.problem(name="Another press")
        keys = type(self.Entry)._keys

        def broken(entry, record, *args):
            if record._name == "ops.problem" and record.id == problems[0].id:
                raise ValueError("cannot be read")
            return keys(entry, record, *args)

        with patch.object(type(self.Entry), "_keys", broken), \
                patch.object(self.env.cr, "rollback", lambda: None), self.assertLogs(level="ERROR"):
            self.index()
        self.assertIn(("ops.problem", problems[1].id), self.found("press"))

    # -- in which order ---------------------------------------------------------------------------------------------------

    def test_code_then_title_then_text_then_the_newest(self):
        in_text = self.problem(name="A matter", description="The zeppelin leaks")
        in_title = self.problem(name="Zeppelin late", description="Nothing more")
        newer = self.problem(name="Zeppelin lost", description="Nothing more")
        self.env.cr.execute("UPDATE ops_problem SET create_date = '2026-01-01' WHERE id = %s", [in_title.id])
        self.problem(name="See this", description=f"As in {in_text.number} of the zeppelin")
        self.index()
        self.assertEqual(self.found("zeppelin")[:2], [("ops.problem", newer.id), ("ops.problem", in_title.id)])
        self.assertEqual(self.found(in_text.number)[0], ("ops.problem", in_text.id))

    def test_articles_before_forms_at_equal_rank(self):
        self.publish(self.step, "<p>Nothing more</p>", name="Zebras")
        self.problem(name="Zebra", description="Nothing more")
        self.index()
        best = self.Entry.with_user(self.employee)._search_text("zebra")
        self.assertEqual([row["model"] for row in best[:2]], ["ops.article", "ops.problem"])

    def test_any_word_when_nothing_holds_all(self):
        self.assertEqual(self.found("reminder of the zeppelin"), [("ops.article", self.process.id)])
        self.assertFalse(self.found("zeppelin"))

    # -- for whom ---------------------------------------------------------------------------------------------------------

    def test_only_what_one_may_read_is_found_or_counted(self):
        """5-roles.md: an employee finds their own reports, their head those of the department, operations all."""
        self.publish(self.other_chapter, "<p>Prices of the press</p>", name="Prices")
        mine, others = self.problem(), self.problem(self.liaison)
        self.index()
        self.assertEqual(self.found("press", kinds=["form"]), [("ops.problem", mine.id)])
        self.assertEqual(self.found("press", self.liaison), [("ops.article", self.other_chapter.id), ("ops.problem", others.id)])
        self.assertEqual(set(self.found("press", self.operations, ["form"])), {("ops.problem", mine.id), ("ops.problem", others.id)})
        self.assertFalse(self.found("press", self.branch_employee))
        self.assertFalse(self.found("press", self.portal))
        answer = self.Entry.with_user(self.employee).get_results("press")
        self.assertEqual([(group["kind"], group["count"]) for group in answer["groups"] if group["count"]], [("form", 1)])

    def test_a_head_finds_the_articles_of_the_department_only(self):
        self.publish(self.other_chapter, "<p>Prices of the press</p>", name="Prices")
        self.assertFalse(self.found("prices", self.head))
        self.assertTrue(self.found("prices", self.other_head))

    def test_what_is_stale_in_the_index_shows_nothing_else_than_the_record(self):
        problem = self.problem()
        self.index()
        self.env.cr.execute("UPDATE ops_problem SET description = 'Quiet again' WHERE id = %s", [problem.id])
        self.env.invalidate_all()
        row = self.Entry.with_user(self.employee).get_results("oil", ["form"])["groups"][0]["results"][0]
        self.assertNotIn("Oil", row["excerpt"])

    def test_rights_taken_away_count_at_once(self):
        problem = self.problem()
        self.index()
        self.env.cr.execute("UPDATE ops_problem SET author_id = %s WHERE id = %s", [self.liaison.id, problem.id])
        self.env.invalidate_all()
        self.assertFalse(self.found("press"))

    def test_frequent_words_in_many_forms_of_others(self):
        """Whoever may read few of many is given them all the same: the rules become a part of the statement."""
        mine = self.problem()
        self.env["ops.problem"].with_user(self.liaison)._report([
            {"name": f"The press again {number}", "description": "No", "proposed_severity": "2", "category": "resource",
             "company_id": self.company.id} for number in range(8)
        ])
        self.index()
        with patch.object(ops_search_entry_find, "CANDIDATES", 3), \
                patch.object(type(self.Entry), "_scope_of", lambda entry, name: ops_search_entry_scope.ALL):
            self.env.registry.clear_cache()
            self.assertEqual(self.found("press", kinds=["form"]), [("ops.problem", mine.id)])
            answer = self.Entry.with_user(self.operations).get_results("press", ["form"])["groups"][0]
        self.env.registry.clear_cache()
        self.assertTrue(answer["more"])

    # -- however many there are -------------------------------------------------------------------------------------------

    def reports(self, number, **values):
        return self.env["ops.problem"].with_user(self.employee)._report([
            {"name": f"The press {turn}", "description": "No", "proposed_severity": "2", "category": "resource",
             "company_id": self.company.id, **values} for turn in range(number)
        ])

    def ages(self):
        """Return the ids of problems by the age of their entries."""
        self.env.cr.execute("SELECT age, array_agg(res_id) FROM ops_search_entry WHERE res_model = 'ops.problem' GROUP BY age")
        return {age: set(ids) for age, ids in self.env.cr.fetchall()}

    def test_only_the_newest_are_young(self):
        """The oldest of the newest grow old when there are twice as many as there should be, and only then."""
        self.startPatcher(patch.object(type(self.Entry), "_searched", lambda entry: {"ops.problem": "form"}))
        problems = self.reports(9)
        for days, problem in enumerate(problems):
            self.env.cr.execute(
                "UPDATE ops_problem SET create_date = now() at time zone 'utc' - %s * interval '1 day' WHERE id = %s",
                [days, problem.id],
            )
        self.env.invalidate_all()
        self.index()
        ids = problems.ids
        self.assertEqual(self.ages(), {0: set(ids)})
        with patch.object(ops_search_entry_age, "SIZES", (5, 8)):
            self.index()
            self.assertEqual(self.ages(), {0: set(ids)})
        with patch.object(ops_search_entry_age, "SIZES", (1, 4)), patch.object(ops_search_entry_age, "FOUND", 2):
            self.index()
            self.assertEqual(self.ages(), {0: set(ids[:1]), 1: set(ids[1:4]), 2: set(ids[4:])})
            self.assertEqual(len(self.found("press", kinds=["form"])), 9)
            newcomer = self.reports(1)
            self.index()
            self.assertEqual(self.ages(), {0: {ids[0], newcomer.id}, 1: set(ids[1:4]), 2: set(ids[4:])})
        # written again it is as old as before
        self.env.cr.execute(
            "UPDATE ops_problem SET name = 'Another matter of the press', write_date = write_date + interval '1 minute' WHERE id = %s",
            [problems[8].id],
        )
        self.env.invalidate_all()
        self.index()
        self.assertIn(problems[8].id, self.ages()[2])
        self.assertEqual(self.found("another matter", kinds=["form"]), [("ops.problem", problems[8].id)])
        self.assertEqual(self.found(problems[7].number, kinds=["form"])[0], ("ops.problem", problems[7].id))

    def test_what_is_published_again_is_new(self):
        self.env.cr.execute("UPDATE ops_search_entry SET age = 2, date = date - interval '1 day' WHERE res_model = 'ops.article'")
        self.assertIn(("ops.article", self.process.id), self.found("reminder letter"))
        self.publish(self.process, "<p>Reminder letters are blue.</p>", name="Letters to departments")
        self.env.cr.execute("SELECT age FROM ops_search_entry WHERE res_model = 'ops.article' AND res_id = %s AND lang = 'en_US'", [
            self.process.id
        ])
        self.assertEqual(self.env.cr.fetchall(), [(0,)])

    def test_the_newest_are_enough_where_they_fill_the_page(self):
        """Older entries are looked at only where the newer ones do not hold enough of what may be read."""
        mine = self.reports(4)
        self.index()
        self.env.cr.execute("UPDATE ops_search_entry SET age = 2 WHERE res_model = 'ops.problem' AND res_id = %s", [mine[0].id])
        entry = self.Entry.with_user(self.employee)
        self.startPatcher(patch.object(ops_search_entry_plan, "RARE", 0))  # here all words are rare
        found = entry._find(search_question.question("press"), ["form"], 3)["form"]
        self.assertEqual(({hit.id for hit in found[0]}, found[1]), (set(mine[1:].ids), True))
        found = entry._find(search_question.question("press"), ["form"], 4)["form"]
        self.assertEqual(({hit.id for hit in found[0]}, found[1]), (set(mine.ids), False))

    def test_pages_follow_each_other(self):
        """What is older and would come first does not push hits of the first page out of the second."""
        old, new = self.reports(4), self.reports(4)
        for problem in new:
            self.env.cr.execute("UPDATE ops_problem SET name = 'Noise', description = 'By the press' WHERE id = %s", [problem.id])
        self.env.invalidate_all()
        self.index()
        self.env.cr.execute("UPDATE ops_search_entry SET age = 2 WHERE res_model = 'ops.problem' AND res_id = ANY(%s)", [old.ids])
        self.startPatcher(patch.object(ops_search_entry_plan, "RARE", 0))  # here all words are rare
        self.startPatcher(patch.object(ops_search_entry_results, "PAGE", 3))
        entry = self.Entry.with_user(self.employee)
        pages = [entry.get_results("press", ["form"], offset)["groups"][0] for offset in (0, 3, 6)]
        shown = [row["id"] for page in pages for row in page["results"]]
        self.assertEqual([page["count"] for page in pages], [4, 4, 4])
        self.assertCountEqual(shown, new.ids)
        self.assertTrue(pages[0]["more"])

    def test_words_side_by_side_among_many_that_hold_both(self):
        right = self.problem(name="The zebra crossing", description="No")
        for _turn in range(3):
            self.problem(name="Crossing of a zebra", description="No")
        self.index()
        with patch.object(ops_search_entry_find, "CANDIDATES", 2):  # the newest that hold both words are others
            self.assertEqual(self.found('"zebra crossing"', kinds=["form"]), [("ops.problem", right.id)])

    def test_the_beginning_of_a_word_is_one_of_the_words_that_were_met(self):
        problem = self.problem(name="Zeppelins 函件", description="No")
        self.index()
        for query in ("zepp", "函", "函 zepp", "zeppelins 函", problem.number[:-1]):
            self.assertIn(("ops.problem", problem.id), self.found(query, kinds=["form"]), query)
        self.assertFalse(self.found('"zepp"', kinds=["form"]))
        words = self.env["ops.search.word"]
        self.assertEqual(len(words.search([("word", "=", "zeppelin")])), 1)
        self.assertFalse(words.search(["|", ("word", "=like", "~%"), ("word", "=like", "^%")]))

    def test_no_field_that_some_readers_may_not_read(self):
        """Words of a field with groups would tell others that they stand there."""
        for name in self.Entry._searched():
            model = self.env[name]
            for path in (*model._search_fields, *self.Entry._keys_of(name)):
                owner = model
                for part in path.split("."):
                    field = owner._fields[part]
                    self.assertFalse(field.groups, f"{name}.{path}")
                    owner = self.env[field.comodel_name] if field.relational else owner
        for private in ("ops.work.log", "ops.work.log.line", "ops.article.reading"):
            self.assertNotIn(private, self.Entry._searched())

    def test_the_index_itself_is_nobodys(self):
        for user in (self.employee, self.operations, self.admin_ops):
            self.assertFalse(self.Entry.with_user(user).has_access("read"))

    # -- what is shown ----------------------------------------------------------------------------------------------------

    def test_what_is_shown_is_neutral(self):
        problem = self.problem(name="<img src=x onerror=alert(1)> press", description="<script>press</script>")
        self.index()
        row = self.Entry.with_user(self.employee).get_results("press")["groups"][-1]["results"][0]
        self.assertEqual(row["id"], problem.id)
        for text in (row["title"], row["excerpt"]):
            self.assertNotIn("<img", text)
            self.assertNotIn("<script", text)
            self.assertIn("<mark>press</mark>", text)

    def test_nonsense_is_answered(self):
        entry = self.Entry.with_user(self.employee)
        for query in (None, 5, [], {}, "", "'", "\\", "' | !( & :* <->", "\x00 \ud800 a", "a" * 5000, "((", "~k=form", "^a", "=m6", "函" * 400):
            for kinds in (None, "form", ["x"], [[]], [None], 3):
                answer = entry.get_results(query, kinds, "no")
                self.assertIn("groups", answer)
        self.assertFalse(self.found("~k=form"))

    def test_queries_do_not_grow_with_the_results(self):
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            entry, before = self.Entry.with_user(self.employee), self.env.cr.sql_log_count
            entry.get_results("press")
            return self.env.cr.sql_log_count - before

        self.problem()
        self.index()
        statements()
        few = statements()
        for _turn in range(6):
            self.problem()
        self.index()
        self.assertLessEqual(statements(), few)
        self.assertLessEqual(few, 25)

    def test_writing_a_form_costs_nothing(self):
        with patch.object(type(self.Entry), "_put") as put:
            problem = self.problem()
            problem.sudo().write({"photo_ids": []})
            self.env.flush_all()
        put.assert_not_called()

    def test_a_user_without_roles_is_answered(self):
        nobody = new_test_user(self.env, "search.nobody", groups="base.group_user")
        self.assertIn("groups", self.Entry.with_user(nobody).get_results("press"))

    def test_every_searched_field_exists(self):
        for name in self.Entry._searched():
            record = self.env[name].new({})
            for path in record._search_fields:
                self.assertIsInstance(self.Entry._values(record, path), list, f"{name}.{path}")
        self.assertEqual(search_question.question("").chunks, ())
