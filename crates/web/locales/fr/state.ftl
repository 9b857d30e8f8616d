# The page on which operators see the state of the services.
state-title = État des services
state-verdict = { $count ->
        [0] Tout va bien : aucune alarme.
        [one] Une chose est à regarder.
       *[other] { $count } choses sont à regarder.
    }
state-alarms-heading = À regarder maintenant
state-alarm-silent = { $service } : le service ne répond pas.
state-alarm-check = { $service }, vérification { $check } : { $result }.
state-services-heading = Les services
state-services-caption = Chaque service, d’après ses propres vérifications ; les requêtes sont comptées depuis son démarrage
state-column-service = Service
state-column-state = État
state-column-requests = Requêtes
state-column-availability = Sans erreur
state-promises-heading = Les objectifs de service
state-promises-explained = Une promesse porte sur trente jours. Sans Prometheus, cette page montre ce qui est observé depuis le démarrage des services, ou en ce moment.
state-promises-caption = Chaque promesse, à côté de ce qui est observé
state-column-promise = Promesse
state-column-objective = Objectif
state-column-observed = Observé
state-column-verdict = Verdict
state-checks-heading = Les vérifications
state-checks-caption = Les vérifications de chaque service, et ce qu’elles en disent
state-column-check = Vérification
state-column-detail = Précision
state-no-detail = rien à signaler
state-origin = La tenue à jour des données se lit à la vérification « freshness » de l’API de données. Les alarmes sur une durée ou un débit demandent Prometheus.
state-ok = va bien
state-degraded = à regarder
state-failed = ne peut pas servir
state-silent = ne répond pas
service-web = Application web
service-data-api = API de données
service-model-api = API du modèle
promise-kept = tenu
promise-broken = non tenu
promise-unknown = pas encore mesuré
slo-web-availability = Les pages répondent sans erreur
slo-data-api-availability = L’API de données répond sans erreur
slo-model-api-availability = L’API du modèle répond sans erreur
slo-web-latency = Une page arrive en une demi-seconde
slo-model-api-latency = Une prévision arrive en un quart de seconde
slo-data-freshness = La dernière heure importée a moins de cinq heures
slo-forecast-skill = Le modèle fait mieux que « la même heure, une semaine plus tôt »
slo-interval-coverage = L’intervalle à 80 % contient de 70 à 92 % des comptages
slo-other = Autre promesse
