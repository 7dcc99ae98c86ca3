"""Make docs/administrators/rights.md from the rights matrix, the table that the tests execute.

Run it from the root of the checkout:  python script/lib/rights_table.py [--check]
``--check`` writes nothing and fails when the document is stale.
"""

import importlib.util
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "administrators" / "rights.md"

NAMES = {
    "ops.standard": "Standard", "ops.standard.step": "Reminder step of a standard",
    "ops.standard.variant": "Variant of a standard", "ops.standard.revision": "Revision of a standard",
    "ops.standard.progress": "Progress of the engine", "ops.calendar.day": "Calendar exception",
    "ops.form.number": "Form number", "ops.obligation": "Obligation", "ops.obligation.change": "Hold, extension, waiver",
    "ops.obligation.reminder": "Log of reminders", "ops.obligation.reminder.receiver": "Receiver of a reminder",
    "ops.obligation.report": "Figures of deadlines", "ops.obligation.stat": "Figures of settled deadlines",
    "ops.substitution": "Substitution",
    "ops.form.transition": "Log of transitions", "ops.rate.limit": "Use of the public page", "ops.search.entry": "Index of the search", "ops.search.word": "Words of the search",
    "ops.handbook": "Handbook", "ops.article": "Article", "ops.article.version": "Version of an article",
    "ops.meeting": "Meeting", "ops.meeting.agenda": "Agenda item", "ops.meeting.attendee": "Attendee of a meeting",
    "ops.meeting.type": "Kind of meeting", "ops.meeting.type.line": "Agenda template",
    "ops.meeting.series": "Series of meetings", "ops.meeting.invitation": "Queue of invitations",
    "ops.meeting.minutes": "Version of minutes", "ops.meeting.answer": "Answer to minutes",
    "ops.meeting.link": "Private link to answer minutes", "ops.resolution": "Resolution",
    "ops.article.reading": "Reading of an article",
    "ops.month.plan": "Month plan", "ops.task": "Task",
    "ops.month.analysis": "Analysis of a month", "ops.month.analysis.line": "Department in the analysis of a month",
    "ops.improvement.plan": "Improvement plan", "ops.improvement.measure": "Measure of an improvement plan",
    "ops.work.log": "Work log", "ops.work.log.line": "Line of a work log",
    "ops.work.log.missing": "Missing log", "ops.work.log.rate": "Rate of logs", "ops.task.days": "Days of a task in progress",
    "ops.collaboration": "Collaboration", "ops.collaboration.party": "Party of a collaboration",
    "ops.collaboration.item": "Item of a collaboration", "ops.collaboration.brief": "Brief of a collaboration",
    "ops.cycle": "Annual cycle", "ops.direction": "Strategic direction", "ops.kpi": "Key indicator",
    "ops.completion.report": "Completion report", "ops.completion.report.line": "Task in a completion report",
    "ops.progress.report": "Progress report", "ops.progress.report.line": "Line of a progress report",
    "ops.progress.analysis": "Analysis of progress", "ops.progress.analysis.line": "Department in an analysis",
    "ops.plan": "Annual plan", "ops.plan.goal": "Annual goal", "ops.plan.initiative": "Key initiative",
    "ops.plan.resource": "Resource need", "ops.plan.milestone": "Milestone", "ops.plan.risk": "Risk",
    "ops.reminder.letter": "Reminder letter", "ops.reminder.level": "Level of letters",
    "ops.chat.bot": "Chat bot", "ops.chat.message": "Message of a chat bot",
    "ops.problem": "Problem report", "ops.problem.plan": "Handling plan", "ops.problem.measure": "Measure",
    "ops.problem.verification": "Verification sheet", "ops.lesson": "Lessons of the month", "ops.lesson.line": "Case",
    "ops.plan.review": "Review sheet of a plan", "ops.plan.review.line": "Criterion of a review sheet",
    "ops.plan.version": "Version of an annual plan",
    "ops.lesson.figure": "Figures of the month",
    "ops.plan.target": "Month of a breakdown", "ops.kpi.value": "Actual figure", "ops.kpi.source": "Source of an indicator",
    "ops.kpi.report": "Targets and actual figures",
    "ops.article.proposal": "Proposal for the handbook",
    "ops.article.rule": "Change of a standard by the handbook",
    "ops.plan.change": "Plan change request", "ops.plan.change.line": "Change of a plan",
}
ROLES = {
    "employee": "Employee", "head": "Head", "liaison": "Liaison", "operations": "Operations", "gm_office": "GM office",
    "general_manager": "General manager", "administrator": "Administrator",
    "outsider": "All offices of another company", "portal": "Portal user",
}
SITUATIONS = {
    "own": "their own", "own_department": "of their department", "below": "of a department below theirs",
    "other_department": "of other departments", "other_company": "of a company they do not work for",
    "company": "of their company", "of_operations": "of the operations department", "of_gm_office": "of the GM office",
    "handler": "which they handle", "responsible": "which their department handles", "reporter": "about what they reported",
    "owner": "in which they carry out a measure", "planned": "in a plan that they are writing",
    "led": "of the department that they lead", "home": "of the department in which they work",
    "recorder": "which they minute",
    "reviewer": "which they review",
    "chair": "which they chair",
    "attendee": "to which they are invited",
    "stranger": "in which they take no part",
    "organiser": "which they organise", "lead": "which they lead", "side": "of their side",
    "liaison": "in which they are the liaison", "asked": "which they asked for", "requester": "of what they asked for",
    "party": "which asks their department", "consenter": "which asks them for consent",
    "drafted": "of a request that they are writing", "copied": "of which they receive a copy",
    "article_owner": "for an article that they own",
    "substitute": "in which they are the substitute", "program": "quick form",
}
OPERATIONS = {"read": "read", "create": "create", "write": "change", "unlink": "delete"}
HEAD = """# Rights

Made by `script/lib/rights_table.py` from `ops_handbook/security/rights_matrix.csv`; do not edit by hand.
The tests carry out every cell of that table over JSON-RPC, as each role; whatever is not named here is refused by the
server, whichever way it is tried. A head also acts for the departments below, a substitute in the name of the person who
is away, and whoever holds several roles has the rights of all of them. “All offices of another company” shows that even
the mightiest stranger has rights in their own company only.
"""


