import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { mailModels } from "@mail/../tests/mail_test_helpers";

class Task extends models.Model {
    _name = "ops.task";
    name = fields.Char();
    state = fields.Selection({ selection: [["todo", "To Do"], ["done", "Done"]], readonly: true });
    _records = [
        { id: 1, name: "Sweep", state: "todo" },
        { id: 2, name: "Pack", state: "done" },
    ];
}
defineModels({ ...mailModels, Task });

const ARCH = `
    <kanban js_class="ops_task_board" records_draggable="1" edit="1" default_group_by="state">
        <templates><t t-name="card"><field name="name"/></t></templates>
    </kanban>`;

test.tags("desktop");
test("a card that is dropped on another state asks the server, and writes nothing", async () => {
    onRpc("ops.task", "action_move", function ({ args }) {
        expect.step(`move ${args[0]} to ${args[1]}`);
        this.env["ops.task"].write(args[0], { state: args[1] });
        return true;
    });
    onRpc("ops.task", "web_save", () => expect.step("written"));
    await mountView({ type: "kanban", resModel: "ops.task", arch: ARCH });
    await contains(".o_kanban_group:first .o_kanban_record").dragAndDrop(".o_kanban_group:last");
    await animationFrame();
    expect.verifySteps(["move 1 to done"]);
    expect(".o_kanban_group:last .o_kanban_record").toHaveCount(2);
});

test.tags("desktop");
test("cards are not moved between anything else than states", async () => {
    onRpc("ops.task", "action_move", () => expect.step("move"));
    await mountView({ type: "kanban", resModel: "ops.task", arch: ARCH, groupBy: ["name"] });
    await contains(".o_kanban_group:first .o_kanban_record").dragAndDrop(".o_kanban_group:last");
    expect.verifySteps([]);
});
