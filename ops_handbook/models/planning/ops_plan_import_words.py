from odoo import models

from ...tools.cells import words
from ...tools.plan_sheets import Finding

MAX_FINDINGS = 2_000
SHORT = 80


class OpsPlanImport(models.AbstractModel):
    """What is wrong, in words: where it stands, what was written, what is wrong with it and what helps."""

    _inherit = "ops.plan.import"

    def _found(self, run, sheet, row, column, value, message):
        """Take down an error; beyond what anybody reads they are only counted."""
        if len(run.findings) < MAX_FINDINGS:
            text = words(value) or ""
            title = run.titles.get(sheet) or (self.env["ops.plan.export"]._titles().get(sheet, "") if sheet else "")
            run.findings.append(Finding(
                title, row, column, text if len(text) <= SHORT else f"{text[:SHORT]}…", message,
            ))

    def _found_in(self, run, sheet, row, key, message):
        """Take down an error in a cell."""
        cell = row.cells.get(key)
        letter, heading = sheet.letters.get(key, ""), sheet.headings.get(key, "")
        self._found(run, sheet.key, row.number, " ".join(filter(None, [letter, heading])), cell.value if cell else "", message)

    def _file_message(self, error):
        """Return what is wrong with the file as a whole."""
        return {
            "empty": self.env._("The file is empty. Choose the workbook that you filled in."),
            "size": self.env._("The file is larger than 10 MB. Take out pictures, or import the departments in several files."),
            "old": self.env._("This is an old workbook (.xls), or one with a password. Save it as .xlsx without a password."),
            "broken": self.env._("This is no workbook, or it is damaged. Open it in a spreadsheet program and save it as .xlsx."),
            "unpacked": self.env._("The file unpacks to more than a plan can be. Copy the filled rows into a new template."),
            "uncomputed": self.env._(
                "The formula in cell %(cell)s has no value yet. Open the file in a spreadsheet program, save it, and import it "
                "again.", cell=error.place,
            ),
        }[error.code]

    def _cell_message(self, code, options=()):
        """Return what is wrong with one cell.

        :param code: of :class:`~odoo.addons.ops_handbook.tools.cells.Unreadable`, or of ours
        :param options: what might stand there
        """
        return {
            "number": self.env._("This is no figure. Write it like 1234.5, with or without separators."),
            "whole": self.env._("This is no whole number."),
            "large": self.env._("This figure is larger than can be stored. Write it in a larger unit."),
            "date": self.env._("This is no date. Write it like 2027-03-31."),
            "date_order": self.env._("Day and month cannot be told apart. Write the date like 2027-03-31."),
            "flag": self.env._("Write Yes or No."),
            "choice": self.env._("This cannot be chosen. Choose one of: %(options)s.", options=", ".join(options)),
            "broken": self.env._("The formula in this cell ends in an error. Correct it, or write the value."),
            "missing": self.env._("This cell must be filled in."),
            "person": self.env._("There is no active user with this name, login or e-mail in the company. Correct the spelling."),
            "people": self.env._("Several people bear this name. Write the login or the e-mail instead."),
            "department": self.env._("There is no department of this name. Write it as in the list of departments."),
            "departments": self.env._(
                "There are several departments of this name. Write it with those above it: “Head Office / Sales”."
            ),
            "currency": self.env._("This currency is not known or not active. Write its code, like CNY."),
            "name": self.env._("There is nothing of this name, neither in the plan nor in the file. Correct the spelling."),
            "names": self.env._("Several bear this name. Give them different names first."),
            "id": self.env._("There is no such line in this plan. Empty the cell to add a new line."),
            "twice": self.env._("Two rows speak of the same line. Take one of them out."),
            "same": self.env._("Several lines bear this name. Say which by the ID of the export."),
            "doubled": self.env._("Another row of this sheet bears the same name. Give each a name of its own."),
        }[code]
