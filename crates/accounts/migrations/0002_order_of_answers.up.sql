-- The last answer counts, and a clock does not tell which it is: two answers may be of one second, and
-- a clock may be set back.
ALTER TABLE account_consents ADD COLUMN answer_number BIGINT NOT NULL DEFAULT 0;
