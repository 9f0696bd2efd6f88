-- What the migrations in db/migrations/sqlite come to. Written by the tests of internal/store (-update); do
-- not edit, and do not run.

CREATE TABLE account_links (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'invite', 'reset')),
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    -- of a reset
    account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    -- of an invitation
    event_id TEXT REFERENCES events (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    roles TEXT NOT NULL,
    language TEXT NOT NULL,
    -- it was mailed, and shown to nobody else
    mailed BOOLEAN NOT NULL,
    made_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);

CREATE INDEX account_links_account ON account_links (account_id);

CREATE INDEX account_links_event ON account_links (event_id, created_at, id);

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    -- in lower case
    email TEXT NOT NULL UNIQUE CHECK (email <> ''),
    -- a link that was sent there was followed, or a provider of identities vouches for it
    email_verified BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    admin BOOLEAN NOT NULL,
    -- argon2id in the PHC format; empty: signs in otherwise
    password TEXT NOT NULL,
    -- secret of the second factor, empty: none; the last step that was used, so that no code is used twice
    totp TEXT NOT NULL,
    totp_step INTEGER NOT NULL,
    -- hashes of codes that stand in for it, as a JSON list
    recovery TEXT NOT NULL,
    disabled_at INTEGER,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE INDEX accounts_created ON accounts (created_at, id);

CREATE TABLE activities (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    -- NULL: not about one event
    event_id TEXT,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    verb TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    summary TEXT NOT NULL
, address TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused')), was TEXT NOT NULL DEFAULT '{}', became TEXT NOT NULL DEFAULT '{}');

CREATE INDEX activities_all ON activities (at, id);

CREATE INDEX activities_at ON activities (event_id, at, id);

CREATE TRIGGER activities_remain BEFORE DELETE ON activities
BEGIN
    SELECT RAISE(ABORT, 'activities can not be deleted');
END;

CREATE TRIGGER activities_stay BEFORE UPDATE ON activities
WHEN NOT (NEW.id IS OLD.id AND NEW.event_id IS OLD.event_id AND NEW.at IS OLD.at AND NEW.actor_kind IS OLD.actor_kind
    AND NEW.actor_id IS OLD.actor_id AND NEW.verb IS OLD.verb AND NEW.subject_id IS OLD.subject_id
    AND NEW.outcome IS OLD.outcome AND NEW.summary IS '[erased]' AND NEW.was IS '{}' AND NEW.became IS '{}'
    AND (NEW.actor_name IS OLD.actor_name OR NEW.actor_name IS '') AND (NEW.address IS OLD.address OR NEW.address IS ''))
BEGIN
    SELECT RAISE(ABORT, 'activities can not be changed');
END;

CREATE TRIGGER activities_whole BEFORE INSERT ON activities
WHEN EXISTS (SELECT 1 FROM activities WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'activities can not be replaced');
END;

CREATE TABLE attempts (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    key TEXT NOT NULL CHECK (key <> ''),
    at INTEGER NOT NULL
);

CREATE INDEX attempts_at ON attempts (at);

CREATE INDEX attempts_key ON attempts (key, at);

CREATE TABLE availabilities (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT,
    room_id TEXT,
    start_at INTEGER NOT NULL,
    start_wall TEXT NOT NULL,
    start_fold BOOLEAN NOT NULL,
    end_at INTEGER NOT NULL,
    end_wall TEXT NOT NULL,
    end_fold BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, room_id) REFERENCES rooms (event_id, id) ON DELETE CASCADE,
    CHECK ((person_id IS NULL) <> (room_id IS NULL)),
    CHECK (end_at > start_at)
);

CREATE INDEX availabilities_person ON availabilities (event_id, person_id);

CREATE INDEX availabilities_room ON availabilities (event_id, room_id);

CREATE INDEX availabilities_start ON availabilities (event_id, start_at, id);

CREATE TABLE calendar_entries (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    -- A language, or 'busy'.
    variant TEXT NOT NULL CHECK (variant <> ''),
    uid TEXT NOT NULL CHECK (uid <> ''),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    cancelled_at INTEGER,
    content TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (event_id, variant, uid)
);

