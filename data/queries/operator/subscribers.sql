-- Abonnés du jour, réduits à ce qui sert
--
-- But           : connaître la répartition des abonnés par quartier et par formule, pour dimensionner le service.
--                 Rien d'autre n'est nécessaire : c'est la minimisation du RGPD (article 5.1.c), faite dans le
--                 logiciel de gestion de l'exploitant, avant toute copie.
-- Colonnes      : le numéro d'abonné, le quartier, la formule. Le numéro est une donnée personnelle : l'exploitant
--                 sait de qui il est. Il devient un pseudonyme à l'import, et sa copie brute est effacée après 7
--                 jours. Ni nom, ni adresse électronique, ni date de naissance ne sont lus : la tranche d'âge ne
--                 vient que de la personne, avec son consentement.
-- Filtres       : seuls les abonnements en cours le jour de l'extraction ($1, AAAA-MM-JJ) : qui n'est plus abonné
--                 n'a plus de raison de figurer ici.
-- Jointures     : abonnés et abonnements, par le numéro d'abonné ; jointure interne, car la formule est attendue.
-- Regroupement  : une ligne par abonné, même s'il a deux abonnements le même jour.
-- Optimisation  : le regroupement porte sur la colonne de l'index subscriptions_subscriber : les abonnements sont
--                 lus dans son ordre, sans tri, et chaque abonné est trouvé par sa clé primaire. Les dates sont
--                 comparées comme textes AAAA-MM-JJ, dont l'ordre est celui du calendrier : la même requête sert
--                 SQLite et PostgreSQL. Le tri final suit le regroupement : deux collectes égales donnent deux
--                 fichiers égaux.
SELECT
    CAST(subscriptions.subscriber_id AS TEXT) AS subscriber_number,
    MIN(subscribers.district) AS district,
    MIN(subscriptions.plan) AS plan
FROM subscribers
INNER JOIN subscriptions ON subscriptions.subscriber_id = subscribers.subscriber_id
WHERE CAST(subscriptions.starts_on AS TEXT) <= CAST($1 AS TEXT)
  AND (subscriptions.ends_on IS NULL OR CAST(subscriptions.ends_on AS TEXT) >= CAST($1 AS TEXT))
GROUP BY subscriptions.subscriber_id
ORDER BY subscriptions.subscriber_id
