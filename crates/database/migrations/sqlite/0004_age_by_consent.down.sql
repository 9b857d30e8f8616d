-- What was held without a consent does not come back.
SELECT 1;
