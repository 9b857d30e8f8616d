# The chances of finding a bike or a dock.
odds = { $count } { $count ->
        [one] chance
       *[other] chances
    } sur 10
odds-fewest = moins d’une chance sur 10
odds-most = plus de 9 chances sur 10
odds-short = { $count } sur 10
odds-short-fewest = moins de 1 sur 10
odds-short-most = plus de 9 sur 10
chances-at = À { $hour } h
chances-at-later = { $day ->
        [demain] Demain
       *[other] Après-demain
    } à { $hour } h
chances-heading = Y aura-t-il un vélo, une place ?
chances-answer-bike = { $at } : { $bike } de trouver un vélo, { $dock } de trouver une place.
chances-answer-dock = { $at } : { $dock } de trouver une place, { $bike } de trouver un vélo.
chances-wanted = Je cherche
chances-a-bike = un vélo
chances-a-dock = une place
chances-hour = Heure
chances-show = Voir
chances-lowest-bike = Le moment où un vélo est le moins sûr : { $moment }, { $odds }.
chances-lowest-dock = Le moment où une place est la moins sûre : { $moment }, { $odds }.
chances-always-bike = À toute heure, plus de 9 chances sur 10 de trouver un vélo.
chances-always-dock = À toute heure, plus de 9 chances sur 10 de trouver une place.
chances-chart-title = Chances de trouver un vélo et une place, heure par heure
chances-legend = Trait plein et points : chances de trouver un vélo. Tirets : chances de trouver une place.
chances-caption = Chances au début de chaque heure, à l’heure de { $zone }, et départs prévus pendant l’heure
chances-column-bike = Vélo
chances-column-dock = Place
chances-column-departures = Départs
chances-from-to = { $low } à { $high }
chances-origin-heading = D’où vient cette prévision
chances-origin = Calculée { $age } à partir de l’état de la station, des départs prévus par le modèle <code>{ $version }</code> et des arrivées habituelles.
chances-limits = Elle ne sait rien d’un groupe qui arrive, d’une station fermée ou d’un camion qui change d’horaire. Sur dix fois où elle dit « 9 chances sur 10 », attendez-vous à une mauvaise surprise.
