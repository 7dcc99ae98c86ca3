import { useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

const STATE = "state";

/** A board whose cards are dragged from state to state: the server takes the step, with the same rules as its buttons. */
export class TaskBoardRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.actionService = useService("action");
    }

    /** The state is read-only to a plain write; here it is moved, and nothing else is. */
    get canMoveRecords() {
        return this.canResequenceRecords && this.props.list.groupByField?.name === STATE;
    }

    async sortRecordDrop(dataRecordId, dataGroupId, { parent }) {
        parent?.classList.remove("o_kanban_hover");
        const { list } = this.props;
        const find = (id) => list.groups?.find((group) => group.id === id);
        const [source, target] = [find(dataGroupId), find(parent?.dataset.id)];
        const record = source?.list.records.find((item) => item.id === dataRecordId);
        if (!record || !target || source === target) {
            return;
        }
        this.toggleProcessing(dataRecordId, true);
        try {
            await this.move(record, target.value);
        } finally {
            this.toggleProcessing(dataRecordId, false);
        }
    }

    async move(record, state) {
        const { model } = this.props.list;
        let action;
        try {
            action = await this.orm.call(record.resModel, "action_move", [[record.resId], state]);
        } catch (error) {
            await model.load(); // somebody else may have moved it
            throw error;
        }
        if (action?.type) {
            // something is missing, e.g. why it is withdrawn
            await this.actionService.doAction(action, { onClose: () => model.load() });
        } else {
            await model.load();
        }
    }
}

export const taskBoardView = { ...kanbanView, Renderer: TaskBoardRenderer };

registry.category("views").add("ops_task_board", taskBoardView);
