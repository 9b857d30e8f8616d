INSERT INTO stations VALUES ('RIV-001', 'Gare', 'Centre', 45.6, 4.1, 20, '2024-01-01')
ON CONFLICT DO NOTHING;
INSERT INTO subscribers VALUES
    (7, 'Prénom', 'Nom', 'a@exemple.invalid', '1991-03-01', 'Centre'),
    (8, 'Prénom', 'Nom', 'b@exemple.invalid', '1991-03-02', 'Port'),
    (9, 'Prénom', 'Nom', 'c@exemple.invalid', '1960-05-04', 'Port')
ON CONFLICT DO NOTHING;
INSERT INTO subscriptions VALUES
    (1, 7, 'annual', '2024-01-01', '2024-12-31'),
    (2, 7, 'annual', '2025-06-01', '2026-05-31'),
    (3, 8, 'monthly', '2025-01-01', NULL),
    (4, 9, 'annual', '2024-01-01', '2024-12-31')
ON CONFLICT DO NOTHING;
INSERT INTO maintenance VALUES (1, 'RIV-001', 'dock', 'Vu avec Nom', '2026-01-01T08:00:00Z', NULL)
ON CONFLICT DO NOTHING;
