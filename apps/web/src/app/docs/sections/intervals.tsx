import { Section } from '../../../components/section.tsx'

/** What the intervals cover, and what they do not. */
export function IntervalsSection() {
  return (
    <Section id="intervals" title="Intervals">
      <div className="prose">
        <p>
          A 95 % interval covers two sources of chance together: the seeds and the test images. It is computed
          from the variances of seeds, of images and of what is random in both, with Student's t; of an
          accuracy in Wilson's form, so that it stays between 0 and 100 %.
        </p>
        <p>
          With one seed nothing is known of how far other seeds would lie. What the track's other entries show
          of it stands in; where no entry has several seeds, the interval covers the test images alone. Either
          is said beside it. A seed that was run twice counts once: the run that was published first is used.
        </p>
        <p>
          How firmly an exit is on the frontier is the share of 2,000 bootstrap resamples of seeds and images
          in which it is. All entries share the draws of images.
        </p>
      </div>
    </Section>
  )
}
