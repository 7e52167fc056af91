ALTER TABLE "exit_resamples" ADD COLUMN "mean" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "exit_resamples" ADD COLUMN "seeds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "exit_resamples" SET "mean" = "found"."mean", "seeds" = "found"."seeds" FROM (
	SELECT "entry_id", ("exit"."value" ->> 'k')::integer AS "k", ("exit"."value" -> 'top1' ->> 'mean')::double precision AS "mean", json_array_length("aggregate" -> 'runs') AS "seeds"
	FROM "entry_aggregates", json_array_elements("aggregate" -> 'exits') AS "exit"("value")
) AS "found" WHERE "found"."entry_id" = "exit_resamples"."entry_id" AND "found"."k" = "exit_resamples"."k";--> statement-breakpoint
ALTER TABLE "exit_resamples" ALTER COLUMN "mean" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "exit_resamples" ALTER COLUMN "seeds" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "track_aggregates" ADD COLUMN "changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "track_aggregates" ALTER COLUMN "changed_at" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "track_aggregates" ADD COLUMN "best" json;--> statement-breakpoint
UPDATE "track_aggregates" SET "version" = ''; -- stale: the migration's end computes them again
