from odoo import models


class Template:
    """A template that is compiled when it is first rendered, and then kept: QWeb itself keeps only those of views.

    :param element: the root element (lxml)
    """

    def __init__(self, element):
        self.element = element
        self.compiled = None


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _compile(self, template):
        if not isinstance(template, Template):
            return super()._compile(template)
        if template.compiled is None:
            template.compiled = super()._compile(template.element)
        return template.compiled
