# The pages of the data-protection officer.
officer-title = Data protection
officer-menu = Pages for data protection
officer-calm = No request is late, and none is due this week.
officer-soon = { $count ->
        [one] One request is due this week.
       *[other] { $count } requests are due this week.
    }
officer-late = { $count ->
        [one] One request is late.
       *[other] { $count } requests are late.
    }
officer-requests = Requests of people
officer-no-request = No request was received.
officer-requests-caption = Requests, those that wait first, by deadline
officer-answered-button = Mark as answered
officer-requests-text = A request has a month (article 12.3 of the GDPR). People see, correct, take away and erase their account by themselves; those of a subscriber go through the command filrouge gdpr.
officer-register = Register of processings
officer-purpose = Purpose
officer-basis = Legal basis
officer-duration = Duration
officer-silent = The data API does not answer, or refuses this right. Reload the page in a minute.
officer-purges = Purges
officer-last-purge = Last purge
officer-no-purge = never
officer-purge-every = Every
officer-log = Log of accesses
officer-log-whole = Whole.
officer-log-broken = Altered: run filrouge gdpr audit, which names the first record at fault.
officer-rules-caption = Retention rules, and rows that the next purge will erase
officer-column-table = Table
officer-column-processing = Processing
officer-column-due = Due
audit-log-title = Log of accesses
audit-log-lead = Who read or changed personal data, and when. Reading this page adds a line.
audit-log-scroll = Log, to scroll on a small screen
audit-log-caption = Accesses to personal data, the oldest first
audit-log-column-number = Number
audit-log-column-at = When
audit-log-column-actor = Who
audit-log-column-action = Action
audit-log-column-people = People
breach-title = In case of a data breach
breach-lead = Time runs from the moment the breach is known: 72 hours to tell the authority (article 33 of the GDPR).
breach-stop = Stop the leak: close the accounts concerned (filrouge account disable), renew secrets and keys (filrouge credentials). Their sessions and tokens end at once.
breach-gather = Gather the facts: the command below writes what article 33 asks for, from the log of accesses.
breach-judge = Judge the risk for people: which data, how many people, which consequences.
breach-notify = Tell the authority within 72 hours, and the people without delay if the risk is high (article 34).
breach-record = Record the breach, its effects and the measures taken, even when nobody was told (article 33.5).
