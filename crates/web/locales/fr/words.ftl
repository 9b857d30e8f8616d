# Figures, ages and dates.
unknown = inconnu
percent = { $value } %
position = { $latitude }° { $latitude-side ->
        [north] nord
       *[south] sud
    }, { $longitude }° { $longitude-side ->
        [east] est
       *[west] ouest
    }
age-now = à l’instant
age-minutes = il y a { $count } { $count ->
        [one] minute
       *[other] minutes
    }
age-hours = il y a { $count } { $count ->
        [one] heure
       *[other] heures
    }
age-days = il y a { $count } { $count ->
        [one] jour
       *[other] jours
    }
today = aujourd’hui
tomorrow = demain
day-after-tomorrow = après-demain
# Patterns of chrono.
date-pattern = %d/%m/%Y
short-date-pattern = %d/%m
clock-pattern = %-H h %M
hour = { $hour } h
moment = { $day }, { $hour } h
count-bikes = { $count } { $count ->
        [one] vélo
       *[other] vélos
    }
count-stations = { $count } { $count ->
        [one] station
       *[other] stations
    }
count-docks = { $count } { $count ->
        [one] point d’attache
       *[other] points d’attache
    }
count-departures = { $count } { $count ->
        [one] départ
       *[other] départs
    }
count-hours = { $count } { $count ->
        [one] heure
       *[other] heures
    }
count-days = { $count } { $count ->
        [one] jour
       *[other] jours
    }
count-forecasts = { $count } { $count ->
        [one] prévision
       *[other] prévisions
    }
count-values = { $count } { $count ->
        [one] valeur
       *[other] valeurs
    }
count-seconds = { $count } { $count ->
        [one] seconde
       *[other] secondes
    }
whole-number = { $count }
