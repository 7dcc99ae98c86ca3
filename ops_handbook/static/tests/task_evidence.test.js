import { expect, test } from "@odoo/hoot";
import { setInputFiles } from "@odoo/hoot-dom";
import { contains, defineModels, fields, mockService, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { mailModels } from "@mail/../tests/mail_test_helpers";

class Task extends models.Model {
    _name = "ops.task";
    name = fields.Char();
    message_attachment_count = fields.Integer();
    _records = [{ id: 1, name: "Sweep" }];
}
defineModels({ ...mailModels, Task });

const ARCH = `<form><field name="name"/><widget name="ops_task_evidence"/></form>`;

test("a picture that cannot be read is named, and the other files are handed in", async () => {
    mockService("notification", { add: (message) => expect.step(`${message}`) });
    onRpc("ops.task", "add_evidence", ({ args }) => {
        expect.step(`sent ${args[1].map((file) => file.name)}`);
        return true;
    });
    await mountView({ type: "form", resModel: "ops.task", resId: 1, arch: ARCH });
    await contains(".o_widget_ops_task_evidence button").click();
    await setInputFiles([
        new File(["no picture"], "hall.heic", { type: "image/heic" }),
        new File(["Swept at noon"], "note.txt", { type: "text/plain" }),
    ]);
    await expect.waitForSteps([
        "“hall.heic” is not a picture that can be read here. Choose a JPEG or PNG picture.", "sent note.txt", "Attached.",
    ]);
});