CREATE INDEX calendar_entries_modified ON calendar_entries (event_id, modified_at);

CREATE INDEX calendar_entries_uid ON calendar_entries (event_id, uid, variant);

CREATE TABLE calendar_feeds (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    scope TEXT NOT NULL CHECK (scope <> ''),
    variant TEXT NOT NULL CHECK (variant <> ''),
    content TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, scope, variant)
);

CREATE TABLE calendars (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL CHECK (revision > 0),
    -- The same of what anybody may see: without meetings.
    public_revision INTEGER NOT NULL CHECK (public_revision > 0),
    -- The address of the installation that its links begin with; empty: not served yet.
    base TEXT NOT NULL,
    -- The languages that it is told in, as JSON, the first where nobody asks for one.
    languages TEXT NOT NULL
, witness TEXT NOT NULL DEFAULT '');

CREATE TABLE ceremonies (
    hash TEXT NOT NULL PRIMARY KEY CHECK (hash <> ''),
    kind TEXT NOT NULL,
    account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);

CREATE INDEX ceremonies_expires ON ceremonies (expires_at);

CREATE TABLE closed_feeds (
    hash TEXT NOT NULL PRIMARY KEY CHECK (hash <> ''),
    closed_at INTEGER NOT NULL
);

CREATE TABLE delegates (
    meeting_id TEXT NOT NULL,
    side INTEGER NOT NULL CHECK (side IN (0, 1)),
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('principal', 'member', 'interpreter', 'note_taker')),
    answer TEXT NOT NULL CHECK (answer IN ('needs-action', 'accepted', 'declined', 'tentative', 'delegated')),
    PRIMARY KEY (meeting_id, side, position),
    UNIQUE (meeting_id, person_id),
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id)
);

CREATE INDEX delegates_event ON delegates (event_id, meeting_id);

CREATE UNIQUE INDEX delegates_meeting_id_side_key ON delegates (meeting_id, side) WHERE role = 'principal';

CREATE INDEX delegates_person ON delegates (event_id, person_id);

CREATE TABLE desk_codes (
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    hash TEXT NOT NULL CHECK (hash <> ''),
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (event_id, person_id),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE TABLE draft_turns (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    turn INTEGER NOT NULL CHECK (turn > 0),
    -- by which a turn is known again: a database that was restored has others of the same number
    mark TEXT NOT NULL,
    -- what was changed, as JSON; empty: too much to tell
    items TEXT NOT NULL,
    PRIMARY KEY (event_id, turn)
);

CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    slug TEXT NOT NULL UNIQUE CHECK (slug <> ''),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    zone TEXT NOT NULL,
    start_date TEXT NOT NULL,
    end_date TEXT NOT NULL,
    languages TEXT NOT NULL,
    venue_name TEXT NOT NULL,
    venue_address TEXT NOT NULL,
    venue_country TEXT NOT NULL,
    venue_latitude REAL,
    venue_longitude REAL,
    website TEXT NOT NULL,
    buffer_minutes INTEGER NOT NULL CHECK (buffer_minutes >= 0),
    -- folded words of slug and name, for searching
    search TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, accent TEXT NOT NULL DEFAULT '', meetings_from TEXT NOT NULL DEFAULT '', meetings_until TEXT NOT NULL DEFAULT '', turnaround_minutes INTEGER NOT NULL DEFAULT 0 CHECK (turnaround_minutes >= 0), work_minutes INTEGER NOT NULL DEFAULT 0 CHECK (work_minutes >= 0), rest_minutes INTEGER NOT NULL DEFAULT 0 CHECK (rest_minutes >= 0),
    CHECK (end_date >= start_date),
    CHECK ((venue_latitude IS NULL) = (venue_longitude IS NULL))
);

