import { expect, test } from "@odoo/hoot";
import { manuallyDispatchProgrammaticEvent, queryAll, queryAllTexts, queryFirst, setInputFiles, waitFor } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { contains, makeMockEnv, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { browser } from "@web/core/browser/browser";
import { QuickReport } from "@ops_handbook/quick_report/quick_report";

defineMailModels();

const FORM = {
    categories: [
        { value: "process", label: "Process" },
        { value: "other", label: "Other" },
    ],
    severities: [
        { value: "1", label: "Urgent", help: "Hits customers" },
        { value: "3", label: "General", help: "A nuisance" },
    ],
    max_photos: 2,
};

async function mountQuickReport() {
    onRpc("ops.problem", "quick_form", () => structuredClone(FORM));
    await makeMockEnv({ config: { setDisplayName: () => {} } });
    await mountWithCleanup(QuickReport, { props: { action: {} } });
}

test("one tap sends what was chosen, and shows the number", async () => {
    onRpc("ops.problem", "similar", () => []);
    onRpc("ops.problem", "quick_report", ({ args }) => {
        const [values, photos, key] = args;
        expect(values.name).toBe("Line 2 stops");
        expect(values.proposed_severity).toBe("1");
        expect(photos).toEqual([]);
        expect(typeof key).toBe("string");
        expect.step("sent");
        return { id: 7, number: "PR-2026-0007", urgent: true };
    });
    await mountQuickReport();
    await contains("#o_ops_quick_name").edit("Line 2 stops");
    await contains("#o_ops_quick_description").edit("Air pressure");
    await contains(".o_ops_level_1 input").click();
    await contains(".o_ops_send button").click();
    expect(".o_ops_quick_done strong").toHaveText("PR-2026-0007");
    expect.verifySteps(["sent"]);
});

async function chooseMoment(moment) {
    const input = queryFirst("#o_ops_quick_occurred");
    input.value = moment; // a browser takes such a value as a whole, not letter by letter
    await manuallyDispatchProgrammaticEvent(input, "input");
    await animationFrame();
}

test("when it happened is kept with the draft, and sent in UTC", async () => {
    mockDate("2026-11-20 10:30:00", +8);
    onRpc("ops.problem", "similar", () => []);
    onRpc("ops.problem", "quick_report", ({ args }) => {
        expect.step(args[0].occurred_on);
        return { id: 9, number: "PR-2026-0009", urgent: false };
    });
    await mountQuickReport();
    expect("#o_ops_quick_occurred").toHaveCount(0);
    await contains("#o_ops_quick_name").edit("Line 2 stops");
    await contains("#o_ops_quick_description").edit("Air pressure");
    await contains(".o_ops_more").click();
    expect("#o_ops_quick_occurred").toHaveAttribute("max", "2026-11-20T18:30");
    await chooseMoment("2026-11-20T08:15");
    const kept = Object.keys(browser.localStorage).find((key) => key.startsWith("ops_handbook.quick_report"));
    expect(JSON.parse(browser.localStorage.getItem(kept)).occurred_on).toBe("2026-11-20T08:15");
    await contains(".o_ops_send button").click();
    expect.verifySteps(["2026-11-20 00:15:00"]);
    await contains(".o_ops_quick_done .btn-link").click();
    await contains("#o_ops_quick_name").edit("Another");
    await contains("#o_ops_quick_description").edit("Just now");
    await contains(".o_ops_send button").click();
    expect.verifySteps([""]);
});

test("a draft that says when it happened shows it", async () => {
    onRpc("ops.problem", "similar", () => []);
    await mountQuickReport();
    await contains(".o_ops_more").click();
    await chooseMoment("2026-11-20T08:15");
    await mountWithCleanup(QuickReport, { props: { action: {} } });
    expect(queryAll("#o_ops_quick_occurred").map((input) => input.value)).toEqual(["2026-11-20T08:15", "2026-11-20T08:15"]);
});

test("what is missing is said beside the field", async () => {
    onRpc("ops.problem", "quick_report", () => expect.step("sent"));
    await mountQuickReport();
    await contains(".o_ops_send button").click();
    expect("#o_ops_quick_name_error").toHaveCount(1);
    expect("#o_ops_quick_description_error").toHaveCount(1);
    expect("#o_ops_quick_name").toBeFocused();
    expect.verifySteps([]);
});

test("earlier problems are offered while one types, and the marked one is sent", async () => {
    onRpc("ops.problem", "similar", ({ args }) => {
        expect.step(args[0]);
        return [{ id: 3, number: "PR-2026-0003", name: "Line 2 stopped", state: "closed", state_label: "Closed" }];
    });
    onRpc("ops.problem", "quick_report", ({ args }) => {
        expect.step(`repeats ${args[0].repeat_of_id}`);
        return { id: 8, number: "PR-2026-0008", urgent: false };
    });
    await mountQuickReport();
    await contains("#o_ops_quick_name").edit("Line 2", { confirm: false });
    await contains("#o_ops_quick_description").edit("stops", { confirm: false });
    await advanceTime(500);
    await animationFrame();
    expect(queryAllTexts(".o_ops_similar_name")).toEqual(["Line 2 stopped"]);
    await contains(".o_ops_similar_item").click();
    expect(".o_ops_similar_item").toHaveAttribute("aria-pressed", "true");
    await contains(".o_ops_send button").click();
    expect.verifySteps(["Line 2 stops", "repeats 3"]);
});

test("what was typed survives a closed page and a lost connection", async () => {
    onRpc("ops.problem", "similar", () => []);
    onRpc("/web/dataset/call_kw/ops.problem/quick_report", () => new Response("", { status: 502 }));
    mockService("notification", { add: () => expect.step("told") });
    await mountQuickReport();
    await contains("#o_ops_quick_name").edit("Line 2 stops");
    await contains("#o_ops_quick_description").edit("Air pressure");
    await contains(".o_ops_send button").click();
    await animationFrame();
    expect.verifySteps(["told"]);
    expect(queryFirst("#o_ops_quick_name").value).toBe("Line 2 stops");
    const kept = Object.keys(browser.localStorage).find((key) => key.startsWith("ops_handbook.quick_report"));
    expect(JSON.parse(browser.localStorage.getItem(kept)).description).toBe("Air pressure");
});

test("photos are made smaller, and no more than allowed are taken", async () => {
    mockService("notification", { add: () => expect.step("told") });
    await mountQuickReport();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 2000, height: 1000 });
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const files = [1, 2, 3].map((number) => new File([blob], `${number}.png`, { type: "image/png" }));
    await contains("input[name=gallery]", { visible: false }).click();
    await setInputFiles(files);
    await expect.waitForSteps(["told"]);
    await waitFor(".o_ops_photo:nth-child(2) img");
    expect(".o_ops_photo img").toHaveCount(2);
});
