/** A sentence in which `backticks` stand for code. */
export function CodeText({ text }: { text: string }) {
  const [plain = '', code, ...rest] = text.split('`')
  if (code === undefined) return plain
  return (
    <>
      {plain}
      <code className="break-all">{code}</code>
      <CodeText text={rest.join('`')} />
    </>
  )
}
