"""Operations are told of added and withdrawn tasks by one mail for all plans, which has a text of its own since 19.0.1.7.0.

Where nobody has edited the text of before it makes room: under another name, which no file knows, Odoo deletes it at the end of
the upgrade, and the new one is loaded with its translations. A text that an administrator has edited stays: all that it names is
there still.
"""


def migrate(cr, version):
    cr.execute("""
        UPDATE ir_model_data data SET name = 'ops_month_plan_mail_changes_until_19_0_1_6_0', noupdate = FALSE
          FROM mail_template template
         WHERE data.module = 'ops_handbook' AND data.name = 'ops_month_plan_mail_changes' AND data.model = 'mail.template'
           AND template.id = data.res_id AND template.write_date = template.create_date
    """)
