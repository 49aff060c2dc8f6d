"""Everything that the first release keeps: records, journal, audit log, search."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE audit (
        seq INTEGER NOT NULL, at_utc VARCHAR(24) NOT NULL, kind VARCHAR(20) NOT NULL, actor VARCHAR(40) NOT NULL,
        object_type VARCHAR(40) NOT NULL, object_id VARCHAR(80) NOT NULL, outcome VARCHAR(20) NOT NULL,
        detail_code VARCHAR(80) NOT NULL, app_ver VARCHAR(20) NOT NULL, session VARCHAR(16) NOT NULL,
        mac BLOB NOT NULL, CONSTRAINT pk_audit PRIMARY KEY (seq)
    )
    """,
    """
    CREATE TABLE client (
        number VARCHAR(12) NOT NULL, first_name VARCHAR DEFAULT '' NOT NULL, middle_name VARCHAR DEFAULT '' NOT NULL,
        last_name VARCHAR DEFAULT '' NOT NULL, goes_by VARCHAR DEFAULT '' NOT NULL,
        described_as VARCHAR DEFAULT '' NOT NULL, shown_name VARCHAR DEFAULT '' NOT NULL,
        list_name VARCHAR DEFAULT '' NOT NULL, name_quality VARCHAR(40) NOT NULL,
        pronouns VARCHAR DEFAULT '' NOT NULL, born_on DATE, birth_quality VARCHAR(40) NOT NULL, age_guess INTEGER,
        age_guessed_on DATE, sex VARCHAR(40) NOT NULL, gender VARCHAR DEFAULT '' NOT NULL,
        races VARCHAR DEFAULT '[]' NOT NULL, languages VARCHAR DEFAULT '' NOT NULL, interpreter VARCHAR(40) NOT NULL,
        veteran VARCHAR(40) NOT NULL, email VARCHAR DEFAULT '' NOT NULL, safe_to_mail VARCHAR(40) NOT NULL,
        plain_envelope BOOLEAN NOT NULL, living_situation VARCHAR(40) NOT NULL, substance_use VARCHAR(40) NOT NULL,
        insurance VARCHAR DEFAULT '' NOT NULL, insurance_number VARCHAR DEFAULT '' NOT NULL,
        doctor VARCHAR DEFAULT '' NOT NULL, provider VARCHAR DEFAULT '' NOT NULL,
        prescriber VARCHAR DEFAULT '' NOT NULL, pharmacy VARCHAR DEFAULT '' NOT NULL,
        medication VARCHAR DEFAULT '' NOT NULL, allergies VARCHAR DEFAULT '' NOT NULL,
        guardian VARCHAR DEFAULT '' NOT NULL, legal_status VARCHAR DEFAULT '' NOT NULL, status VARCHAR(40) NOT NULL,
        tier VARCHAR(40), opened_on DATE, source VARCHAR DEFAULT '' NOT NULL, goals VARCHAR DEFAULT '' NOT NULL,
        closed_on DATE, close_reason VARCHAR(40), last_contact_at VARCHAR(24), id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL,
        CONSTRAINT pk_client PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX ix_client_number ON client (number)",
    "CREATE INDEX ix_client_status_list_name ON client (status, list_name, id)",
    """
    CREATE TABLE data_set (
        title VARCHAR DEFAULT '' NOT NULL, kind VARCHAR DEFAULT '' NOT NULL, imported_at VARCHAR(24) NOT NULL,
        taken_out_at VARCHAR(24), organizations INTEGER NOT NULL, services INTEGER NOT NULL, id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_data_set PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE draft (
        form VARCHAR(40) NOT NULL, ref VARCHAR(80) NOT NULL, body VARCHAR DEFAULT '' NOT NULL,
        at VARCHAR(24) NOT NULL, CONSTRAINT pk_draft PRIMARY KEY (form, ref)
    )
    """,
    """
    CREATE TABLE journal_step (
        seq INTEGER NOT NULL, label VARCHAR NOT NULL, act VARCHAR(4) NOT NULL, made_at VARCHAR(24) NOT NULL,
        is_undoable BOOLEAN NOT NULL, reverses_seq INTEGER, CONSTRAINT pk_journal_step PRIMARY KEY (seq),
        CONSTRAINT fk_journal_step_reverses_seq FOREIGN KEY(reverses_seq) REFERENCES journal_step (seq)
    )
    """,
    """
    CREATE TABLE number_series (
        series VARCHAR(20) NOT NULL, year INTEGER NOT NULL, last INTEGER NOT NULL,
        CONSTRAINT pk_number_series PRIMARY KEY (series, year)
    )
    """,
    """
    CREATE TABLE search_doc (
        id INTEGER NOT NULL, kind VARCHAR(10) NOT NULL, ref VARCHAR(36) NOT NULL,
        CONSTRAINT pk_search_doc PRIMARY KEY (id), CONSTRAINT uq_search_doc_kind_ref UNIQUE (kind, ref)
    )
    """,
    """
    CREATE TABLE setting (
        "key" VARCHAR(60) NOT NULL, value VARCHAR DEFAULT '' NOT NULL, CONSTRAINT pk_setting PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE client_address (
        client_id VARCHAR(36) NOT NULL, position INTEGER NOT NULL, address VARCHAR DEFAULT '' NOT NULL,
        note VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        CONSTRAINT pk_client_address PRIMARY KEY (id), CONSTRAINT fk_client_address_client_id FOREIGN KEY(client_id)
        REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_client_address_client_id ON client_address (client_id)",
    """
    CREATE TABLE client_line (
        client_id VARCHAR(36) NOT NULL, is_closed BOOLEAN NOT NULL, due_key VARCHAR(16) NOT NULL,
        list_name VARCHAR NOT NULL, step_id VARCHAR(36), flag_id VARCHAR(36), high_concern BOOLEAN NOT NULL,
        waiting BOOLEAN NOT NULL, CONSTRAINT pk_client_line PRIMARY KEY (client_id),
        CONSTRAINT fk_client_line_client_id FOREIGN KEY(client_id)
        REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_client_line_concern ON client_line (high_concern, due_key, list_name, client_id)",
    "CREATE INDEX ix_client_line_due ON client_line (is_closed, due_key, list_name, client_id)",
    "CREATE INDEX ix_client_line_name ON client_line (is_closed, list_name, client_id)",
    "CREATE INDEX ix_client_line_waiting ON client_line (waiting, due_key, list_name, client_id)",
    """
    CREATE TABLE client_name (
        client_id VARCHAR(36) NOT NULL, name VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_client_name PRIMARY KEY (id),
        CONSTRAINT fk_client_name_client_id FOREIGN KEY(client_id)
        REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_client_name_client_id ON client_name (client_id)",
    """
    CREATE TABLE client_phone (
        client_id VARCHAR(36) NOT NULL, position INTEGER NOT NULL, number VARCHAR DEFAULT '' NOT NULL,
        kind VARCHAR(40) NOT NULL, safe_to_call VARCHAR(40) NOT NULL, voicemail VARCHAR(40) NOT NULL,
        voicemail_words VARCHAR DEFAULT '' NOT NULL, text_ok VARCHAR(40) NOT NULL,
        safe_hours VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        CONSTRAINT pk_client_phone PRIMARY KEY (id), CONSTRAINT fk_client_phone_client_id FOREIGN KEY(client_id)
        REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_client_phone_client_id ON client_phone (client_id)",
    """
    CREATE TABLE encounter (
        client_id VARCHAR(36) NOT NULL, number VARCHAR(12) NOT NULL, incident_number VARCHAR DEFAULT '' NOT NULL,
        report_number VARCHAR DEFAULT '' NOT NULL, contact_type VARCHAR(40) NOT NULL, requested_by VARCHAR(40),
        requested_by_name VARCHAR DEFAULT '' NOT NULL, began_at VARCHAR(24) NOT NULL, paged_at VARCHAR(24),
        en_route_at VARCHAR(24), on_scene_at VARCHAR(24), police_on_scene_at VARCHAR(24),
        officer_released_at VARCHAR(24), person_left_at VARCHAR(24), clear_at VARCHAR(24),
        documentation_minutes INTEGER, initial_nature VARCHAR(40), final_nature VARCHAR(40),
        needs VARCHAR DEFAULT '[]' NOT NULL, location_type VARCHAR(40), location VARCHAR DEFAULT '' NOT NULL,
        beat VARCHAR DEFAULT '' NOT NULL, people_present VARCHAR DEFAULT '' NOT NULL,
        minors_present VARCHAR(40) NOT NULL, behaviors VARCHAR DEFAULT '[]' NOT NULL,
        weapons VARCHAR DEFAULT '[]' NOT NULL, means_safety VARCHAR DEFAULT '' NOT NULL,
        substances VARCHAR DEFAULT '' NOT NULL, injuries VARCHAR DEFAULT '' NOT NULL, force_level VARCHAR(40),
        role VARCHAR(40), risk_words VARCHAR DEFAULT '' NOT NULL, collateral VARCHAR DEFAULT '' NOT NULL,
        transport VARCHAR DEFAULT '' NOT NULL, facility VARCHAR DEFAULT '' NOT NULL,
        narrative VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL, CONSTRAINT pk_encounter PRIMARY KEY (id),
        CONSTRAINT fk_encounter_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT uq_encounter_number UNIQUE (number)
    )
    """,
    "CREATE INDEX ix_encounter_began ON encounter (began_at, id)",
    "CREATE INDEX ix_encounter_client_began ON encounter (client_id, began_at)",
    """
    CREATE TABLE journal_row (
        id INTEGER NOT NULL, step_seq INTEGER NOT NULL, table_name VARCHAR(40) NOT NULL, row_key VARCHAR NOT NULL,
        "before" VARCHAR, "after" VARCHAR, CONSTRAINT pk_journal_row PRIMARY KEY (id),
        CONSTRAINT fk_journal_row_step_seq FOREIGN KEY(step_seq) REFERENCES journal_step (seq)
    )
    """,
    "CREATE INDEX ix_journal_row_step_seq ON journal_row (step_seq)",
    "CREATE INDEX ix_journal_row_table_key ON journal_row (table_name, row_key)",
    """
    CREATE TABLE organization (
        name VARCHAR DEFAULT '' NOT NULL, alternate_name VARCHAR DEFAULT '' NOT NULL,
        description VARCHAR DEFAULT '' NOT NULL, email VARCHAR DEFAULT '' NOT NULL,
        website VARCHAR DEFAULT '' NOT NULL, tax_status VARCHAR DEFAULT '' NOT NULL,
        tax_id VARCHAR DEFAULT '' NOT NULL, year_incorporated VARCHAR DEFAULT '' NOT NULL,
        legal_status VARCHAR DEFAULT '' NOT NULL, data_set_id VARCHAR(36), source_id VARCHAR DEFAULT '' NOT NULL,
        id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL, set_aside_at VARCHAR(24),
        set_aside_reason VARCHAR NOT NULL, CONSTRAINT pk_organization PRIMARY KEY (id),
        CONSTRAINT fk_organization_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_organization_data_set_id ON organization (data_set_id)",
    """
    CREATE TABLE related_person (
        client_id VARCHAR(36) NOT NULL, name VARCHAR DEFAULT '' NOT NULL, relationship VARCHAR DEFAULT '' NOT NULL,
        phone VARCHAR DEFAULT '' NOT NULL, may_contact VARCHAR(40) NOT NULL, lives_with BOOLEAN NOT NULL,
        note VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL, CONSTRAINT pk_related_person PRIMARY KEY (id),
        CONSTRAINT fk_related_person_client_id FOREIGN KEY(client_id)
        REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_related_person_client_id ON related_person (client_id)",
    """
    CREATE TABLE response_plan (
        client_id VARCHAR(36) NOT NULL, opens_with VARCHAR DEFAULT '' NOT NULL, avoid VARCHAR DEFAULT '' NOT NULL,
        ask_for VARCHAR DEFAULT '' NOT NULL, planned_on DATE, reviewed_with_client BOOLEAN NOT NULL,
        id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_response_plan PRIMARY KEY (id),
        CONSTRAINT uq_response_plan_client_id UNIQUE (client_id),
        CONSTRAINT fk_response_plan_client_id FOREIGN KEY(client_id)
        REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    """
    CREATE TABLE safety_flag (
        client_id VARCHAR(36) NOT NULL, kind VARCHAR(40) NOT NULL, words VARCHAR DEFAULT '' NOT NULL,
        severity VARCHAR(40) NOT NULL, reason VARCHAR DEFAULT '' NOT NULL, source VARCHAR DEFAULT '' NOT NULL,
        set_on DATE, review_on DATE, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL, CONSTRAINT pk_safety_flag PRIMARY KEY (id),
        CONSTRAINT fk_safety_flag_client_id FOREIGN KEY(client_id)
        REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_safety_flag_client_id ON safety_flag (client_id)",
    """
    CREATE TABLE taxonomy_term (
        code VARCHAR DEFAULT '' NOT NULL, name VARCHAR DEFAULT '' NOT NULL, description VARCHAR DEFAULT '' NOT NULL,
        parent_id VARCHAR(36), taxonomy VARCHAR DEFAULT '' NOT NULL, data_set_id VARCHAR(36),
        source_id VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        CONSTRAINT pk_taxonomy_term PRIMARY KEY (id), CONSTRAINT fk_taxonomy_term_parent_id FOREIGN KEY(parent_id)
        REFERENCES taxonomy_term (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_taxonomy_term_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_taxonomy_term_data_set_id ON taxonomy_term (data_set_id)",
    """
    CREATE TABLE disposition (
        encounter_id VARCHAR(36) NOT NULL, position INTEGER NOT NULL, ending VARCHAR(40) NOT NULL,
        id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_disposition PRIMARY KEY (id),
        CONSTRAINT uq_disposition_encounter_id_ending UNIQUE (encounter_id, ending),
        CONSTRAINT fk_disposition_encounter_id FOREIGN KEY(encounter_id)
        REFERENCES encounter (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_disposition_encounter_id ON disposition (encounter_id)",
    """
    CREATE TABLE location (
        organization_id VARCHAR(36), location_type VARCHAR(40) NOT NULL, name VARCHAR DEFAULT '' NOT NULL,
        alternate_name VARCHAR DEFAULT '' NOT NULL, description VARCHAR DEFAULT '' NOT NULL,
        transportation VARCHAR DEFAULT '' NOT NULL, accessibility VARCHAR DEFAULT '' NOT NULL,
        url VARCHAR DEFAULT '' NOT NULL, latitude DOUBLE, longitude DOUBLE, is_private BOOLEAN NOT NULL,
        data_set_id VARCHAR(36), source_id VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL,
        CONSTRAINT pk_location PRIMARY KEY (id), CONSTRAINT fk_location_organization_id FOREIGN KEY(organization_id)
        REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_location_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_location_data_set_id ON location (data_set_id)",
    "CREATE INDEX ix_location_organization_id ON location (organization_id)",
    """
    CREATE TABLE note (
        client_id VARCHAR(36) NOT NULL, encounter_id VARCHAR(36), amends_id VARCHAR(36), kind VARCHAR(40) NOT NULL,
        status VARCHAR(40) NOT NULL, body VARCHAR DEFAULT '' NOT NULL, written_at VARCHAR(24) NOT NULL,
        signed_at VARCHAR(24), signed_by VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL,
        CONSTRAINT pk_note PRIMARY KEY (id),
        CONSTRAINT fk_note_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_note_encounter_id FOREIGN KEY(encounter_id)
        REFERENCES encounter (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_note_amends_id FOREIGN KEY(amends_id) REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_note_client_written ON note (client_id, written_at)",
    "CREATE INDEX ix_note_encounter_id ON note (encounter_id)",
    "CREATE INDEX ix_note_status_written ON note (status, written_at)",
    """
    CREATE TABLE release (
        client_id VARCHAR(36) NOT NULL, organization_id VARCHAR(36), recipient VARCHAR DEFAULT '' NOT NULL,
        recipient_contact VARCHAR DEFAULT '' NOT NULL, direction VARCHAR(40) NOT NULL,
        scopes VARCHAR DEFAULT '[]' NOT NULL, purpose VARCHAR DEFAULT '' NOT NULL, status VARCHAR(40) NOT NULL,
        signed_on DATE, expires_on DATE, signed_by VARCHAR DEFAULT '' NOT NULL, revoked_on DATE,
        id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL, set_aside_at VARCHAR(24),
        set_aside_reason VARCHAR NOT NULL, CONSTRAINT pk_release PRIMARY KEY (id),
        CONSTRAINT fk_release_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_release_organization_id FOREIGN KEY(organization_id)
        REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_release_client_id ON release (client_id)",
    "CREATE INDEX ix_release_organization_id ON release (organization_id)",
    "CREATE INDEX ix_release_status_expires ON release (status, expires_on)",
    """
    CREATE TABLE service (
        organization_id VARCHAR(36) NOT NULL, name VARCHAR DEFAULT '' NOT NULL, list_name VARCHAR DEFAULT '' NOT NULL,
        alternate_name VARCHAR DEFAULT '' NOT NULL, description VARCHAR DEFAULT '' NOT NULL,
        url VARCHAR DEFAULT '' NOT NULL, email VARCHAR DEFAULT '' NOT NULL, status VARCHAR(40) NOT NULL,
        interpretation_services VARCHAR DEFAULT '' NOT NULL, application_process VARCHAR DEFAULT '' NOT NULL,
        fees_description VARCHAR DEFAULT '' NOT NULL, insurance VARCHAR DEFAULT '' NOT NULL,
        wait_time VARCHAR DEFAULT '' NOT NULL, accreditations VARCHAR DEFAULT '' NOT NULL,
        licenses VARCHAR DEFAULT '' NOT NULL, eligibility_description VARCHAR DEFAULT '' NOT NULL, minimum_age DOUBLE,
        maximum_age DOUBLE, ages_from_words BOOLEAN NOT NULL, alert VARCHAR DEFAULT '' NOT NULL,
        keywords VARCHAR DEFAULT '' NOT NULL, documents VARCHAR DEFAULT '' NOT NULL,
        what_happens VARCHAR DEFAULT '' NOT NULL, say_this VARCHAR DEFAULT '' NOT NULL,
        service_area VARCHAR DEFAULT '' NOT NULL, languages VARCHAR DEFAULT '' NOT NULL, assured_on DATE,
        assurer VARCHAR DEFAULT '' NOT NULL, checked_on DATE, modified_on DATE, edited_at VARCHAR(24),
        data_set_id VARCHAR(36), source_id VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL,
        CONSTRAINT pk_service PRIMARY KEY (id), CONSTRAINT fk_service_organization_id FOREIGN KEY(organization_id)
        REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_service_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_service_data_set_id ON service (data_set_id)",
    "CREATE INDEX ix_service_list_name ON service (list_name, id)",
    "CREATE INDEX ix_service_organization_id ON service (organization_id)",
    """
    CREATE TABLE address (
        location_id VARCHAR(36) NOT NULL, address_type VARCHAR(40) NOT NULL, attention VARCHAR DEFAULT '' NOT NULL,
        address_1 VARCHAR DEFAULT '' NOT NULL, address_2 VARCHAR DEFAULT '' NOT NULL,
        city VARCHAR DEFAULT '' NOT NULL, region VARCHAR DEFAULT '' NOT NULL,
        state_province VARCHAR DEFAULT '' NOT NULL, postal_code VARCHAR DEFAULT '' NOT NULL,
        country VARCHAR DEFAULT '' NOT NULL, data_set_id VARCHAR(36), source_id VARCHAR DEFAULT '' NOT NULL,
        id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_address PRIMARY KEY (id),
        CONSTRAINT fk_address_location_id FOREIGN KEY(location_id)
        REFERENCES location (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_address_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_address_data_set_id ON address (data_set_id)",
    "CREATE INDEX ix_address_location_id ON address (location_id)",
    """
    CREATE TABLE contact (
        organization_id VARCHAR(36), service_id VARCHAR(36), location_id VARCHAR(36),
        name VARCHAR DEFAULT '' NOT NULL, title VARCHAR DEFAULT '' NOT NULL, department VARCHAR DEFAULT '' NOT NULL,
        email VARCHAR DEFAULT '' NOT NULL, data_set_id VARCHAR(36), source_id VARCHAR DEFAULT '' NOT NULL,
        id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_contact PRIMARY KEY (id),
        CONSTRAINT fk_contact_organization_id FOREIGN KEY(organization_id)
        REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_contact_service_id FOREIGN KEY(service_id)
        REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_contact_location_id FOREIGN KEY(location_id)
        REFERENCES location (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_contact_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_contact_data_set_id ON contact (data_set_id)",
    "CREATE INDEX ix_contact_location_id ON contact (location_id)",
    "CREATE INDEX ix_contact_organization_id ON contact (organization_id)",
    "CREATE INDEX ix_contact_service_id ON contact (service_id)",
    """
    CREATE TABLE private_notes (
        service_id VARCHAR(36) NOT NULL, back_line VARCHAR DEFAULT '' NOT NULL,
        who_answers VARCHAR DEFAULT '' NOT NULL, what_helps VARCHAR DEFAULT '' NOT NULL,
        said_no_to VARCHAR DEFAULT '' NOT NULL, fax VARCHAR DEFAULT '' NOT NULL, reply_days INTEGER, rating INTEGER,
        id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_private_notes PRIMARY KEY (id),
        CONSTRAINT uq_private_notes_service_id UNIQUE (service_id),
        CONSTRAINT fk_private_notes_service_id FOREIGN KEY(service_id)
        REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    """
    CREATE TABLE referral (
        number VARCHAR(12) NOT NULL, client_id VARCHAR(36) NOT NULL, service_id VARCHAR(36), encounter_id VARCHAR(36),
        need VARCHAR(40), sentence VARCHAR DEFAULT '' NOT NULL, urgency VARCHAR(40) NOT NULL,
        hand_off VARCHAR(40) NOT NULL, wants VARCHAR DEFAULT '' NOT NULL, has VARCHAR DEFAULT '' NOT NULL,
        tried VARCHAR DEFAULT '' NOT NULL, spoke_with VARCHAR DEFAULT '' NOT NULL, client_agreed BOOLEAN NOT NULL,
        date_in_hand BOOLEAN NOT NULL, ride_solved BOOLEAN NOT NULL, release_id VARCHAR(36), basis VARCHAR(40),
        basis_reason VARCHAR DEFAULT '' NOT NULL, state VARCHAR(40) NOT NULL, state_at VARCHAR(24),
        sent_at VARCHAR(24), closed_at VARCHAR(24), id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL, CONSTRAINT pk_referral PRIMARY KEY (id),
        CONSTRAINT uq_referral_number UNIQUE (number),
        CONSTRAINT fk_referral_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_referral_service_id FOREIGN KEY(service_id)
        REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_referral_encounter_id FOREIGN KEY(encounter_id)
        REFERENCES encounter (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_referral_release_id FOREIGN KEY(release_id)
        REFERENCES release (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_referral_client ON referral (client_id)",
    "CREATE INDEX ix_referral_closed ON referral (closed_at, id, client_id) WHERE set_aside_at IS NULL",
    "CREATE INDEX ix_referral_service ON referral (service_id)",
    "CREATE INDEX ix_referral_state_number ON referral (state, number)",
    "CREATE INDEX ix_referral_state_sent ON referral (state, sent_at)",
    """
    CREATE TABLE schedule (
        service_id VARCHAR(36), location_id VARCHAR(36), valid_from DATE, valid_to DATE, starts_on DATE,
        freq VARCHAR DEFAULT '' NOT NULL, interval INTEGER, byday VARCHAR DEFAULT '' NOT NULL,
        bymonthday VARCHAR DEFAULT '' NOT NULL, opens_at VARCHAR(5) DEFAULT '' NOT NULL,
        closes_at VARCHAR(5) DEFAULT '' NOT NULL, is_closed BOOLEAN NOT NULL, description VARCHAR DEFAULT '' NOT NULL,
        data_set_id VARCHAR(36), source_id VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_schedule PRIMARY KEY (id),
        CONSTRAINT fk_schedule_service_id FOREIGN KEY(service_id)
        REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_schedule_location_id FOREIGN KEY(location_id)
        REFERENCES location (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_schedule_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_schedule_data_set_id ON schedule (data_set_id)",
    "CREATE INDEX ix_schedule_location_id ON schedule (location_id)",
    "CREATE INDEX ix_schedule_service_id ON schedule (service_id)",
    """
    CREATE TABLE service_at_location (
        service_id VARCHAR(36) NOT NULL, location_id VARCHAR(36) NOT NULL, description VARCHAR DEFAULT '' NOT NULL,
        data_set_id VARCHAR(36), source_id VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_service_at_location PRIMARY KEY (id),
        CONSTRAINT fk_service_at_location_service_id FOREIGN KEY(service_id)
        REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_service_at_location_location_id FOREIGN KEY(location_id)
        REFERENCES location (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_service_at_location_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_service_at_location_data_set_id ON service_at_location (data_set_id)",
    "CREATE INDEX ix_service_at_location_location_id ON service_at_location (location_id)",
    "CREATE INDEX ix_service_at_location_service_id ON service_at_location (service_id)",
    """
    CREATE TABLE service_check (
        service_id VARCHAR(36) NOT NULL, checked_on DATE NOT NULL, how VARCHAR(40) NOT NULL,
        result VARCHAR(40) NOT NULL, "by" VARCHAR DEFAULT '' NOT NULL, note VARCHAR DEFAULT '' NOT NULL,
        id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_service_check PRIMARY KEY (id),
        CONSTRAINT fk_service_check_service_id FOREIGN KEY(service_id)
        REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_service_check_service_checked ON service_check (service_id, checked_on)",
    """
    CREATE TABLE service_need (
        service_id VARCHAR(36) NOT NULL, need VARCHAR(40) NOT NULL, data_set_id VARCHAR(36),
        CONSTRAINT pk_service_need PRIMARY KEY (service_id, need),
        CONSTRAINT fk_service_need_service_id FOREIGN KEY(service_id)
        REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_service_need_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_service_need_data_set_id ON service_need (data_set_id)",
    """
    CREATE TABLE service_term (
        service_id VARCHAR(36) NOT NULL, term_id VARCHAR(36) NOT NULL, data_set_id VARCHAR(36),
        CONSTRAINT pk_service_term PRIMARY KEY (service_id, term_id),
        CONSTRAINT fk_service_term_service_id FOREIGN KEY(service_id)
        REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT fk_service_term_term_id FOREIGN KEY(term_id)
        REFERENCES taxonomy_term (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_service_term_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_service_term_data_set_id ON service_term (data_set_id)",
    "CREATE INDEX ix_service_term_term_id ON service_term (term_id)",
    """
    CREATE TABLE followup (
        client_id VARCHAR(36) NOT NULL, referral_id VARCHAR(36), encounter_id VARCHAR(36), kind VARCHAR(40) NOT NULL,
        what VARCHAR DEFAULT '' NOT NULL, due_on DATE NOT NULL, due_at TIME, moved_from DATE,
        state VARCHAR(40) NOT NULL, closed_at VARCHAR(24), outcome VARCHAR DEFAULT '' NOT NULL,
        id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL, set_aside_at VARCHAR(24),
        set_aside_reason VARCHAR NOT NULL, CONSTRAINT pk_followup PRIMARY KEY (id),
        CONSTRAINT fk_followup_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_followup_referral_id FOREIGN KEY(referral_id)
        REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_followup_encounter_id FOREIGN KEY(encounter_id)
        REFERENCES encounter (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_followup_client ON followup (client_id, state, due_on, due_at)",
    "CREATE INDEX ix_followup_referral ON followup (referral_id, state, due_on, due_at)",
    "CREATE INDEX ix_followup_state_due ON followup (state, due_on, due_at, id)",
    """
    CREATE TABLE packet (
        referral_id VARCHAR(36) NOT NULL, client_id VARCHAR(36) NOT NULL, number VARCHAR(6) NOT NULL,
        pages VARCHAR DEFAULT '[]' NOT NULL, first_printed_at VARCHAR(24), id VARCHAR(36) NOT NULL,
        created_at VARCHAR(24) NOT NULL, CONSTRAINT pk_packet PRIMARY KEY (id),
        CONSTRAINT fk_packet_referral_id FOREIGN KEY(referral_id)
        REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_packet_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT uq_packet_number UNIQUE (number)
    )
    """,
    "CREATE INDEX ix_packet_client_id ON packet (client_id)",
    "CREATE INDEX ix_packet_referral_id ON packet (referral_id)",
    """
    CREATE TABLE phone (
        organization_id VARCHAR(36), service_id VARCHAR(36), location_id VARCHAR(36), contact_id VARCHAR(36),
        position INTEGER NOT NULL, number VARCHAR DEFAULT '' NOT NULL, extension VARCHAR DEFAULT '' NOT NULL,
        type VARCHAR(40) NOT NULL, description VARCHAR DEFAULT '' NOT NULL, data_set_id VARCHAR(36),
        source_id VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        CONSTRAINT pk_phone PRIMARY KEY (id), CONSTRAINT fk_phone_organization_id FOREIGN KEY(organization_id)
        REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_phone_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_phone_location_id FOREIGN KEY(location_id)
        REFERENCES location (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_phone_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_phone_data_set_id FOREIGN KEY(data_set_id)
        REFERENCES data_set (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_phone_data_set_id ON phone (data_set_id)",
    "CREATE INDEX ix_phone_location_id ON phone (location_id)",
    "CREATE INDEX ix_phone_organization_id ON phone (organization_id)",
    "CREATE INDEX ix_phone_service_id ON phone (service_id)",
    """
    CREATE TABLE referral_event (
        referral_id VARCHAR(36) NOT NULL, at VARCHAR(24) NOT NULL, state VARCHAR(40) NOT NULL, told_by VARCHAR(40),
        note VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        CONSTRAINT pk_referral_event PRIMARY KEY (id),
        CONSTRAINT fk_referral_event_referral_id FOREIGN KEY(referral_id)
        REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_referral_event_referral_at ON referral_event (referral_id, at)",
    """
    CREATE TABLE attachment (
        client_id VARCHAR(36) NOT NULL, referral_id VARCHAR(36), packet_id VARCHAR(36), kind VARCHAR(40) NOT NULL,
        title VARCHAR DEFAULT '' NOT NULL, media_type VARCHAR(60) NOT NULL, pages INTEGER NOT NULL,
        sha256 VARCHAR(64) NOT NULL, content BLOB NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL, CONSTRAINT pk_attachment PRIMARY KEY (id),
        CONSTRAINT fk_attachment_client_id FOREIGN KEY(client_id)
        REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_attachment_referral_id FOREIGN KEY(referral_id)
        REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_attachment_packet_id FOREIGN KEY(packet_id) REFERENCES packet (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_attachment_client_id ON attachment (client_id)",
    "CREATE INDEX ix_attachment_referral_id ON attachment (referral_id)",
    """
    CREATE TABLE attempt (
        client_id VARCHAR(36) NOT NULL, followup_id VARCHAR(36), referral_id VARCHAR(36),
        made_at VARCHAR(24) NOT NULL, channel VARCHAR(40) NOT NULL, number_used VARCHAR DEFAULT '' NOT NULL,
        result VARCHAR(40) NOT NULL, minutes INTEGER, "by" VARCHAR DEFAULT '' NOT NULL,
        note VARCHAR DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        set_aside_at VARCHAR(24), set_aside_reason VARCHAR NOT NULL, CONSTRAINT pk_attempt PRIMARY KEY (id),
        CONSTRAINT fk_attempt_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_attempt_followup_id FOREIGN KEY(followup_id)
        REFERENCES followup (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_attempt_referral_id FOREIGN KEY(referral_id)
        REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_attempt_client_made ON attempt (client_id, made_at)",
    "CREATE INDEX ix_attempt_followup ON attempt (followup_id)",
    """
    CREATE TABLE disclosure (
        client_id VARCHAR(36) NOT NULL, referral_id VARCHAR(36), packet_id VARCHAR(36), release_id VARCHAR(36),
        attachment_id VARCHAR(36), made_at VARCHAR(24) NOT NULL, audience VARCHAR(40) NOT NULL,
        recipient VARCHAR DEFAULT '' NOT NULL, how VARCHAR(40) NOT NULL, basis VARCHAR(40) NOT NULL,
        reason VARCHAR DEFAULT '' NOT NULL, what VARCHAR DEFAULT '' NOT NULL, pages INTEGER NOT NULL,
        sha256 VARCHAR(64) DEFAULT '' NOT NULL, id VARCHAR(36) NOT NULL, created_at VARCHAR(24) NOT NULL,
        CONSTRAINT pk_disclosure PRIMARY KEY (id), CONSTRAINT fk_disclosure_client_id FOREIGN KEY(client_id)
        REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_disclosure_referral_id FOREIGN KEY(referral_id)
        REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_disclosure_packet_id FOREIGN KEY(packet_id)
        REFERENCES packet (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_disclosure_release_id FOREIGN KEY(release_id)
        REFERENCES release (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_disclosure_attachment_id FOREIGN KEY(attachment_id)
        REFERENCES attachment (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX ix_disclosure_client_made ON disclosure (client_id, made_at)",
    "CREATE INDEX ix_disclosure_referral_id ON disclosure (referral_id)",
)

# A name that is removed leaves no trace in its index. The others are scrubbed by a purge: to scrub a note's 300 words
# or the numbers of 500 encounters at each save would take 0.1 s to 0.5 s.
_SECURE = ("fts_client",)
_WORDS = "tokenize = 'unicode61 remove_diacritics 2'"
_INDEXES = {
    "fts_client": f"name, sound, other, {_WORDS}, prefix = '1 2 3'",
    "fts_number": "numbers, tokenize = 'unicode61', prefix = '4 5 6', detail = none",
    "fts_service": f"name, agency, other, numbers, {_WORDS}, prefix = '1 2 3'",
    "fts_note": f"body, detail = none, {_WORDS}, prefix = '2 3'",
}

_TRIGGERS = tuple(
    f"""
    CREATE TRIGGER audit_refuses_{verb} BEFORE {verb} ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
    """
    for verb in ("update", "delete")
)

# Each after those that refer to it.
_NAMES = (
    "disclosure",
    "attempt",
    "attachment",
    "referral_event",
    "phone",
    "packet",
    "followup",
    "service_term",
    "service_need",
    "service_check",
    "service_at_location",
    "schedule",
    "referral",
    "private_notes",
    "contact",
    "address",
    "service",
    "release",
    "note",
    "location",
    "disposition",
    "taxonomy_term",
    "safety_flag",
    "response_plan",
    "related_person",
    "organization",
    "journal_row",
    "encounter",
    "client_phone",
    "client_name",
    "client_line",
    "client_address",
    "setting",
    "search_doc",
    "number_series",
    "journal_step",
    "draft",
    "data_set",
    "client",
    "audit",
)


def upgrade() -> None:
    """Make it all."""
    for statement in _TABLES:
        op.execute(statement)
    for name, what in _INDEXES.items():
        op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5({what})")
    for name in _SECURE:
        op.execute(f"INSERT INTO {name}({name}, rank) VALUES ('secure-delete', 1)")  # noqa: S608  our own names
    for statement in _TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    """Take it all away."""
    for name in (*_INDEXES, *_NAMES):
        op.execute(f"DROP TABLE {name}")
