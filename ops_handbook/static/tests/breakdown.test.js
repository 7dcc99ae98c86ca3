import { Deferred, expect, test } from "@odoo/hoot";
import { click, press, queryAll, queryAllTexts, queryAllValues, resize, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, makeMockEnv, makeServerError, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { EventBus } from "@odoo/owl";
import { apportion, fromSteps, levels, rescale, split, toSteps } from "@ops_handbook/breakdown/apportion";
import { Breakdown } from "@ops_handbook/breakdown/breakdown";

defineMailModels();

const MONTHS = Array.from({ length: 12 }, (_value, index) => ({ key: `2027-${String(index + 1).padStart(2, "0")}`, label: `M${index + 1}` }));
const ALL = [...Array(12).keys()];
const row = (id, values) => ({
    key: `goal_id:${id}`, id, field: "goal_id", name: `Goal ${id}`, kpi: "Turnover", unit: "CNY", additive: true, step: "0.01",
    year: 1200, open: ALL, cells: Array(12).fill(100), last_year: undefined, ...values,
});
const DATA = {
    id: 7, year: 2027, can_edit: true, version: 3, state: "draft", state_label: "Draft", months: MONTHS,
    workdays: [20, 16, 23, 21, 20, 21, 22, 22, 21, 17, 22, 23],
    rows: [
        row(1), row(2, { additive: false, step: "0.1", year: 95, cells: Array(12).fill(95), unit: "%" }),
        row(3, { key: "initiative_id:3", field: "initiative_id", step: "0.01", year: 100, open: [0, 1, 2], kpi: "",
            cells: [33.34, 33.33, 33.33, ...Array(9).fill(null)] }),
    ],
};

let planId = 7; // another one in each test: what was typed and not saved is kept by plan

function record() {
    return { resId: planId, data: { content_version: 1, breakdown_version: 3, state: "draft" }, model: { bus: new EventBus() } };
}

async function mountBreakdown(data = DATA) {
    planId += 1;
    onRpc("ops.plan", "get_breakdown", () => ({ ...structuredClone(data), id: planId }));
    await makeMockEnv();
    await mountWithCleanup(Breakdown, { props: { record: record(), readonly: false } });
    await animationFrame();
}

const cell = (line, column) => `input[data-row='${line}'][data-column='${column}']`;
const verdicts = () => queryAllTexts(".o_ops_breakdown tbody .badge");
const values = (line) => queryAllValues(`input[data-row='${line}']`);

test("the same arithmetic as on the server", () => {
    expect(toSteps(2.675, "0.01")).toBe(268n);
    expect(toSteps(-0.5, "1")).toBe(-1n);
    expect(toSteps(7.07, "0.05")).toBe(141n);
    expect(fromSteps(141n, "0.05")).toBe(7.05);
    expect(fromSteps(toSteps(123456789012.35, "0.01"), "0.01")).toBe(123456789012.35);
    expect(fromSteps(toSteps(1e-6, "0.000001"), "0.000001")).toBe(0.000001);
    expect(split(10000n, null, 3)).toEqual([3334n, 3333n, 3333n]);
    expect(split(-100n, [0, 0, 0], 3)).toEqual([-34n, -33n, -33n]);
    expect(split(100n, [1, 2, 0, 1], 4)).toEqual([25n, 50n, 0n, 25n]);
    expect(levels(950n, [80, 90, 100], 3)).toEqual([760n, 855n, 950n]);
    expect(rescale([20n, 30n, 50n], 200n, [1, 2])).toEqual([20n, 68n, 112n]);
    expect(rescale([-10n, 30n], 40n, [0, 1])).toEqual([-5n, 45n]);
    expect(rescale([1n], 2n, [])).toBe(null);
    expect(apportion(7n, [])).toEqual([]);
});

test("what is missing stands beside it in words, and goes to the other months", async () => {
    await mountBreakdown();
    expect(verdicts()).toEqual(["Adds up", "Ends at the year's figure", "Adds up"]);
    await contains(cell(0, 0)).edit("58", { confirm: "blur" });
    expect(verdicts()[0]).toBe("42 too little");
    await contains("button:contains('Put the rest')").click();
    expect(verdicts()[0]).toBe("Adds up");
    expect(values(0).slice(0, 4)).toEqual(["58", "103.82", "103.82", "265.64"]);
    await contains(cell(1, 14)).edit("90", { confirm: "blur" });
    expect(verdicts()[1]).toBe("5 too little");
});

test("a quarter goes to its months, and what is no number is said", async () => {
    await mountBreakdown();
    await contains(cell(0, 3)).edit("600", { confirm: "blur" });
    expect(values(0).slice(0, 4)).toEqual(["200", "200", "200", "600"]);
    expect(verdicts()[0]).toBe("300 too much");
    await contains(cell(0, 0)).edit("abc", { confirm: "blur" });
    expect(".alert-danger").toHaveText(/“abc” is no number\./);
    expect(cell(0, 0)).toHaveValue("200");
});

test("Enter and the arrows move from cell to cell", async () => {
    await mountBreakdown();
    await click(cell(0, 0));
    await press("Enter");
    expect(cell(1, 0)).toBeFocused();
    await press("ArrowRight");
    expect(cell(1, 1)).toBeFocused();
    await press("ArrowUp");
    expect(cell(0, 1)).toBeFocused();
});

test("Escape gives a cell back its figure, and nothing is changed", async () => {
    await mountBreakdown();
    await contains(cell(0, 0)).edit("999", { confirm: false });
    await press("Escape");
    expect(cell(0, 0)).toHaveValue("100");
    await contains(cell(0, 1)).click();
    expect(cell(0, 0)).toHaveValue("100");
    expect("button:contains('Save Breakdown')").not.toBeEnabled();
});

test("nothing is typed while the breakdown is being saved", async () => {
    const answer = new Deferred();
    onRpc("ops.plan", "save_breakdown", async () => {
        await answer;
        return { ...structuredClone(DATA), id: planId, version: 4 };
    });
    await mountBreakdown();
    await contains(cell(0, 0)).edit("58", { confirm: "blur" });
    await contains("button:contains('Put the rest')").click();
    await contains("button:contains('Save Breakdown')").click();
    expect(queryAll(cell(0, 0))[0].readOnly).toBe(true);
    expect("button:contains('Split Evenly')").not.toBeEnabled();
    answer.resolve();
    await waitFor("button:contains('Split Evenly'):enabled");
    expect(queryAll(cell(0, 0))[0].readOnly).toBe(false);
});

test("a block from a spreadsheet", async () => {
    await mountBreakdown();
    const target = queryAll(cell(0, 0))[0];
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "90\t110\t1,000.5\n94\t93.5\n");
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    await animationFrame();
    expect(values(0).slice(0, 3)).toEqual(["90", "110", "1,000.5"]);
    expect(values(1).slice(0, 3)).toEqual(["94", "93.5", "95"]);
});

