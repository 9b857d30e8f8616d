# The page on which operators see the state of the services.
state-title = State of the services
state-verdict = { $count ->
        [0] All is well: no alarm.
        [one] One thing has to be looked at.
       *[other] { $count } things have to be looked at.
    }
state-alarms-heading = To be looked at now
state-alarm-silent = { $service }: the service does not answer.
state-alarm-check = { $service }, check { $check }: { $result }.
state-services-heading = Services
state-services-caption = Each service, as its own checks tell; requests are counted since its start
state-column-service = Service
state-column-state = State
state-column-requests = Requests
state-column-availability = Without error
state-promises-heading = Objectives of service
state-promises-explained = A promise is about thirty days. Without Prometheus, this page shows what is observed since the services started, or at this moment.
state-promises-caption = Each promise, beside what is observed
state-column-promise = Promise
state-column-objective = Objective
state-column-observed = Observed
state-column-verdict = Verdict
state-checks-heading = Checks
state-checks-caption = The checks of each service, and their details
state-column-check = Check
state-column-detail = Detail
state-no-detail = nothing to report
state-origin = The check “freshness” of the data API tells whether the data are kept up to date. Alarms on a duration or a rate need Prometheus.
state-ok = is well
state-degraded = to be looked at
state-failed = cannot serve
state-silent = does not answer
service-web = Web application
service-data-api = Data API
service-model-api = Model API
promise-kept = kept
promise-broken = not kept
promise-unknown = not measured yet
slo-web-availability = Pages answer without error
slo-data-api-availability = The data API answers without error
slo-model-api-availability = The model API answers without error
slo-web-latency = A page arrives within half a second
slo-model-api-latency = A forecast arrives within a quarter of a second
slo-data-freshness = The last imported hour is less than five hours old
slo-forecast-skill = The model does better than “the same hour, a week before”
slo-interval-coverage = The 80% interval holds 70 to 92% of the counts
slo-other = Another promise
