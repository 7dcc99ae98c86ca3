import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { pathTo, visibleRows } from "@ops_handbook/handbook_reader/reader_contents";
import { articleOfLink, articlePath, decorate } from "@ops_handbook/handbook_reader/reader_text";
import { stretches } from "@ops_handbook/version_diff/version_diff";

describe.current.tags("ops_handbook");
defineMailModels();

const entry = (id, number, parent = false, values = {}) => ({
    id, number, parent, level: number.split(".").length, name: `Article ${id}`, has_text: true, unread: false, ...values,
});
const TREE = [entry(1, "1"), entry(2, "1.1", 1), entry(3, "1.1.1", 2, { unread: true }), entry(4, "2")];
const article = (id, values = {}) => ({
    id, name: `Article ${id}`, number: "1", path: pathTo(TREE, id), previous: id > 1 && id - 1, next: id < 4 && id + 1, parts: [],
    owner: "", link: "", langs: [], note: "", reading: false, standards: [], can_revise: false, can_propose: true,
    open_version: false,
    text: {
        id: 9, version: 2, lang: "en-US", rtl: false, published_on: "2027-01-20 02:00:00", published_by: "Ann", reason: "",
        kind: "minor", compare: false, headings: [{ id: "s-a", level: 2, text: "A" }, { id: "s-b", level: 2, text: "B" }],
        body: "<h2 id='s-a'>A</h2><table><tr><td>x</td></tr></table><h2 id='s-b'>B</h2><p><a href='/odoo/handbook/4'>there</a></p>",
    },
    ...values,
});
const page = (values) => ({
    message: "", handbooks: [{ id: 1, name: "Book" }], handbook: { id: 1, name: "Book", description: "" }, tree: TREE,
    article: false, unread: 1, search: false, print_article: false, print_book: false, ...values,
});

test("the contents show what is unfolded, and lead to what one reads", () => {
    const numbers = (open) => visibleRows(TREE, (id) => open.includes(id)).map((row) => row.item.number);
    expect(numbers([])).toEqual(["1", "2"]);
    expect(numbers([2])).toEqual(["1", "2"]);
    expect(numbers([1, 2])).toEqual(["1", "1.1", "1.1.1", "2"]);
    expect(pathTo(TREE, 3)).toEqual([1, 2]);
    expect(pathTo(TREE, 99)).toEqual([]);
});

test("links of a text", () => {
    const here = new URL("https://example.com/odoo/handbook/3");
    expect(articleOfLink("https://example.com/odoo/handbook/12#s-%E5%82%AC", here)).toEqual({ id: 12, hash: "s-催" });
    expect(articleOfLink("/odoo/ops.article/12", here)).toEqual({ id: 12, hash: "" });
    expect(articleOfLink("https://example.com/odoo/handbook/3#s-a", here)).toBe(null);
    expect(articleOfLink("https://evil.example/odoo/handbook/12", here)).toBe(null);
    expect(articlePath(3, "s-催")).toBe("/odoo/handbook/3#s-%E5%82%AC");
});

test("what did not change is folded, but for what stands beside a change", () => {
    const rows = [..."ssssscsss"].map((kind) => ({ kind: kind === "s" ? "same" : "changed" }));
    expect(stretches(rows).map((part) => [part.folded, part.rows.length])).toEqual([[true, 3], [false, 5], [false, 1]]);
});

test("a text gets its buttons once, and tables scroll in themselves", () => {
    const root = document.createElement("div");
    root.innerHTML = "<h2 id='s-a'>A</h2><table><caption>Steps</caption><tr><td><table></table></td></tr></table>";
    const copied = [];
    const undress = decorate(root, { copy: "Copy", table: "Table", onCopy: (id) => copied.push(id) });
    root.querySelector("h2 button").click();
    expect(copied).toEqual(["s-a"]);
    expect([...root.querySelectorAll(".o_ops_wide")].map((box) => box.getAttribute("aria-label"))).toEqual(["Steps"]);
    undress();
    expect(root.querySelectorAll("button").length).toBe(0);
});

test("one call for each page; links within the handbook stay on the screen", async () => {
    onRpc("ops.article", "get_page", ({ args }) => {
        expect.step(`page ${args[0]}`);
        return page({ article: args[0] ? article(args[0]) : false });
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "ops_handbook.reader", params: { article_id: 3 } });
    await animationFrame();
    expect.verifySteps(["page 3"]);
    expect(queryAllTexts(".o_ops_contents_name").length).toBe(4);
    expect(queryFirst(".o_ops_contents [aria-current]")).toHaveText("1.1.1\nArticle 3");
    expect(".o_ops_text .o_ops_anchor").toHaveCount(2);
    await click(".o_ops_text a");
    await animationFrame();
    expect.verifySteps(["page 4"]);
    expect(".o_ops_turn_next").toHaveCount(0);
    await click(".o_ops_turn_previous");
    await animationFrame();
    expect.verifySteps(["page 3"]);
    await click(".o_ops_reader_book");
    await animationFrame();
    expect.verifySteps(["page null"]);
    expect(".o_ops_cover_unread li").toHaveCount(1);
});
