-- An age band is held with the person's consent only: those that imports brought without one go.
UPDATE subscribers
SET age_band = NULL
WHERE age_band IS NOT NULL AND NOT EXISTS (
    SELECT 1
    FROM consents
    WHERE consents.subscriber_key = subscribers.subscriber_key
        AND consents.processing = 'age-statistics'
        AND consents.decision = 'given'
        AND consents.consent_id = (
            SELECT MAX(latest.consent_id)
            FROM consents AS latest
            WHERE latest.subscriber_key = subscribers.subscriber_key
                AND latest.processing = 'age-statistics'
        )
);
