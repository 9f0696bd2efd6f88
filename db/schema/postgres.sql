-- What the migrations in db/migrations/postgres come to. Written by the tests of internal/store (-update); do
-- not edit, and do not run.

TABLE account_links (
    id text COLLATE "C" NOT NULL,
    purpose text NOT NULL,
    hash text COLLATE "C" NOT NULL,
    account_id text COLLATE "C",
    event_id text COLLATE "C",
    email text COLLATE "C" NOT NULL,
    roles text NOT NULL,
    language text NOT NULL,
    mailed boolean NOT NULL,
    made_by text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
);

TABLE accounts (
    id text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    email_verified boolean NOT NULL,
    name text NOT NULL,
    language text NOT NULL,
    admin boolean NOT NULL,
    password text NOT NULL,
    totp text NOT NULL,
    totp_step bigint NOT NULL,
    recovery text NOT NULL,
    disabled_at bigint,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

TABLE activities (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C",
    at bigint NOT NULL,
    actor_kind text NOT NULL,
    actor_id text COLLATE "C" NOT NULL,
    actor_name text NOT NULL,
    verb text NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    summary text NOT NULL,
    address text NOT NULL DEFAULT ''::text,
    outcome text NOT NULL DEFAULT 'done'::text,
    was text NOT NULL DEFAULT '{}'::text,
    became text NOT NULL DEFAULT '{}'::text
);

TABLE attempts (
    id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    at bigint NOT NULL
);

TABLE availabilities (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C",
    room_id text COLLATE "C",
    start_at bigint NOT NULL,
    start_wall text COLLATE "C" NOT NULL,
    start_fold boolean NOT NULL,
    end_at bigint NOT NULL,
    end_wall text COLLATE "C" NOT NULL,
    end_fold boolean NOT NULL,
    note text NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

TABLE calendar_entries (
    event_id text COLLATE "C" NOT NULL,
    variant text COLLATE "C" NOT NULL,
    uid text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    created_at bigint NOT NULL,
    modified_at bigint NOT NULL,
    cancelled_at bigint,
    content text NOT NULL,
    place text NOT NULL
);

TABLE calendar_feeds (
    event_id text COLLATE "C" NOT NULL,
    scope text COLLATE "C" NOT NULL,
    variant text COLLATE "C" NOT NULL,
    content text NOT NULL,
    modified_at bigint NOT NULL
);

TABLE calendars (
    event_id text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    public_revision bigint NOT NULL,
    base text NOT NULL,
    languages text NOT NULL,
    witness text NOT NULL DEFAULT ''::text
);

TABLE ceremonies (
    hash text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    account_id text COLLATE "C",
    data text NOT NULL,
    expires_at bigint NOT NULL
);

TABLE closed_feeds (
    hash text COLLATE "C" NOT NULL,
    closed_at bigint NOT NULL
);

TABLE delegates (
    meeting_id text COLLATE "C" NOT NULL,
    side bigint NOT NULL,
    position bigint NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    role text NOT NULL,
    answer text NOT NULL
);

TABLE desk_codes (
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL,
    tries bigint NOT NULL,
    made_by text COLLATE "C" NOT NULL
);

TABLE draft_turns (
    event_id text COLLATE "C" NOT NULL,
    turn bigint NOT NULL,
    mark text COLLATE "C" NOT NULL,
    items text COLLATE "C" NOT NULL
);

TABLE events (
    id text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    zone text NOT NULL,
    start_date text COLLATE "C" NOT NULL,
    end_date text COLLATE "C" NOT NULL,
    languages text NOT NULL,
    venue_name text NOT NULL,
    venue_address text NOT NULL,
    venue_country text NOT NULL,
    venue_latitude double precision,
    venue_longitude double precision,
    website text NOT NULL,
    buffer_minutes bigint NOT NULL,
    search text NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    accent text COLLATE "C" NOT NULL DEFAULT ''::text,
    meetings_from text NOT NULL DEFAULT ''::text,
    meetings_until text NOT NULL DEFAULT ''::text,
    turnaround_minutes bigint NOT NULL DEFAULT 0,
    work_minutes bigint NOT NULL DEFAULT 0,
    rest_minutes bigint NOT NULL DEFAULT 0
);

TABLE feeds (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C",
    name text NOT NULL,
    hash text COLLATE "C" NOT NULL,
    language text NOT NULL,
    last_fetch_at bigint,
    fetched_by text NOT NULL,
    revoked_at bigint,
    created_at bigint NOT NULL,
    kind text NOT NULL,
    key_hash text COLLATE "C",
    turn bigint NOT NULL,
    alarm_minutes bigint,
    detail text NOT NULL,
    meetings boolean NOT NULL,
    whole boolean NOT NULL,
    cancelled text NOT NULL,
    panels text NOT NULL,
    revision bigint NOT NULL,
    changed_at bigint,
    content text NOT NULL,
    modified_at bigint,
    without_mailed boolean NOT NULL DEFAULT false
);

TABLE file_parts (
    file text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    bytes bytea NOT NULL
);

TABLE files (
    name text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    media_type text NOT NULL,
    file_name text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    width bigint NOT NULL,
    height bigint NOT NULL,
    created_at bigint NOT NULL
);

TABLE idempotency_keys (
    actor text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint text NOT NULL,
    noun_id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL
);

TABLE identities (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL
);

TABLE intervention_speakers (
    intervention_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    panel_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    status text NOT NULL
);

TABLE interventions (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    panel_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    title text NOT NULL,
    abstract text NOT NULL,
    offset_minutes bigint,
    minutes bigint NOT NULL
);

TABLE jobs (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C",
    kind text NOT NULL,
    about text COLLATE "C" NOT NULL,
    key text COLLATE "C",
    due_at bigint NOT NULL,
    tries bigint NOT NULL,
    lease text NOT NULL,
    lease_until bigint NOT NULL,
    dead_at bigint,
    fault text NOT NULL,
    created_at bigint NOT NULL
);

TABLE letter_answers (
    mail_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    note text NOT NULL
);

TABLE letter_rules (
    event_id text COLLATE "C" NOT NULL,
    mode text NOT NULL,
    delay_minutes bigint NOT NULL,
    small_minutes bigint NOT NULL,
    leads text NOT NULL,
    revision bigint NOT NULL,
    hold_meetings boolean NOT NULL DEFAULT false
);

TABLE logins (
    id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    method text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    confirmed_at bigint NOT NULL
);

TABLE mails (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    status text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    meetings boolean NOT NULL,
    address text NOT NULL,
    name text NOT NULL,
    language text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    note text NOT NULL,
    method text NOT NULL,
    calendar bytea,
    essential boolean NOT NULL,
    due_at bigint NOT NULL,
    sent_at bigint,
    opened_at bigint,
    answered_at bigint,
    answer text NOT NULL,
    fault text NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

TABLE materials (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    panel_id text COLLATE "C" NOT NULL,
    file text COLLATE "C" NOT NULL,
    title text NOT NULL,
    public boolean NOT NULL,
    created_at bigint NOT NULL
);

TABLE meeting_invitations (
    event_id text COLLATE "C" NOT NULL,
    meeting_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    uid text COLLATE "C" NOT NULL,
    address text NOT NULL,
    told_kind text NOT NULL,
    told_method text NOT NULL,
    told_sequence bigint NOT NULL,
    told_shown text NOT NULL,
    told_place text NOT NULL,
    mail_id text COLLATE "C" NOT NULL,
    next_kind text NOT NULL,
    next_method text NOT NULL,
    next_sequence bigint NOT NULL,
    next_shown text NOT NULL,
    next_place text NOT NULL,
    stamped_at bigint NOT NULL,
    replied_at bigint NOT NULL
);

TABLE meeting_rules (
    event_id text COLLATE "C" NOT NULL,
    closed boolean NOT NULL,
    answer_hours bigint NOT NULL,
    open_requests bigint NOT NULL,
    accepted_per_day bigint NOT NULL,
    halls boolean NOT NULL,
    revision bigint NOT NULL,
    updated_at bigint NOT NULL
);

TABLE meeting_steps (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    meeting_id text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    party text COLLATE "C" NOT NULL,
    person_id text COLLATE "C",
    deed text COLLATE "C" NOT NULL,
    note text NOT NULL
);

TABLE meeting_times (
    meeting_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    side bigint NOT NULL,
    start_at bigint NOT NULL,
    start_wall text COLLATE "C" NOT NULL,
    start_fold boolean NOT NULL,
    end_at bigint NOT NULL,
    end_wall text COLLATE "C" NOT NULL,
    end_fold boolean NOT NULL
);

TABLE meetings (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    uid text COLLATE "C" NOT NULL,
    topic text NOT NULL,
    status text NOT NULL,
    visibility text NOT NULL,
    room_id text COLLATE "C",
    start_at bigint,
    start_wall text COLLATE "C",
    start_fold boolean,
    end_at bigint,
    end_wall text COLLATE "C",
    end_fold boolean,
    asking_name text NOT NULL,
    asked_name text NOT NULL,
    notes text NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    turn bigint NOT NULL,
    expires_at bigint,
    quorum text COLLATE "C" NOT NULL,
    firm boolean NOT NULL,
    asking_languages text NOT NULL DEFAULT '[]'::text,
    asked_languages text NOT NULL DEFAULT '[]'::text
);

TABLE members (
    event_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    roles text NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

TABLE occupancies (
    event_id text COLLATE "C" NOT NULL,
    item_kind text COLLATE "C" NOT NULL,
    item_id text COLLATE "C" NOT NULL,
    resource_kind text COLLATE "C" NOT NULL,
    resource_id text COLLATE "C" NOT NULL,
    starts_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    firm boolean NOT NULL DEFAULT false
);

TABLE origins (
    event_id text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    source_key text COLLATE "C" NOT NULL,
    item_id text COLLATE "C" NOT NULL,
    said text NOT NULL,
    gone boolean NOT NULL
);

TABLE panel_speakers (
    panel_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    status text NOT NULL
);

TABLE panels (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    uid text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    format text NOT NULL,
    title text NOT NULL,
    abstract text NOT NULL,
    track_id text COLLATE "C",
    room_id text COLLATE "C",
    start_at bigint,
    start_wall text COLLATE "C",
    start_fold boolean,
    end_at bigint,
    end_wall text COLLATE "C",
    end_fold boolean,
    all_rooms boolean NOT NULL,
    language text NOT NULL,
    interpretation text NOT NULL,
    stream_url text NOT NULL,
    audience bigint NOT NULL,
    cancelled boolean NOT NULL,
    cancel_note text NOT NULL,
    notes text NOT NULL,
    search text NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    replaced_by text COLLATE "C"
);

TABLE participants (
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    buffer_before bigint NOT NULL DEFAULT 0,
    buffer_after bigint NOT NULL DEFAULT 0,
    interprets text NOT NULL DEFAULT '[]'::text
);

TABLE passkeys (
    id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    data text NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint
);

TABLE people (
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    honorific text NOT NULL,
    job_title text NOT NULL,
    organization text NOT NULL,
    country text NOT NULL,
    bio text NOT NULL,
    photo_url text NOT NULL,
    email text NOT NULL,
    notes text NOT NULL,
    languages text NOT NULL,
    search text NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    photo text COLLATE "C",
    erased_at bigint
);

TABLE personal_links (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    code_hash text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    last_used_at bigint,
    revoked_at bigint,
    made_by text COLLATE "C" NOT NULL,
    mailed boolean NOT NULL
);

TABLE personal_pages (
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    zone text NOT NULL,
    seen_release bigint NOT NULL,
    undo text NOT NULL,
    undo_until bigint NOT NULL
);

TABLE personal_visits (
    hash text COLLATE "C" NOT NULL,
    link_id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    confirmed_at bigint,
    code_hash text COLLATE "C" NOT NULL,
    code_expires_at bigint NOT NULL,
    code_tries bigint NOT NULL
);

TABLE release_files (
    release_id text COLLATE "C" NOT NULL,
    file text COLLATE "C" NOT NULL
);

TABLE releases (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    published_at bigint NOT NULL,
    published_by text NOT NULL,
    note text NOT NULL,
    snapshot bytea NOT NULL,
    erasures bigint NOT NULL DEFAULT 0,
    erased_at bigint,
    base bigint NOT NULL DEFAULT 0,
    telling text NOT NULL DEFAULT ''::text
);

TABLE reminders (
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    item_id text COLLATE "C" NOT NULL,
    starts_at bigint NOT NULL,
    lead_minutes bigint NOT NULL,
    mail_id text COLLATE "C" NOT NULL
);

TABLE room_walks (
    room_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    to_room_id text COLLATE "C" NOT NULL,
    minutes bigint NOT NULL
);

TABLE rooms (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    kind text NOT NULL,
    capacity bigint NOT NULL,
    position bigint NOT NULL,
    parallel boolean NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    turnaround_minutes bigint
);

TABLE serials (
    event_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    item_id text COLLATE "C" NOT NULL,
    serial bigint NOT NULL
);

TABLE signing_keys (
    name text COLLATE "C" NOT NULL,
    secret text NOT NULL,
    created_at bigint NOT NULL
);

TABLE sources (
    event_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    format text NOT NULL,
    language text NOT NULL,
    mapping text NOT NULL,
    imported_at bigint NOT NULL
);

TABLE stand_ins (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    meeting_id text COLLATE "C" NOT NULL,
    old_person_id text COLLATE "C" NOT NULL,
    new_person_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    was_role text COLLATE "C" NOT NULL,
    note text NOT NULL,
    made_by text NOT NULL,
    created_at bigint NOT NULL
);

TABLE tokens (
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    event_id text COLLATE "C",
    prefix text NOT NULL,
    hash text COLLATE "C" NOT NULL,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint,
    created_at bigint NOT NULL,
    scopes text NOT NULL DEFAULT '[]'::text,
    made_by text COLLATE "C" NOT NULL DEFAULT ''::text
);

TABLE told (
    mail_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    since_release bigint NOT NULL,
    release bigint NOT NULL
);

TABLE tracks (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    color text NOT NULL,
    position bigint NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

TABLE unsubscribes (
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    since_at bigint NOT NULL
);

TABLE vouched_addresses (
    event_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    email text NOT NULL,
    vouched_at bigint NOT NULL
);

TABLE webhook_attempts (
    delivery_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    took bigint NOT NULL,
    status bigint NOT NULL,
    fault text NOT NULL,
    answer text NOT NULL
);

TABLE webhook_deliveries (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    webhook_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    release_number bigint NOT NULL,
    status text NOT NULL,
    attempts bigint NOT NULL,
    fault text NOT NULL,
    due_at bigint,
    done_at bigint,
    created_at bigint NOT NULL
);

TABLE webhooks (
    id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    kinds text NOT NULL,
    secret text NOT NULL,
    old_secret text NOT NULL,
    old_until bigint,
    stopped_at bigint,
    reason text NOT NULL,
    failing_since bigint,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

CONSTRAINT account_links account_links_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE;

CONSTRAINT account_links account_links_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT account_links account_links_hash_check CHECK ((hash <> ''::text));

CONSTRAINT account_links account_links_hash_key UNIQUE (hash);

CONSTRAINT account_links account_links_id_check CHECK ((id <> ''::text));

CONSTRAINT account_links account_links_pkey PRIMARY KEY (id);

CONSTRAINT account_links account_links_purpose_check CHECK ((purpose = ANY (ARRAY['setup'::text, 'invite'::text, 'reset'::text])));

CONSTRAINT accounts accounts_email_check CHECK ((email <> ''::text));

CONSTRAINT accounts accounts_email_key UNIQUE (email);

CONSTRAINT accounts accounts_id_check CHECK ((id <> ''::text));

CONSTRAINT accounts accounts_pkey PRIMARY KEY (id);

CONSTRAINT accounts accounts_revision_check CHECK ((revision > 0));

CONSTRAINT activities activities_id_check CHECK ((id <> ''::text));

CONSTRAINT activities activities_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text])));

CONSTRAINT activities activities_pkey PRIMARY KEY (id);

CONSTRAINT attempts attempts_id_check CHECK ((id <> ''::text));

CONSTRAINT attempts attempts_key_check CHECK ((key <> ''::text));

CONSTRAINT attempts attempts_pkey PRIMARY KEY (id);

CONSTRAINT availabilities availabilities_check CHECK (((person_id IS NULL) <> (room_id IS NULL)));

CONSTRAINT availabilities availabilities_check1 CHECK ((end_at > start_at));

CONSTRAINT availabilities availabilities_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT availabilities availabilities_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id) ON DELETE CASCADE;

CONSTRAINT availabilities availabilities_event_id_room_id_fkey FOREIGN KEY (event_id, room_id) REFERENCES rooms(event_id, id) ON DELETE CASCADE;

CONSTRAINT availabilities availabilities_id_check CHECK ((id <> ''::text));

CONSTRAINT availabilities availabilities_pkey PRIMARY KEY (id);

CONSTRAINT availabilities availabilities_revision_check CHECK ((revision > 0));

CONSTRAINT calendar_entries calendar_entries_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT calendar_entries calendar_entries_pkey PRIMARY KEY (event_id, variant, uid);

CONSTRAINT calendar_entries calendar_entries_sequence_check CHECK ((sequence >= 0));

CONSTRAINT calendar_entries calendar_entries_uid_check CHECK ((uid <> ''::text));

CONSTRAINT calendar_entries calendar_entries_variant_check CHECK ((variant <> ''::text));

CONSTRAINT calendar_feeds calendar_feeds_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT calendar_feeds calendar_feeds_pkey PRIMARY KEY (event_id, scope, variant);

CONSTRAINT calendar_feeds calendar_feeds_scope_check CHECK ((scope <> ''::text));

CONSTRAINT calendar_feeds calendar_feeds_variant_check CHECK ((variant <> ''::text));

CONSTRAINT calendars calendars_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT calendars calendars_pkey PRIMARY KEY (event_id);

CONSTRAINT calendars calendars_public_revision_check CHECK ((public_revision > 0));

CONSTRAINT calendars calendars_revision_check CHECK ((revision > 0));

CONSTRAINT ceremonies ceremonies_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE;

CONSTRAINT ceremonies ceremonies_hash_check CHECK ((hash <> ''::text));

CONSTRAINT ceremonies ceremonies_pkey PRIMARY KEY (hash);

CONSTRAINT closed_feeds closed_feeds_hash_check CHECK ((hash <> ''::text));

CONSTRAINT closed_feeds closed_feeds_pkey PRIMARY KEY (hash);

CONSTRAINT delegates delegates_answer_check CHECK ((answer = ANY (ARRAY['needs-action'::text, 'accepted'::text, 'declined'::text, 'tentative'::text, 'delegated'::text])));

CONSTRAINT delegates delegates_event_id_meeting_id_fkey FOREIGN KEY (event_id, meeting_id) REFERENCES meetings(event_id, id) ON DELETE CASCADE;

CONSTRAINT delegates delegates_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id);

