"""The agenda of a weekly department meeting lists the department's tasks below its items, as in a new database."""


def migrate(cr, version):
    for name, group in (("weekly_1", "late"), ("weekly_2", "open"), ("weekly_4", "coming")):
        cr.execute(
            """
            UPDATE ops_meeting_type_line line
               SET task_group = %s
              FROM ir_model_data data
             WHERE data.module = 'ops_handbook' AND data.model = 'ops.meeting.type.line' AND data.name = %s
               AND line.id = data.res_id AND line.task_group IS NULL
            """,
            [group, f"ops_meeting_type_line_{name}"],
        )
