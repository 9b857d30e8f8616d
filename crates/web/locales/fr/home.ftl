# The home page: a search and the stations.
home-title = Vélos et places libres
home-title-page = { $title }, page { $page } sur { $pages }
home-heading = Vélos et places libres à { $city }
home-lead = { $bikes } à prendre en ce moment dans { $stations }.
home-search-label = Nom de la station ou du quartier
home-search-button = Rechercher
home-result-none = Aucune station pour « { $search } »
home-result-found = { $stations } pour « { $search } »
home-no-station = Aucune station n’est encore connue.
home-try-again = Vérifiez l’orthographe, essayez un seul mot, ou <a href="{ $home }">voyez toutes les stations</a>.
home-all-stations = Voir toutes les stations
home-caption = Stations par ordre alphabétique, avec leurs vélos et leurs places libres
home-column-station = Station
home-column-bikes = Vélos
home-column-docks = Places
home-pages-label = Pages de la liste
home-previous-page = Page précédente
home-page = Page { $page } sur { $pages }
home-next-page = Page suivante
home-state = { $empty ->
        [0] Aucune station n’est presque vide
        [one] Une station est presque vide
       *[other] { $empty } stations sont presque vides
    }, { $full ->
        [0] aucune n’est presque pleine
        [one] une est presque pleine
       *[other] { $full } sont presque pleines
    }. Situation à { $clock }.
home-forecast-meaning = « { $at } » : chances qu’un vélo soit là.
home-no-forecast = pas de prévision
map-heading = Carte
map-skip = Passer la carte
map-title = Stations, là où elles sont
map-description = La liste qui suit donne les mêmes stations, avec leurs vélos et leurs places.
map-legend = Un disque par station, d’autant plus grand qu’elle a de vélos. V : vide ou presque. P : pleine ou presque. Point d’interrogation : état inconnu, ou hors service. Tout ce que montre la carte est dans la liste.
map-letter-empty = V
map-letter-full = P
map-letter-unknown = ?
