CREATE TABLE "entry_aggregates" (
	"entry_id" text PRIMARY KEY NOT NULL,
	"track_digest" text NOT NULL,
	"tier" text NOT NULL,
	"backends" json NOT NULL,
	"synthetic" boolean NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"aggregate" json NOT NULL,
	"intervals" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "track_aggregates" (
	"track_digest" text PRIMARY KEY NOT NULL,
	"entries" integer NOT NULL,
	"runs" integer NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"frontier_shares" json NOT NULL
);
--> statement-breakpoint
ALTER TABLE "entry_aggregates" ADD CONSTRAINT "entry_aggregates_entry_id_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entry_aggregates" ADD CONSTRAINT "entry_aggregates_track_digest_tracks_digest_fk" FOREIGN KEY ("track_digest") REFERENCES "public"."tracks"("digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "track_aggregates" ADD CONSTRAINT "track_aggregates_track_digest_tracks_digest_fk" FOREIGN KEY ("track_digest") REFERENCES "public"."tracks"("digest") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "entry_aggregates_track" ON "entry_aggregates" USING btree ("track_digest");