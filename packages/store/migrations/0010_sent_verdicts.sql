ALTER TABLE "verdicts" ADD COLUMN "manifest_digest" text;--> statement-breakpoint
UPDATE "verdicts" SET "manifest_digest" = "manifest" ->> 'manifestDigest' WHERE "id" IN (SELECT DISTINCT ON ("run_id", "manifest" ->> 'manifestDigest') "id" FROM "verdicts" WHERE "manifest" IS NOT NULL ORDER BY "run_id", "manifest" ->> 'manifestDigest', "created_at", "id"); -- the first of those that were written twice
--> statement-breakpoint
CREATE UNIQUE INDEX "verdicts_manifest" ON "verdicts" USING btree ("run_id","manifest_digest");--> statement-breakpoint
CREATE INDEX "verdicts_checker" ON "verdicts" USING btree ("checker","created_at");
