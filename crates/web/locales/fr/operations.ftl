# The pages of operators.
operations-title = Rééquilibrage de la nuit
operations-lead = Quelles stations manqueront de vélos demain matin, entre 6 h et 10 h, et d’où les apporter.
operations-menu = Pages de l’exploitation
operations-truck = Capacité du camion, en vélos
operations-truck-help = De 1 à { $count }.
operations-truck-button = Refaire le plan
operations-plan = Plan de la nuit
operations-no-risk = Aucune station ne devrait manquer de vélos demain matin.
operations-no-donor = { $count ->
        [one] Une station manquera de vélos, mais aucune n’en a de trop.
       *[other] { $count } stations manqueront de vélos, mais aucune n’en a de trop.
    }
operations-risk = { $count ->
        [one] Une station à risque demain matin.
       *[other] { $count } stations à risque demain matin.
    }
operations-origin = Vélos relevés { $age }. Prévision du modèle { $model }.
operations-limit = Le plan compte les départs prévus par le modèle et les arrivées habituelles de la station. Il ne sait rien d’un groupe qui arrive ou d’une station fermée.
operations-limit-departures = Le plan ne compte que les départs prévus : les arrivées ne sont pas connues. Une station qui se remplit seule le matin peut donc être servie pour rien.
operations-scroll = Tableau du plan, à faire défiler sur un petit écran
operations-caption = Arrêts du camion, dans l’ordre
operations-column-stop = Arrêt
operations-column-station = Station
operations-column-what = Vélos
operations-column-load = Dans le camion
operations-column-why = Pourquoi
operations-take = prendre { $count }
operations-leave = déposer { $count }
operations-why-take = { $bikes } vélos pour { $capacity } points d’attache. Le matin peut en prendre { $down } et en rapporter { $up }.
operations-why-leave = { $bikes } vélos, alors que le matin peut en prendre { $down }, arrivées déduites (dépassé une fois sur dix).
operations-why-link = Ce qui pèse dans la prévision
operations-no-model = Le plan ne peut pas être fait sans la prévision. L’état des stations, les signalements et la qualité des données n’en dépendent pas. Rechargez la page dans une minute.
operations-why-title = Pourquoi { $name }
operations-why-sentence = À l’heure la plus chargée ({ $moment }), le modèle attend { $demand } départs. Une heure ordinaire en a { $base } ; le reste vient de ceci.
operations-why-caption = Départs ajoutés ou retirés, par famille de caractéristiques
operations-why-family = Famille
operations-why-departures = Départs
family-station = ce que cette station a compté les jours d’avant
family-city = toute la ville
family-calendar = l’heure, le jour, les congés
family-weather = la météo
family-events = les événements proches
quality-title = Qualité des données
quality-lead = Ce que le dernier nettoyage a gardé et écarté, et pourquoi.
quality-caption = Lignes de chaque source : lues = gardées + écartées
quality-column-source = Source
quality-column-read = Lues
quality-column-kept = Gardées
quality-column-rejected = Écartées
quality-rules = Règles appliquées à
quality-rules-caption = Ce que chaque règle a trouvé
quality-column-rule = Règle
quality-column-action = Action
quality-column-rows = Lignes
quality-rejected = écarter
quality-repaired = réparer
quality-reported = signaler
quality-silent = Le service des données ne répond pas. Rechargez la page dans une minute.
reports-title = Signalements
reports-count = { $count ->
        [0] 0 signalement en attente.
        [one] Un signalement attend.
       *[other] { $count } signalements attendent.
    }
reports-none = Aucun signalement n’attend.
reports-bike = vélo { $bike }
reports-unsorted = Non trié : à lire.
reports-sorted-by-model = { $category }, urgence { $urgency } (trié par le programme, confiance { $confidence } ; à confirmer)
reports-sorted-by-service = { $category }, urgence { $urgency } (trié par un service d’IA ; à confirmer)
reports-sorted-by-person = { $category }, urgence { $urgency } (confirmé par une personne)
reports-urgent = urgent
reports-category = Catégorie
reports-urgency = Urgence
reports-sort-button = Confirmer le tri
reports-close-button = Classer comme traité
reports-reader-none = Aucun programme ne trie les signalements : une personne les lit tous.
reports-reader-embedded = Le tri est proposé par le classifieur embarqué ; aucun texte ne sort du programme.
reports-reader-service = Le tri est proposé par { $service }.
reports-reader-failure = { $service } n’a pas trié le dernier signalement ({ $reason }) : le classifieur embarqué l’a remplacé.
reports-reader-resting = { $service } a échoué ({ $reason }) et n’est pas appelé pour l’instant : le classifieur embarqué le remplace.
reports-reader-budget-spent = Le budget du mois de { $service } est dépensé : le classifieur embarqué trie jusqu’au premier du mois.
reports-reader-budget = Il reste { $left } du budget du mois.
