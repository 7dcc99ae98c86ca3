from . import dates, engine, screens, forms, tasks, my_tasks, plans, progress, mails, search, jobs, install