CONSTRAINT delegates delegates_meeting_id_person_id_key UNIQUE (meeting_id, person_id);

CONSTRAINT delegates delegates_pkey PRIMARY KEY (meeting_id, side, "position");

CONSTRAINT delegates delegates_role_check CHECK ((role = ANY (ARRAY['principal'::text, 'member'::text, 'interpreter'::text, 'note_taker'::text])));

CONSTRAINT delegates delegates_side_check CHECK ((side = ANY (ARRAY[(0)::bigint, (1)::bigint])));

CONSTRAINT desk_codes desk_codes_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id) ON DELETE CASCADE;

CONSTRAINT desk_codes desk_codes_hash_check CHECK ((hash <> ''::text));

CONSTRAINT desk_codes desk_codes_pkey PRIMARY KEY (event_id, person_id);

CONSTRAINT draft_turns draft_turns_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT draft_turns draft_turns_pkey PRIMARY KEY (event_id, turn);

CONSTRAINT draft_turns draft_turns_turn_check CHECK ((turn > 0));

CONSTRAINT events events_buffer_minutes_check CHECK ((buffer_minutes >= 0));

CONSTRAINT events events_check CHECK ((end_date >= start_date));

CONSTRAINT events events_check1 CHECK (((venue_latitude IS NULL) = (venue_longitude IS NULL)));

