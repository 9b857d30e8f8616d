# The pages of operators.
operations-title = Rebalancing of the night
operations-lead = Which stations will lack bikes tomorrow morning, between 6 and 10, and where to take them from.
operations-menu = Pages for operators
operations-truck = Bikes that the truck holds
operations-truck-help = From 1 to { $count }.
operations-truck-button = Make the plan again
operations-plan = Plan of the night
operations-no-risk = No station should lack bikes tomorrow morning.
operations-no-donor = { $count ->
        [one] One station will lack bikes, but none has too many.
       *[other] { $count } stations will lack bikes, but none has too many.
    }
operations-risk = { $count ->
        [one] One station at risk tomorrow morning.
       *[other] { $count } stations at risk tomorrow morning.
    }
operations-origin = Bikes counted { $age }. Forecast of the model { $model }.
operations-limit = The plan counts the departures that the model foresees and the usual arrivals of the station. It knows nothing of a group that comes or of a station that is closed.
operations-limit-departures = The plan counts the departures that are foreseen alone: arrivals are not known. A station that fills by itself in the morning may thus be served for nothing.
operations-scroll = Table of the plan, to scroll on a small screen
operations-caption = Stops of the truck, in order
operations-column-stop = Stop
operations-column-station = Station
operations-column-what = Bikes
operations-column-load = In the truck
operations-column-why = Why
operations-take = take { $count }
operations-leave = leave { $count }
operations-why-take = { $bikes } bikes for { $capacity } docks. The morning may take { $down } and bring { $up } back.
operations-why-leave = { $bikes } bikes, while the morning may take { $down }, arrivals deducted (exceeded one time in ten).
operations-why-link = What weighs in the forecast
operations-no-model = The plan cannot be made without the forecast. The state of the stations, the reports and the quality of the data do not depend on it. Reload the page in a minute.
operations-why-title = Why { $name }
operations-why-sentence = At the busiest hour ({ $moment }), the model expects { $demand } departures. An ordinary hour has { $base }; the rest comes from this.
operations-why-caption = Departures added or taken away, by family of features
operations-why-family = Family
operations-why-departures = Departures
family-station = what this station counted the days before
family-city = the whole city
family-calendar = hour, day, holidays
family-weather = the weather
family-events = events nearby
quality-title = Data quality
quality-lead = What the last cleaning kept and rejected, and why.
quality-caption = Rows of each source: read = kept + rejected
quality-column-source = Source
quality-column-read = Read
quality-column-kept = Kept
quality-column-rejected = Rejected
quality-rules = Rules applied to
quality-rules-caption = What each rule found
quality-column-rule = Rule
quality-column-action = Action
quality-column-rows = Rows
quality-rejected = rejected
quality-repaired = repair
quality-reported = report
quality-silent = The data service does not answer. Reload the page in a minute.
reports-title = Reports
reports-count = { $count ->
        [one] One report waits.
       *[other] { $count } reports wait.
    }
reports-none = No report waits.
reports-bike = bike { $bike }
reports-unsorted = Not sorted: to be read.
reports-sorted-by-model = { $category }, urgency { $urgency } (sorted by the program, confidence { $confidence }; to be confirmed)
reports-sorted-by-service = { $category }, urgency { $urgency } (sorted by an AI service; to confirm)
reports-sorted-by-person = { $category }, urgency { $urgency } (confirmed by a person)
reports-urgent = urgent
reports-category = Category
reports-urgency = Urgency
reports-sort-button = Confirm the sorting
reports-close-button = Close as dealt with
reports-reader-none = No program sorts the reports: a person reads each of them.
reports-reader-embedded = The embedded classifier proposes the sorting; no text leaves the program.
reports-reader-service = { $service } proposes the sorting.
reports-reader-failure = { $service } did not sort the last report ({ $reason }): the embedded classifier stood in.
reports-reader-resting = { $service } failed ({ $reason }) and is not called for now: the embedded classifier stands in.
reports-reader-budget-spent = The month’s budget of { $service } is spent: the embedded classifier sorts until the first of the month.
reports-reader-budget = { $left } of the month’s budget is left.
