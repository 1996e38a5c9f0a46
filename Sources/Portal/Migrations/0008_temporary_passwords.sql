-- A password that is given out opens the door once, and for a while only. Seven days from when they were given for those that are out.

ALTER TABLE portal_accounts ADD COLUMN password_expires_at BIGINT;
ALTER TABLE users ADD COLUMN password_expires_at BIGINT;
UPDATE portal_accounts SET password_expires_at = updated_at + 604800000 WHERE must_change_password = 1;
UPDATE users SET password_expires_at = updated_at + 604800000 WHERE must_change_password = 1;
