"""Versions of annual plans: what they say, that they stay, and their difference in words."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import token
from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsPlanVersion(PlanningCase):
    def setUp(self):
        super().setUp()
        self.plan = self._released().sudo()
        self.first = self.plan.version_ids

    def changed(self, *changes):
        """Return the next version, after ``changes`` (record, values) by the machinery."""
        for record, values in changes:
            token.PLAN.on(record).write(values)
        return self.plan._publish_versions("The market has changed")

    def differences(self, version):
        return {row["field"]: (row["before"], row["after"]) for row in version._diff(self.first)}

    def test_body(self):
        """The body has the five parts and the breakdown by quarter, with currency and unit."""
        body = " ".join(str(self.first.body).split())
        for text in (
            "Sell more", "Turnover", "New packaging line", "1,000 boxes an hour", "Second shift", "The line runs",
            "Rent a line for two months", "30,000.00", "120,000.00", "95.0 %", "24 %", "Content customers",
        ):
            self.assertIn(text, body)

    def test_difference(self):
        """What changed is named by the line and the field, in words; months come together."""
        initiative, goal = self.plan.initiative_ids[0], self.plan.goal_ids[0]
        version = self.changed(
            (initiative, {"weight": 55.5, "owner_id": self.employee.id}), (goal, {"name": "Sell much more"}),
            (self.plan.resource_ids[1], {"amount": 90_000.0}),
            (self.plan.risk_ids, {"probability": "3"}),
        )
        found = self.differences(version)
        self.assertEqual(found["Key Initiatives › New packaging line › Weight (%)"], ("60", "55.5"))
        self.assertEqual(found["Key Initiatives › New packaging line › Owner"], ("Head", "Employee"))
        self.assertEqual(found["Annual Goals › Sell much more › Goal"], ("Sell more", "Sell much more"))
        self.assertEqual(found["Risks › The supplier is late › Probability"], ("Medium", "High"))
        self.assertEqual(found["Resource Needs › Packaging line › Amount"], ("80,000", "90,000"))
        self.assertFalse([field for field in found if "Breakdown" in field], "a goal of another name has the same months")
        self.assertEqual(version.change_count, len(found))

    def test_difference_of_months(self):
        """The months of one goal or initiative are one row."""
        content = {**self.first.content, "target_ids": dict(self.first.content["target_ids"])}
        for key, line in content["target_ids"].items():
            if line["goal_id"] == "Sell more" and line["month"] in ("2027-02", "2027-03"):
                content["target_ids"][key] = {**line, "value": line["value"] + 500}
        version = self.changed()
        self.env.cr.execute("UPDATE ops_plan_version SET content = %s WHERE id = %s", [
            json.dumps(content), version.id,
        ])
        version.invalidate_recordset()
        self.assertEqual(self.differences(version), {
            "Breakdown › Sell more": ("February 2027: 10,000; March 2027: 10,000", "February 2027: 10,500; March 2027: 10,500"),
        })

    def test_a_list_counts_changes_without_putting_them_into_words(self):
        """As many statements for seven versions as for two, no table is made, and nothing large is read that is not compared."""
        goal, line = self.plan.goal_ids[0], self.plan.initiative_ids[0]
        for number in range(6):
            self.changed((goal, {"name": f"Goal {number}", "target": 120_000 + 12 * number}), (line, {"weight": 50 + number}))
        alone = self._released(self._plan(self.other_department)).sudo().version_ids
        versions = self.env["ops.plan.version"].sudo().search([("plan_id", "=", self.plan.id)], order="version")
        self._counted(versions | alone)
        few, many = self._counted(versions[:2] | alone), self._counted(versions | alone)
        self.assertLessEqual(many, few, "no statement for each version")
        self.assertNotIn("content", alone._cache, "it replaced nothing")
        self.assertTrue(all("body" not in version._cache for version in versions))
        counts = dict(zip(versions, versions.mapped("change_count"), strict=True))
        self.assertEqual(counts.pop(versions[0]), 0)
        for before, (version, count) in zip(versions, counts.items(), strict=False):
            self.assertEqual(count, len(version._diff(before)))
            self.assertGreater(count, 1)
        self.assertEqual(alone.change_count, 0)

    def _counted(self, versions):
        """Return the number of statements by which a list of versions gets how much each changed."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        with patch.object(type(self.env["ir.qweb"]), "_render", side_effect=AssertionError("a number needs no table")):
            versions.read(["version", "change_count"])
        return self.cr.sql_log_count - before

    def test_frozen(self):
        """Nobody makes, changes or deletes a version; its files neither."""
        for user in (self.head, self.gm_office, self.gm, self.admin_ops, self.env.user):
            version = self.first.with_user(user)
            with self.assertRaises(UserError):
                version.write({"body": "x"})
            with self.assertRaises(UserError):
                version.unlink()
            with self.assertRaises(UserError):
                version.create({"plan_id": self.plan.id, "version": 9})
            with self.assertRaises(UserError):
                version.with_context(ops_token="<ops token>").create({"plan_id": self.plan.id, "version": 9})
            if user == self.env.user:
                continue
            with self.assertRaises(AccessError):
                self.env["ir.attachment"].with_user(user).create({
                    "name": "x", "raw": b"x", "res_model": "ops.plan.version", "res_id": version.id,
                })

    def test_latest(self):
        second = self.changed()
        self.assertEqual((self.first.is_latest, second.is_latest), (False, True))
        self.assertEqual((second.version, second.reason), (2, "The market has changed"))
        self.assertEqual(self.plan.latest_version, 2)

    def test_publish_many(self):
        """Versions of many records, each with its own number, reason and files, in constant statements."""
        versions, other = self.env["ops.plan.version"], self._released(self._plan(self.other_department)).sudo()
        plans = self.plan | other
        self.changed()
        made = versions._publish_many(plans, dict.fromkeys(plans.ids, "<p>Body</p>"), {other.id: "Why"})
        self.assertEqual(made.mapped("version"), [3, 2])
        self.assertEqual(made.mapped("reason"), [False, "Why"])
