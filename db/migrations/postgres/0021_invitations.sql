-- +goose Up
-- What people were told of meetings by mail, for their calendars.

CREATE TABLE meeting_invitations (
    event_id TEXT COLLATE "C" NOT NULL,
    meeting_id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    uid TEXT COLLATE "C" NOT NULL CHECK (uid <> ''),
    address TEXT NOT NULL,
    -- what the last letter said that has gone, or may have
    told_kind TEXT NOT NULL,
    told_method TEXT NOT NULL CHECK (told_method IN ('', 'REQUEST', 'CANCEL')),
    told_sequence BIGINT NOT NULL,
    told_shown TEXT NOT NULL,
    told_place TEXT NOT NULL,
    -- what the letter says that waits; '': none waits
    mail_id TEXT COLLATE "C" NOT NULL,
    next_kind TEXT NOT NULL,
    next_method TEXT NOT NULL CHECK (next_method IN ('', 'REQUEST', 'CANCEL')),
    next_sequence BIGINT NOT NULL,
    next_shown TEXT NOT NULL,
    next_place TEXT NOT NULL,
    -- DTSTAMP of the last calendar part, and of the last answer by mail
    stamped_at BIGINT NOT NULL,
    replied_at BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, person_id),
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX meeting_invitations_person ON meeting_invitations (event_id, person_id, meeting_id);
CREATE INDEX meeting_invitations_uid ON meeting_invitations (uid, person_id);

-- Who was invited by mail and subscribes would see their meetings twice.
ALTER TABLE feeds ADD COLUMN without_mailed BOOLEAN NOT NULL DEFAULT FALSE;
