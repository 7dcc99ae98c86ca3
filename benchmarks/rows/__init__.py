from . import dates, engine, screens, forms, plans, progress, mails, jobs, install
