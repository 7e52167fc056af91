CREATE TABLE "data_changes" (
	"transaction" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "data_version" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"version" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "data_version_one" CHECK ("data_version"."one")
);
--> statement-breakpoint
INSERT INTO "data_version" ("version", "changed_at") VALUES (gen_random_uuid()::text, now());--> statement-breakpoint
CREATE FUNCTION "note_public_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO "data_changes" VALUES (pg_current_xact_id()::text) ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION "renew_data_version"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "data_version" SET "version" = gen_random_uuid()::text, "changed_at" = clock_timestamp();
	DELETE FROM "data_changes" WHERE "transaction" = NEW."transaction";
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "renew_data_version" AFTER INSERT ON "data_changes" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "renew_data_version"();--> statement-breakpoint
DO $$
DECLARE "name" text;
BEGIN
	FOREACH "name" IN ARRAY ARRAY['tracks', 'specs', 'entries', 'runs', 'exit_results', 'entry_aggregates', 'track_aggregates', 'artifacts', 'signing_keys', 'run_signatures', 'ledger_entries', 'papers', 'published_results', 'submission_runs', 'verdicts'] LOOP
		EXECUTE format('CREATE TRIGGER "note_public_change" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION "note_public_change"()', "name");
	END LOOP;
END $$;--> statement-breakpoint
CREATE TRIGGER "note_public_change" AFTER UPDATE OF "state" ON "submissions" FOR EACH ROW WHEN (OLD."state" IS DISTINCT FROM NEW."state") EXECUTE FUNCTION "note_public_change"(); -- workers write to it all the time
