from . import dates, engine, screens, forms, mails, jobs, install