CREATE TABLE feeds (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    -- NULL: of nobody in particular, or of a person who left; such a personal feed is revoked.
    person_id TEXT,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    language TEXT NOT NULL,
    last_fetch_at INTEGER,
    fetched_by TEXT NOT NULL,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'starred')),
    key_hash TEXT,
    turn INTEGER NOT NULL,
    alarm_minutes INTEGER,
    detail TEXT NOT NULL CHECK (detail IN ('full', 'busy')),
    meetings BOOLEAN NOT NULL,
    -- With the event itself.
    whole BOOLEAN NOT NULL,
    cancelled TEXT NOT NULL CHECK (cancelled IN ('prefix', 'keep', 'hide')),
    panels TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    changed_at INTEGER,
    content TEXT NOT NULL,
    modified_at INTEGER, without_mailed BOOLEAN NOT NULL DEFAULT FALSE,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id)
);

CREATE INDEX feeds_changed ON feeds (event_id, changed_at);

CREATE INDEX feeds_created ON feeds (event_id, created_at, id);

CREATE INDEX feeds_key ON feeds (key_hash);

CREATE INDEX feeds_person ON feeds (event_id, person_id);

CREATE TABLE file_parts (
    file TEXT NOT NULL REFERENCES files (name) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 0),
    bytes BLOB NOT NULL,
    PRIMARY KEY (file, number)
);

CREATE TABLE files (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('photo', 'material')),
    media_type TEXT NOT NULL,
    -- what it is called when it is saved
    file_name TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    sha256 TEXT NOT NULL,
    width INTEGER NOT NULL CHECK (width >= 0),
    height INTEGER NOT NULL CHECK (height >= 0),
    created_at INTEGER NOT NULL
);

CREATE TABLE idempotency_keys (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    noun_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (actor, key)
);

CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE identities (
    issuer TEXT NOT NULL CHECK (issuer <> ''),
    subject TEXT NOT NULL CHECK (subject <> ''),
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX identities_account ON identities (account_id);

CREATE TABLE intervention_speakers (
    intervention_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    panel_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN
        ('moderator', 'panelist', 'speaker', 'chair', 'host', 'rapporteur', 'interpreter')),
    status TEXT NOT NULL CHECK (status IN ('invited', 'confirmed', 'declined', 'cancelled')),
    PRIMARY KEY (intervention_id, position),
    UNIQUE (intervention_id, person_id, role),
    FOREIGN KEY (panel_id, intervention_id) REFERENCES interventions (panel_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id)
);

CREATE INDEX intervention_speakers_panel ON intervention_speakers (panel_id, intervention_id);

CREATE INDEX intervention_speakers_person ON intervention_speakers (event_id, person_id);

CREATE TABLE interventions (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    panel_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    offset_minutes INTEGER CHECK (offset_minutes >= 0),
    minutes INTEGER NOT NULL CHECK (minutes >= 0),
    UNIQUE (panel_id, position),
    UNIQUE (panel_id, id),
    FOREIGN KEY (event_id, panel_id) REFERENCES panels (event_id, id) ON DELETE CASCADE
);

CREATE INDEX interventions_event ON interventions (event_id, panel_id);

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT REFERENCES events (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind <> ''),
    -- what it is about, such as a letter
    about TEXT NOT NULL,
    -- of jobs that wait, one at most has the same key
    key TEXT UNIQUE,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL CHECK (tries >= 0),
    -- who works on it, and how long nobody else may
    lease TEXT NOT NULL,
    lease_until INTEGER NOT NULL,
    -- when it was given up, and why
    dead_at INTEGER,
    fault TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE INDEX jobs_due ON jobs (due_at, id) WHERE dead_at IS NULL;

CREATE INDEX jobs_event ON jobs (event_id, created_at, id);

CREATE TABLE letter_answers (
    mail_id TEXT NOT NULL PRIMARY KEY REFERENCES mails (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    note TEXT NOT NULL
);

CREATE INDEX letter_answers_event ON letter_answers (event_id, mail_id);

CREATE TABLE letter_rules (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    mode TEXT NOT NULL CHECK (mode IN ('read', 'small', 'all', 'none')),
    delay_minutes INTEGER NOT NULL CHECK (delay_minutes >= 0),
    small_minutes INTEGER NOT NULL CHECK (small_minutes >= 0),
    -- minutes before something begins at which people are reminded, as JSON
    leads TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0)
, hold_meetings BOOLEAN NOT NULL DEFAULT FALSE);

