from . import dates, engine, screens, forms, plans, mails, jobs, install