CONSTRAINT events events_id_check CHECK ((id <> ''::text));

CONSTRAINT events events_pkey PRIMARY KEY (id);

CONSTRAINT events events_rest_minutes_check CHECK ((rest_minutes >= 0));

CONSTRAINT events events_revision_check CHECK ((revision > 0));

CONSTRAINT events events_slug_check CHECK ((slug <> ''::text));

CONSTRAINT events events_slug_key UNIQUE (slug);

CONSTRAINT events events_turnaround_minutes_check CHECK ((turnaround_minutes >= 0));

CONSTRAINT events events_work_minutes_check CHECK ((work_minutes >= 0));

CONSTRAINT feeds feeds_cancelled_check CHECK ((cancelled = ANY (ARRAY['prefix'::text, 'keep'::text, 'hide'::text])));

CONSTRAINT feeds feeds_detail_check CHECK ((detail = ANY (ARRAY['full'::text, 'busy'::text])));

CONSTRAINT feeds feeds_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT feeds feeds_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id);

CONSTRAINT feeds feeds_hash_check CHECK ((hash <> ''::text));

CONSTRAINT feeds feeds_hash_key UNIQUE (hash);

CONSTRAINT feeds feeds_id_check CHECK ((id <> ''::text));

CONSTRAINT feeds feeds_kind_check CHECK ((kind = ANY (ARRAY['personal'::text, 'starred'::text])));

