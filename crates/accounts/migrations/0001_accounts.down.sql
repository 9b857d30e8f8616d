DROP TABLE rights_requests;
DROP TABLE reports;
DROP TABLE favourites;
DROP TABLE account_consents;
DROP TABLE password_resets;
DROP TABLE sessions;
DROP TABLE accounts;
