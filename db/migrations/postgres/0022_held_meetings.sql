-- +goose Up
-- Whether letters about meetings wait until somebody lets them go.
ALTER TABLE letter_rules ADD COLUMN hold_meetings BOOLEAN NOT NULL DEFAULT FALSE;
