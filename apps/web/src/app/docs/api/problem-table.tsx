import { problemKinds } from '../../../api/problem-response.ts'
import { TableScroll } from '../../../components/table-scroll.tsx'

/** Where the `type` of every problem leads. */
export function ProblemTable() {
  const rows = Object.entries(problemKinds).map(([code, [status, title]]) => ({ code, status, title }))
  return (
    <div className="card max-w-[60rem]">
      <TableScroll label="Kinds of problems">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">code</th>
              <th scope="col" className="num">
                status
              </th>
              <th scope="col">title</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ code, status, title }) => (
              <tr key={code} id={code} className="target:bg-mark">
                <th scope="row">
                  <code>{code}</code>
                </th>
                <td className="num">{status}</td>
                <td className="wrap">{title}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}
