-- The number of the newest refresh token whose session has been used since: until then its reply may have been lost on the way.
ALTER TABLE session ADD COLUMN used_turn BIGINT;
