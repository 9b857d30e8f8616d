-- Interventions de maintenance
--
-- But           : savoir quand une station était hors service : une heure sans départ n'est alors pas une heure sans
--                 demande.
-- Colonnes      : l'identifiant de l'intervention, la station, le motif, le début et la fin (vide si elle dure
--                 encore). La description libre n'est pas demandée : elle peut nommer une personne.
-- Filtres       : aucun : l'histoire entière sert à l'entraînement.
-- Jointures     : aucune ; la station est rapprochée plus loin par son identifiant.
-- Regroupement  : aucun.
-- Optimisation  : le tri suit l'index de la clé primaire, sans tri en mémoire ; la description, la plus longue
--                 colonne, n'est ni lue ni transmise.
SELECT
    CAST(maintenance_id AS TEXT) AS maintenance_id,
    station_id,
    kind,
    reported_at AS started_at,
    closed_at AS ended_at
FROM maintenance
ORDER BY maintenance.maintenance_id