CREATE TABLE logins (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    method TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- when it was last proved who sits there
    confirmed_at INTEGER NOT NULL
);

CREATE INDEX logins_account ON logins (account_id, created_at, id);

CREATE INDEX logins_expires ON logins (expires_at);

CREATE TABLE mails (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    status TEXT NOT NULL CHECK (status IN ('draft', 'queued', 'sent', 'failed', 'discarded')),
    -- a panel, a meeting or a release
    about TEXT NOT NULL,
    -- whether it tells of a meeting: then it is for who may see meetings
    meetings BOOLEAN NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- its paragraphs, as JSON
    body TEXT NOT NULL,
    -- what organizers add of their own
    note TEXT NOT NULL,
    -- the calendar part with its method (RFC 6047); empty: none
    method TEXT NOT NULL,
    calendar BLOB,
    -- whether it goes also to who wants no more letters
    essential BOOLEAN NOT NULL,
    -- when it goes at the earliest
    due_at INTEGER NOT NULL,
    sent_at INTEGER,
    opened_at INTEGER,
    answered_at INTEGER,
    answer TEXT NOT NULL,
    fault TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX mails_about ON mails (event_id, about, created_at, id);

CREATE INDEX mails_created ON mails (event_id, created_at, id);

CREATE INDEX mails_person ON mails (event_id, person_id, created_at, id);

CREATE INDEX mails_status ON mails (event_id, status, created_at, id);

CREATE TABLE materials (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    panel_id TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE REFERENCES files (name),
    title TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (event_id, panel_id) REFERENCES panels (event_id, id) ON DELETE CASCADE
);

CREATE INDEX materials_panel ON materials (event_id, panel_id, id);

CREATE TABLE meeting_invitations (
    event_id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    uid TEXT NOT NULL CHECK (uid <> ''),
    address TEXT NOT NULL,
    -- what the last letter said that has gone, or may have
    told_kind TEXT NOT NULL,
    told_method TEXT NOT NULL CHECK (told_method IN ('', 'REQUEST', 'CANCEL')),
    told_sequence INTEGER NOT NULL,
    told_shown TEXT NOT NULL,
    told_place TEXT NOT NULL,
    -- what the letter says that waits; '': none waits
    mail_id TEXT NOT NULL,
    next_kind TEXT NOT NULL,
    next_method TEXT NOT NULL CHECK (next_method IN ('', 'REQUEST', 'CANCEL')),
    next_sequence INTEGER NOT NULL,
    next_shown TEXT NOT NULL,
    next_place TEXT NOT NULL,
    -- DTSTAMP of the last calendar part, and of the last answer by mail
    stamped_at INTEGER NOT NULL,
    replied_at INTEGER NOT NULL,
    PRIMARY KEY (meeting_id, person_id),
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX meeting_invitations_person ON meeting_invitations (event_id, person_id, meeting_id);

CREATE INDEX meeting_invitations_uid ON meeting_invitations (uid, person_id);

CREATE TABLE meeting_rules (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    closed BOOLEAN NOT NULL,
    answer_hours INTEGER NOT NULL CHECK (answer_hours > 0),
    open_requests INTEGER NOT NULL CHECK (open_requests >= 0),
    accepted_per_day INTEGER NOT NULL CHECK (accepted_per_day >= 0),
    halls BOOLEAN NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    updated_at INTEGER NOT NULL
);

CREATE TABLE meeting_steps (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- a side, the organizers, or the program by itself
    party TEXT NOT NULL CHECK (party IN ('asking', 'asked', 'organizers', 'program')),
    -- NULL: not by a person with a personal link. It refers to nothing: who leaves the event leaves this.
    person_id TEXT,
    deed TEXT NOT NULL CHECK (deed <> ''),
    note TEXT NOT NULL,
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE
);

CREATE INDEX meeting_steps_meeting ON meeting_steps (event_id, meeting_id, at, id);

CREATE INDEX meeting_steps_person ON meeting_steps (event_id, person_id);

CREATE TABLE meeting_times (
    meeting_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    side INTEGER NOT NULL CHECK (side IN (0, 1)),
    start_at INTEGER NOT NULL,
    start_wall TEXT NOT NULL,
    start_fold BOOLEAN NOT NULL,
    end_at INTEGER NOT NULL,
    end_wall TEXT NOT NULL,
    end_fold BOOLEAN NOT NULL,
    PRIMARY KEY (meeting_id, position),
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE,
    CHECK (end_at > start_at)
);

CREATE INDEX meeting_times_event ON meeting_times (event_id, meeting_id);

CREATE TABLE "meetings" (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    topic TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('requested', 'proposed', 'accepted', 'declined', 'expired', 'held', 'cancelled')),
    visibility TEXT NOT NULL CHECK (visibility IN ('participants', 'protocol')),
    room_id TEXT,
    -- the slot: all of it or nothing
    start_at INTEGER,
    start_wall TEXT,
    start_fold BOOLEAN,
    end_at INTEGER,
    end_wall TEXT,
    end_fold BOOLEAN,
    asking_name TEXT NOT NULL,
    asked_name TEXT NOT NULL,
    notes TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- whose turn it is to answer: side 0 asks, side 1 is asked
    turn INTEGER NOT NULL CHECK (turn IN (0, 1)),
    -- NULL: it does not end by itself
    expires_at INTEGER,
    -- who must be free
    quorum TEXT NOT NULL CHECK (quorum IN ('principals', 'everybody')),
    -- what it takes of those who must be free is taken by no other firm one
    firm BOOLEAN NOT NULL, asking_languages TEXT NOT NULL DEFAULT '[]', asked_languages TEXT NOT NULL DEFAULT '[]',
    UNIQUE (event_id, id),
    FOREIGN KEY (event_id, room_id) REFERENCES rooms (event_id, id),
    CHECK (end_at > start_at),
    CHECK ((start_at IS NULL) = (end_at IS NULL)
        AND (start_at IS NULL) = (start_wall IS NULL) AND (start_at IS NULL) = (end_wall IS NULL)
        AND (start_at IS NULL) = (start_fold IS NULL) AND (start_at IS NULL) = (end_fold IS NULL)),
    CHECK (room_id IS NULL OR start_at IS NOT NULL)
);

CREATE INDEX meetings_expires ON meetings (expires_at, id) WHERE expires_at IS NOT NULL;

CREATE INDEX meetings_room ON meetings (event_id, room_id);

CREATE INDEX meetings_start ON meetings (event_id, start_at, id);

CREATE TABLE members (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- a JSON list
    roles TEXT NOT NULL CHECK (roles <> '[]'),
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, account_id)
);

