import { setSelection } from "@html_editor/../tests/_helpers/selection";
import { insertText } from "@html_editor/../tests/_helpers/user_actions";
import { Wysiwyg } from "@html_editor/wysiwyg";
import { expect, test } from "@odoo/hoot";
import { press, queryOne, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import { matching } from "@ops_handbook/live_standard/standard_dialog";
import { clickSave, contains, defineModels, fields, models, mountView, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";

const HOST = (name, code, tag) => `<${tag} data-embedded="${name}" data-embedded-props='{"code":"${code}"}'></${tag}>`;
const TEXT = `<p>By ${HOST("opsStandardDue", "M6", "span")}.</p>${HOST("opsStandard", "M6", "div")}${HOST("opsStandard", "M1", "div")}<p>End</p>`;
const CHOICES = [
    { code: "M1", name: "Month plan", process: "Monthly", sentence: "Submit the breakdown: every month by day 25" },
    { code: "M6", name: "Completion report", process: "Monthly", sentence: "Submit the report: every month by day 23" },
    { code: "A6", name: "Progress report", process: "Annual", sentence: "Report progress, in step with M6" },
];

class Version extends models.Model {
    _name = "ops.article.version";
    body = fields.Html();
    _records = [{ id: 1, body: TEXT }];
}
class Standard extends models.Model {
    _name = "ops.standard";
    code = fields.Char();
    get_live_blocks(codes) {
        expect.step(codes.join(" "));
        return Object.fromEntries(codes.map((code) => [code, {
            block: `<div class="o_ops_live_card">Rule of ${code} <a class="o_ops_live_open" data-code="${code}" href="#">Open</a></div>`,
            due: `<span class="o_ops_live_rule">due as ${code}</span>`,
        }]));
    }
    get_live_choices() {
        return CHOICES;
    }
}
defineModels({ ...mailModels, Version, Standard });

let editor;

function mountForm(extra = "") {
    patchWithCleanup(Wysiwyg.prototype, {
        setup() {
            super.setup();
            editor = this.editor;
        },
    });
    return mountView({
        type: "form", resModel: "ops.article.version", resId: 1,
        arch: `<form><field name="body" widget="ops_article_html" ${extra}/></form>`,
    });
}

test.tags("headless");
test("standards are found by code first, then by words", () => {
    const codes = (query) => matching(CHOICES, query).map((choice) => choice.code);
    expect(codes("")).toEqual(["M1", "M6", "A6"]);
    expect(codes("m6")).toEqual(["M6", "A6"]);
    expect(codes("report month")).toEqual(["M6"]);
    expect(codes("nothing like it")).toEqual([]);
});

test("the editor shows standards live, asks for them in one go, and saves their codes only", async () => {
    onRpc("ops.article.version", "web_save", ({ args }) => {
        const { body } = args[1];
        expect(body).not.toInclude("Rule of");
        expect(body).not.toInclude("due as");
        expect(body.match(/data-embedded-props/g)).toHaveLength(3);
        expect.step("saved");
    });
    await mountForm();
    await waitFor(".o_ops_live_card");
    expect(".odoo-editor-editable .o_ops_live_card").toHaveCount(2);
    expect(".odoo-editor-editable .o_ops_live_rule").toHaveText("due as M6");
    expect.verifySteps(["M6 M1"]);
    setSelection({ anchorNode: queryOne(".odoo-editor-editable > p:last-of-type").firstChild, anchorOffset: 3 });
    await insertText(editor, "!");
    await clickSave();
    expect.verifySteps(["saved"]);
});

test("where the text is only read it is the same", async () => {
    await mountForm(`readonly="1"`);
    await waitFor(".o_ops_live_card");
    expect(".o_readonly .o_ops_live_card").toHaveCount(2);
    expect(".o_readonly .o_ops_live_rule").toHaveText("due as M6");
    expect.verifySteps(["M6 M1"]);
});

test("the button opens the form of the standard", async () => {
    onRpc("ops.standard", "action_open_live", ({ args }) => {
        expect.step(`open ${args[0]}`);
        return { type: "ir.actions.act_window_close" };
    });
    await mountForm(`readonly="1"`);
    await waitFor(".o_ops_live_card");
    await contains(".o_ops_live_open[data-code='M1']").click();
    await animationFrame();
    expect.verifySteps(["M6 M1", "open M1"]);
});

test("a standard is put in by typing /Standard and choosing it by keys", async () => {
    await mountForm();
    await waitFor(".o_ops_live_card");
    expect.verifySteps(["M6 M1"]);
    setSelection({ anchorNode: queryOne(".odoo-editor-editable > p:last-of-type").firstChild, anchorOffset: 3 });
    await insertText(editor, " /standard");
    await waitFor(".o-we-powerbox");
    await press("Enter");
    await waitFor(".o_ops_standard_choices");
    await contains(".modal input[type=search]").edit("progress", { confirm: false });
    expect(".o_ops_standard_choices li").toHaveCount(1);
    await press("Enter");
    await waitFor(".o_ops_live_card:contains('Rule of A6')");
    expect(".modal").toHaveCount(0);
    expect.verifySteps(["A6"]);
    expect(queryOne("[data-embedded-props*='A6']").dataset.embedded).toBe("opsStandard");
});
