-- +goose Up
-- What was done in full, by whom from where, for good; and the one way in which people are forgotten.

ALTER TABLE activities ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE activities ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused'));
-- The fields that differ, by name, as a JSON object.
ALTER TABLE activities ADD COLUMN was TEXT NOT NULL DEFAULT '{}';
ALTER TABLE activities ADD COLUMN became TEXT NOT NULL DEFAULT '{}';

CREATE INDEX activities_all ON activities (at, id);

-- The log is added to. What is erased of an entry is what it says of a person, never that it was.
DROP TRIGGER activities_stay ON activities;
CREATE TRIGGER activities_stay BEFORE UPDATE ON activities FOR EACH ROW
WHEN (NOT (NEW.id = OLD.id AND NEW.event_id IS NOT DISTINCT FROM OLD.event_id AND NEW.at = OLD.at
    AND NEW.actor_kind = OLD.actor_kind AND NEW.actor_id = OLD.actor_id AND NEW.verb = OLD.verb
    AND NEW.subject_id = OLD.subject_id AND NEW.outcome = OLD.outcome
    AND NEW.summary = '[erased]' AND NEW.was = '{}' AND NEW.became = '{}'
    AND NEW.actor_name IN (OLD.actor_name, '') AND NEW.address IN (OLD.address, '')))
EXECUTE FUNCTION refuse_change();

-- +goose StatementBegin
CREATE FUNCTION refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% can not be deleted', TG_TABLE_NAME;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER activities_remain BEFORE DELETE ON activities FOR EACH ROW EXECUTE FUNCTION refuse_delete();
CREATE TRIGGER activities_whole BEFORE TRUNCATE ON activities FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete();

-- NULL: not erased
ALTER TABLE people ADD COLUMN erased_at BIGINT;

-- How often people were erased from the release, and when last.
ALTER TABLE releases ADD COLUMN erasures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE releases ADD COLUMN erased_at BIGINT;

DROP TRIGGER releases_stay ON releases;
CREATE TRIGGER releases_stay BEFORE UPDATE ON releases FOR EACH ROW
WHEN (NOT (NEW.id = OLD.id AND NEW.event_id = OLD.event_id AND NEW.number = OLD.number
    AND NEW.published_at = OLD.published_at AND NEW.published_by = OLD.published_by AND NEW.note = OLD.note
    AND NEW.erasures = OLD.erasures + 1 AND NEW.erased_at IS NOT NULL))
EXECUTE FUNCTION refuse_change();
