/** Text in which web addresses are links; nothing else in it is markup. */
export function LinkedText({ text }: { text: string }) {
  return text.split(/(https:\/\/[^\s;,]+[^\s;,.)])/).map((part, i) =>
    part.startsWith('https://') ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <a key={i} className="link" href={part} rel="noopener">
        {part.replace('https://', '')}
      </a>
    ) : (
      part
    ),
  )
}
