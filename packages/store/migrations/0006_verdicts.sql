CREATE TABLE "verdicts" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"check" text NOT NULL,
	"verdict" text NOT NULL,
	"effect" text NOT NULL,
	"summary" text NOT NULL,
	"cause" text,
	"evidence" json NOT NULL,
	"checker" text NOT NULL,
	"third_party" boolean NOT NULL,
	"worker" text,
	"place" json NOT NULL,
	"manifest" json,
	"submission_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ruling" text,
	"ruled_by" text,
	"ruled_at" timestamp (3) with time zone,
	"ruling_note" text
);
--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "kind" text DEFAULT 'training' NOT NULL;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "checked_run_id" text;--> statement-breakpoint
ALTER TABLE "verdicts" ADD CONSTRAINT "verdicts_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verdicts" ADD CONSTRAINT "verdicts_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "verdicts_run" ON "verdicts" USING btree ("run_id","created_at","id");--> statement-breakpoint
CREATE INDEX "verdicts_created" ON "verdicts" USING btree ("created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "verdicts_job" ON "verdicts" USING btree ("submission_id","check");--> statement-breakpoint
CREATE INDEX "verdicts_disputes" ON "verdicts" USING btree ("run_id") WHERE "verdicts"."effect" = 'disputes';--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_checked_run_id_runs_id_fk" FOREIGN KEY ("checked_run_id") REFERENCES "public"."runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "submissions_checked_run" ON "submissions" USING btree ("checked_run_id");