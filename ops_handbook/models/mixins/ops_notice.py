from odoo import api, models
from odoo.tools import groupby

HEADERS = repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"})


class OpsNotice(models.AbstractModel):
    """The one way in which mails of ours get into Odoo's queue: many at a time, on no document.

    What somebody is told is not for all who may read the document. A mail that the mail server does not take is
    tried again for days, where Odoo gives up at the first failure.
    """

    _name = "ops.notice"
    _description = "Notice by Mail"

    @api.model
    def action_open_texts(self):
        """Open the mail templates of the addon, and those that administrators made for its models."""
        # sudo: which texts are ours; the texts themselves are read with the rights of the user
        ours_sudo = self.env["ir.model.data"].sudo().search([("module", "=", "ops_handbook"), ("model", "=", "mail.template")])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mail Texts"),
            "res_model": "mail.template",
            "views": [(False, "list"), (False, "form")],
            "domain": ["|", ("id", "in", ours_sudo.mapped("res_id")), ("model", "=like", "ops.%")],
            "context": {"create": False},
            "help": self.env._(
                "Every reminder, notice and decision has its text here, in each language. What you change stays as it is when "
                "the addon is updated; a text that is archived is not sent any more."
            ),
        }

    @api.model
    def _queue(self, template, mails):
        """Render and queue one mail for each of ``mails``, in the receiver's language, in this transaction.

        :param template: ``mail.template``, or its full external id; of one that somebody archived or deleted only
            what has a ``plain`` text is sent
        :param list mails: dicts of the names that the template may use. ``object`` is the record that it speaks of
            (read as superuser, in the receiver's language). Whom it goes to: ``user``, ``partner`` or ``email``
            (with ``lang``); with none of them the template's own fields say (``partner_to``, ``email_to``, ``lang``).
            Besides: ``company`` in whose name it is sent (default: of the object, of the user), ``attachments``
            (recordset, linked), ``summary`` (subject where the template gives none) and ``plain`` (Markup; default: a
            link to the object), which goes out in the place of a text that an administrator has broken
        :return: the ``mail.mail`` (sudo), grouped by language; fewer where a template names nobody
        """
        if isinstance(template, str):
            template = self.env.ref(template, raise_if_not_found=False)
        if template and not template.sudo().active:  # sudo: see below
            template = None
        template_sudo = (template or self.env["mail.template"]).sudo()  # sudo: the notice is the system's, not the user's
        mails = [self._as_superuser(mail) for mail in mails if template_sudo or mail.get("plain")]
        mails = self._addressed(template_sudo, mails)
        values = [
            vals
            for lang, group in groupby(mails, key=lambda mail: mail["lang"])
            for vals in self._values(template_sudo.with_context(lang=lang), group)
        ]
        # sudo: the mail queue is no business of whoever pressed the button
        queued_sudo = self.env["mail.mail"].sudo().create(values)
        if values:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return queued_sudo

    @api.model
    def _as_superuser(self, mail):
        return {name: value.sudo() if isinstance(value, models.BaseModel) else value for name, value in mail.items()}

    # -- receivers ------------------------------------------------------------------------------------------------------

    @api.model
    def _addressed(self, template, mails):
        """Return the mails that reach somebody, each with ``lang`` and ``to`` (values of the ``mail.mail``)."""
        users = self.env["res.users"].sudo().union(*(mail["user"] for mail in mails if mail.get("user")))
        users.partner_id.mapped("lang")  # read together
        open_ones = [mail for mail in mails if not any(mail.get(name) for name in ("user", "partner", "email"))]
        default = self.env.company.partner_id.lang or self.env.lang
        addressed = self._addressed_by_template(template, open_ones) if open_ones else []
        for mail in mails:
            partner = mail["user"].partner_id if mail.get("user") else mail.get("partner")
            if partner:
                addressed.append({**mail, "lang": mail.get("lang") or partner.lang, "to": {
                    "recipient_ids": [(4, partner.id)],
                }})
            elif mail.get("email"):
                addressed.append({**mail, "to": {"email_to": mail["email"]}})
        return [{**mail, "lang": mail.get("lang") or default} for mail in addressed]

    @api.model
    def _addressed_by_template(self, template, mails):
        """Ask the template itself whom its mails go to, in which language, and from whom."""
        told = [
            self._render_header(template, name, mails)
            for name in ("lang", "partner_to", "email_to", "email_cc", "email_from", "reply_to")
        ]
        addressed = []
        for mail, lang, partner_to, email_to, *others in zip(mails, *told, strict=True):
            partners = template._parse_partner_to(partner_to)
            if partners or email_to:
                headers = dict(zip(("email_cc", "email_from", "reply_to"), others, strict=True))
                addressed.append({**mail, "lang": lang, "to": {
                    **{name: value for name, value in headers.items() if value},
                    "recipient_ids": [(4, partner_id) for partner_id in partners],
                    "email_to": email_to,
                    "auto_delete": template.auto_delete,
                }})
        return addressed

    # -- values ---------------------------------------------------------------------------------------------------------

    @api.model
    def _values(self, template, mails):
        """Return the values of the ``mail.mail`` for mails of one language, that of ``template``."""
        companies = [self._company(mail) for mail in mails]
        senders = {company: self._sender(company) for company in set(companies)}
        return [
            {
                "subject": subject,
                "body_html": body,
                "mail_server_id": template.mail_server_id.id,
                "attachment_ids": [(4, file.id) for file in (*template.attachment_ids, *mail.get("attachments", ()))],
                **senders[company],
                **mail["to"],
                **({"auto_delete": True} if mail.get("private") else {}),
            }
            for mail, company, (subject, body) in zip(mails, companies, self._render(template, mails), strict=True)
        ]

    @api.model
    def _company(self, mail):
        about = mail["object"]
        return (
            mail.get("company")
            or ("company_id" in about._fields and about.company_id)
            or (mail.get("user") or self.env.user).company_id
        )

    @api.model
    def _sender(self, company):
        sender = company.email_formatted or self.env.user.email_formatted
        return {
            "email_from": sender,
            "reply_to": sender,
            "author_id": company.partner_id.id,
            "headers": HEADERS,
            "auto_delete": False,  # cleared away in batches: one by one it costs more than the sending
            "ops_notice": True,
        }
