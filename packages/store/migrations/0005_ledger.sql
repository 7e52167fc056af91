CREATE TABLE "ledger_entries" (
	"index" bigint PRIMARY KEY NOT NULL,
	"leaf" text NOT NULL,
	"kind" text NOT NULL,
	"run_id" text NOT NULL,
	"spec_digest" text NOT NULL,
	"experiment_digest" text NOT NULL,
	"seed" bigint NOT NULL,
	"key" text,
	"at" timestamp (3) with time zone NOT NULL,
	"evidence" json
);
--> statement-breakpoint
CREATE TABLE "ledger_nodes" (
	"level" integer NOT NULL,
	"index" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "ledger_nodes_level_index_pk" PRIMARY KEY("level","index")
);
--> statement-breakpoint
CREATE TABLE "run_signatures" (
	"run_id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"envelope" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"key" text PRIMARY KEY NOT NULL,
	"owner" text,
	"first_seen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "key" text;--> statement-breakpoint
ALTER TABLE "run_signatures" ADD CONSTRAINT "run_signatures_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ledger_entries_run" ON "ledger_entries" USING btree ("run_id","index");--> statement-breakpoint
CREATE INDEX "ledger_entries_spec" ON "ledger_entries" USING btree ("spec_digest","index");--> statement-breakpoint
CREATE INDEX "ledger_entries_experiment" ON "ledger_entries" USING btree ("experiment_digest","index");--> statement-breakpoint
CREATE INDEX "ledger_entries_kind" ON "ledger_entries" USING btree ("kind","index");--> statement-breakpoint
CREATE INDEX "run_signatures_key" ON "run_signatures" USING btree ("key");--> statement-breakpoint
CREATE FUNCTION "refuse_change_of_ledger"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'The ledger is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;--> statement-breakpoint
CREATE TRIGGER "ledger_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_entries" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_ledger"();--> statement-breakpoint
CREATE TRIGGER "ledger_nodes_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_nodes" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_ledger"();
