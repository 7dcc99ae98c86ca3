import errno
import logging
import os
from contextlib import suppress

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # no room, the quota is used up, a limit on the size of files


class IrAttachment(models.Model):
    """A disk without room: nothing half-written stays, and whoever attached is told in words.

    Odoo leaves the beginning of the file under its final name; with room again the same picture could not be attached, since
    it “collides with an existing file”.
    """

    _inherit = "ir.attachment"

    @api.model
    def _file_write(self, bin_value, checksum):
        try:
            return super()._file_write(bin_value, checksum)
        except OSError as error:
            self._ops_drop_rest(bin_value, checksum)
            if error.errno not in FULL:
                raise
            # once for whoever keeps the server; the user is told below
            _logger.warning("attachments: no room to write %s bytes (%s)", len(bin_value), errno.errorcode[error.errno])
            raise UserError(self.env._(
                "Nothing was saved: the server has no room left for attachments. Please tell whoever looks after it, and "
                "send this again when there is room."
            )) from None

    def _ops_drop_rest(self, bin_value, checksum):
        """Remove what was written of a file, if that is not all of it."""
        path = self._full_path(f"{checksum[:2]}/{checksum}")
        with suppress(OSError):
            if os.path.getsize(path) != len(bin_value):
                os.unlink(path)
