from hashlib import sha256
from secrets import token_urlsafe

from odoo import api, fields, models


class OpsProblem(models.Model):
    """What the doors use through which reports come in: quick form, e-mail, QR code."""

    _inherit = "ops.problem"

    @api.model
    def _new_token(self):
        """Return a new private token; only its hash (:meth:`_hash_token`) is ever stored."""
        return token_urlsafe(32)

    @api.model
    def _hash_token(self, private):
        """Return the hash under which a private token is stored."""
        return sha256((private or "").encode(errors="replace")).hexdigest()

    @api.model
    def _follow_by_token(self, private):
        """Return the problem that a private token follows (sudo); empty when there is none."""
        if not private:
            return self.sudo().browse()
        # sudo: whoever knows the token may see this one report, and the door shows no more than its progress
        return self.sudo().search([("token_hash", "=", self._hash_token(private))], limit=1)

    @api.model
    def _report(self, vals_list, photos=None, follow_urls=None):
        """Write and submit reports in one go, for the doors.

        :param list vals_list: values as for ``create``; doors without a login run as superuser and say ``author_id``
        :param list photos: per report a list of (file name, bytes)
        :param list follow_urls: per report the private address, for the mail to a reporter without an account
        :return: the problems, in the order of ``vals_list``
        """
        vals_list = [dict(vals) for vals in vals_list]
        for vals, files in zip(vals_list, photos or [], strict=False):
            if files:
                vals["photo_ids"] = [fields.Command.set(self._upload(files).ids)]
        problems = self.create(vals_list)
        links = {problem.id: url for problem, url in zip(problems, follow_urls or [], strict=False)}
        problems.with_context(ops_follow_links=links).action_submit()
        return problems

    @api.model
    def _upload(self, files):
        """Return attachments made of (file name, bytes)."""
        return self.env["ir.attachment"].create([
            {"name": (name or "photo").replace("/", "_")[:120], "raw": content, "res_model": self._name, "res_id": 0}
            for name, content in files
        ])
