-- Abonnés, réduits à ce qui sert
-- Preuve: C2.2 la minimisation est écrite et motivée dans la requête
--
-- But           : connaître la répartition des abonnés par quartier, formule et tranche d'âge, pour dimensionner le
--                 service. Rien d'autre n'est nécessaire : c'est la minimisation du RGPD (article 5.1.c), faite chez
--                 l'opérateur, avant tout transfert.
-- Colonnes      : le numéro technique de l'opérateur (un pseudonyme : sans sa base il ne désigne personne), la
--                 tranche d'âge, le quartier, la formule. Ni nom, ni adresse électronique, ni date de naissance ne
--                 quittent la base.
-- Filtres       : les personnes de moins de quinze ans sont écartées (elles ne peuvent s'abonner seules).
-- Jointures     : aucune.
-- Regroupement  : aucun ; le regroupement est fait ensuite, sur des données déjà réduites.
-- Optimisation  : l'année de naissance est lue dans les quatre premiers signes de la date ; écrite ainsi, la requête
--                 est la même pour SQLite et PostgreSQL. $1 est le jour de l'extraction, AAAA-MM-JJ.
SELECT
    subscriber_id AS subscriber_pseudonym,
    CASE
        WHEN age < 25 THEN '15-24'
        WHEN age < 35 THEN '25-34'
        WHEN age < 50 THEN '35-49'
        WHEN age < 65 THEN '50-64'
        ELSE '65+'
    END AS age_band,
    district,
    plan
FROM (
    SELECT
        subscriber_id,
        district,
        plan,
        CAST(substr(CAST($1 AS TEXT), 1, 4) AS INTEGER)
            - CAST(substr(CAST(birth_date AS TEXT), 1, 4) AS INTEGER) AS age
    FROM subscribers
) AS subscribers_with_age
WHERE age >= 15
ORDER BY subscriber_id
