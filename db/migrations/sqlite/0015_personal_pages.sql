-- +goose Up
-- What a person without an account has set on their own page, and how far they have seen what changed.

CREATE TABLE personal_pages (
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    -- IANA time zone in which times are shown beside the event's; empty: none
    zone TEXT NOT NULL,
    -- the release up to which they know what changed
    seen_release INTEGER NOT NULL CHECK (seen_release >= 0),
    -- what they did last and can take back, as JSON; empty: nothing
    undo TEXT NOT NULL,
    undo_until INTEGER NOT NULL,
    PRIMARY KEY (event_id, person_id),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);
