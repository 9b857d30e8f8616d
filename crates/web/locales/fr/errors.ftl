# Errors: a fixed sentence and a way out.
error-status = Erreur { $status }
error-back = Revenir aux stations
error-not-found = Page introuvable
error-not-found-text = L’adresse demandée n’existe pas, ou n’existe plus.
error-unknown-station = Station introuvable
error-unknown-station-text = Aucune station ne porte cet identifiant. Elle a pu être déplacée ou fermée.
error-method = Demande impossible
error-method-text = Cette adresse se lit, mais ne reçoit rien.
error-data = Données momentanément indisponibles
error-data-text = Le service qui connaît l’état des stations ne répond pas. Rechargez la page dans une minute.
error-overloaded = Trop de demandes en ce moment
error-overloaded-text = L’application répond déjà à beaucoup de personnes. Rechargez la page dans quelques secondes.
error-refused = Demande refusée
error-refused-text = Cette demande est trop longue, trop lente ou mal formée. Revenez aux stations et recommencez.
error-internal = Erreur de notre côté
error-internal-text = La page n’a pas pu être préparée. L’incident est enregistré.
