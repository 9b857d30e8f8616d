-- As many rows as a city's operator has, so that the planner chooses as it would there.
INSERT INTO stations
SELECT 'RIV-' || to_char(n, 'FM000'), 'Station ' || n, 'Centre', 45.6, 4.1, 20, '2024-01-01'
FROM generate_series(1, 40) AS n;
INSERT INTO subscribers
SELECT n, 'Prénom', 'Nom', 'a@exemple.invalid', DATE '1950-01-01' + n, 'Centre'
FROM generate_series(1, 20000) AS n;
INSERT INTO subscriptions
SELECT n, 1 + n % 20000, 'annual', DATE '2020-01-01' + n % 2000, DATE '2021-01-01' + n % 2000
FROM generate_series(1, 60000) AS n;
INSERT INTO maintenance
SELECT n, 'RIV-001', 'dock', repeat('x', 200), TIMESTAMPTZ '2024-01-01Z' + n * INTERVAL '1 hour',
    TIMESTAMPTZ '2024-01-02Z' + n * INTERVAL '1 hour'
FROM generate_series(1, 5000) AS n;
ANALYZE;
