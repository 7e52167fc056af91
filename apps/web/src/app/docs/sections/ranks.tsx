import { Section } from '../../../components/section.tsx'

/** Why entries share a rank. */
export function RanksSection() {
  return (
    <Section id="ranks" title="How ranks are made">
      <div className="prose">
        <p>
          A rank stands for a group of entries that the data cannot distinguish at the last exit. Ranks are
          computed for the whole track, whatever is filtered, in four steps:
        </p>
        <ol>
          <li>Entries are ordered by mean accuracy over seeds, then by name.</li>
          <li>
            Every pair is tested. Where both have at least two seeds: a sign-flip test over seeds, the runs
            paired in ascending order of their seeds, surplus runs of the larger entry unused. Otherwise: the
            exact McNemar test of their first runs, over the test images.
          </li>
          <li>
            All p-values of the table are corrected together by Holm's method. The chance that any separation
            in the table is wrong is then at most 5 %.
          </li>
          <li>
            Going down the order, the first entry leads a group. An entry that differs from the leader of its
            group (corrected p at most 0.05, in the direction of the order) leads the next group; any other
            joins it.
          </li>
        </ol>
        <p>
          A group's rank is the position of its leader: 1, 1, 3 and so on. A tie means that the data do not
          separate two entries, not that they are equal.
        </p>
        <p>
          With n seeds there is no sign-flip p-value below 2<sup>1 − n</sup>: with five seeds that is 0.0625.
          Fewer than six seeds on either side therefore never separate two entries that are alone in a table,
          however far apart they are. In a table of m pairs that are all tested so, Holm's correction
          separates none unless 2<sup>1 − n</sup> is at most 0.05 / m: ten entries, that is 45 pairs, require
          eleven seeds.
        </p>
        <p>
          The comparison of up to six entries, exit by exit, is on the page that <em>Compare selected</em>{' '}
          opens: differences with intervals, and the p-values of these same tests, corrected for all that the
          page shows. The site, its API and <code>mate-bench report</code> all use the same function.
        </p>
      </div>
    </Section>
  )
}
