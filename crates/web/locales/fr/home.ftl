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
home-column-report = Relevé
home-pages-label = Pages de la liste
home-previous-page = Page précédente
home-page = Page { $page } sur { $pages }
home-next-page = Page suivante