CONSTRAINT feeds feeds_pkey PRIMARY KEY (id);

CONSTRAINT feeds feeds_revision_check CHECK ((revision > 0));

CONSTRAINT file_parts file_parts_file_fkey FOREIGN KEY (file) REFERENCES files(name) ON DELETE CASCADE;

CONSTRAINT file_parts file_parts_number_check CHECK ((number >= 0));

CONSTRAINT file_parts file_parts_pkey PRIMARY KEY (file, number);

CONSTRAINT files files_height_check CHECK ((height >= 0));

CONSTRAINT files files_kind_check CHECK ((kind = ANY (ARRAY['photo'::text, 'material'::text])));

CONSTRAINT files files_name_check CHECK ((name <> ''::text));

CONSTRAINT files files_pkey PRIMARY KEY (name);

CONSTRAINT files files_size_check CHECK ((size > 0));

CONSTRAINT files files_width_check CHECK ((width >= 0));

CONSTRAINT idempotency_keys idempotency_keys_pkey PRIMARY KEY (actor, key);

CONSTRAINT identities identities_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE;

CONSTRAINT identities identities_issuer_check CHECK ((issuer <> ''::text));

CONSTRAINT identities identities_pkey PRIMARY KEY (issuer, subject);

CONSTRAINT identities identities_subject_check CHECK ((subject <> ''::text));

CONSTRAINT intervention_speakers intervention_speakers_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id);

CONSTRAINT intervention_speakers intervention_speakers_intervention_id_person_id_role_key UNIQUE (intervention_id, person_id, role);

CONSTRAINT intervention_speakers intervention_speakers_panel_id_intervention_id_fkey FOREIGN KEY (panel_id, intervention_id) REFERENCES interventions(panel_id, id) ON DELETE CASCADE;

CONSTRAINT intervention_speakers intervention_speakers_pkey PRIMARY KEY (intervention_id, "position");

CONSTRAINT intervention_speakers intervention_speakers_role_check CHECK ((role = ANY (ARRAY['moderator'::text, 'panelist'::text, 'speaker'::text, 'chair'::text, 'host'::text, 'rapporteur'::text, 'interpreter'::text])));

CONSTRAINT intervention_speakers intervention_speakers_status_check CHECK ((status = ANY (ARRAY['invited'::text, 'confirmed'::text, 'declined'::text, 'cancelled'::text])));

CONSTRAINT interventions interventions_event_id_panel_id_fkey FOREIGN KEY (event_id, panel_id) REFERENCES panels(event_id, id) ON DELETE CASCADE;

CONSTRAINT interventions interventions_id_check CHECK ((id <> ''::text));

CONSTRAINT interventions interventions_minutes_check CHECK ((minutes >= 0));

CONSTRAINT interventions interventions_offset_minutes_check CHECK ((offset_minutes >= 0));

CONSTRAINT interventions interventions_panel_id_id_key UNIQUE (panel_id, id);

CONSTRAINT interventions interventions_panel_id_position_key UNIQUE (panel_id, "position");

CONSTRAINT interventions interventions_pkey PRIMARY KEY (id);

CONSTRAINT jobs jobs_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT jobs jobs_id_check CHECK ((id <> ''::text));

CONSTRAINT jobs jobs_key_key UNIQUE (key);

CONSTRAINT jobs jobs_kind_check CHECK ((kind <> ''::text));

CONSTRAINT jobs jobs_pkey PRIMARY KEY (id);

CONSTRAINT jobs jobs_tries_check CHECK ((tries >= 0));

CONSTRAINT letter_answers letter_answers_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT letter_answers letter_answers_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mails(id) ON DELETE CASCADE;

CONSTRAINT letter_answers letter_answers_pkey PRIMARY KEY (mail_id);

CONSTRAINT letter_rules letter_rules_delay_minutes_check CHECK ((delay_minutes >= 0));

CONSTRAINT letter_rules letter_rules_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT letter_rules letter_rules_mode_check CHECK ((mode = ANY (ARRAY['read'::text, 'small'::text, 'all'::text, 'none'::text])));

CONSTRAINT letter_rules letter_rules_pkey PRIMARY KEY (event_id);

CONSTRAINT letter_rules letter_rules_revision_check CHECK ((revision > 0));

CONSTRAINT letter_rules letter_rules_small_minutes_check CHECK ((small_minutes >= 0));

CONSTRAINT logins logins_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE;

CONSTRAINT logins logins_hash_check CHECK ((hash <> ''::text));

CONSTRAINT logins logins_hash_key UNIQUE (hash);

CONSTRAINT logins logins_id_check CHECK ((id <> ''::text));

CONSTRAINT logins logins_pkey PRIMARY KEY (id);

CONSTRAINT mails mails_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT mails mails_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id) ON DELETE CASCADE;

CONSTRAINT mails mails_id_check CHECK ((id <> ''::text));

CONSTRAINT mails mails_kind_check CHECK ((kind <> ''::text));

CONSTRAINT mails mails_pkey PRIMARY KEY (id);

CONSTRAINT mails mails_revision_check CHECK ((revision > 0));

CONSTRAINT mails mails_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'queued'::text, 'sent'::text, 'failed'::text, 'discarded'::text])));

CONSTRAINT materials materials_event_id_panel_id_fkey FOREIGN KEY (event_id, panel_id) REFERENCES panels(event_id, id) ON DELETE CASCADE;

CONSTRAINT materials materials_file_fkey FOREIGN KEY (file) REFERENCES files(name);

CONSTRAINT materials materials_file_key UNIQUE (file);

CONSTRAINT materials materials_id_check CHECK ((id <> ''::text));

CONSTRAINT materials materials_pkey PRIMARY KEY (id);

CONSTRAINT meeting_invitations meeting_invitations_event_id_meeting_id_fkey FOREIGN KEY (event_id, meeting_id) REFERENCES meetings(event_id, id) ON DELETE CASCADE;

