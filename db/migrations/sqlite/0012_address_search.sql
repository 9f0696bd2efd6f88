-- +goose Up
-- What people are searched by no longer has their addresses, which are searched for those alone who may see them.

-- The address stood between the name and the rest. Where it stood in other letters than it has, nothing but the name is
-- left, until the person is edited.
UPDATE people SET search = CASE
    WHEN substr(search, length(name_key) + 1, length(email) + 1) = ' ' || lower(email)
        THEN name_key || substr(search, length(name_key) + length(email) + 2)
    ELSE name_key END
WHERE email <> '';
