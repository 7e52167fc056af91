/** Every job is submitted with this tag, its queue's ARN: the right to end jobs is bound to it. */
export const queueTag = 'mate-bench:queue'
