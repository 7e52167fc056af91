import { Section } from '../../../components/section.tsx'

/** What the intervals cover, and what they do not. */
export function IntervalsSection() {
  return (
    <Section id="intervals" title="Intervals">
      <div className="prose">
        <p>
          A 95 % interval covers two sources of chance: the seeds and the test images. It comes from a
          bootstrap that resamples both and crosses them (2,000 resamples, drawn from a fixed seed, so that
          the same runs give the same interval). Of S seeds, S − 1 are drawn, which keeps the seeds' share of
          the variance unbiased. The exits of an entry share one draw of seeds, and all entries share one draw
          of images.
        </p>
        <p>
          With one seed the interval covers the test images alone, and says so. It then tells you nothing
          about what another seed would give. A seed that was run twice counts once: the run that finished
          first is used.
        </p>
        <p>
          With two or three seeds whose results lie far apart the interval is too narrow. On simulated
          accuracies it covered 87 % with three seeds whose spread was 3.5 times the noise from the images,
          and 96 to 98 % where the seeds spread less than that noise.
        </p>
      </div>
    </Section>
  )
}