CREATE INDEX members_account ON members (account_id, event_id);

CREATE TABLE occupancies (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    item_kind TEXT NOT NULL CHECK (item_kind IN ('panel', 'meeting')),
    item_id TEXT NOT NULL,
    resource_kind TEXT NOT NULL CHECK (resource_kind IN ('person', 'room')),
    resource_id TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL, firm BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (item_kind, item_id, resource_kind, resource_id, starts_at, ends_at),
    CHECK (ends_at > starts_at)
);

CREATE INDEX occupancies_event ON occupancies (event_id);

CREATE INDEX occupancies_firm ON occupancies (resource_kind, resource_id, starts_at) WHERE firm;

CREATE INDEX occupancies_item ON occupancies (item_kind, item_id);

CREATE INDEX occupancies_resource ON occupancies (resource_kind, resource_id, starts_at);

CREATE TRIGGER occupancies_overlap_insert BEFORE INSERT ON occupancies
WHEN NEW.firm AND EXISTS (SELECT 1 FROM occupancies o WHERE o.firm AND o.resource_kind = NEW.resource_kind
    AND o.resource_id = NEW.resource_id AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at)
BEGIN
    SELECT RAISE(ABORT, 'occupancies_overlap');
END;

CREATE TRIGGER occupancies_overlap_update BEFORE UPDATE ON occupancies
WHEN NEW.firm AND EXISTS (SELECT 1 FROM occupancies o WHERE o.firm AND o.resource_kind = NEW.resource_kind
    AND o.resource_id = NEW.resource_id AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at AND o.rowid <> OLD.rowid)
