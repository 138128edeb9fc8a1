-- A client rang instead of tapping: who took the call. Such a request comes from no phone of the app's, so its device is the nil id.
ALTER TABLE contact_request ADD COLUMN taken_by UUID;
