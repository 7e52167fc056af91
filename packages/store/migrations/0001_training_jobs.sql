CREATE TABLE "batch_events" (
	"id" text PRIMARY KEY NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "training_jobs" (
	"run_id" text PRIMARY KEY NOT NULL,
	"submission_id" text NOT NULL,
	"seed" bigint NOT NULL,
	"state" text NOT NULL,
	"batch_job_id" text,
	"batch_status" text,
	"attempt" integer DEFAULT 0 NOT NULL,
	"log_stream" text,
	"progress" json,
	"cancel_requested_at" timestamp (3) with time zone,
	"failure" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"submitted_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "launcher" text DEFAULT 'local' NOT NULL;--> statement-breakpoint
ALTER TABLE "training_jobs" ADD CONSTRAINT "training_jobs_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "batch_events_received" ON "batch_events" USING btree ("received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "training_jobs_seed" ON "training_jobs" USING btree ("submission_id","seed");--> statement-breakpoint
CREATE UNIQUE INDEX "training_jobs_batch" ON "training_jobs" USING btree ("batch_job_id");--> statement-breakpoint
CREATE INDEX "training_jobs_state" ON "training_jobs" USING btree ("state","updated_at");