CONSTRAINT meeting_invitations meeting_invitations_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id) ON DELETE CASCADE;

CONSTRAINT meeting_invitations meeting_invitations_next_method_check CHECK ((next_method = ANY (ARRAY[''::text, 'REQUEST'::text, 'CANCEL'::text])));

CONSTRAINT meeting_invitations meeting_invitations_pkey PRIMARY KEY (meeting_id, person_id);

CONSTRAINT meeting_invitations meeting_invitations_told_method_check CHECK ((told_method = ANY (ARRAY[''::text, 'REQUEST'::text, 'CANCEL'::text])));

CONSTRAINT meeting_invitations meeting_invitations_uid_check CHECK ((uid <> ''::text));

CONSTRAINT meeting_rules meeting_rules_accepted_per_day_check CHECK ((accepted_per_day >= 0));

CONSTRAINT meeting_rules meeting_rules_answer_hours_check CHECK ((answer_hours > 0));

CONSTRAINT meeting_rules meeting_rules_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT meeting_rules meeting_rules_open_requests_check CHECK ((open_requests >= 0));

CONSTRAINT meeting_rules meeting_rules_pkey PRIMARY KEY (event_id);

CONSTRAINT meeting_rules meeting_rules_revision_check CHECK ((revision > 0));

CONSTRAINT meeting_steps meeting_steps_deed_check CHECK ((deed <> ''::text));

CONSTRAINT meeting_steps meeting_steps_event_id_meeting_id_fkey FOREIGN KEY (event_id, meeting_id) REFERENCES meetings(event_id, id) ON DELETE CASCADE;

CONSTRAINT meeting_steps meeting_steps_id_check CHECK ((id <> ''::text));

CONSTRAINT meeting_steps meeting_steps_party_check CHECK ((party = ANY (ARRAY['asking'::text, 'asked'::text, 'organizers'::text, 'program'::text])));

CONSTRAINT meeting_steps meeting_steps_pkey PRIMARY KEY (id);

CONSTRAINT meeting_times meeting_times_check CHECK ((end_at > start_at));

CONSTRAINT meeting_times meeting_times_event_id_meeting_id_fkey FOREIGN KEY (event_id, meeting_id) REFERENCES meetings(event_id, id) ON DELETE CASCADE;

CONSTRAINT meeting_times meeting_times_pkey PRIMARY KEY (meeting_id, "position");

CONSTRAINT meeting_times meeting_times_side_check CHECK ((side = ANY (ARRAY[(0)::bigint, (1)::bigint])));

CONSTRAINT meetings meetings_check CHECK ((end_at > start_at));

CONSTRAINT meetings meetings_check1 CHECK ((((start_at IS NULL) = (end_at IS NULL)) AND ((start_at IS NULL) = (start_wall IS NULL)) AND ((start_at IS NULL) = (end_wall IS NULL)) AND ((start_at IS NULL) = (start_fold IS NULL)) AND ((start_at IS NULL) = (end_fold IS NULL))));

CONSTRAINT meetings meetings_check2 CHECK (((room_id IS NULL) OR (start_at IS NOT NULL)));

CONSTRAINT meetings meetings_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT meetings meetings_event_id_id_key UNIQUE (event_id, id);

CONSTRAINT meetings meetings_event_id_room_id_fkey FOREIGN KEY (event_id, room_id) REFERENCES rooms(event_id, id);

CONSTRAINT meetings meetings_id_check CHECK ((id <> ''::text));

CONSTRAINT meetings meetings_pkey PRIMARY KEY (id);

CONSTRAINT meetings meetings_quorum_check CHECK ((quorum = ANY (ARRAY['principals'::text, 'everybody'::text])));

CONSTRAINT meetings meetings_revision_check CHECK ((revision > 0));

CONSTRAINT meetings meetings_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'proposed'::text, 'accepted'::text, 'declined'::text, 'expired'::text, 'held'::text, 'cancelled'::text])));

CONSTRAINT meetings meetings_turn_check CHECK ((turn = ANY (ARRAY[(0)::bigint, (1)::bigint])));

CONSTRAINT meetings meetings_uid_check CHECK ((uid <> ''::text));

CONSTRAINT meetings meetings_uid_key UNIQUE (uid);

CONSTRAINT meetings meetings_visibility_check CHECK ((visibility = ANY (ARRAY['participants'::text, 'protocol'::text])));

CONSTRAINT members members_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE;

CONSTRAINT members members_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT members members_pkey PRIMARY KEY (event_id, account_id);

CONSTRAINT members members_revision_check CHECK ((revision > 0));

CONSTRAINT members members_roles_check CHECK ((roles <> '[]'::text));

CONSTRAINT occupancies occupancies_check CHECK ((ends_at > starts_at));

CONSTRAINT occupancies occupancies_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT occupancies occupancies_item_kind_check CHECK ((item_kind = ANY (ARRAY['panel'::text, 'meeting'::text])));

CONSTRAINT occupancies occupancies_overlap EXCLUDE USING gist (resource_kind WITH =, resource_id WITH =, int8range(starts_at, ends_at) WITH &&) WHERE (firm);

CONSTRAINT occupancies occupancies_pkey PRIMARY KEY (item_kind, item_id, resource_kind, resource_id, starts_at, ends_at);

CONSTRAINT occupancies occupancies_resource_kind_check CHECK ((resource_kind = ANY (ARRAY['person'::text, 'room'::text])));

CONSTRAINT origins origins_event_id_source_fkey FOREIGN KEY (event_id, source) REFERENCES sources(event_id, name) ON DELETE CASCADE;

CONSTRAINT origins origins_item_id_check CHECK ((item_id <> ''::text));

CONSTRAINT origins origins_kind_check CHECK ((kind = ANY (ARRAY['panel'::text, 'intervention'::text, 'room'::text, 'track'::text, 'person'::text])));

CONSTRAINT origins origins_pkey PRIMARY KEY (event_id, source, kind, source_key);

CONSTRAINT origins origins_source_key_check CHECK ((source_key <> ''::text));

CONSTRAINT panel_speakers panel_speakers_event_id_panel_id_fkey FOREIGN KEY (event_id, panel_id) REFERENCES panels(event_id, id) ON DELETE CASCADE;

CONSTRAINT panel_speakers panel_speakers_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id);

CONSTRAINT panel_speakers panel_speakers_panel_id_person_id_role_key UNIQUE (panel_id, person_id, role);

CONSTRAINT panel_speakers panel_speakers_pkey PRIMARY KEY (panel_id, "position");

CONSTRAINT panel_speakers panel_speakers_role_check CHECK ((role = ANY (ARRAY['moderator'::text, 'panelist'::text, 'speaker'::text, 'chair'::text, 'host'::text, 'rapporteur'::text, 'interpreter'::text])));

CONSTRAINT panel_speakers panel_speakers_status_check CHECK ((status = ANY (ARRAY['invited'::text, 'confirmed'::text, 'declined'::text, 'cancelled'::text])));

