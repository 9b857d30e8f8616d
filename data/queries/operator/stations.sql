-- Stations connues de l'opérateur
--
-- But           : rapprocher les stations du service web (GBFS) de celles de l'opérateur : le quartier et la date
--                 d'installation ne sont publiés nulle part ailleurs.
-- Colonnes      : l'identifiant (clé de rapprochement), le nom, le quartier, la position, le nombre de bornettes,
--                 la date d'installation (avant elle, zéro départ ne veut pas dire absence de demande).
-- Filtres       : aucun, la table compte quelques dizaines de lignes et chacune sert.
-- Jointures     : aucune.
-- Regroupement  : aucun.
-- Optimisation  : colonnes nommées une à une, jamais « * » : seul ce qui sert est transmis. Le tri suit la clé
--                 primaire : SQLite lit son index, sans tri en mémoire ; PostgreSQL préfère trier une si petite table.
SELECT
    station_id,
    name,
    district,
    latitude,
    longitude,
    capacity,
    CAST(installed_on AS TEXT) AS installed_on
FROM stations
ORDER BY station_id
