"""The offices of the handbook and the groups that hold them: the one place that knows both names."""

# role → external id of the group that holds it in the companies of its members
ROLE_GROUPS = {
    "operations": "ops_handbook.group_operations",
    "gm_office": "ops_handbook.group_gm_office",
    "general_manager": "ops_handbook.group_general_manager",
    "administrator": "ops_handbook.group_administrator",
}

# role → field of the company that names its department
OFFICE_DEPARTMENTS = {
    "operations": "ops_operations_department_id",
    "gm_office": "ops_gm_office_department_id",
}

# whose forms does this office decide instead of the office named as the key, when the form is that office's own
NEXT_OFFICE = {
    "operations": "gm_office",
    "gm_office": "general_manager",
}
