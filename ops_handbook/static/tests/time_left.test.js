import { describe, expect, test } from "@odoo/hoot";
import { timeLeft } from "@ops_handbook/time_left/time_left";
import { fitted } from "@ops_handbook/quick_report/photo";
import { groupByProcess } from "@ops_handbook/my_work/my_work";
import { makeMockEnv } from "@web/../tests/web_test_helpers";

describe.current.tags("headless");

const { DateTime } = luxon;
const NOW = DateTime.fromISO("2026-11-25T10:00:00");
const left = (duration) => timeLeft(NOW.plus(duration), NOW);

test("whole units, as people count them", async () => {
    await makeMockEnv();
    expect(left({ days: 2, hours: 13 })).toEqual({ text: "2 days left", tone: "calm" });
    expect(left({ days: 1, hours: 14 })).toEqual({ text: "1 day left", tone: "calm" });
    expect(left({ hours: 14 })).toEqual({ text: "14 hours left", tone: "soon" });
    expect(left({ hours: 1 })).toEqual({ text: "1 hour left", tone: "soon" });
    expect(left({ minutes: 59 })).toEqual({ text: "59 minutes left", tone: "soon" });
    expect(left({ seconds: 20 })).toEqual({ text: "1 minute left", tone: "soon" });
});

test("late says so in words", async () => {
    await makeMockEnv();
    expect(left({ seconds: -1 })).toEqual({ text: "1 minute late", tone: "late" });
    expect(left({ hours: -3, minutes: -10 })).toEqual({ text: "3 hours late", tone: "late" });
    expect(left({ days: -8 })).toEqual({ text: "8 days late", tone: "late" });
});

test("without a due time there is no deadline", async () => {
    await makeMockEnv();
    expect(timeLeft(false, NOW)).toEqual({ text: "No deadline", tone: "none" });
});

test("photos keep their shape and lose their excess", () => {
    expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 });
    expect(fitted(3000, 4000)).toEqual({ width: 1200, height: 1600 });
    expect(fitted(800, 600)).toEqual({ width: 800, height: 600 });
    expect(fitted(10000, 2)).toEqual({ width: 1600, height: 1 });
});

test("the process of the latest row stands on top", () => {
    const rows = [
        { id: 1, process: "improvement" },
        { id: 2, process: "monthly" },
        { id: 3, process: "improvement" },
    ];
    const groups = groupByProcess(rows, [["monthly", "Monthly"], ["improvement", "Improvement"]]);
    expect(groups.map((group) => [group.label, group.rows.map((row) => row.id)])).toEqual([
        ["Improvement", [1, 3]],
        ["Monthly", [2]],
    ]);
});
