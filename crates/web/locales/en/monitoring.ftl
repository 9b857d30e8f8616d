# The page on which the model is monitored.
monitoring-title = Model monitoring
monitoring-silent-title = Monitoring not available.
monitoring-silent = The service that forecasts departures does not answer, or is still getting ready. Reload the page in a minute.
verdict-no-limit = This version has no control limits: nothing can be judged.
verdict-calm = Forecasts are as accurate as during validation.
verdict-alarm = Forecasts are no longer as accurate as during validation: something must be done.
verdict-inputs = { $count ->
        [0] No input is odd.
        [one] One input is odd: see below.
       *[other] { $count } inputs are odd: see below.
    }
alarms-heading = Alarms
alarm-badge = Alarm
alarm-coverage = The 80% interval held only { $observed } of the counts, against { $usual } on an ordinary day.
alarm-bias = Relative bias: { $observed } { $direction ->
        [more] more
       *[less] fewer
    } departures were counted than forecast.
alarm-dispersion = Hourly dispersion: departures are no longer spread over the hours of the day as forecast.
alarm-system = The whole city counts { $observed } { $direction ->
        [more] more
       *[less] fewer
    } departures than calendar and weather let one expect.
alarm-error = The error is { $observed } of that of an ordinary day, at equal demand.
window-heading = The last 24 counted hours
window-rows = Forecasts judged
window-error = Mean error
window-error-value = { $mae } departures per station and hour ({ $last-week } for the same hour one week earlier)
window-skill = Error avoided
window-bias = Relative bias
window-bias-value = { $bias } compared with the forecast
window-coverage = Coverage
window-coverage-value = { $coverage } of the counts within the 80% interval
limits-heading = Deciding statistics
limits-explained = Each statistic has control limits: those of a stable day, from validation. Outside its limits it raises an alarm. These are the only thresholds of this page; the rest explains.
limits-caption = The five statistics that decide, and their thresholds
limits-column-statistic = Statistic
limits-column-observed = Observed
limits-column-center = Stable day
limits-column-lower = Low threshold
limits-column-upper = High threshold
limit-error = Relative error
limit-bias = Relative bias
limit-coverage = Coverage
limit-dispersion = Hourly dispersion
limit-system = Total demand
limit-other = Other statistic
error-heading = The error, day by day
error-sentence = Over { $days }, the model was less wrong than “the same hour, one week earlier” { $better } times.
error-chart-title = Mean absolute error per day
error-legend = Solid line: error of the model, in departures per station and hour. Dashes: error of “the same hour, one week earlier”.
coverage-heading = The coverage, day by day
coverage-sentence = Over the last 24 counted hours, the 80% interval held { $observed } of the counts.
coverage-bounds = An ordinary day holds { $usual }; below { $lowest }, it is an alarm.
coverage-unknown = an unknown share
coverage-chart-title = Share of the counts within the interval, per day
coverage-legend = Solid line: observed share. Dashes: the 80% aimed at.
days-caption = The same measures, from the most recent day to the oldest
days-column-day = Day
days-partial = (incomplete)
days-column-error = Error
days-column-last-week = Week before
days-column-bias = Bias
days-column-coverage = Coverage
inputs-heading = The inputs
inputs-explained = An odd input explains an alarm, or comes before it; alone, it is not one. The verdict compares the mean of the day with those of the days before. The stability index decides nothing: an ordinary day often passes the value of the column “by chance”, which supposes that the hours of a day have nothing to do with one another.
inputs-caption = The weather of the last day, beside the four weeks before
inputs-column-input = Input
inputs-column-missing = Missing
inputs-column-index = Index
inputs-column-chance = By chance
inputs-column-verdict = Verdict
input-temperature = Temperature
input-humidity = Humidity
input-wind = Wind
input-rain = Rain
input-other = Other input
drift-none = ordinary
drift-frozen = frozen: the same value for hours
drift-missing = missing more than usual
drift-moved = shifted from the four weeks before
monitoring-origin = Model <code>{ $version }</code>, departures counted { $age }.
monitoring-refresh = Read at { $clock }. <a href="{ $once }">Refresh now</a> or <a href="{ $always }">refresh every minute</a>.
monitoring-refreshing = Read at { $clock }. The page refreshes by itself every { $period }: <a href="{ $stop }">stop refreshing</a>.
monitoring-state-link = State of the services