CONSTRAINT panels panels_audience_check CHECK ((audience >= 0));

CONSTRAINT panels panels_check CHECK ((end_at > start_at));

CONSTRAINT panels panels_check1 CHECK ((((start_at IS NULL) = (end_at IS NULL)) AND ((start_at IS NULL) = (start_wall IS NULL)) AND ((start_at IS NULL) = (end_wall IS NULL)) AND ((start_at IS NULL) = (start_fold IS NULL)) AND ((start_at IS NULL) = (end_fold IS NULL))));

CONSTRAINT panels panels_check2 CHECK (((room_id IS NULL) OR (start_at IS NOT NULL)));

CONSTRAINT panels panels_check3 CHECK ((replaced_by <> id));

CONSTRAINT panels panels_code_check CHECK ((code <> ''::text));

CONSTRAINT panels panels_event_id_code_key UNIQUE (event_id, code);

CONSTRAINT panels panels_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT panels panels_event_id_id_key UNIQUE (event_id, id);

CONSTRAINT panels panels_event_id_room_id_fkey FOREIGN KEY (event_id, room_id) REFERENCES rooms(event_id, id);

CONSTRAINT panels panels_event_id_track_id_fkey FOREIGN KEY (event_id, track_id) REFERENCES tracks(event_id, id);

CONSTRAINT panels panels_format_check CHECK ((format = ANY (ARRAY['panel'::text, 'keynote'::text, 'talk'::text, 'roundtable'::text, 'workshop'::text, 'ceremony'::text, 'social'::text, 'break'::text])));

CONSTRAINT panels panels_id_check CHECK ((id <> ''::text));

CONSTRAINT panels panels_number_check CHECK ((number >= 0));

CONSTRAINT panels panels_pkey PRIMARY KEY (id);

CONSTRAINT panels panels_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES panels(id) DEFERRABLE INITIALLY DEFERRED;

CONSTRAINT panels panels_revision_check CHECK ((revision > 0));

CONSTRAINT panels panels_uid_check CHECK ((uid <> ''::text));

CONSTRAINT panels panels_uid_key UNIQUE (uid);

CONSTRAINT participants participants_buffer_after_check CHECK ((buffer_after >= 0));

CONSTRAINT participants participants_buffer_before_check CHECK ((buffer_before >= 0));

CONSTRAINT participants participants_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT participants participants_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

CONSTRAINT participants participants_pkey PRIMARY KEY (event_id, person_id);

CONSTRAINT passkeys passkeys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE;

CONSTRAINT passkeys passkeys_id_check CHECK ((id <> ''::text));

CONSTRAINT passkeys passkeys_pkey PRIMARY KEY (id);

CONSTRAINT people people_id_check CHECK ((id <> ''::text));

CONSTRAINT people people_photo_fkey FOREIGN KEY (photo) REFERENCES files(name);

CONSTRAINT people people_pkey PRIMARY KEY (id);

CONSTRAINT people people_revision_check CHECK ((revision > 0));

CONSTRAINT personal_links personal_links_code_hash_check CHECK ((code_hash <> ''::text));

CONSTRAINT personal_links personal_links_code_hash_key UNIQUE (code_hash);

CONSTRAINT personal_links personal_links_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id) ON DELETE CASCADE;

CONSTRAINT personal_links personal_links_hash_check CHECK ((hash <> ''::text));

CONSTRAINT personal_links personal_links_hash_key UNIQUE (hash);

CONSTRAINT personal_links personal_links_id_check CHECK ((id <> ''::text));

CONSTRAINT personal_links personal_links_pkey PRIMARY KEY (id);

CONSTRAINT personal_pages personal_pages_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id) ON DELETE CASCADE;

CONSTRAINT personal_pages personal_pages_pkey PRIMARY KEY (event_id, person_id);

CONSTRAINT personal_pages personal_pages_seen_release_check CHECK ((seen_release >= 0));

CONSTRAINT personal_visits personal_visits_hash_check CHECK ((hash <> ''::text));

CONSTRAINT personal_visits personal_visits_link_id_fkey FOREIGN KEY (link_id) REFERENCES personal_links(id) ON DELETE CASCADE;

CONSTRAINT personal_visits personal_visits_pkey PRIMARY KEY (hash);

CONSTRAINT release_files release_files_file_fkey FOREIGN KEY (file) REFERENCES files(name);

CONSTRAINT release_files release_files_pkey PRIMARY KEY (release_id, file);

CONSTRAINT release_files release_files_release_id_fkey FOREIGN KEY (release_id) REFERENCES releases(id) ON DELETE CASCADE;

CONSTRAINT releases releases_check CHECK (((base >= 0) AND (base < number)));

CONSTRAINT releases releases_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT releases releases_event_id_number_key UNIQUE (event_id, number);

CONSTRAINT releases releases_id_check CHECK ((id <> ''::text));

CONSTRAINT releases releases_number_check CHECK ((number > 0));

CONSTRAINT releases releases_pkey PRIMARY KEY (id);

CONSTRAINT reminders reminders_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id) ON DELETE CASCADE;

CONSTRAINT reminders reminders_pkey PRIMARY KEY (event_id, person_id, item_id, starts_at, lead_minutes);

CONSTRAINT room_walks room_walks_check CHECK ((to_room_id <> room_id));

CONSTRAINT room_walks room_walks_event_id_room_id_fkey FOREIGN KEY (event_id, room_id) REFERENCES rooms(event_id, id) ON DELETE CASCADE;

CONSTRAINT room_walks room_walks_event_id_to_room_id_fkey FOREIGN KEY (event_id, to_room_id) REFERENCES rooms(event_id, id) ON DELETE CASCADE;

CONSTRAINT room_walks room_walks_minutes_check CHECK ((minutes >= 0));

CONSTRAINT room_walks room_walks_pkey PRIMARY KEY (room_id, "position");

CONSTRAINT room_walks room_walks_room_id_to_room_id_key UNIQUE (room_id, to_room_id);

CONSTRAINT rooms rooms_capacity_check CHECK ((capacity >= 0));

CONSTRAINT rooms rooms_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT rooms rooms_event_id_id_key UNIQUE (event_id, id);

CONSTRAINT rooms rooms_id_check CHECK ((id <> ''::text));

CONSTRAINT rooms rooms_kind_check CHECK ((kind = ANY (ARRAY['hall'::text, 'table'::text])));

CONSTRAINT rooms rooms_pkey PRIMARY KEY (id);

CONSTRAINT rooms rooms_revision_check CHECK ((revision > 0));

CONSTRAINT rooms rooms_turnaround_minutes_check CHECK ((turnaround_minutes >= 0));

CONSTRAINT serials serials_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT serials serials_event_id_kind_serial_key UNIQUE (event_id, kind, serial);

CONSTRAINT serials serials_item_id_check CHECK ((item_id <> ''::text));

