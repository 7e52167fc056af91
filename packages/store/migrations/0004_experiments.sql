DROP INDEX "entries_track_spec";--> statement-breakpoint
ALTER TABLE "entries" ADD COLUMN "experiment_digest" text;--> statement-breakpoint
UPDATE "entries" SET "experiment_digest" = "spec_digest";--> statement-breakpoint -- until `regroupEntries`, which runs in the same transaction
ALTER TABLE "entries" ALTER COLUMN "experiment_digest" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "spec_digest" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "former_entry_id" text;--> statement-breakpoint
UPDATE "runs" SET "spec_digest" = "entries"."spec_digest", "former_entry_id" = "entries"."id" FROM "entries" WHERE "entries"."id" = "runs"."entry_id";--> statement-breakpoint
ALTER TABLE "runs" ALTER COLUMN "spec_digest" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ALTER COLUMN "former_entry_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_spec_digest_specs_digest_fk" FOREIGN KEY ("spec_digest") REFERENCES "public"."specs"("digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "entries_track_experiment" ON "entries" USING btree ("track_digest","experiment_digest");--> statement-breakpoint
CREATE INDEX "runs_spec" ON "runs" USING btree ("spec_digest");--> statement-breakpoint
CREATE INDEX "runs_former_entry" ON "runs" USING btree ("former_entry_id");
