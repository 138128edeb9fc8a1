-- The request for contact that a text brings news of: it is not sent any more once somebody has it.
ALTER TABLE text_message ADD COLUMN about_request UUID;
