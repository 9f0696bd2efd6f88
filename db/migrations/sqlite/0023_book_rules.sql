-- +goose Up
-- Keys are compared byte by byte: SQLite does so already.
SELECT 1;