test("splits all lines or one, and saves only what differs, with the version", async () => {
    onRpc("ops.plan", "save_breakdown", ({ args }) => {
        expect.step(`v${args[2]}: ${args[1].map((item) => `${item.goal_id || item.initiative_id}/${item.month}/${item.value}`)}`);
        return { ...structuredClone(DATA), id: planId, version: 4 };
    });
    await mountBreakdown({ ...DATA, rows: [row(1, { cells: Array(12).fill(null), year: 100, step: "1" })] });
    expect(verdicts()).toEqual(["Not broken down yet"]);
    await contains("button:contains('Split Evenly')").click();
    expect(verdicts()).toEqual(["Adds up"]);
    expect(values(0).slice(0, 6)).toEqual(["9", "9", "9", "27", "9", "8"]);
    await contains("button:contains('By Typed Weights')").click();
    expect(".o_ops_breakdown_weights input").toHaveCount(12);
    await contains("button:contains('Apply These Weights')").click();
    expect(verdicts()).toEqual(["Adds up"]);
    await contains("button:contains('Save Breakdown')").click();
    expect.verifySteps([
        `v3: ${MONTHS.map((month, index) => `1/${month.key}/${index < 4 ? 9 : 8}`)}`,
    ]);
    expect("button:contains('Save Breakdown')").not.toBeEnabled();
});

test("a refusal is shown, and nothing that was typed is lost", async () => {
    onRpc("ops.plan", "save_breakdown", () => {
        throw makeServerError({ message: "“Goal 1”: 42 too little." });
    });
    await mountBreakdown();
    await contains(cell(0, 0)).edit("58", { confirm: "blur" });
    await contains("button:contains('Save Breakdown')").click();
    expect(".alert-danger p").toHaveText("“Goal 1”: 42 too little.");
    expect(cell(0, 0)).toHaveValue("58");
    await contains("button:contains('Discard')").click();
    expect(cell(0, 0)).toHaveValue("100");
});

test("locked: figures, no fields", async () => {
    await mountBreakdown({ ...DATA, can_edit: false, state_label: "Released" });
    expect(".o_ops_breakdown input").toHaveCount(0);
    expect(".o_ops_breakdown button").toHaveCount(0);
    expect(".o_ops_breakdown p:first").toHaveText("The plan is “Released”: its breakdown is locked, or not yours to write.");
});

test.tags("mobile");
test("on the phone a card for each line, quarters unfold", async () => {
    await resize({ width: 375, height: 667 });
    await mountBreakdown();
    expect(".o_ops_breakdown_card").toHaveCount(3);
    expect(".o_ops_breakdown table").toHaveCount(0);
    expect(".o_ops_breakdown_card:first summary").toHaveCount(4);
});