BEGIN
    SELECT RAISE(ABORT, 'occupancies_overlap');
END;

CREATE TABLE origins (
    event_id TEXT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('panel', 'intervention', 'room', 'track', 'person')),
    source_key TEXT NOT NULL CHECK (source_key <> ''),
    item_id TEXT NOT NULL CHECK (item_id <> ''),
    -- The hash of each field that the source said last, as JSON.
    said TEXT NOT NULL,
    -- The newest file no longer has it.
    gone BOOLEAN NOT NULL,
    PRIMARY KEY (event_id, source, kind, source_key),
    FOREIGN KEY (event_id, source) REFERENCES sources (event_id, name) ON DELETE CASCADE
);

CREATE TABLE panel_speakers (
    panel_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN
        ('moderator', 'panelist', 'speaker', 'chair', 'host', 'rapporteur', 'interpreter')),
    status TEXT NOT NULL CHECK (status IN ('invited', 'confirmed', 'declined', 'cancelled')),
    PRIMARY KEY (panel_id, position),
    UNIQUE (panel_id, person_id, role),
    FOREIGN KEY (event_id, panel_id) REFERENCES panels (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id)
);

CREATE INDEX panel_speakers_event ON panel_speakers (event_id, panel_id);

CREATE INDEX panel_speakers_person ON panel_speakers (event_id, person_id);

CREATE TABLE panels (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    code TEXT NOT NULL CHECK (code <> ''),
    number INTEGER NOT NULL CHECK (number >= 0),
    format TEXT NOT NULL CHECK (format IN
        ('panel', 'keynote', 'talk', 'roundtable', 'workshop', 'ceremony', 'social', 'break')),
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    track_id TEXT,
    room_id TEXT,
    -- the slot: all of it or nothing
    start_at INTEGER,
    start_wall TEXT,
    start_fold BOOLEAN,
    end_at INTEGER,
    end_wall TEXT,
    end_fold BOOLEAN,
    all_rooms BOOLEAN NOT NULL,
    language TEXT NOT NULL,
    interpretation TEXT NOT NULL,
    stream_url TEXT NOT NULL,
    audience INTEGER NOT NULL CHECK (audience >= 0),
    cancelled BOOLEAN NOT NULL,
    cancel_note TEXT NOT NULL,
    notes TEXT NOT NULL,
    -- folded words of code, title and abstract, for searching
    search TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, replaced_by TEXT CHECK (replaced_by <> id)
    REFERENCES panels (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (event_id, code),
    UNIQUE (event_id, id),
    FOREIGN KEY (event_id, track_id) REFERENCES tracks (event_id, id),
    FOREIGN KEY (event_id, room_id) REFERENCES rooms (event_id, id),
    CHECK (end_at > start_at),
    CHECK ((start_at IS NULL) = (end_at IS NULL)
        AND (start_at IS NULL) = (start_wall IS NULL) AND (start_at IS NULL) = (end_wall IS NULL)
        AND (start_at IS NULL) = (start_fold IS NULL) AND (start_at IS NULL) = (end_fold IS NULL)),
    CHECK (room_id IS NULL OR start_at IS NOT NULL)
);

CREATE INDEX panels_replaced_by ON panels (event_id, replaced_by);

CREATE INDEX panels_room ON panels (event_id, room_id);

CREATE INDEX panels_start ON panels (event_id, start_at, id);

CREATE INDEX panels_track ON panels (event_id, track_id);

CREATE INDEX panels_updated ON panels (event_id, updated_at, id);

CREATE TABLE participants (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people (id), buffer_before INTEGER NOT NULL DEFAULT 0 CHECK (buffer_before >= 0), buffer_after INTEGER NOT NULL DEFAULT 0 CHECK (buffer_after >= 0), interprets TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (event_id, person_id)
);

CREATE INDEX participants_person ON participants (person_id);

CREATE TABLE passkeys (
    -- as the authenticator calls it, base64url
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- public key and counters, as JSON
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER
);

CREATE INDEX passkeys_account ON passkeys (account_id, created_at, id);

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    name TEXT NOT NULL,
    -- the folded name, for sorting
    name_key TEXT NOT NULL,
    honorific TEXT NOT NULL,
    job_title TEXT NOT NULL,
    organization TEXT NOT NULL,
    country TEXT NOT NULL,
    bio TEXT NOT NULL,
    photo_url TEXT NOT NULL,
    email TEXT NOT NULL,
    notes TEXT NOT NULL,
    languages TEXT NOT NULL,
    -- folded words of name, organization, job title and address, for searching
    search TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
, photo TEXT REFERENCES files (name), erased_at INTEGER);

