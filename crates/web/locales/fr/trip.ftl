# A trip: a bike at its start, a dock at its end.
trip-heading = Préparer un trajet
trip-required = Tous les champs doivent être remplis. Écrivez le nom d’une station, ou une partie de son nom.
trip-origin = Station de départ (obligatoire)
trip-destination = Station d’arrivée (obligatoire)
trip-time = Heure de départ, par exemple 8 h 10 (obligatoire)
trip-show = Voir mes chances
trip-time-unreadable = Cette heure n’a pas pu être lue. Écrivez-la comme 8 h 10.
trip-outcome = Partir à { $clock } de { $origin } vers { $destination }
trip-answer = Vélo à { $origin } à { $leaves } : { $bike }. Place à { $destination } à { $arrives } : { $dock }.
trip-no-chances = Les chances ne peuvent pas être dites pour le moment. L’état présent de chaque station reste sur sa page.
trip-too-far = La prévision s’arrête avant votre arrivée : elle va jusqu’à { $until }.
trip-safer = Plus sûr, à côté
trip-safer-origin = Départ : <a href="{ $link }">{ $name }</a>, à { $metres } m à pied, { $odds }
trip-safer-destination = Arrivée : <a href="{ $link }">{ $name }</a>, à { $metres } m à pied, { $odds }
trip-meaning = La durée du trajet est estimée d’après la distance, à une allure prudente. Les distances à pied sont à vol d’oiseau.
trip-reverse = Inverser le trajet
title-error = Erreur : { $title }
field-empty = Écrivez le nom d’une station.
field-unknown = Aucune station ne s’appelle « { $typed } ». Vérifiez l’orthographe, ou essayez un seul mot.
field-several = Plusieurs stations portent ces mots. Écrivez le nom entier de l’une d’elles : { $names }.
field-same = C’est la même station que l’autre. Choisissez-en une différente.
