-- Interventions de maintenance
--
-- But           : savoir quand une station était fermée : une heure sans départ n'est alors pas une heure sans
--                 demande.
-- Colonnes      : l'identifiant de l'intervention, la station, le motif, le début et la fin (vide si elle dure
--                 encore). Le nom de l'agent n'est pas demandé.
-- Filtres       : aucun : l'histoire entière sert à l'entraînement.
-- Jointures     : aucune ; la station est rapprochée plus loin par son identifiant.
-- Regroupement  : aucun.
-- Optimisation  : le tri suit l'index de la clé primaire.
SELECT
    maintenance_id,
    station_id,
    kind,
    started_at,
    ended_at
FROM maintenance
ORDER BY maintenance_id