def load_matrix():
    """Return the module that reads the matrix; by its path, since the addon itself cannot be imported without Odoo."""
    path = ROOT / "ops_handbook" / "tools" / "rights_matrix.py"
    spec = importlib.util.spec_from_file_location("rights_matrix", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def words(operation):
    """Return an operation in words: ``action_submit`` is “submit”."""
    return OPERATIONS.get(operation, operation.removeprefix("action_").replace("_", " "))


def row_text(row, roles):
    who = "everybody" if set(row.roles) == set(roles) else ", ".join(ROLES[role] for role in row.roles)
    states = "any" if row.states == ("*",) else ", ".join(row.states).replace("-", "any")
    situations = ", ".join(SITUATIONS[name] for name in row.situations)
    return f"| {situations} | {states} | {who} | {', '.join(map(words, row.allowed)) or '–'} |"


def document():
    """Return the text of the document."""
    matrix = load_matrix()
    parts = [HEAD]
    for model, rows in groupby(matrix.load(), key=lambda row: row.model):
        parts.append(f"\n## {NAMES[model]} (`{model}`)\n\n| which | state | who | may |\n|---|---|---|---|\n")
        parts.append("\n".join(row_text(row, matrix.ROLES) for row in rows) + "\n")
    return "".join(parts)


def main(arguments):
    text = document()
    if "--check" in arguments:
        if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
            sys.exit(f"{DOCUMENT.relative_to(ROOT)} is stale: run python script/lib/rights_table.py")
        return
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
