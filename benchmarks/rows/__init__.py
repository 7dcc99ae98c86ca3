from . import dates, engine, screens, forms, tasks, plans, progress, mails, search, jobs, install
