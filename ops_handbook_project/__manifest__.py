{
    "name": "Operations Handbook: Project",
    "summary": "The tasks of the month plans beside a person's project tasks, and the two linked",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Operations Handbook",
    "license": "LGPL-3",
    "author": "Operations Handbook contributors",
    "depends": ["ops_handbook", "project"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/ops_my_task_rules.xml",
        "views/ops_my_task_views.xml",
        "views/ops_task_views.xml",
        "views/project_task_views.xml",
    ],
}
