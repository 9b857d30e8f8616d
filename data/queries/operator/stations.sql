-- Stations connues de l'opérateur
--
-- But           : rapprocher les stations du service web (GBFS) de celles de l'opérateur : quartier et date
--                 d'ouverture ne sont publiés nulle part ailleurs.
-- Colonnes      : l'identifiant (clé de rapprochement), le nom, le quartier, la position, le nombre de bornettes,
--                 la date d'ouverture (avant elle, zéro départ ne veut pas dire absence de demande).
-- Filtres       : aucun, la table compte quelques dizaines de lignes et chacune sert.
-- Jointures     : aucune.
-- Regroupement  : aucun.
-- Optimisation  : colonnes nommées une à une, jamais « * » : le réseau ne porte que ce qui sert ; le tri suit la clé
--                 primaire, donc son index, et ne coûte rien.
SELECT
    station_id,
    name,
    district,
    latitude,
    longitude,
    capacity,
    opened_on
FROM stations
ORDER BY station_id