CONSTRAINT serials serials_kind_check CHECK ((kind = ANY (ARRAY['panel'::text, 'room'::text, 'track'::text, 'person'::text])));

CONSTRAINT serials serials_pkey PRIMARY KEY (event_id, kind, item_id);

CONSTRAINT serials serials_serial_check CHECK (((serial >= 1) AND (serial <= 2147483647)));

CONSTRAINT signing_keys signing_keys_name_check CHECK ((name <> ''::text));

CONSTRAINT signing_keys signing_keys_pkey PRIMARY KEY (name);

CONSTRAINT signing_keys signing_keys_secret_check CHECK ((secret <> ''::text));

CONSTRAINT sources sources_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT sources sources_name_check CHECK ((name <> ''::text));

CONSTRAINT sources sources_pkey PRIMARY KEY (event_id, name);

CONSTRAINT stand_ins stand_ins_event_id_meeting_id_fkey FOREIGN KEY (event_id, meeting_id) REFERENCES meetings(event_id, id) ON DELETE CASCADE;

CONSTRAINT stand_ins stand_ins_id_check CHECK ((id <> ''::text));

CONSTRAINT stand_ins stand_ins_new_person_id_check CHECK ((new_person_id <> ''::text));

CONSTRAINT stand_ins stand_ins_old_person_id_check CHECK ((old_person_id <> ''::text));

CONSTRAINT stand_ins stand_ins_pkey PRIMARY KEY (id);

CONSTRAINT stand_ins stand_ins_role_check CHECK ((role = ANY (ARRAY['principal'::text, 'member'::text, 'interpreter'::text, 'note_taker'::text])));

CONSTRAINT tokens tokens_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT tokens tokens_hash_check CHECK ((hash <> ''::text));

CONSTRAINT tokens tokens_hash_key UNIQUE (hash);

CONSTRAINT tokens tokens_id_check CHECK ((id <> ''::text));

CONSTRAINT tokens tokens_pkey PRIMARY KEY (id);

CONSTRAINT told told_check CHECK ((release > since_release));

CONSTRAINT told told_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT told told_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mails(id) ON DELETE CASCADE;

CONSTRAINT told told_pkey PRIMARY KEY (mail_id);

CONSTRAINT told told_since_release_check CHECK ((since_release >= 0));

CONSTRAINT tracks tracks_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT tracks tracks_event_id_id_key UNIQUE (event_id, id);

CONSTRAINT tracks tracks_id_check CHECK ((id <> ''::text));

CONSTRAINT tracks tracks_pkey PRIMARY KEY (id);

CONSTRAINT tracks tracks_revision_check CHECK ((revision > 0));

CONSTRAINT unsubscribes unsubscribes_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id) ON DELETE CASCADE;

CONSTRAINT unsubscribes unsubscribes_pkey PRIMARY KEY (event_id, person_id, topic);

CONSTRAINT unsubscribes unsubscribes_topic_check CHECK ((topic <> ''::text));

CONSTRAINT vouched_addresses vouched_addresses_email_check CHECK ((email <> ''::text));

CONSTRAINT vouched_addresses vouched_addresses_event_id_person_id_fkey FOREIGN KEY (event_id, person_id) REFERENCES participants(event_id, person_id) ON DELETE CASCADE;

CONSTRAINT vouched_addresses vouched_addresses_pkey PRIMARY KEY (event_id, person_id);

CONSTRAINT webhook_attempts webhook_attempts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES webhook_deliveries(id) ON DELETE CASCADE;

CONSTRAINT webhook_attempts webhook_attempts_number_check CHECK ((number > 0));

CONSTRAINT webhook_attempts webhook_attempts_pkey PRIMARY KEY (delivery_id, number);

CONSTRAINT webhook_attempts webhook_attempts_took_check CHECK ((took >= 0));

CONSTRAINT webhook_deliveries webhook_deliveries_attempts_check CHECK ((attempts >= 0));

CONSTRAINT webhook_deliveries webhook_deliveries_event_id_webhook_id_fkey FOREIGN KEY (event_id, webhook_id) REFERENCES webhooks(event_id, id) ON DELETE CASCADE;

CONSTRAINT webhook_deliveries webhook_deliveries_id_check CHECK ((id <> ''::text));

CONSTRAINT webhook_deliveries webhook_deliveries_kind_check CHECK ((kind <> ''::text));

CONSTRAINT webhook_deliveries webhook_deliveries_pkey PRIMARY KEY (id);

CONSTRAINT webhook_deliveries webhook_deliveries_release_number_check CHECK ((release_number >= 0));

CONSTRAINT webhook_deliveries webhook_deliveries_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'delivered'::text, 'failed'::text])));

CONSTRAINT webhooks webhooks_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE CASCADE;

CONSTRAINT webhooks webhooks_event_id_id_key UNIQUE (event_id, id);

CONSTRAINT webhooks webhooks_id_check CHECK ((id <> ''::text));

CONSTRAINT webhooks webhooks_name_check CHECK ((name <> ''::text));

CONSTRAINT webhooks webhooks_pkey PRIMARY KEY (id);

CONSTRAINT webhooks webhooks_revision_check CHECK ((revision > 0));

CONSTRAINT webhooks webhooks_secret_check CHECK ((secret <> ''::text));

CONSTRAINT webhooks webhooks_url_check CHECK ((url <> ''::text));

CREATE INDEX account_links_account ON public.account_links USING btree (account_id);

CREATE INDEX account_links_event ON public.account_links USING btree (event_id, created_at, id);

CREATE INDEX accounts_created ON public.accounts USING btree (created_at, id);

CREATE INDEX activities_all ON public.activities USING btree (at, id);

CREATE INDEX activities_at ON public.activities USING btree (event_id, at, id);

CREATE INDEX attempts_at ON public.attempts USING btree (at);

CREATE INDEX attempts_key ON public.attempts USING btree (key, at);

CREATE INDEX availabilities_person ON public.availabilities USING btree (event_id, person_id);

CREATE INDEX availabilities_room ON public.availabilities USING btree (event_id, room_id);

CREATE INDEX availabilities_start ON public.availabilities USING btree (event_id, start_at, id);

CREATE INDEX calendar_entries_modified ON public.calendar_entries USING btree (event_id, modified_at);

CREATE INDEX calendar_entries_uid ON public.calendar_entries USING btree (event_id, uid, variant);

CREATE INDEX ceremonies_expires ON public.ceremonies USING btree (expires_at);

CREATE INDEX delegates_event ON public.delegates USING btree (event_id, meeting_id);

CREATE UNIQUE INDEX delegates_meeting_id_side_key ON public.delegates USING btree (meeting_id, side) WHERE (role = 'principal'::text);

CREATE INDEX delegates_person ON public.delegates USING btree (event_id, person_id);

CREATE INDEX feeds_changed ON public.feeds USING btree (event_id, changed_at);

CREATE INDEX feeds_created ON public.feeds USING btree (event_id, created_at, id);

