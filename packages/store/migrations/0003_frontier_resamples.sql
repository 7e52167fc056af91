DELETE FROM "entry_aggregates"; -- they follow from the runs, and are computed again after the migrations
--> statement-breakpoint
DELETE FROM "track_aggregates";--> statement-breakpoint
CREATE TABLE "exit_resamples" (
	"entry_id" text NOT NULL,
	"k" integer NOT NULL,
	"track_digest" text NOT NULL,
	"sequential_macs" double precision NOT NULL,
	"lowest" double precision NOT NULL,
	"highest" double precision NOT NULL,
	"top1" "bytea" NOT NULL,
	CONSTRAINT "exit_resamples_entry_id_k_pk" PRIMARY KEY("entry_id","k")
);
--> statement-breakpoint
ALTER TABLE "entry_aggregates" ADD COLUMN "made_of" text NOT NULL;--> statement-breakpoint
ALTER TABLE "entry_aggregates" ADD COLUMN "version" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "exit_resamples" ADD CONSTRAINT "exit_resamples_entry_id_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exit_resamples" ADD CONSTRAINT "exit_resamples_track_digest_tracks_digest_fk" FOREIGN KEY ("track_digest") REFERENCES "public"."tracks"("digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "exit_resamples_track" ON "exit_resamples" USING btree ("track_digest","sequential_macs");--> statement-breakpoint
CREATE INDEX "runs_synthetic" ON "runs" USING btree ("synthetic");--> statement-breakpoint
CREATE INDEX "specs_backbone" ON "specs" USING btree ("backbone");--> statement-breakpoint
CREATE INDEX "specs_dataset" ON "specs" USING btree ("dataset");--> statement-breakpoint
ALTER TABLE "track_aggregates" DROP COLUMN "published_at";--> statement-breakpoint
ALTER TABLE "track_aggregates" ADD COLUMN "version" text NOT NULL;