-- +goose Up
-- Keys are compared byte by byte here as everywhere: what a language's order says can change with the system's library, and an
-- index that was built by another order finds nothing.
ALTER TABLE stand_ins
    ALTER COLUMN id TYPE TEXT COLLATE "C",
    ALTER COLUMN event_id TYPE TEXT COLLATE "C",
    ALTER COLUMN meeting_id TYPE TEXT COLLATE "C",
    ALTER COLUMN old_person_id TYPE TEXT COLLATE "C",
    ALTER COLUMN new_person_id TYPE TEXT COLLATE "C",
    ALTER COLUMN role TYPE TEXT COLLATE "C",
    ALTER COLUMN was_role TYPE TEXT COLLATE "C";
ALTER TABLE personal_pages ALTER COLUMN event_id TYPE TEXT COLLATE "C", ALTER COLUMN person_id TYPE TEXT COLLATE "C";
ALTER TABLE mails ALTER COLUMN status TYPE TEXT COLLATE "C";
ALTER TABLE panel_speakers ALTER COLUMN role TYPE TEXT COLLATE "C";
ALTER TABLE intervention_speakers ALTER COLUMN role TYPE TEXT COLLATE "C";