CREATE INDEX feeds_key ON public.feeds USING btree (key_hash);

CREATE INDEX feeds_person ON public.feeds USING btree (event_id, person_id);

CREATE INDEX idempotency_keys_created ON public.idempotency_keys USING btree (created_at);

CREATE INDEX identities_account ON public.identities USING btree (account_id);

CREATE INDEX intervention_speakers_panel ON public.intervention_speakers USING btree (panel_id, intervention_id);

CREATE INDEX intervention_speakers_person ON public.intervention_speakers USING btree (event_id, person_id);

CREATE INDEX interventions_event ON public.interventions USING btree (event_id, panel_id);

CREATE INDEX jobs_due ON public.jobs USING btree (due_at, id) WHERE (dead_at IS NULL);

CREATE INDEX jobs_event ON public.jobs USING btree (event_id, created_at, id);

CREATE INDEX letter_answers_event ON public.letter_answers USING btree (event_id, mail_id);

CREATE INDEX logins_account ON public.logins USING btree (account_id, created_at, id);

CREATE INDEX logins_expires ON public.logins USING btree (expires_at);

CREATE INDEX mails_about ON public.mails USING btree (event_id, about, created_at, id);

CREATE INDEX mails_created ON public.mails USING btree (event_id, created_at, id);

CREATE INDEX mails_person ON public.mails USING btree (event_id, person_id, created_at, id);

CREATE INDEX mails_status ON public.mails USING btree (event_id, status, created_at, id);

CREATE INDEX materials_panel ON public.materials USING btree (event_id, panel_id, id);

CREATE INDEX meeting_invitations_person ON public.meeting_invitations USING btree (event_id, person_id, meeting_id);

CREATE INDEX meeting_invitations_uid ON public.meeting_invitations USING btree (uid, person_id);

CREATE INDEX meeting_steps_meeting ON public.meeting_steps USING btree (event_id, meeting_id, at, id);

CREATE INDEX meeting_steps_person ON public.meeting_steps USING btree (event_id, person_id);

CREATE INDEX meeting_times_event ON public.meeting_times USING btree (event_id, meeting_id);

CREATE INDEX meetings_expires ON public.meetings USING btree (expires_at, id) WHERE (expires_at IS NOT NULL);

CREATE INDEX meetings_room ON public.meetings USING btree (event_id, room_id);

CREATE INDEX meetings_start ON public.meetings USING btree (event_id, start_at, id);

CREATE INDEX members_account ON public.members USING btree (account_id, event_id);

CREATE INDEX occupancies_event ON public.occupancies USING btree (event_id);

CREATE INDEX occupancies_item ON public.occupancies USING btree (item_kind, item_id);

CREATE INDEX occupancies_resource ON public.occupancies USING btree (resource_kind, resource_id, starts_at);

CREATE INDEX panel_speakers_event ON public.panel_speakers USING btree (event_id, panel_id);

CREATE INDEX panel_speakers_person ON public.panel_speakers USING btree (event_id, person_id);

CREATE INDEX panels_replaced_by ON public.panels USING btree (event_id, replaced_by);

CREATE INDEX panels_room ON public.panels USING btree (event_id, room_id);

CREATE INDEX panels_start ON public.panels USING btree (event_id, start_at, id);

CREATE INDEX panels_track ON public.panels USING btree (event_id, track_id);

CREATE INDEX panels_updated ON public.panels USING btree (event_id, updated_at, id);

CREATE INDEX participants_person ON public.participants USING btree (person_id);

CREATE INDEX passkeys_account ON public.passkeys USING btree (account_id, created_at, id);

CREATE INDEX people_photo ON public.people USING btree (photo);

CREATE INDEX personal_links_person ON public.personal_links USING btree (event_id, person_id, created_at, id);

CREATE INDEX personal_visits_expires ON public.personal_visits USING btree (expires_at);

CREATE INDEX personal_visits_link ON public.personal_visits USING btree (link_id, created_at, hash);

CREATE INDEX release_files_file ON public.release_files USING btree (file);

CREATE INDEX reminders_mail ON public.reminders USING btree (mail_id);

CREATE INDEX room_walks_event ON public.room_walks USING btree (event_id, room_id);

CREATE INDEX room_walks_to ON public.room_walks USING btree (event_id, to_room_id);

CREATE INDEX stand_ins_meeting ON public.stand_ins USING btree (event_id, meeting_id, created_at, id);

CREATE INDEX tokens_created ON public.tokens USING btree (created_at, id);

CREATE INDEX tokens_event ON public.tokens USING btree (event_id, created_at, id);

CREATE INDEX told_person ON public.told USING btree (event_id, person_id, release, mail_id);

CREATE INDEX webhook_deliveries_created ON public.webhook_deliveries USING btree (webhook_id, created_at, id);

CREATE INDEX webhooks_created ON public.webhooks USING btree (event_id, created_at, id);

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION '% can not be changed', TG_TABLE_NAME;
END
$function$
;

CREATE OR REPLACE FUNCTION public.refuse_delete()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION '% can not be deleted', TG_TABLE_NAME;
END
$function$
;

CREATE OR REPLACE FUNCTION public.refuse_release_delete()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF EXISTS (SELECT 1 FROM events WHERE id = OLD.event_id) THEN
        RAISE EXCEPTION 'releases can not be deleted';
    END IF;
    RETURN OLD;
END
$function$
;

CREATE TRIGGER activities_remain BEFORE DELETE ON public.activities FOR EACH ROW EXECUTE FUNCTION refuse_delete();

CREATE TRIGGER activities_stay BEFORE UPDATE ON public.activities FOR EACH ROW WHEN ((NOT ((new.id = old.id) AND (NOT (new.event_id IS DISTINCT FROM old.event_id)) AND (new.at = old.at) AND (new.actor_kind = old.actor_kind) AND (new.actor_id = old.actor_id) AND (new.verb = old.verb) AND (new.subject_id = old.subject_id) AND (new.outcome = old.outcome) AND (new.summary = '[erased]'::text) AND (new.was = '{}'::text) AND (new.became = '{}'::text) AND ((new.actor_name = old.actor_name) OR (new.actor_name = ''::text)) AND ((new.address = old.address) OR (new.address = ''::text))))) EXECUTE FUNCTION refuse_change();

CREATE TRIGGER activities_whole BEFORE TRUNCATE ON public.activities FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete();

CREATE TRIGGER releases_remain BEFORE DELETE ON public.releases FOR EACH ROW EXECUTE FUNCTION refuse_release_delete();

CREATE TRIGGER releases_stay BEFORE UPDATE ON public.releases FOR EACH ROW WHEN ((NOT ((new.id = old.id) AND (new.event_id = old.event_id) AND (new.number = old.number) AND (new.published_at = old.published_at) AND (new.published_by = old.published_by) AND (new.note = old.note) AND (new.erasures = (old.erasures + 1)) AND (new.erased_at IS NOT NULL)))) EXECUTE FUNCTION refuse_change();
