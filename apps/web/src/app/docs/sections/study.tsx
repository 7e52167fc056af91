import tables from '@mate-bench/stats/study.json' with { type: 'json' }
import { Section } from '../../../components/section.tsx'
import { TableScroll } from '../../../components/table-scroll.tsx'

/** How often the comparison errs, by simulation: the tables that the study wrote. */
export function StudySection() {
  return (
    <Section
      id="errors"
      title="How often the board errs"
      note="From simulated entries. npm run study:statistics repeats the simulation; docs/statistics.md in the repository says how it was made."
    >
      <div className="space-y-6">
        {tables.map(({ title, note, columns, rows }) => (
          <div key={title}>
            <h3>{title}</h3>
            <p className="mt-1 max-w-[80ch] text-[0.9rem] text-soft">{note}</p>
            <div className="card mt-2 w-fit max-w-full">
              <TableScroll label={title}>
                <table className="data narrow">
                  <caption className="sr-only">{title}</caption>
                  <thead>
                    <tr>
                      {columns.map((column) => (
                        <th key={column} scope="col" className="num">
                          {column}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((cells) => (
                      <tr key={cells.join(' ')}>
                        {cells.map((cell, i) => (
                          <td key={columns[i]} className="num">
                            {cell}
                          </td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </TableScroll>
            </div>
          </div>
        ))}
      </div>
    </Section>
  )
}
