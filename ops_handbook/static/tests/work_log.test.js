import { Deferred, expect, test } from "@odoo/hoot";
import { queryFirst, setInputFiles, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains, makeMockEnv, makeServerError, mockService, mountWithCleanup, onRpc, patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { browser } from "@web/core/browser/browser";
import { WorkLog, moved } from "@ops_handbook/work_log/work_log";

defineMailModels();

const task = (id, values = {}) => ({
    id, name: `Task ${id}`, state: "progress", progress: 20, logged: 20, date_end: "2027-02-26", is_late: false, is_upcoming: false,
    can_report: true, can_done: true, asks_evidence: false, evidence: "", has_files: false, last_note: "", line_id: false, note: "",
    problem: "", measure_taken: "", reported: false, ...values,
});
const DATA = {
    owner: { id: 7, name: "Ann" }, people: [{ id: 7, name: "Ann" }], date: "2027-02-16", first: "2027-02-09", today: "2027-02-16",
    logged: [], log: false, tasks: [task(1), task(2, { asks_evidence: true }), task(3, { is_upcoming: true })],
};
const LOG = { id: 5, version: 1, number: "WL-20270216-0007", is_late: false, note: "", problem: "", measure_taken: "", reported: false };

async function mountLog(data = DATA) {
    onRpc("ops.work.log", "quick_form", () => structuredClone(data));
    await makeMockEnv({ config: { setDisplayName: () => {} } });
    await mountWithCleanup(WorkLog, { props: { action: {} } });
}
const chip = (id, text) => contains(`[data-task="${id}"] .o_ops_log_chip:contains(${text})`);

test("one tap per task and Save: only what was said is sent, with what was seen", async () => {
    onRpc("ops.work.log", "quick_save", ({ args }) => {
        const [values] = args;
        expect(values.version).toBe(0);
        expect(values.lines).toEqual([{ task_id: 1, progress: 75, seen: 20 }]);
        expect.step("saved");
        return { ...structuredClone(DATA), log: LOG, logged: ["2027-02-16"] };
    });
    await mountLog();
    expect(".o_ops_log_task").toHaveCount(2); // what begins later is folded away
    await chip(1, "75").click();
    expect('[data-task="1"] output').toHaveText("75 %");
    await contains(".o_ops_send button").click();
    expect.verifySteps(["saved"]);
    expect(".o_ops_log_saved").toHaveText(/Saved · WL-20270216-0007/);
});

test("minus and plus stay within 0 and 100", () => {
    expect(moved(95, 10)).toBe(100);
    expect(moved(5, -10)).toBe(0);
});

test("done asks for evidence where the task does", async () => {
    onRpc("ops.work.log", "quick_save", ({ args }) => {
        expect(args[0].lines).toEqual([{ task_id: 2, done: true, progress: 100, seen: 20, evidence: "Hall 3" }]);
        expect.step("saved");
        return { ...structuredClone(DATA), log: LOG };
    });
    await mountLog();
    await chip(2, "Done").click();
    await contains(".o_ops_send button").click();
    expect(".o_ops_send .invalid-feedback").toHaveCount(1);
    expect.verifySteps([]);
    await contains('[data-task="2"] .o_ops_log_evidence textarea').edit("Hall 3", { confirm: false });
    await contains(".o_ops_send button").click();
    expect.verifySteps(["saved"]);
});

test("a save from elsewhere: what was entered is laid over it and saved with the next press", async () => {
    let tries = 0;
    onRpc("ops.work.log", "quick_save", ({ args }) => {
        tries++;
        if (tries === 1) {
            throw makeServerError({ message: "Saved elsewhere", context: { ops_stale: true } });
        }
        expect(args[0].version).toBe(4);
        expect(args[0].lines[0]).toEqual({ task_id: 1, progress: 50, seen: 30 });
        expect.step("saved");
        return { ...structuredClone(DATA), log: LOG };
    });
    await mountLog();
    await chip(1, "50").click();
    onRpc("ops.work.log", "quick_form", () => ({ ...structuredClone(DATA), log: { ...LOG, version: 4 }, tasks: [task(1, { progress: 30 })] }));
    await contains(".o_ops_send button").click();
    await animationFrame();
    expect(".o_ops_send .invalid-feedback").toHaveText("Saved elsewhere");
    expect('[data-task="1"] output').toHaveText("50 %");
    await contains(".o_ops_send button").click();
    expect.verifySteps(["saved"]);
});

test("what was entered survives a lost connection and a closed page", async () => {
    onRpc("/web/dataset/call_kw/ops.work.log/quick_save", () => new Response("", { status: 502 }));
    await mountLog();
    await chip(1, "25").click();
    await contains("#o_ops_log_note").edit("Phone calls", { confirm: false });
    await contains(".o_ops_send button").click();
    await animationFrame();
    expect(".o_ops_send .invalid-feedback").toHaveText(/no connection/);
    expect(queryFirst("#o_ops_log_note").value).toBe("Phone calls");
    const kept = Object.keys(browser.localStorage).find((key) => key.startsWith("ops_handbook.work_log"));
    const { head, rows } = JSON.parse(browser.localStorage.getItem(kept));
    expect(head.note).toBe("Phone calls");
    expect(rows[1].progress).toBe(25);
});

test("a problem of a task is reported with one click: saved first, then opened", async () => {
    onRpc("ops.work.log", "quick_save", () => {
        expect.step("saved");
        return { ...structuredClone(DATA), log: LOG, tasks: [task(1, { line_id: 9, problem: "No lorry" })] };
    });
    onRpc("ops.work.log.line", "action_report_problem", ({ args }) => {
        expect.step(`report ${args[0]}`);
        return { type: "ir.actions.act_window_close" };
    });
    await mountLog();
    mockService("action", { doAction: () => {} });
    await contains('[data-task="1"] .o_ops_log_more').click();
    await contains('[data-task="1"] [name=problem]').edit("No lorry", { confirm: false });
    await contains('[data-task="1"] .o_ops_log_report').click();
    await animationFrame();
    expect.verifySteps(["saved", "report 9"]);
});

test("nothing is typed, and no other day shown, while a log is being saved", async () => {
    const answer = new Deferred();
    onRpc("ops.work.log", "quick_save", async () => {
        await answer;
        return { ...structuredClone(DATA), log: LOG };
    });
    await mountLog();
    await chip(1, "25").click();
    await contains(".o_ops_send button").click();
    expect("#o_ops_log_note").not.toBeEnabled();
    expect(".o_ops_log_day:first").not.toBeEnabled();
    answer.resolve();
    await waitFor(".o_ops_log_saved");
    expect("#o_ops_log_note").toBeEnabled();
    expect(".o_ops_log_day:first").toBeEnabled();
});

/** Choose a picture for a task that is done; return what stands for the browser's reading of it. */
async function choosePicture(id) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 20, height: 10 });
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const picture = await createImageBitmap(canvas);
    const reading = new Deferred();
    patchWithCleanup(window, { createImageBitmap: () => reading });
    await chip(id, "Done").click();
    await contains(`[data-task="${id}"] input[name=file]`, { visible: false }).click();
    await setInputFiles([new File([blob], "hall.png", { type: "image/png" })]);
    await animationFrame();
    return () => reading.resolve(picture);
}

