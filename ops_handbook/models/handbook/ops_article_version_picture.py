import re

from odoo import api, models

from ...tools import token

# how the text points to a file of the database: /web/image/12-abc/name.png, /web/content/12?download=true
FILE = re.compile(r"(/web/(?:image|content)/)(\d+)(?![\d.])(-[0-9a-f]+)?")
TOKEN = re.compile(r"([?&](?:amp;)?)access_token=[\w-]+(&amp;|&)?")


class OpsArticleVersion(models.Model):
    """A text has its pictures and files to itself: once published, what it shows can neither be exchanged nor taken away."""

    _inherit = "ops.article.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._own_pictures()
        return versions

    def write(self, vals):
        result = super().write(vals)
        if vals.get("body") and not token.holds(self.env):
            token.cleared(self)._own_pictures()
        return result

    def _own_pictures(self):
        """Take over the files that the texts show: uploads of the writer as they are, others as copies.

        Only what the writer may read: nobody's file becomes readable by a guessed number.
        """
        wanted = {version: {int(found[2]) for found in FILE.finditer(version.body or "")} for version in self}
        every = set().union(*wanted.values())
        if not every:
            return
        readable = self.env["ir.attachment"].browse(every).exists()._filtered_access("read")
        for version, ids in wanted.items():
            # sudo: what the writer may read was asked just above; the files of a version are the machinery's
            foreign = readable.sudo().filtered(lambda file, ids=ids, version=version: file.id in ids and not version._holds(file))
            uploads = foreign.filtered(lambda file: not file.res_id and file.create_uid == self.env.user)
            uploads.write({"res_model": self._name, "res_id": version.id, "public": False})
            if foreign - uploads:
                version._copy_pictures(foreign - uploads)

    def _holds(self, attachment):
        return (attachment.res_model, attachment.res_id, attachment.res_field) == (self._name, self.id, False)

    def _copy_pictures(self, files):
        """Copy ``files`` (sudo) for this version, once each, and let its text point to the copies."""
        held = {
            file.checksum: file for file in files.search([("res_model", "=", self._name), ("res_id", "=", self.id)])
        }
        missing = files.filtered(lambda file: file.checksum not in held)
        for file in files.create(missing.copy_data({
            "res_model": self._name, "res_id": self.id, "res_field": False, "public": False, "access_token": False,
        })):
            held[file.checksum] = file
        new = {file.id: held[file.checksum].id for file in files if file.checksum in held}

        def replace(match):
            found = new.get(int(match[2]))
            return f"{match[1]}{found}" if found else match[0]

        text = FILE.sub(replace, TOKEN.sub(lambda match: match[1] if match[2] else "", str(self.body)))
        token.marked(self.sudo()).write({"body": text})  # sudo: with the mark, it is no other text

    def _texts_with_same_files(self, other):
        """Return the texts of this version and of ``other`` (sudo) in which files of the same content have the same address.

        Each version has copies of its own; a comparison shall find what is shown, not where it lies.
        """
        texts = [TOKEN.sub(lambda match: match[1] if match[2] else "", str(item.body or "")) for item in (self, other)]
        shown = [{int(match[2]) for match in FILE.finditer(text)} for text in texts]
        if not all(shown):
            return texts
        files = self.env["ir.attachment"].browse(set().union(*shown)).exists()
        content = {file.id: file.checksum for file in files if file.checksum}
        own = {content[file]: file for file in sorted(shown[0]) if file in content}

        def name(match):
            file = int(match[2])
            return f"{match[1]}{own.get(content.get(file), file)}"

        return [FILE.sub(name, text) for text in texts]
