-- Preuve: C2.2 colonnes, filtres, jointures et regroupement sont reliés au but de la collecte
-- Preuve: C2.3 l'optimisation appliquée est dite et motivée
--
-- But : extraire du lac les trajets des mois voulus, sous leur forme canonique, pour le nettoyage.
--
-- Paramètres, avec leur valeur par défaut (mois compris, sous la forme AAAAMM) :
-- :first_month = 0
-- :last_month = 999912
--
-- Colonnes : toutes celles dont une règle de nettoyage ou l'agrégation a besoin, nommées une à une.
--   `source_file` et `source_line` gardent le chemin vers la ligne reçue. Les colonnes de partition
--   `year` et `month` ne servent qu'au filtre : elles se déduisent de `started_hour`.
-- Filtre : les mois voulus, et la partition `year = 0`, où l'ingestion range les trajets dont le
--   départ est illisible. Ne pas la lire reviendrait à juger ces lignes en silence ; c'est le rôle
--   de la règle R06.
-- Jointures : aucune ; les stations viennent d'une autre source et se joignent à l'agrégation.
-- Regroupement : aucun ; les règles jugent trajet par trajet.
--
-- Optimisation : le filtre ne porte que sur les colonnes de partition. Le moteur écarte donc des
--   fichiers entiers sans les ouvrir (élagage de partitions). Le choix des colonnes n'épargne rien
--   ici : elles servent toutes. L'ordre n'est pas demandé : un tri de tout le lac coûterait plus
--   que le reste, et l'agrégation n'en dépend pas.

SELECT
    trip_id,
    started_at,
    ended_at,
    started_hour,
    start_station_id,
    start_station_name,
    end_station_id,
    end_station_name,
    start_latitude,
    start_longitude,
    end_latitude,
    end_longitude,
    duration_seconds,
    rider_type,
    source_file,
    source_line
FROM trips
WHERE year * 100 + month BETWEEN :first_month AND :last_month
   OR year = 0
