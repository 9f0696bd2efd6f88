-- +goose Up
-- What was done in full, by whom from where, for good; and the one way in which people are forgotten.

ALTER TABLE activities ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE activities ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused'));
-- The fields that differ, by name, as a JSON object.
ALTER TABLE activities ADD COLUMN was TEXT NOT NULL DEFAULT '{}';
ALTER TABLE activities ADD COLUMN became TEXT NOT NULL DEFAULT '{}';

CREATE INDEX activities_all ON activities (at, id);

-- The log is added to. What is erased of an entry is what it says of a person, never that it was.
DROP TRIGGER activities_stay;
-- +goose StatementBegin
CREATE TRIGGER activities_stay BEFORE UPDATE ON activities
WHEN NOT (NEW.id IS OLD.id AND NEW.event_id IS OLD.event_id AND NEW.at IS OLD.at AND NEW.actor_kind IS OLD.actor_kind
    AND NEW.actor_id IS OLD.actor_id AND NEW.verb IS OLD.verb AND NEW.subject_id IS OLD.subject_id
    AND NEW.outcome IS OLD.outcome AND NEW.summary IS '[erased]' AND NEW.was IS '{}' AND NEW.became IS '{}'
    AND (NEW.actor_name IS OLD.actor_name OR NEW.actor_name IS '') AND (NEW.address IS OLD.address OR NEW.address IS ''))
BEGIN
    SELECT RAISE(ABORT, 'activities can not be changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER activities_remain BEFORE DELETE ON activities
BEGIN
    SELECT RAISE(ABORT, 'activities can not be deleted');
END;
-- +goose StatementEnd
-- INSERT OR REPLACE would delete the entry before without asking.
-- +goose StatementBegin
CREATE TRIGGER activities_whole BEFORE INSERT ON activities
WHEN EXISTS (SELECT 1 FROM activities WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'activities can not be replaced');
END;
-- +goose StatementEnd

-- NULL: not erased
ALTER TABLE people ADD COLUMN erased_at INTEGER;

-- How often people were erased from the release, and when last.
ALTER TABLE releases ADD COLUMN erasures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE releases ADD COLUMN erased_at INTEGER;

DROP TRIGGER releases_stay;
-- +goose StatementBegin
CREATE TRIGGER releases_stay BEFORE UPDATE ON releases
WHEN NOT (NEW.id IS OLD.id AND NEW.event_id IS OLD.event_id AND NEW.number IS OLD.number
    AND NEW.published_at IS OLD.published_at AND NEW.published_by IS OLD.published_by AND NEW.note IS OLD.note
    AND NEW.erasures IS OLD.erasures + 1 AND NEW.erased_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'releases can not be changed');
END;
-- +goose StatementEnd
