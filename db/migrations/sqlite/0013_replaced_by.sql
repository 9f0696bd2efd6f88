-- +goose Up
-- What takes place instead of a panel that is cancelled: another panel of the event, which the program sees to.

ALTER TABLE panels ADD COLUMN replaced_by TEXT CHECK (replaced_by <> id)
    REFERENCES panels (id) DEFERRABLE INITIALLY DEFERRED;

CREATE INDEX panels_replaced_by ON panels (event_id, replaced_by);
