import { Section } from '../../../components/section.tsx'

/** What the intervals cover, and what they do not. */
export function IntervalsSection() {
  return (
    <Section id="intervals" title="Intervals">
      <div className="prose">
        <p>
          A 95&#8239;% interval covers two sources of chance together: which seeds were trained, and which
          images were tested. It is computed from the variance between seeds, the variance between images and
          the residual variance, with Student's t. The interval of an accuracy has Wilson's form, so it stays
          between 0 and 100&#8239;%.
        </p>
        <p>
          One seed says nothing about the spread between seeds, so the spread of the track's other entries is
          used instead. Where no entry has several seeds, the interval covers the test images alone. The
          interval says so in both cases. A seed that was run twice counts once: the run that was published
          first is used.
        </p>
        <p>
          The percentage beside <em>Frontier</em> says how firmly an exit is on it: the share of 2,000
          bootstrap resamples of seeds and images in which it is. All entries are resampled with the same
          images.
        </p>
      </div>
    </Section>
  )
}
