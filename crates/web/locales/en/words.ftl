# Figures, ages and dates.
unknown = unknown
percent = { $value }%
position = { $latitude }° { $latitude-side ->
        [north] north
       *[south] south
    }, { $longitude }° { $longitude-side ->
        [east] east
       *[west] west
    }
age-now = just now
age-minutes = { $count } { $count ->
        [one] minute
       *[other] minutes
    } ago
age-hours = { $count } { $count ->
        [one] hour
       *[other] hours
    } ago
age-days = { $count } { $count ->
        [one] day
       *[other] days
    } ago
today = today
tomorrow = tomorrow
day-after-tomorrow = the day after tomorrow
# Patterns of chrono.
date-pattern = %-d %B %Y
short-date-pattern = %-d %b
clock-pattern = %H:%M
hour = { $hour }:00
moment = { $day }, { $hour }:00
count-bikes = { $count } { $count ->
        [one] bike
       *[other] bikes
    }
count-stations = { $count } { $count ->
        [one] station
       *[other] stations
    }
count-docks = { $count } { $count ->
        [one] dock
       *[other] docks
    }
count-departures = { $count } { $count ->
        [one] departure
       *[other] departures
    }
count-hours = { $count } { $count ->
        [one] hour
       *[other] hours
    }
count-days = { $count } { $count ->
        [one] day
       *[other] days
    }
count-forecasts = { $count } { $count ->
        [one] forecast
       *[other] forecasts
    }
count-values = { $count } { $count ->
        [one] value
       *[other] values
    }
count-seconds = { $count } { $count ->
        [one] second
       *[other] seconds
    }
whole-number = { $count }
