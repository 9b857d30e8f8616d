ALTER TABLE account_consents DROP COLUMN answer_number;
