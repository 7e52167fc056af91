ALTER TABLE "verdicts" ADD COLUMN "key" text;--> statement-breakpoint
ALTER TABLE "verdicts" ADD COLUMN "envelope" json;--> statement-breakpoint
ALTER TABLE "verdicts" ADD COLUMN "standing" text;--> statement-breakpoint
UPDATE "verdicts" SET "third_party" = false; -- nobody signed them: a third party is told by its key
--> statement-breakpoint
UPDATE "runs" SET "tier" = 'retrained' WHERE "tier" = 'third-party';
