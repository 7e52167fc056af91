CREATE TABLE "api_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"name" text NOT NULL,
	"owner" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"run_id" text NOT NULL,
	"role" text NOT NULL,
	"position" integer NOT NULL,
	"file" text NOT NULL,
	"media_type" text NOT NULL,
	"bytes" double precision NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "artifacts_run_id_role_pk" PRIMARY KEY("run_id","role")
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"id" text PRIMARY KEY NOT NULL,
	"track_digest" text NOT NULL,
	"spec_digest" text NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exit_results" (
	"run_id" text NOT NULL,
	"k" integer NOT NULL,
	"after" text,
	"isolated_macs" double precision,
	"sequential_macs" double precision NOT NULL,
	"parameters" double precision,
	"top1" double precision NOT NULL,
	"top5" double precision NOT NULL,
	"nll" double precision NOT NULL,
	"ece" double precision NOT NULL,
	"auroc" double precision,
	"correct" "bytea" NOT NULL,
	CONSTRAINT "exit_results_run_id_k_pk" PRIMARY KEY("run_id","k")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"token_id" text NOT NULL,
	"key" text NOT NULL,
	"request_digest" text NOT NULL,
	"status" smallint,
	"response" json,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_token_id_key_pk" PRIMARY KEY("token_id","key")
);
--> statement-breakpoint
CREATE TABLE "papers" (
	"id" text PRIMARY KEY NOT NULL,
	"citation" json NOT NULL,
	"caveats" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "published_results" (
	"id" text PRIMARY KEY NOT NULL,
	"paper_id" text NOT NULL,
	"position" integer NOT NULL,
	"dataset" text NOT NULL,
	"subset" text,
	"architecture" text NOT NULL,
	"method" text NOT NULL,
	"bench_method" text,
	"variant" text NOT NULL,
	"exit" text NOT NULL,
	"k" integer,
	"metric" text NOT NULL,
	"value" double precision NOT NULL,
	"ci95" double precision,
	"flops_millions" double precision,
	"parameters_millions" double precision,
	"runs" text,
	"table" text NOT NULL,
	"url" text NOT NULL,
	"caveats" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"full_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"entry_id" text NOT NULL,
	"seed" bigint NOT NULL,
	"tier" text NOT NULL,
	"backend" text NOT NULL,
	"parameters" double precision NOT NULL,
	"wall_seconds" double precision NOT NULL,
	"deterministic" boolean NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"manifest_digest" text NOT NULL,
	"manifest" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "specs" (
	"digest" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"method" text NOT NULL,
	"backbone" text NOT NULL,
	"head" text NOT NULL,
	"dataset" text NOT NULL,
	"exits" integer NOT NULL,
	"document" json NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "submission_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"submission_id" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "submission_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"submission_id" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"line" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "submission_runs" (
	"submission_id" text NOT NULL,
	"run_id" text NOT NULL,
	CONSTRAINT "submission_runs_submission_id_run_id_pk" PRIMARY KEY("submission_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"id" text PRIMARY KEY NOT NULL,
	"spec_digest" text NOT NULL,
	"spec" json NOT NULL,
	"state" text NOT NULL,
	"token_id" text,
	"submitter" text NOT NULL,
	"total_macs" double precision NOT NULL,
	"progress" json,
	"worker" text,
	"cancel_requested_at" timestamp (3) with time zone,
	"failure" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tracks" (
	"digest" text PRIMARY KEY NOT NULL,
	"dataset" text NOT NULL,
	"document" json NOT NULL
);
--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_track_digest_tracks_digest_fk" FOREIGN KEY ("track_digest") REFERENCES "public"."tracks"("digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_spec_digest_specs_digest_fk" FOREIGN KEY ("spec_digest") REFERENCES "public"."specs"("digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exit_results" ADD CONSTRAINT "exit_results_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_token_id_api_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."api_tokens"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "published_results" ADD CONSTRAINT "published_results_paper_id_papers_id_fk" FOREIGN KEY ("paper_id") REFERENCES "public"."papers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_entry_id_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission_events" ADD CONSTRAINT "submission_events_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission_log" ADD CONSTRAINT "submission_log_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission_runs" ADD CONSTRAINT "submission_runs_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission_runs" ADD CONSTRAINT "submission_runs_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_token_id_api_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."api_tokens"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_tokens_owner" ON "api_tokens" USING btree ("owner");--> statement-breakpoint
CREATE INDEX "artifacts_sha256" ON "artifacts" USING btree ("sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "entries_track_spec" ON "entries" USING btree ("track_digest","spec_digest");--> statement-breakpoint
CREATE INDEX "entries_track" ON "entries" USING btree ("track_digest","published_at","id");--> statement-breakpoint
CREATE INDEX "entries_spec" ON "entries" USING btree ("spec_digest");--> statement-breakpoint
CREATE INDEX "entries_published" ON "entries" USING btree ("published_at","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expiry" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "published_results_dataset" ON "published_results" USING btree ("dataset","architecture","method");--> statement-breakpoint
CREATE INDEX "published_results_method" ON "published_results" USING btree ("bench_method");--> statement-breakpoint
CREATE INDEX "published_results_paper" ON "published_results" USING btree ("paper_id","position");--> statement-breakpoint
CREATE INDEX "rate_limits_full" ON "rate_limits" USING btree ("full_at");--> statement-breakpoint
CREATE INDEX "runs_entry" ON "runs" USING btree ("entry_id","seed","finished_at","id");--> statement-breakpoint
CREATE INDEX "runs_published" ON "runs" USING btree ("published_at","id");--> statement-breakpoint
CREATE INDEX "runs_backend" ON "runs" USING btree ("backend");--> statement-breakpoint
CREATE INDEX "runs_tier" ON "runs" USING btree ("tier");--> statement-breakpoint
CREATE INDEX "specs_name" ON "specs" USING btree ("name");--> statement-breakpoint
CREATE INDEX "specs_method" ON "specs" USING btree ("method","backbone");--> statement-breakpoint
CREATE INDEX "specs_published" ON "specs" USING btree ("published_at","digest");--> statement-breakpoint
CREATE INDEX "submission_events_submission" ON "submission_events" USING btree ("submission_id","id");--> statement-breakpoint
CREATE INDEX "submission_log_submission" ON "submission_log" USING btree ("submission_id","id");--> statement-breakpoint
CREATE INDEX "submission_runs_run" ON "submission_runs" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "submissions_state" ON "submissions" USING btree ("state","created_at","id");--> statement-breakpoint
CREATE INDEX "submissions_created" ON "submissions" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "submissions_spec" ON "submissions" USING btree ("spec_digest");--> statement-breakpoint
CREATE INDEX "submissions_token" ON "submissions" USING btree ("token_id");--> statement-breakpoint
CREATE INDEX "tracks_dataset" ON "tracks" USING btree ("dataset");