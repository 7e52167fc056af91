CREATE FUNCTION "note_public_rows"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM "changed") THEN
		INSERT INTO "data_changes" VALUES (pg_current_xact_id()::text) ON CONFLICT DO NOTHING;
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
DO $$
DECLARE "name" text;
BEGIN
	FOREACH "name" IN ARRAY ARRAY['tracks', 'specs', 'entries', 'runs', 'exit_results', 'entry_aggregates', 'track_aggregates', 'artifacts', 'signing_keys', 'run_signatures', 'ledger_entries', 'papers', 'published_results', 'submission_runs', 'verdicts'] LOOP
		EXECUTE format('DROP TRIGGER "note_public_change" ON %I', "name");
		EXECUTE format('CREATE TRIGGER "note_public_change" AFTER TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION "note_public_change"()', "name");
		EXECUTE format('CREATE TRIGGER "note_public_insert" AFTER INSERT ON %I REFERENCING NEW TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "note_public_rows"()', "name");
		EXECUTE format('CREATE TRIGGER "note_public_update" AFTER UPDATE ON %I REFERENCING NEW TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "note_public_rows"()', "name");
		EXECUTE format('CREATE TRIGGER "note_public_delete" AFTER DELETE ON %I REFERENCING OLD TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "note_public_rows"()', "name");
	END LOOP;
END $$;