test("a picture that is still being read is waited for", async () => {
    onRpc("ops.work.log", "quick_save", ({ args }) => {
        expect.step(`${args[0].lines[0].files.length} file`);
        return { ...structuredClone(DATA), log: LOG };
    });
    await mountLog();
    const read = await choosePicture(2);
    expect(".o_ops_send button").not.toBeEnabled();
    expect(".o_ops_log_day:first").not.toBeEnabled();
    queryFirst(".o_ops_log form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await animationFrame();
    expect.verifySteps([]);
    read();
    await waitFor('[data-task="2"] .o_ops_log_files [role=status]');
    await contains(".o_ops_send button").click();
    await expect.waitForSteps(["1 file"]);
});

test("another day is shown after what was photographed is saved", async () => {
    onRpc("ops.work.log", "quick_save", ({ args }) => {
        expect.step(`${args[0].lines[0].files.length} file`);
        return { ...structuredClone(DATA), log: LOG };
    });
    await mountLog();
    onRpc("ops.work.log", "quick_form", ({ args }) => {
        expect.step(args[0]);
        return { ...structuredClone(DATA), date: args[0] };
    });
    const read = await choosePicture(2);
    read();
    await waitFor('[data-task="2"] .o_ops_log_files [role=status]');
    await contains(".o_ops_log_day:first").click();
    await expect.waitForSteps(["1 file", "2027-02-15"]);
});
