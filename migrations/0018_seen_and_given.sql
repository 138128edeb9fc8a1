-- When a worker first had a check-in on their screen, and who: the client is told.
ALTER TABLE check_in ADD COLUMN seen_at TIMESTAMPTZ;
ALTER TABLE check_in ADD COLUMN seen_by UUID;
-- How it was given by somebody with no app at hand: in_person, by_phone, by_text. Null: on their phone's app.
ALTER TABLE check_in ADD COLUMN given TEXT;
ALTER TABLE contact_request ADD COLUMN given TEXT;
-- The same of words that joined a request that was open.
ALTER TABLE contact_entry ADD COLUMN given TEXT;
