"""A form asks what follows from a field before it is saved: it may, where a duty lets its reader write just this field."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .collaborations import CollaborationCase


@tagged("post_install", "-at_install")
class TestDutyForm(CollaborationCase):
    def test_head_names_the_liaison_on_the_form_of_a_request_that_is_locked(self):
        party = self.party(self.submitted()).with_user(self.other_head)
        with Form(party) as form:
            form.liaison_id = self.liaison
            self.assertEqual(form.acting_liaison_id, self.liaison)
        self.assertEqual(party.liaison_id, self.liaison)

    def test_a_look_ahead_is_no_door(self):
        """Neither for another field, nor for somebody else, nor by a forged context; and nothing is written by it."""
        party = self.party(self.submitted())
        looks = {"liaison_id": self.liaison.id}
        for user, names in ((self.other_head, ["request"]), (self.third_head, ["liaison_id"]), (self.head, ["liaison_id"])):
            for context in ({}, {"ops_duty_token": True}, {"ops_duty_token": "<ops token>"}):
                with self.assertRaises(AccessError):
                    party.with_user(user).with_context(**context).onchange(looks, names, {"liaison_id": {}})
        party.with_user(self.other_head).onchange(looks, ["liaison_id"], {"liaison_id": {}})
        self.assertFalse(party.sudo().liaison_id)
