-- +goose Up
-- The colour of an event on its pages: "#005bbb", or empty for the program's own.

ALTER TABLE events ADD COLUMN accent TEXT NOT NULL DEFAULT '';
