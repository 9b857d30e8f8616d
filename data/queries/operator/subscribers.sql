-- Abonnés du jour, réduits à ce qui sert
--
-- But           : connaître la répartition des abonnés par quartier, formule et tranche d'âge, pour dimensionner le
--                 service. Rien d'autre n'est nécessaire : c'est la minimisation du RGPD (article 5.1.c), faite chez
--                 l'opérateur, avant tout transfert.
-- Colonnes      : le numéro interne de l'abonné (un pseudonyme : hors de la base de l'opérateur, il ne désigne
--                 personne), la tranche d'âge, le quartier, la formule. Ni nom, ni adresse électronique, ni date de
--                 naissance ne quittent la base.
-- Filtres       : seuls les abonnements en cours le jour de l'extraction ($1, AAAA-MM-JJ) : qui n'est plus abonné
--                 n'a plus de raison de figurer ici.
-- Jointures     : abonnés et abonnements, par le numéro d'abonné ; jointure interne, car la formule est attendue.
-- Regroupement  : une ligne par abonné, même s'il a deux abonnements le même jour.
-- Optimisation  : le regroupement porte sur la colonne de l'index subscriptions_subscriber : les abonnements sont
--                 lus dans son ordre, sans tri, et chaque abonné est trouvé par sa clé primaire. Les dates sont
--                 comparées comme textes AAAA-MM-JJ, dont l'ordre est celui du calendrier : la même requête sert
--                 SQLite et PostgreSQL. Le tri final ne porte que sur les abonnés du jour : deux collectes égales
--                 donnent deux fichiers égaux.
SELECT
    CAST(subscriber_id AS TEXT) AS subscriber_pseudonym,
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
        subscriptions.subscriber_id,
        MIN(subscribers.district) AS district,
        MIN(subscriptions.plan) AS plan,
        MIN(
            CAST(substr(CAST($1 AS TEXT), 1, 4) AS INTEGER)
            - CAST(substr(CAST(subscribers.birth_date AS TEXT), 1, 4) AS INTEGER)
            - CASE
                WHEN substr(CAST($1 AS TEXT), 6, 5) < substr(CAST(subscribers.birth_date AS TEXT), 6, 5) THEN 1
                ELSE 0
            END
        ) AS age
    FROM subscribers
    INNER JOIN subscriptions ON subscriptions.subscriber_id = subscribers.subscriber_id
    WHERE CAST(subscriptions.starts_on AS TEXT) <= CAST($1 AS TEXT)
      AND (subscriptions.ends_on IS NULL OR CAST(subscriptions.ends_on AS TEXT) >= CAST($1 AS TEXT))
    GROUP BY subscriptions.subscriber_id
) AS current_subscribers
ORDER BY subscriber_id
