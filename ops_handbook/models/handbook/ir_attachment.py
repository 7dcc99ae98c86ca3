from odoo import SUPERUSER_ID, api, models

from .ops_article_version import OPEN_STATES
from .ops_article_version_picture import FILE

VERSION = "ops.article.version"
# what a file is, and to what it belongs
CONTENT = {"datas", "raw", "db_datas", "url", "type", "mimetype", "res_model", "res_id", "res_field"}


class IrAttachment(models.Model):
    """What a text shows is part of it: whoever adds, exchanges or takes away a picture of a draft has written in it."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._ops_shown_in()._note_writer()
        return files

    def write(self, vals):
        if not CONTENT & vals.keys():
            return super().write(vals)
        before = self._ops_shown_in()
        result = super().write(vals)
        (before | self._ops_shown_in())._note_writer()
        return result

    def unlink(self):
        before = self._ops_shown_in()
        result = super().unlink()
        before.exists()._note_writer()
        return result

    def _ops_shown_in(self):
        """Return the drafts (sudo) that hold one of these files and show it in their texts."""
        # sudo: what the user may change is asked by super(), whom to note is not
        files_sudo, versions_sudo = self.sudo(), self.env[VERSION].sudo()
        holders = set() if self.env.uid == SUPERUSER_ID else {
            file.res_id for file in files_sudo if file.res_model == VERSION and file.res_id
        }
        drafts = versions_sudo.browse(holders).exists().filtered(lambda version: version.state in OPEN_STATES)
        return drafts.filtered(lambda version: {int(found[2]) for found in FILE.finditer(version.body or "")} & set(self.ids))
