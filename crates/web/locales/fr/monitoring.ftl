# The page on which the model is monitored.
monitoring-title = Surveillance du modèle
monitoring-silent-title = Surveillance indisponible.
monitoring-silent = Le service qui prévoit les départs ne répond pas, ou se prépare encore. Rechargez la page dans une minute.
verdict-no-limit = Cette version n’a pas de limites de contrôle : rien ne peut être jugé.
verdict-calm = Les prévisions sont aussi précises que lors de la validation.
verdict-alarm = Les prévisions ne sont plus aussi précises que lors de la validation : il faut agir.
verdict-inputs = { $count ->
        [0] Aucune entrée n’est étrange.
        [one] Une entrée est étrange : voir plus bas.
       *[other] { $count } entrées sont étranges : voir plus bas.
    }
alarms-heading = Alarmes
alarm-badge = Alarme
alarm-coverage = L’intervalle à 80 % n’a contenu que { $observed } des comptages, contre { $usual } un jour ordinaire.
alarm-bias = Biais relatif : on a compté { $observed } de départs { $direction ->
        [more] en plus
       *[less] en moins
    } que prévu.
alarm-dispersion = Dispersion horaire : les départs ne se partagent plus entre les heures de la journée comme prévu.
alarm-system = Toute la ville compte { $observed } de départs { $direction ->
        [more] en plus
       *[less] en moins
    } que le calendrier et la météo n’en font attendre.
alarm-error = L’erreur vaut { $observed } de celle d’un jour ordinaire, à demande égale.
window-heading = Les 24 dernières heures comptées
window-rows = Prévisions jugées
window-error = Erreur moyenne
window-error-value = { $mae } départ par station et par heure ({ $last-week } pour la même heure une semaine plus tôt)
window-skill = Erreur évitée
window-bias = Biais relatif
window-bias-value = { $bias } par rapport à ce qui était prévu
window-coverage = Couverture
window-coverage-value = { $coverage } des comptages dans l’intervalle à 80 %
limits-heading = Ce qui décide d’une alarme
limits-explained = Chaque mesure a ses limites de contrôle : celles d’un jour stable, d’après la validation. Hors de ses limites, elle lève une alarme. Ces seuils sont les seuls de cette page ; le reste explique.
limits-caption = Les cinq mesures qui décident, et leurs seuils
limits-column-statistic = Mesure
limits-column-observed = Observé
limits-column-center = Jour stable
limits-column-lower = Seuil bas
limits-column-upper = Seuil haut
limit-error = Erreur relative
limit-bias = Biais relatif
limit-coverage = Couverture
limit-dispersion = Dispersion horaire
limit-system = Demande totale
limit-other = Autre mesure
error-heading = L’erreur, jour par jour
error-sentence = Sur { $days }, le modèle s’est moins trompé que « la même heure, une semaine plus tôt » { $better } fois.
error-chart-title = Erreur absolue moyenne par jour
error-legend = Trait plein : erreur du modèle, en départs par station et par heure. Tirets : erreur de « la même heure, une semaine plus tôt ».
coverage-heading = La couverture, jour par jour
coverage-sentence = Sur les 24 dernières heures comptées, l’intervalle à 80 % contenait { $observed } des comptages.
coverage-bounds = Un jour ordinaire en contient { $usual } ; sous { $lowest }, c’est une alarme.
coverage-unknown = une part inconnue
coverage-chart-title = Part des comptages dans l’intervalle, par jour
coverage-legend = Trait plein : part observée. Tirets : les 80 % voulus.
days-caption = Les mêmes mesures, du jour le plus récent au plus ancien
days-column-day = Jour
days-partial = (incomplet)
days-column-error = Erreur
days-column-last-week = Semaine d’avant
days-column-bias = Biais
days-column-coverage = Couverture
inputs-heading = Les entrées
inputs-explained = Une entrée étrange explique une alarme, ou la précède ; seule, elle n’en est pas une. Le verdict compare la moyenne du jour à celles des jours d’avant. L’indice de stabilité ne décide de rien : un jour ordinaire dépasse souvent la valeur de la colonne « par hasard », qui suppose les heures d’une journée sans lien entre elles.
inputs-caption = La météo de la dernière journée, à côté des quatre semaines d’avant
inputs-column-input = Entrée
inputs-column-missing = Absente
inputs-column-index = Indice
inputs-column-chance = Par hasard
inputs-column-verdict = Verdict
input-temperature = Température
input-humidity = Humidité
input-wind = Vent
input-rain = Pluie
input-other = Autre entrée
drift-none = ordinaire
drift-frozen = figée : la même valeur pendant des heures
drift-missing = absente plus que d’habitude
drift-moved = déplacée par rapport aux quatre semaines d’avant
monitoring-origin = Modèle <code>{ $version }</code>, départs comptés { $age }.
monitoring-refresh = Lue à { $clock }. <a href="{ $once }">Actualiser maintenant</a> ou <a href="{ $always }">actualiser toutes les minutes</a>.
monitoring-refreshing = Lue à { $clock }. La page s’actualise d’elle-même toutes les { $period } : <a href="{ $stop }">arrêter l’actualisation</a>.
monitoring-state-link = L’état des services
