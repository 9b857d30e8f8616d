-- Preuve: C2.2 colonnes, filtres, jointures et regroupement sont reliés au but de la collecte
-- Preuve: C2.3 l'optimisation appliquée est dite et motivée
--
-- But : compter les départs par station et par heure, sur les mois voulus, directement dans le lac.
--   C'est le contrôle croisé de l'agrégation : deux chemins, un même compte avant les rejets.
--
-- Paramètres, avec leur valeur par défaut (mois compris, sous la forme AAAAMM) :
-- :first_month = 0
-- :last_month = 999912
--
-- Colonnes : la station de départ, l'heure (UTC) et le nombre de départs. La durée moyenne aide à
--   repérer une station dont les trajets sont anormaux.
-- Filtres : les mois voulus, et les seuls trajets dont la station et l'heure de départ sont connues ;
--   les autres n'ont pas de groupe et relèvent des règles R05 et R06.
-- Jointures : aucune ; l'identifiant de la station suffit au compte.
-- Regroupement : par `start_station_id` et `started_hour`, le grain du jeu de données.
--
-- Optimisation : `started_hour` est calculée une fois, à l'ingestion, et rangée comme colonne. La
--   requête groupe donc sans fonction de date, et reste dans le SQL commun à Polars, Sail et Spark.
--   Le filtre de mois élague les partitions. Trois des seize colonnes des fichiers sont décodées ;
--   l'année et le mois viennent du nom des dossiers : le plan montre donc cinq colonnes sur
--   dix-huit. Le compte se fait au fil de la lecture, sans garder les trajets en mémoire.

SELECT
    start_station_id AS station_id,
    started_hour AS hour,
    COUNT(*) AS departures,
    AVG(duration_seconds) AS mean_duration_seconds
FROM trips
WHERE year * 100 + month BETWEEN :first_month AND :last_month
  AND start_station_id IS NOT NULL
  AND started_hour IS NOT NULL
GROUP BY start_station_id, started_hour
ORDER BY hour, station_id
