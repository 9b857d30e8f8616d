# The next hours of a station.
forecast-scroll-label = Courbe de la prévision, à faire défiler sur un petit écran
forecast-chart-title = Départs attendus heure par heure
forecast-legend = Trait et points : départs attendus pendant chaque heure. Zone hachurée : intervalle où le nombre réel doit tomber huit fois sur dix.
forecast-caption = Départs attendus par heure, à l’heure de { $zone }, et bornes de l’intervalle à 80 %
forecast-column-hour = Heure
forecast-column-demand = Attendus
forecast-column-low = Au moins
forecast-column-high = Au plus
forecast-calm = Presque aucun départ n’est attendu dans les prochaines heures.
forecast-summary = La pointe est attendue { $moment } : environ { $departures } (entre { $low } et { $high }). En tout, environ { $total } sur { $hours }.
forecast-peak-today = à { $hour } h
forecast-peak-later = { $day } à { $hour } h
forecast-origin = Prévision calculée { $age } par le modèle <code>{ $version }</code>, qui connaissait les départs jusqu’à { $until }.
chart-description = { $summary } Le tableau qui suit donne les mêmes valeurs.
