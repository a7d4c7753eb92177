/** A thread that sends webhooks at a rate and measures how they are answered, undisturbed by the simulator. */
import { Agent, request } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

export interface Sending {
  readonly url: string
  readonly webhooks: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: string }[]
  /** Webhooks a second. */
  readonly rate: number
}

export interface Sent {
  /** 0 when there was no answer. */
  readonly status: number
  readonly ms: number
}

const { url, webhooks, rate } = workerData as Sending
const agent = new Agent({ keepAlive: true })

function send({ headers, body }: Sending['webhooks'][number]): Promise<Sent> {
  const begin = performance.now()
  return new Promise((resolve) => {
    const end = (status: number) => resolve({ status, ms: performance.now() - begin })
    const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
      answer.resume().on('end', () => end(answer.statusCode ?? 0))
    })
    sent.on('error', () => end(0)).end(body)
  })
}

const begin = performance.now()
const answers = webhooks.map(async (webhook, index) => {
  await new Promise((resolve) => setTimeout(resolve, begin + (index * 1000) / rate - performance.now()))
  return send(webhook)
})
parentPort!.postMessage(await Promise.all(answers))
agent.destroy()
