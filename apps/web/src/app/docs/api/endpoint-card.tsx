import { CodeBlock } from '../../../components/code-block.tsx'
import { CodeText } from './code-text.tsx'
import { FieldTable } from './field-table.tsx'
import { rangeText, schemaLevel, typeText } from './json-schema.ts'
import type { Answer, Endpoint, Parameter } from './reference.ts'

interface EndpointCardProps {
  readonly endpoint: Endpoint
  readonly example: string
  /** That a link leads to. */
  readonly shapes: ReadonlySet<string>
}

/** An endpoint of the OpenAPI document: what it takes, what it answers, and how to ask it. */
export function EndpointCard({ endpoint, example, shapes }: EndpointCardProps) {
  const { id, method, path, summary, needsToken, parameters, body, answers, refusals } = endpoint
  return (
    <article aria-labelledby={id} className="card mt-3 min-w-0 p-4">
      <h3 id={id} className="flex scroll-mt-4 flex-wrap items-baseline gap-x-3 gap-y-1">
        <code>
          <span className="text-accent">{method}</span> <span className="break-all">{path}</span>
        </code>
        {needsToken ? <span className="tag">token</span> : null}
      </h3>
      <p className="mt-1 mb-2.5">{summary}.</p>
      {parameters.length > 0 ? (
        <FieldTable
          label={`Parameters of ${id}`}
          heads={['Parameter', 'Type', 'Where']}
          rows={parameters.map(parameterRow)}
        />
      ) : null}
      {body ? (
        <p className="mt-2.5">
          Body, <code>{body.mediaType}</code>: <CodeText text={body.description} />
        </p>
      ) : null}
      <ul className="mt-2.5 space-y-0.5">
        {answers.map((answer) => (
          <li key={answer.status}>
            <code>{answer.status}</code> <CodeText text={answer.description} />{' '}
            <AnswerTypes answer={answer} shapes={shapes} />
          </li>
        ))}
        {refusals.length > 0 ? (
          <li className="text-soft">
            <code>{refusals.join(', ')}</code>:{' '}
            <a className="link" href="#problems">
              problems
            </a>
          </li>
        ) : null}
      </ul>
      <div className="mt-2.5">
        <CodeBlock label={`Example of ${id}`}>{example}</CodeBlock>
      </div>
    </article>
  )
}

function parameterRow({ name, in: place, required, description, schema }: Parameter) {
  const { default: byDefault, pattern } = schemaLevel(schema)
  const notes = [
    description,
    rangeText(schema),
    pattern === undefined ? undefined : `\`${pattern}\``,
    byDefault === undefined ? undefined : `default ${JSON.stringify(byDefault)}`,
  ].filter((note) => note !== undefined)
  return {
    name,
    type: typeText(schema),
    note: required && place !== 'path' ? `${place}, required` : place,
    description: <CodeText text={notes.join(' ')} />,
  }
}

/** The shape of a page's rows for lists, the shape itself otherwise, and every media type but JSON. */
function AnswerTypes({ answer, shapes }: { answer: Answer; shapes: ReadonlySet<string> }) {
  const { schema, mediaTypes } = answer
  const text = typeText(schemaLevel(schema).properties?.data ?? schema)
  const name = text.replace('list of ', '')
  const others = mediaTypes.filter((type) => type !== 'application/json')
  return (
    <span className="text-soft">
      {shapes.has(name) ? (
        <>
          {text === name ? null : 'A list of '}
          <a className="link" href={`#shape-${name}`}>
            {name}
          </a>
        </>
      ) : null}
      {shapes.has(name) && others.length > 0 ? ', or ' : null}
      {others.length > 0 ? <code>{others.join(', ')}</code> : null}
    </span>
  )
}
