DELETE FROM "entry_aggregates"; -- they follow from the runs, and are computed again after the migrations
--> statement-breakpoint
DELETE FROM "track_aggregates";--> statement-breakpoint
DELETE FROM "exit_resamples" WHERE "k" = 0;--> statement-breakpoint
CREATE TABLE "exit_image_sums" (
	"entry_id" text NOT NULL,
	"k" integer NOT NULL,
	"planes" "bytea" NOT NULL,
	CONSTRAINT "exit_image_sums_entry_id_k_pk" PRIMARY KEY("entry_id","k")
);
--> statement-breakpoint
ALTER TABLE "exit_image_sums" ADD CONSTRAINT "exit_image_sums_entry_id_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entry_aggregates" DROP COLUMN "intervals";