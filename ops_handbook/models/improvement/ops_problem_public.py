from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL, hmac

SCOPE = "ops_handbook.follow"


class OpsProblem(models.Model):
    """Reports that come in without a user: through the public page or by e-mail. One knock, one report."""

    _inherit = "ops.problem"

    door_key = fields.Char(
        readonly=True, copy=False, exportable=False, groups=NO_ACCESS,
        help="Hash of what a report came in with, so that sending it twice files it once.",
    )

    _door_key_unique = models.UniqueIndex("(door_key) WHERE door_key IS NOT NULL")

    @api.model
    def _door_token(self, nonce):
        """Return the private token that belongs to the form with this nonce.

        Only its hash is stored. Whoever holds the form can be shown the link again after pressing twice; the database alone
        cannot lead back to it.
        """
        return hmac(self.env(su=True), SCOPE, nonce)

    @api.model
    def _door_report(self, vals, key, photos=(), follow_url=None):
        """File and submit one report, or return the one that was filed with the same ``key`` before.

        :param dict vals: values of the report
        :param str key: what makes this knock at the door unique; its hash is stored
        :param photos: list of (file name, bytes)
        :param str follow_url: the private address, for the mail to a reporter without an account
        """
        key = self._hash_token(key)
        self._door_wait_for(key)
        known = self.search([("door_key", "=", key)], limit=1)
        if known:
            return known
        try:
            with self.env.cr.savepoint():
                return self._report([{**vals, "door_key": key}], photos=[list(photos)], follow_urls=[follow_url])
        except UniqueViolation as error:
            if "door_key" not in (error.diag.constraint_name or ""):
                raise
            raise ConcurrencyError("This report has just been filed.") from error

    def _door_wait_for(self, key):
        """Have the request tried again in a moment while another one files the report with this ``key``."""
        free = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", key))
        if not free[0][0]:
            raise ConcurrencyError("This report is being filed right now.")

    # -- the private link ---------------------------------------------------------------------------------------------

    def _door_verify(self, effective, comment, photos=()):
        """Verify as the reporter who holds the private link (I4); the photos go to the verification sheet."""
        self.ensure_one()
        self.action_verify(effective, comment)
        self._door_attach(self.verification_ids.sorted("id")[-1:], photos)

    def _door_answer(self, answer, photos=()):
        """Answer the question with which the report was returned, and hand it in again."""
        self.ensure_one()
        self.description = f"{self.description or ''}\n\n{answer}".strip()
        if photos:
            self.photo_ids |= self._upload(photos)
        self.action_submit()

    def _door_attach(self, record, photos):
        if record and photos:
            self.env["ir.attachment"].create([
                {"name": name, "raw": content, "res_model": record._name, "res_id": record.id} for name, content in photos
            ])

    def _door_reason(self):
        """Return why the report was sent back or refused, in the words of whoever did it."""
        self.ensure_one()
        return self.transition_ids.filtered(lambda step: step.to_state == self.state).sorted("id")[-1:].reason or ""
