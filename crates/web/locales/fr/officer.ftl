# The pages of the data-protection officer.
officer-title = Protection des données
officer-menu = Pages de la protection des données
officer-calm = Aucune demande n’est en retard, aucune n’arrive à échéance cette semaine.
officer-soon = { $count ->
        [one] Une demande arrive à échéance cette semaine.
       *[other] { $count } demandes arrivent à échéance cette semaine.
    }
officer-late = { $count ->
        [one] Une demande est en retard.
       *[other] { $count } demandes sont en retard.
    }
officer-requests = Demandes des personnes
officer-no-request = Aucune demande n’a été reçue.
officer-requests-caption = Demandes, celles qui attendent d’abord, par échéance
officer-answered-button = Marquer comme remise
officer-requests-text = Une demande a un mois (article 12.3 du RGPD). Les personnes voient, corrigent, emportent et effacent elles-mêmes leur compte ; celles d’un abonné s’exercent par la commande filrouge gdpr.
officer-register = Registre des traitements
officer-purpose = Finalité
officer-basis = Base légale
officer-duration = Durée
officer-silent = L’API de données ne répond pas, ou refuse ce droit. Rechargez la page dans une minute.
officer-purges = Purges
officer-last-purge = Dernière purge
officer-no-purge = jamais
officer-purge-every = Toutes les
officer-log = Journal des accès
officer-log-whole = Intact.
officer-log-broken = Altéré : lancez filrouge gdpr audit, qui nomme le premier enregistrement en cause.
officer-rules-caption = Règles de conservation et lignes que la prochaine purge effacera
officer-column-table = Table
officer-column-processing = Traitement
officer-column-due = Échues
audit-log-title = Journal des accès
audit-log-lead = Qui a lu ou modifié des données personnelles, et quand. Lire cette page y ajoute une ligne.
audit-log-scroll = Journal, à faire défiler sur un petit écran
audit-log-caption = Accès aux données personnelles, du plus ancien au plus récent
audit-log-column-number = Numéro
audit-log-column-at = Quand
audit-log-column-actor = Qui
audit-log-column-action = Action
audit-log-column-people = Personnes
breach-title = En cas de violation de données
breach-lead = Le délai court dès que la violation est connue : 72 heures pour avertir la CNIL (article 33 du RGPD).
breach-stop = Arrêter la fuite : fermer les comptes en cause (filrouge account disable), renouveler les secrets et les clés (filrouge credentials). Leurs sessions et leurs jetons finissent aussitôt.
breach-gather = Réunir les faits : la commande ci-dessous écrit ce que l’article 33 demande, d’après le journal des accès.
breach-judge = Juger le risque pour les personnes : quelles données, combien de personnes, quelles conséquences.
breach-notify = Avertir la CNIL dans les 72 heures, et les personnes sans attendre si le risque est élevé (article 34).
breach-record = Consigner la violation, ses effets et les mesures prises, même quand personne n’a été averti (article 33.5).
