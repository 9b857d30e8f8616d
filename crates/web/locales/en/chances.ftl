# The chances of finding a bike or a dock.
odds = { $count } { $count ->
        [one] chance
       *[other] chances
    } in 10
odds-fewest = less than 1 chance in 10
odds-most = more than 9 chances in 10
odds-short = { $count } in 10
odds-short-fewest = less than 1 in 10
odds-short-most = more than 9 in 10
chances-at = At { $hour }:00
chances-at-later = { $day ->
        [tomorrow] Tomorrow
       *[other] The day after tomorrow
    } at { $hour }:00
chances-heading = Will there be a bike, a dock?
chances-answer-bike = { $at }: { $bike } of finding a bike, { $dock } of finding a dock.
chances-answer-dock = { $at }: { $dock } of finding a dock, { $bike } of finding a bike.
chances-wanted = I am looking for
chances-a-bike = a bike
chances-a-dock = a free dock
chances-hour = Hour
chances-show = Show
chances-lowest-bike = When a bike is least sure: { $moment }, { $odds }.
chances-lowest-dock = When a dock is least sure: { $moment }, { $odds }.
chances-always-bike = At any hour, more than 9 chances in 10 of finding a bike.
chances-always-dock = At any hour, more than 9 chances in 10 of finding a dock.
chances-chart-title = Chances of finding a bike and a dock, hour by hour
chances-legend = Solid line and points: chances of finding a bike. Dashes: chances of finding a dock.
chances-caption = Chances at the beginning of each hour, in { $zone } time, and departures forecast during the hour
chances-column-bike = Bike
chances-column-dock = Dock
chances-column-departures = Departures
chances-from-to = { $low } to { $high }
chances-origin-heading = Where this forecast comes from
chances-origin = Computed { $age } from the state of the station, the departures forecast by the model <code>{ $version }</code> and the usual arrivals.
chances-limits = It knows nothing of a group that is coming, of a station that is closed, of a truck that changes its hours. Of ten times that it says “9 chances in 10”, expect one bad surprise.
