-- But : compter les trajets d'une station à une autre, mois par mois, pour publier où l'on va sans montrer personne.
--   Les comptes sont masqués à l'import (moins de 5, masquage complémentaire compris) : les comptes bruts ne sont
--   écrits nulle part.
--
-- Paramètres, avec leur valeur par défaut (mois compris, sous la forme AAAAMM) :
-- :first_month = 0
--
-- Colonnes : le mois, la station de départ, celle d'arrivée, le nombre de trajets.
-- Filtres : les mois qui ne sont pas encore comptés, et les seuls trajets dont les deux stations sont connues.
-- Jointures : aucune ; les stations sont rapprochées à l'import, par leur identifiant.
-- Regroupement : par mois, station de départ et station d'arrivée. Le mois est le grain : un jour ou une heure
--   laisserait suivre une personne.
--
-- Optimisation : le filtre de mois élague les partitions ; deux des seize colonnes des fichiers sont décodées,
--   l'année et le mois viennent du nom des dossiers.
SELECT
    CAST(year * 100 + month AS INTEGER) AS month,
    start_station_id AS origin,
    end_station_id AS destination,
    COUNT(*) AS trips
FROM trips
WHERE year * 100 + month >= :first_month
  AND start_station_id IS NOT NULL
  AND end_station_id IS NOT NULL
GROUP BY year, month, start_station_id, end_station_id
ORDER BY month, origin, destination