CREATE INDEX people_photo ON people (photo);

CREATE TABLE personal_links (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    -- of the code that is typed where the link can't be followed
    code_hash TEXT NOT NULL UNIQUE CHECK (code_hash <> ''),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER,
    -- Who made it; the account may be gone.
    made_by TEXT NOT NULL,
    mailed BOOLEAN NOT NULL,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX personal_links_person ON personal_links (event_id, person_id, created_at, id);

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

CREATE TABLE personal_visits (
    hash TEXT NOT NULL PRIMARY KEY CHECK (hash <> ''),
    link_id TEXT NOT NULL REFERENCES personal_links (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    -- of the code that was mailed for it; empty: none
    code_hash TEXT NOT NULL,
    code_expires_at INTEGER NOT NULL,
    code_tries INTEGER NOT NULL
);

CREATE INDEX personal_visits_expires ON personal_visits (expires_at);

CREATE INDEX personal_visits_link ON personal_visits (link_id, created_at, hash);

CREATE TABLE release_files (
    release_id TEXT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    file TEXT NOT NULL REFERENCES files (name),
    PRIMARY KEY (release_id, file)
);

CREATE INDEX release_files_file ON release_files (file);

CREATE TABLE releases (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    note TEXT NOT NULL,
    snapshot BLOB NOT NULL, erasures INTEGER NOT NULL DEFAULT 0, erased_at INTEGER, base INTEGER NOT NULL DEFAULT 0 CHECK (base >= 0 AND base < number), telling TEXT NOT NULL DEFAULT '',
    UNIQUE (event_id, number)
);

CREATE TRIGGER releases_remain BEFORE DELETE ON releases
WHEN EXISTS (SELECT 1 FROM events WHERE id = OLD.event_id)
BEGIN
    SELECT RAISE(ABORT, 'releases can not be deleted');
END;

CREATE TRIGGER releases_stay BEFORE UPDATE ON releases
WHEN NOT (NEW.id IS OLD.id AND NEW.event_id IS OLD.event_id AND NEW.number IS OLD.number
    AND NEW.published_at IS OLD.published_at AND NEW.published_by IS OLD.published_by AND NEW.note IS OLD.note
    AND NEW.erasures IS OLD.erasures + 1 AND NEW.erased_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'releases can not be changed');
END;

CREATE TABLE reminders (
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    lead_minutes INTEGER NOT NULL,
    -- empty: none was sent
    mail_id TEXT NOT NULL,
    PRIMARY KEY (event_id, person_id, item_id, starts_at, lead_minutes),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX reminders_mail ON reminders (mail_id);

CREATE TABLE room_walks (
    room_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    to_room_id TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes >= 0),
    PRIMARY KEY (room_id, position),
    UNIQUE (room_id, to_room_id),
    FOREIGN KEY (event_id, room_id) REFERENCES rooms (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, to_room_id) REFERENCES rooms (event_id, id) ON DELETE CASCADE,
    CHECK (to_room_id <> room_id)
);

CREATE INDEX room_walks_event ON room_walks (event_id, room_id);

CREATE INDEX room_walks_to ON room_walks (event_id, to_room_id);

CREATE TABLE rooms (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hall', 'table')),
    capacity INTEGER NOT NULL CHECK (capacity >= 0),
    position INTEGER NOT NULL,
    parallel BOOLEAN NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, turnaround_minutes INTEGER CHECK (turnaround_minutes >= 0),
    UNIQUE (event_id, id)
);

CREATE TABLE serials (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('panel', 'room', 'track', 'person')),
    item_id TEXT NOT NULL CHECK (item_id <> ''),
    serial INTEGER NOT NULL CHECK (serial BETWEEN 1 AND 2147483647),
    PRIMARY KEY (event_id, kind, item_id),
    UNIQUE (event_id, kind, serial)
);

CREATE TABLE signing_keys (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    secret TEXT NOT NULL CHECK (secret <> ''),
    created_at INTEGER NOT NULL
);

CREATE TABLE sources (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name <> ''),
    format TEXT NOT NULL,
    language TEXT NOT NULL,
    -- Which column of a table is what, as JSON; empty for other files.
    mapping TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, name)
);

