-- Interventions de maintenance, depuis la dernière extraction
--
-- But           : savoir si les heures sans départ tombent pendant une intervention. L'agrégation compte leur part
--                 pendant les interventions et en dehors, et le dit dans son résumé ; aucune ligne n'est changée.
-- Colonnes      : l'identifiant de l'intervention, la station, le motif, le début et la fin (vide si elle dure
--                 encore). La description libre n'est pas demandée : elle peut nommer une personne.
-- Filtres       : les interventions ouvertes ou closes depuis $1 (AAAA-MM-JJ, dernier jour connu, inclus) et celles
--                 qui durent encore ; les autres sont déjà dans la collecte précédente, qui est complétée. À la
--                 première extraction, $1 est le premier jour du calendrier et tout est lu.
-- Jointures     : aucune ; la station est rapprochée plus loin par son identifiant.
-- Regroupement  : aucun.
-- Optimisation  : extraction incrémentale : seules les lignes nouvelles ou changées sont transmises, et jamais la
--                 description, la plus longue colonne. Le tri suit l'ordre de la clé primaire, sans tri en mémoire.
--                 La table est lue en entier : un filtre sur le début d'un texte ne suit aucun index. Les dix
--                 premiers signes d'un instant sont son jour : la même requête sert SQLite (texte) et PostgreSQL
--                 (timestamptz).
SELECT
    CAST(maintenance_id AS TEXT) AS maintenance_id,
    station_id,
    kind,
    reported_at AS started_at,
    closed_at AS ended_at
FROM maintenance
WHERE closed_at IS NULL
   OR substr(CAST(reported_at AS TEXT), 1, 10) >= $1
   OR substr(CAST(closed_at AS TEXT), 1, 10) >= $1
ORDER BY maintenance.maintenance_id
