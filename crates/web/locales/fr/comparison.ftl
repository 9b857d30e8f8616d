# Two stations side by side.
comparison-heading = Comparer deux stations
comparison-first = Première station (obligatoire)
comparison-second = Seconde station (obligatoire)
comparison-show = Comparer
comparison-no-chances = Les chances de l’une des deux stations ne sont pas connues, ou le service qui les calcule ne répond pas.
comparison-outcome = { $first } et { $second }, heure par heure
comparison-caption = Chances de trouver un vélo au début de chaque heure, à l’heure de { $zone }
comparison-equal = Les deux stations se valent sur toute la période.
comparison-better = { $name } a plus de chances d’avoir un vélo de { $from } à { $until }.
comparison-better-once = { $name } a plus de chances d’avoir un vélo à { $from }.
