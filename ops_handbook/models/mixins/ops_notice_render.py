import logging
import secrets

from lxml import etree, html
from markupsafe import Markup

from odoo import api, models
from odoo.tools import ormcache
from odoo.tools.rendering_tools import convert_inline_template_to_qweb

from .ir_qweb import Template

_logger = logging.getLogger(__name__)


class OpsNotice(models.AbstractModel):
    """Rendering many mails of one template: its text is compiled once, whatever their number."""

    _inherit = "ops.notice"

    @api.model
    def _render(self, template, mails):
        """Return (subject, body) of each mail in the language of ``template``; its text is compiled once for all of them.

        A text that an administrator has broken does not silence anybody: the mails go out in a plain one.
        """
        lang = template.env.lang
        mails = [{**mail, "object": mail["object"].with_context(lang=lang)} for mail in mails]
        try:
            if template:
                bodies = self._render_each(str(template.body_html or ""), mails, lang)
                subjects = self._render_inline(template.subject, mails, lang)
            else:
                bodies, subjects = self._plain(mails)
        except Exception:  # whatever somebody has written into the template
            _logger.exception("notices: the template %s cannot be rendered, sending plain text", template.id)
            bodies, subjects = self._plain(mails)
        return [
            (subject or mail.get("summary") or mail["object"].display_name, body)
            for mail, subject, body in zip(mails, subjects, bodies, strict=True)
        ]

    @api.model
    def _plain(self, mails):
        """Return bodies and subjects (none) without a template."""
        link = Markup('<p><a href="{}/odoo/{}/{}">{}</a></p>')
        bodies = [
            mail.get("plain") or link.format(record.get_base_url(), record._name, record.id, record.display_name)
            for mail, record in ((mail, mail["object"]) for mail in mails)
        ]
        return bodies, [""] * len(mails)

    @api.model
    def _render_header(self, template, name, mails):
        """Return what a field of the template says for each of ``mails``; nothing where it is broken."""
        try:
            return self._render_inline(template[name], mails)
        except Exception:  # whatever somebody has written into the template
            _logger.exception("notices: the field %s of the template %s cannot be rendered", name, template.id)
            return [""] * len(mails)

    @api.model
    def _render_inline(self, source, mails, lang=None):
        """Return a one-line text (``{{ … }}``) of a template, such as the subject, for each of ``mails``."""
        if not source:
            return [""] * len(mails)
        texts = self._render_each(str(convert_inline_template_to_qweb(str(source))), mails, lang)
        return [" ".join(text.unescape().split()) for text in texts]

    @api.model
    def _render_each(self, source, mails, lang=None):
        """Render a text for each of ``mails`` in one pass: it is repeated inside the template, and cut apart after.

        It is compiled once, whatever the number of mails and commits.
        """
        names = tuple(sorted({"ctx", "user"}.union(*mails)))
        template = self._repeated(source, names)
        mark = Markup("<!--{}-->").format(secrets.token_hex(16))
        # the names of Odoo's own templates (format_date …); ``user`` is the receiver where the mail names one
        mails = [
            {**mail, "user": mail.get("user") or self.env.user, "ctx": {**self.env.context, **mail}} for mail in mails
        ]
        helpers = {**self.env["mail.render.mixin"]._render_eval_context(), "mails": mails, "mark": mark}
        rendered = self.env["ir.qweb"].with_context(lang=lang)._render(template, helpers)
        return self.env["mail.render.mixin"]._replace_local_links(rendered).split(mark)[:-1]

    @api.model
    @ormcache("source", "names", cache="templates")
    def _repeated(self, source, names):
        """Return the template that renders ``source`` for each of ``mails``; the text is the key, so an edit counts."""
        root = etree.Element("t", {"t-foreach": "mails", "t-as": "mail"})
        for name in names:
            root.append(etree.Element("t", {"t-set": name, "t-value": f"mail.get({name!r})"}))
        root.append(html.fragment_fromstring(source, create_parent="t"))
        root.append(etree.Element("t", {"t-out": "mark"}))
        return Template(root)