CREATE TABLE stand_ins (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    old_person_id TEXT NOT NULL CHECK (old_person_id <> ''),
    new_person_id TEXT NOT NULL CHECK (new_person_id <> ''),
    role TEXT NOT NULL CHECK (role IN ('principal', 'member', 'interpreter', 'note_taker')),
    -- that the new one had in the meeting before; empty: none
    was_role TEXT NOT NULL,
    note TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE
);

CREATE INDEX stand_ins_meeting ON stand_ins (event_id, meeting_id, created_at, id);

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    name TEXT NOT NULL,
    -- NULL: for all events
    event_id TEXT REFERENCES events (id) ON DELETE CASCADE,
    prefix TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL
, scopes TEXT NOT NULL DEFAULT '[]', made_by TEXT NOT NULL DEFAULT '');

CREATE INDEX tokens_created ON tokens (created_at, id);

CREATE INDEX tokens_event ON tokens (event_id, created_at, id);

CREATE TABLE told (
    mail_id TEXT NOT NULL PRIMARY KEY REFERENCES mails (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL,
    since_release INTEGER NOT NULL CHECK (since_release >= 0),
    release INTEGER NOT NULL,
    CHECK (release > since_release)
);

CREATE INDEX told_person ON told (event_id, person_id, release, mail_id);

CREATE TABLE tracks (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    color TEXT NOT NULL,
    position INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (event_id, id)
);

CREATE TABLE unsubscribes (
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    topic TEXT NOT NULL CHECK (topic <> ''),
    since_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, person_id, topic),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE TABLE vouched_addresses (
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    email TEXT NOT NULL CHECK (email <> ''),
    vouched_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, person_id),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE TABLE webhook_attempts (
    delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    at INTEGER NOT NULL,
    took INTEGER NOT NULL CHECK (took >= 0),
    -- 0: there was no answer
    status INTEGER NOT NULL,
    fault TEXT NOT NULL,
    -- how the answer begins
    answer TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
);

CREATE TABLE webhook_deliveries (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    -- of the release that it tells of, of which its body is made whenever it is sent; 0: none
    release_number INTEGER NOT NULL CHECK (release_number >= 0),
    status TEXT NOT NULL CHECK (status IN ('queued', 'delivered', 'failed')),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    fault TEXT NOT NULL,
    -- when it is tried next
    due_at INTEGER,
    done_at INTEGER,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (event_id, webhook_id) REFERENCES webhooks (event_id, id) ON DELETE CASCADE
);

CREATE INDEX webhook_deliveries_created ON webhook_deliveries (webhook_id, created_at, id);

CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name <> ''),
    url TEXT NOT NULL CHECK (url <> ''),
    -- what it is told, as JSON
    kinds TEXT NOT NULL,
    -- what deliveries are signed with: it has to be readable
    secret TEXT NOT NULL CHECK (secret <> ''),
    -- what they were signed with before, and how long they still are
    old_secret TEXT NOT NULL,
    old_until INTEGER,
    -- since when it is told nothing, and why
    stopped_at INTEGER,
    reason TEXT NOT NULL,
    -- since when nothing has been delivered though it was tried
    failing_since INTEGER,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (event_id, id)
);

CREATE INDEX webhooks_created ON webhooks (event_id, created_at, id);
