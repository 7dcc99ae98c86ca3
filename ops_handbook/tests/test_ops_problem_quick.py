import base64
import io

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OpsCommon

NOW = "2026-11-20 18:30"  # a Friday evening


def picture(side=40, kind="PNG", **options):
    """Return a picture as base64, as the form sends it."""
    target = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(target, kind, **options)
    return base64.b64encode(target.getvalue()).decode()


@tagged("ops_my_work")
class TestProblemQuick(OpsCommon):
    """What the phone-sized form calls, and what somebody else may try to call in its stead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.problems = cls.env["ops.problem"]
        cls.values = {
            "name": "Line 2 stops again", "description": "Air pressure 0.4 MPa in the early shift", "category": "resource",
            "proposed_severity": "2",
        }

    def report(self, user=None, photos=None, key=None, **values):
        with self.at(NOW):
            answer = self.problems.with_user(user or self.employee).quick_report({**self.values, **values}, photos, key)
        return self.problems.sudo().browse(answer["id"]), answer

    def obligations(self, problem, code):
        return self.env["ops.obligation"].sudo().search([
            ("code", "=", code), ("source_model", "=", "ops.problem"), ("source_id", "=", problem.id),
        ])

    # -- one tap --------------------------------------------------------------------------------------------------------

    def test_reports_in_the_users_name(self):
        """I1 starts at once: 1 WD after a Friday evening is Monday evening."""
        problem, answer = self.report()
        self.assertEqual(answer, {"id": problem.id, "number": problem.number, "urgent": False})
        self.assertEqual((problem.state, problem.author_id, problem.channel), ("new", self.employee, "quick"))
        self.assertEqual(problem.create_uid, self.employee)
        self.assertEqual(problem.department_id, self.department)
        self.assertEqual((problem.category, problem.proposed_severity), ("resource", "2"))
        self.assertEqual(self.obligations(problem, "I1").date_due, self.utc("2026-11-23 23:59:59"))

    def test_says_when_it_happened(self):
        """The time is UTC; without one it happened now. Its clocks count from the report all the same."""
        problem, _answer = self.report(occurred_on="2026-11-20 00:15:00", proposed_severity="1")
        self.assertEqual(problem.occurred_on, self.utc("2026-11-20 08:15"))
        self.assertEqual(self.obligations(problem, "I1").date_due, self.utc("2026-11-20 22:30"))
        for same in ("2026-11-20T00:15:00", "2026-11-20T08:15:00+08:00", "2026-11-20T00:15:00.250Z"):
            self.assertEqual(self.report(occurred_on=same)[0].occurred_on, self.utc("2026-11-20 08:15"), same)
        for unsaid in ({}, {"occurred_on": ""}, {"occurred_on": False}):
            self.assertEqual(self.report(**unsaid)[0].occurred_on, self.utc(NOW), unsaid)
        fast = self.report(occurred_on="2026-11-20 10:33:00")[0].occurred_on
        self.assertEqual(fast, self.utc("2026-11-20 18:33"), "a phone whose clock is a little fast")

    def test_urgent_starts_both_clocks(self):
        """I1 within 4 hours and I2 within 24, from the submission of a proposed level 1."""
        problem, answer = self.report(proposed_severity="1")
        self.assertTrue(answer["urgent"])
        self.assertEqual(self.obligations(problem, "I1").date_due, self.utc("2026-11-20 22:30"))
        self.assertEqual(self.obligations(problem, "I2").date_due, self.utc("2026-11-21 18:30"))

    def test_photos_belong_to_the_report(self):
        problem, _answer = self.report(photos=[picture(), picture(3000, "JPEG")])
        self.assertEqual(problem.photo_ids.mapped("name"), ["photo-1.jpg", "photo-2.jpg"])
        self.assertEqual(set(problem.photo_ids.mapped("res_id")), {problem.id})
        sizes = [Image.open(io.BytesIO(photo.raw)).size for photo in problem.photo_ids]
        self.assertLessEqual(max(max(size) for size in sizes), 2560)

    def test_photos_of_all_kinds(self):
        kinds = [picture(kind=kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP")]
        problem, _answer = self.report(photos=kinds)
        self.assertEqual(len(problem.photo_ids), 5)

    def test_photos_keep_no_secrets(self):
        """Where and with what a picture was taken is not kept."""
        exif = Image.Exif()
        exif[0x010F] = "Secret Camera"
        problem, _answer = self.report(photos=[picture(kind="JPEG", exif=exif)])
        self.assertNotIn(b"Secret", problem.photo_ids.raw)

    def test_sent_twice_filed_once(self):
        """A lost connection makes people press again."""
        first, answer = self.report(key="abc")
        again, same = self.report(key="abc")
        self.assertEqual((first, answer), (again, same))
        other, _answer = self.report(user=self.colleague, key="abc")
        self.assertNotEqual(first, other, "the key of somebody else is another key")
        third, _answer = self.report(key="abd")
        self.assertNotEqual(first, third)

    # -- nothing but what the form says -----------------------------------------------------------------------------

    def test_other_fields_are_refused(self):
        for name, value in (
            ("author_id", self.head.id), ("state", "closed"), ("severity", "1"), ("channel", "registered"),
            ("company_id", self.branch.id), ("is_anonymous", True), ("photo_ids", [(4, 1)]), ("number", "X"),
        ):
            with self.assertRaises(UserError, msg=name):
                self.report(**{name: value})

    def test_forged_context_changes_nothing(self):
        forged = self.problems.with_user(self.employee).with_context(
            default_author_id=self.head.id, default_state="closed", default_is_anonymous=True, default_channel="registered",
            default_severity="1", ops_token=True,
        )
        with self.at(NOW):
            problem = self.problems.sudo().browse(forged.quick_report(self.values)["id"])
        self.assertEqual((problem.author_id, problem.state), (self.employee, "new"))
        self.assertEqual((problem.channel, problem.is_anonymous, problem.severity), ("quick", False, False))

    def test_bad_input_names_the_field_and_writes_nothing(self):
        before = self.problems.sudo().search_count([])
        for message, values, photos in (
            ("Subject", {"name": "   "}, None),
            ("Subject", {"name": "x" * 201}, None),
            ("Subject", {"name": ["list"]}, None),
            ("What Happened", {"description": {"a": 1}}, None),
            ("Category", {"category": "nonsense"}, None),
            ("Proposed Level", {"proposed_severity": 7}, None),
            ("When: please enter", {"occurred_on": "2026-11-20 11:00:00"}, None),  # half an hour ahead, in UTC
            ("When: please enter", {"occurred_on": "2999-01-01 00:00:00"}, None),
            ("When: please enter", {"occurred_on": "1999-12-31 23:59:59"}, None),
            ("When: please enter", {"occurred_on": "0001-01-01T00:00:00+14:00"}, None),
            ("When: please enter", {"occurred_on": "yesterday\x00"}, None),
            ("When: please enter", {"occurred_on": ["2026-11-20 08:00:00"]}, None),
            ("When: please enter", {"occurred_on": 1763625600}, None),
            ("Photos", {}, "not a list"),
            ("Photos", {}, [picture()] * 11),
            ("Photos", {}, ["§§§"]),
            ("Photos", {}, [None]),
            ("Photos", {}, [base64.b64encode(b"<svg onload=alert(1)>").decode()]),
        ):
            with self.subTest(message=message, values=values), self.assertRaisesRegex(UserError, message):
                self.report(photos=photos, **values)
        for values in (None, [], "text"):
            with self.assertRaises(UserError):
                self.problems.with_user(self.employee).quick_report(values)
        with self.assertRaises(UserError):
            self.report(key="x" * 65)
        self.assertEqual(self.problems.sudo().search_count([]), before)

    def test_not_for_strangers(self):
        for user in (self.portal, self.env.ref("base.public_user")):
            problems = self.problems.with_user(user)
            with self.assertRaises(AccessError):
                problems.quick_report(self.values)
            with self.assertRaises(AccessError):
                problems.similar("Line 2")

    # -- earlier ones -------------------------------------------------------------------------------------------------

    def test_similar_is_offered_and_linked(self):
        earlier, _answer = self.report()
        offered = self.problems.with_user(self.employee).similar("Line 2 stops again")
        self.assertEqual([item["id"] for item in offered], [earlier.id])
        self.assertEqual(offered[0]["number"], earlier.number)
        again, _answer = self.report(repeat_of_id=earlier.id)
        self.assertEqual(again.repeat_of_id, earlier)

    def test_repeats_only_what_was_offered(self):
        """An id that was guessed leads nowhere: the report goes out, without the link."""
        other, _answer = self.report(name="Canteen queue", description="Twenty minutes at noon")
        again, _answer = self.report(repeat_of_id=other.id)
        self.assertFalse(again.repeat_of_id)
        for wrong in (-1, "x", [other.id], 10**12):
            problem, _answer = self.report(repeat_of_id=wrong)
            self.assertFalse(problem.repeat_of_id)

    def test_similar_takes_text_only(self):
        for wrong in (None, 5, ["a"]):
            with self.assertRaises(UserError):
                self.problems.with_user(self.employee).similar(wrong)
        self.assertEqual(self.problems.with_user(self.employee).similar(""), [])

    # -- the form ------------------------------------------------------------------------------------------------------

    def test_form_explains_the_levels(self):
        form = self.problems.with_user(self.employee).quick_form()
        self.assertEqual([level["value"] for level in form["severities"]], ["1", "2", "3"])
        self.assertTrue(all(level["help"] and level["label"] for level in form["severities"]))
        self.assertEqual(len(form["categories"]), 4)

    def test_button_on_my_work(self):
        buttons = self.env["ops.my.work"].with_user(self.employee).get_data()["buttons"]
        self.assertEqual([button["key"] for button in buttons], ["report", "log"])
        self.env.ref(buttons[0]["action"])
