from odoo import models


class OpsMeeting(models.Model):
    """What invitations say of a meeting."""

    _inherit = "ops.meeting"

    def _calendar_uid(self):
        """Return by what name calendars know the meeting, whatever becomes of it."""
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")  # sudo: a constant of the system
        return f"ops-meeting-{self.id}@{database}"

    def _own_url(self):
        return f"{self.get_base_url()}/odoo/{self._name}/{self.id}"

    def _agenda_text(self):
        """Return the agenda as plain text, one item a line."""
        return "\n".join(
            f"{number}. {item.name}" + (f" ({item.presenter_id.name})" if item.presenter_id else "")
            for number, item in enumerate(self.agenda_ids, start=1)
        )

    def _agenda_rows(self, with_links):
        """Return the agenda as plain dicts; ``with_links``: the material can be opened by whoever logs in."""
        base = self.get_base_url()
        return [
            {
                "name": item.name,
                "presenter": item.presenter_id.name or "",
                "duration": item.duration,
                "file_count": len(item.attachment_ids),
                "files": [
                    {"name": file.name, "url": f"{base}/web/content/{file.id}?download=1"} for file in item.attachment_ids
                ] if with_links else [],
            }
            for item in self.agenda_ids
        ]
